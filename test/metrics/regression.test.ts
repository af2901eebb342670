// Ours against scikit-learn's numbers.

import { expect, test } from 'vitest';
import { mae, pinball, r2, rmse } from '../../src/metrics/regression.js';
import { expectClose, known } from './tabular.js';

test.each(known.regression)('as scikit-learn: $name', (expected) => {
  const { truth, predicted } = expected;
  const weights = expected.weights ?? undefined;
  expectClose([rmse(truth, predicted, weights)], [expected.rmse]);
  expectClose([mae(truth, predicted, weights)], [expected.mae]);
  expectClose([r2(truth, predicted, weights)], [expected.r2]);
  for (const [quantile, loss] of Object.entries(expected.pinball))
    expectClose([pinball(truth, predicted, Number(quantile), weights)], [loss]);
});

test('errors name what is wrong', () => {
  expect(() => rmse([1, 2], [1])).toThrow('There are 2 true values and 1 predictions');
  expect(() => mae([1, 2], [1, Number.NaN])).toThrow('The prediction of row 1 is NaN, not a number');
  expect(() => r2([1], [1])).toThrow('give at least two rows');
  expect(() => pinball([1], [1], 1.5)).toThrow('quantile must be from 0 to 1, not 1.5');
});
