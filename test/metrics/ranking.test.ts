// Ours against scikit-learn's numbers.

import { describe, expect, test } from 'vitest';
import {
  averagePrecision,
  precisionRecallCurve,
  rocAuc,
  rocAucOneVsRest,
  rocCurve,
} from '../../src/metrics/ranking.js';
import { expectClose, known } from './tabular.js';

describe.each(known.ranking)('as scikit-learn: $name', (expected) => {
  const { truth, scores } = expected;
  const weights = expected.weights ?? undefined;

  test('ROC curve and the area under it', () => {
    const curve = rocCurve(truth, scores, weights);
    expectClose(curve.falsePositiveRate, expected.falsePositiveRate);
    expectClose(curve.truePositiveRate, expected.truePositiveRate);
    expect(curve.thresholds[0]).toBe(Number.POSITIVE_INFINITY);
    expectClose(curve.thresholds.slice(1), expected.rocThresholds);
    expectClose([rocAuc(truth, scores, weights)], [expected.rocAuc]);
  });

  test('precision-recall curve and average precision', () => {
    const curve = precisionRecallCurve(truth, scores, weights);
    expectClose(curve.precision, expected.precision);
    expectClose(curve.recall, expected.recall);
    expectClose(curve.thresholds, expected.prThresholds);
    expectClose([averagePrecision(truth, scores, weights)], [expected.averagePrecision]);
  });
});

test.each(known.probability.filter(({ rocAucOneVsRest }) => rocAucOneVsRest !== null))(
  'as scikit-learn: one class against the rest, $name',
  (expected) => {
    expectClose([rocAucOneVsRest(expected.truth, expected.probabilities)], [expected.rocAucOneVsRest as number]);
  },
);

test('typed arrays do as well as lists', () => {
  expect(rocAuc(Uint8Array.of(0, 0, 1, 1), Float32Array.of(0.1, 0.4, 0.35, 0.8))).toBe(0.75);
});

test('errors name what is wrong', () => {
  expect(() => rocAuc([1, 1], [0.2, 0.3])).toThrow(
    'All rows are of class 1: the area under the ROC curve needs rows of both',
  );
  expect(() => rocCurve([0, 0], [0.2, 0.3])).toThrow('All rows are of class 0: the ROC curve');
  expect(() => rocAuc([0, 1], [0.2, 0.3], [1, 0])).toThrow('All rows are of class 0');
  expect(() => averagePrecision([0, 0], [0.2, 0.3])).toThrow('No row is positive');
  expect(() => precisionRecallCurve([0, 0], [0.2, 0.3])).toThrow('No row is positive');
  expect(() => rocAucOneVsRest([0, 1], [[0.5], [0.5], [0]])).toThrow('There are 2 true values and 1 predictions');
  expect(() =>
    rocAucOneVsRest(
      [0, 1],
      [
        [1, 0],
        [0, 1],
        [0, 0],
      ],
    ),
  ).toThrow('No row is of class 2');
  expect(() => rocAuc([0, 2], [0.2, 0.3])).toThrow('The true value of row 1 is 2: give 1 for the positive class');
  expect(() => rocAuc([0, 1], [0.2, Number.NaN])).toThrow('The score of row 1 is NaN');
  expect(() => rocAuc([0, 1, 1], [0.2, 0.3])).toThrow('There are 3 true values and 2 predictions');
  expect(() => rocAuc([], [])).toThrow('There are no rows to score');
  expect(() => rocAuc([0, 1], [0.2, 0.3], [1, -1])).toThrow('The weight of row 1 is -1');
  expect(() => rocAuc([0, 1], [0.2, 0.3], [0, 0])).toThrow('All weights are 0');
  expect(() => rocAuc([0, 1], [0.2, 0.3], [1])).toThrow('There are 1 weights and 2 rows');
});
