// Ours against scikit-learn's numbers; test/python/make_metrics.py wrote them.

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import {
  accuracy,
  balancedAccuracy,
  confusionMatrix,
  f1,
  macroF1,
  precisionRecallF1,
  scores,
  wilson,
} from '../../src/metrics/classification.js';
import { expectClose, known as tabular } from './tabular.js';

interface Case {
  readonly name: string;
  readonly labelCount: number;
  readonly truth: number[];
  readonly predicted: number[];
  readonly accuracy: number;
  readonly confusionMatrix: number[][];
  readonly precision: number[];
  readonly recall: number[];
  readonly f1: number[];
  readonly support: number[];
  readonly macroF1: number;
  readonly macroF1OfOccurring: number;
}
const fixture = JSON.parse(await readFile(new URL('../fixtures/metrics.json', import.meta.url), 'utf8')) as {
  readonly cases: Case[];
  readonly wilson: { correct: number; total: number; low: number; high: number }[];
};

describe.each(fixture.cases)('as scikit-learn: $name', (known) => {
  const { truth, predicted, labelCount } = known;
  test('accuracy and confusion matrix', () => {
    expect(accuracy(truth, predicted)).toBeCloseTo(known.accuracy, 12);
    expect(confusionMatrix(truth, predicted, labelCount)).toEqual(known.confusionMatrix);
  });
  test('precision, recall, F1 and support of each label', () => {
    for (const [label, ours] of precisionRecallF1(truth, predicted, labelCount).entries()) {
      for (const score of ['precision', 'recall', 'f1', 'support'] as const) {
        expect(ours[score]).toBeCloseTo(known[score][label] as number, 12);
      }
    }
  });
  test('macro F1, over all labels and over those that occur', () => {
    expect(macroF1(truth, predicted, labelCount)).toBeCloseTo(known.macroF1, 12);
    expect(macroF1(truth, predicted)).toBeCloseTo(known.macroF1OfOccurring, 12);
    expect(scores(truth, predicted, labelCount).macroF1).toBeCloseTo(known.macroF1, 12);
  });
});

test.each(tabular.labels)('as scikit-learn: balanced accuracy and F1 of label 1, $name', (known) => {
  expectClose([balancedAccuracy(known.truth, known.predicted)], [known.balancedAccuracy]);
  expectClose([f1(known.truth, Float64Array.from(known.predicted))], [known.f1]);
});

test.each(fixture.wilson)('as SciPy: Wilson interval of $correct of $total', ({ correct, total, low, high }) => {
  expect(wilson(correct, total).low).toBeCloseTo(low, 12);
  expect(wilson(correct, total).high).toBeCloseTo(high, 12);
});

test('errors name what is wrong', () => {
  expect(() => accuracy([0, 1], [0])).toThrow('There are 2 true labels and 1 predicted ones');
  expect(() => accuracy([], [])).toThrow('no rows to score');
  expect(() => macroF1([0, 1], [0, 2], 2)).toThrow(
    'The predicted label of row 1 is 2: labels are whole numbers from 0 to 1',
  );
  expect(() => confusionMatrix([0, -1], [0, 0])).toThrow('The true label of row 1 is -1');
  expect(() => confusionMatrix([0, 0.5], [0, 0])).toThrow('The true label of row 1 is 0.5');
  expect(() => wilson(5, 4)).toThrow('correct must be a whole number from 0 to total (4), not 5');
  expect(() => wilson(0, 0)).toThrow('total must be a whole number from 1, not 0');
});
