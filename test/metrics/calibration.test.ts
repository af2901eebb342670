// Ours against scikit-learn's numbers.

import { expect, test } from 'vitest';
import { calibrationCurve, expectedCalibrationError } from '../../src/metrics/calibration.js';
import { expectClose, known } from './tabular.js';

test.each(known.calibration)('as scikit-learn: $name', ({ truth, probabilities, bins, strategy, ...expected }) => {
  const curve = calibrationCurve(truth, probabilities, { bins, strategy });
  expectClose(curve.meanPredicted, expected.meanPredicted);
  expectClose(curve.fractionPositive, expected.fractionPositive);
  expect(curve.counts.reduce((sum, count) => sum + count)).toBe(truth.length);
});

test('the expected error is the mean distance, each bin counting by its rows', () => {
  // Three rows at 0.2 of which one is positive, one at 0.9 that is not.
  const truth = [1, 0, 0, 0];
  const probabilities = [0.2, 0.2, 0.2, 0.9];
  expect(expectedCalibrationError(truth, probabilities)).toBeCloseTo((3 * (1 / 3 - 0.2) + 0.9) / 4, 12);
});

test('errors name what is wrong', () => {
  expect(() => calibrationCurve([0, 1], [0.1, 1.1])).toThrow('The probability of row 1 is 1.1');
  expect(() => calibrationCurve([0, 1], [0.1, 0.9], { bins: 0 })).toThrow('bins must be a whole number from 1, not 0');
  expect(() => calibrationCurve([0, 1], [0.1, 0.9], { strategy: 'equal' as 'uniform' })).toThrow("not 'equal'");
});
