// Scores of a classifier on labelled rows, checked by hand.
import { describe, expect, it } from 'vitest';
import { evaluate } from '../../src/tasks/evaluate.js';
import { loadModel } from '../../src/tasks/load-model.js';
import type { Prediction, Predictor } from '../../src/tasks/prediction.js';
import { fixture } from '../references.js';

/** Says the label a text starts with, with probability 0.8. */
const parrot: Predictor = {
  labels: ['no', 'yes'],
  predict: (texts) =>
    texts.map((text): Prediction => {
      const labelIndex = text.startsWith('yes') ? 1 : 0;
      const probabilities = labelIndex === 1 ? [0.2, 0.8] : [0.8, 0.2];
      return { text, label: ['no', 'yes'][labelIndex] as string, labelIndex, score: 0.8, probabilities };
    }),
};
const rows = [
  { text: 'yes', label: 1 },
  { text: 'yes indeed', label: 1 },
  { text: 'yes, but no', label: 0 },
  { text: 'no', label: 0 },
];

describe('evaluate', () => {
  it('scores predictions', async () => {
    const evaluation = await evaluate(parrot, rows);
    expect(evaluation.accuracy).toBe(0.75);
    expect(evaluation.macroF1).toBeCloseTo((2 / 3 + 4 / 5) / 2, 12);
    expect(evaluation.loss).toBeCloseTo(-(3 * Math.log(0.8) + Math.log(0.2)) / 4, 12);
    expect(evaluation.interval.low).toBeCloseTo(0.3006, 3);
    expect(evaluation.interval.high).toBeCloseTo(0.9544, 3);
    expect(evaluation.labels).toEqual(['no', 'yes']);
    expect(evaluation.millisecondsPerRow).toBeGreaterThanOrEqual(0);
  });

  it('lists every row with what was said about it', async () => {
    const { predictions } = await evaluate(parrot, rows);
    expect(predictions.map(({ text }) => text)).toEqual(rows.map(({ text }) => text));
    expect(predictions[2]).toMatchObject({ label: 'yes', trueLabel: 'no', correct: false, score: 0.8 });
    expect(predictions.filter(({ correct }) => correct)).toHaveLength(3);
  });

  it('has a finite loss where the right label was held impossible', async () => {
    const sure: Predictor = {
      labels: ['no', 'yes'],
      predict: (texts) => texts.map((text) => ({ text, label: 'no', labelIndex: 0, score: 1, probabilities: [1, 0] })),
    };
    expect((await evaluate(sure, [{ text: '', label: 1 }])).loss).toBeCloseTo(-Math.log(1e-12), 6);
  });

  it('takes a model', async () => {
    const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification' });
    const [prediction] = await model.predict(['The food was great!']);
    const evaluation = await evaluate(model, [{ text: 'The food was great!', label: prediction!.labelIndex }]);
    expect(evaluation.accuracy).toBe(1);
    expect(evaluation.loss).toBeCloseTo(-Math.log(prediction!.score), 6);
  });

  it('refuses no rows', async () => {
    await expect(evaluate(parrot, [])).rejects.toThrow('There are no rows to evaluate on');
  });

  it('refuses a label the model does not have, naming the row', async () => {
    await expect(evaluate(parrot, [{ text: 'perhaps', label: 2 }])).rejects.toThrow(
      'The true label of row 0 is 2: labels are whole numbers from 0 to 1.',
    );
  });
});
