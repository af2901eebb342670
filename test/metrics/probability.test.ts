// Ours against scikit-learn's numbers.

import { expect, test } from 'vitest';
import { brier, brierMulticlass, logLoss } from '../../src/metrics/probability.js';
import { expectClose, known } from './tabular.js';

test.each(known.probability)('as scikit-learn: $name', (expected) => {
  const { truth, probabilities, weights } = expected;
  expectClose([logLoss(truth, probabilities)], [expected.logLoss]);
  expectClose([logLoss(truth, probabilities, weights)], [expected.logLossWeighted]);
  expectClose([brierMulticlass(truth, probabilities)], [expected.brierMulticlass]);
});

test.each(known.calibration)('as scikit-learn: Brier score, $name', ({ truth, probabilities, brier: expected }) => {
  expectClose([brier(truth, probabilities)], [expected]);
  const both = [probabilities.map((p) => 1 - p), probabilities];
  expectClose([brierMulticlass(truth, both) / 2], [expected]);
});

test('errors name what is wrong', () => {
  expect(() =>
    logLoss(
      [0, 2],
      [
        [0.5, 0.5],
        [0.5, 0.5],
      ],
    ),
  ).toThrow('The class of row 1 is 2');
  expect(() => logLoss([0, 1], [[0.5, 0.5]])).toThrow('There are probabilities of 1 classes');
  expect(() =>
    logLoss(
      [0, 1],
      [
        [0.5, 1.5],
        [0.5, 0.5],
      ],
    ),
  ).toThrow('The probability of class 0 of row 1 is 1.5');
  expect(() => brier([0, 1], [0.5, Number.NaN])).toThrow('The probability of row 1 is NaN');
  expect(() => brier([0, -1], [0.5, 0.5])).toThrow('The true value of row 1 is -1');
});
