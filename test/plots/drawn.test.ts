// Every figure, drawn by Plotly in a browser: valid, titled, labelled, nothing cut off, nothing fetched.

import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { bars } from '../../src/plots/bars.js';
import { comparison } from '../../src/plots/comparison.js';
import { confusionMatrix } from '../../src/plots/confusion-matrix.js';
import { learningCurve } from '../../src/plots/learning-curve.js';
import { sizeVersusAccuracy } from '../../src/plots/size-versus-accuracy.js';
import { trainingCurve } from '../../src/plots/training-curve.js';
import { type Board, chromiumPath, openBoard, withoutChromium } from './browser.js';

const history = Array.from({ length: 90 }, (_, i) => ({
  step: i + 1,
  loss: 0.7 / (1 + i / 30) + 0.02 * (i % 5),
  learningRate: 5e-5 * (1 - i / 90),
}));
const squares = (size: number): number[][] =>
  Array.from({ length: size }, (_, t) => Array.from({ length: size }, (_, p) => (t === p ? 20 : (t + p) % 3)));
const names = (size: number): string[] => Array.from({ length: size }, (_, i) => `label ${i}`);
const ladder = [
  { name: '2 layers', parameters: 15_600_000, accuracy: 0.792, fileBytes: 62_400_000, latencyMs: 1.8 },
  { name: '3 layers', parameters: 17_389_000, accuracy: 0.796, interval: [0.77, 0.82] as const },
  { name: '6 layers', parameters: 22_713_000, accuracy: 0.866 },
  { name: 'LoRA', parameters: 22_800_000, accuracy: 0.861 },
  { name: 'freeze early layers', parameters: 22_713_000, accuracy: 0.858 },
  { name: '6 layers <from scratch>', parameters: 22_713_000, accuracy: 0.69 },
];

describe.skipIf(!chromiumPath)(`figures in a browser${chromiumPath ? '' : ` (skipped: ${withoutChromium})`}`, () => {
  let board: Board;
  beforeAll(async () => {
    board = await openBoard();
  });
  afterAll(() => board.close());

  test.each([
    {
      picture: trainingCurve(history, { learningRate: true, validation: [{ step: 45, loss: 0.4 }], totalSteps: 180 }),
      title: 'Loss while training',
      axes: ['Learning rate', 'Loss (cross-entropy, nats)', 'Training step'],
    },
    {
      picture: trainingCurve(history.slice(0, 1)),
      title: 'Loss while training',
      axes: ['Loss (cross-entropy, nats)', 'Training step'],
    },
    {
      picture: learningCurve({
        pretrained: [20, 80, 320, 848].map((examples, i) => ({ examples, accuracy: 0.6 + 0.05 * i })),
        'from scratch': [20, 848].map((examples) => ({ examples, accuracy: 0.55, interval: [0.5, 0.6] as const })),
      }),
      title: 'Learning curves',
      axes: ['Accuracy on the test rows (%)', 'Training examples (logarithmic)'],
    },
    {
      picture: comparison(
        ['full', 'LoRA', 'prompt of 20', 'gradual unfreezing'].map((name, i) => ({
          ...{
            name,
            accuracy: 70 + i,
            accuracyInterval: [64 + i, 76 + i] as const,
            seconds: 12 * i + 20,
            memory: 270 / (i + 1),
          },
        })),
        {
          title: 'Ways to train',
          panels: { accuracy: 'Accuracy (%)', seconds: 'Time (s)', memory: 'Training memory (MB)' },
        },
      ),
      title: 'Ways to train',
      axes: ['Accuracy (%)', 'Time (s)', 'Training memory (MB)'],
    },
    {
      picture: confusionMatrix(squares(2), ['no', 'yes']),
      title: 'Confusion matrix',
      axes: ['Predicted label', 'True label'],
    },
    {
      picture: confusionMatrix(squares(12), names(12), { title: 'Twelve' }),
      title: 'Twelve',
      axes: ['Predicted label', 'True label'],
    },
    {
      picture: confusionMatrix(squares(70), names(70)),
      title: 'Confusion matrix',
      axes: ['Predicted label', 'True label'],
    },
    {
      picture: sizeVersusAccuracy(ladder, { title: 'Sizes', baseline: { name: 'bag of words', accuracy: 0.74 } }),
      title: 'Sizes',
      axes: ['Accuracy (% of test rows)', 'Parameters (logarithmic scale)'],
    },
    {
      picture: sizeVersusAccuracy(ladder.slice(0, 1)),
      title: 'Size versus accuracy',
      axes: ['Accuracy (% of test rows)', 'Parameters (logarithmic scale)'],
    },
    {
      picture: bars(
        [
          { name: 'full', value: 1412.3 },
          { name: 'LoRA', value: -801.9, interval: [-830, -780] },
        ],
        { title: 'Memory', valueTitle: 'Memory (MB)' },
      ),
      title: 'Memory',
      axes: ['Memory (MB)'],
    },
  ])('$title: $picture.alt', async ({ picture, title, axes }) => {
    for (const width of [640, 1100]) {
      const seen = await board.draw(picture, width);
      expect(seen.complaints).toEqual([]);
      expect(seen.requests).toEqual([]);
      expect(seen.title).toContain(title);
      expect([...seen.axisTitles].filter((text) => text !== '').sort()).toEqual(axes);
      expect(seen.overlaps).toEqual([]);
      expect(seen.cutOff).toEqual([]);
    }
  });

  test('names are drawn as they are, markup and all', async () => {
    const seen = await board.draw(sizeVersusAccuracy(ladder));
    for (const { name } of ladder) expect(seen.texts).toContain(name);
  });
});
