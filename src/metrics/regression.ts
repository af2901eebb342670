// How far are predicted numbers from the true ones? Equal to scikit-learn's.
//
//   const truth = [3, 5, 2], predicted = [2.5, 5, 4];
//   mae(truth, predicted);            // 0.833, in the unit of the target
//   rmse(truth, predicted);           // 1.190: large errors count more
//   r2(truth, predicted);             // 0.089: 0 is the mean for all rows, 1 is perfect
//   pinball(truth, predicted, 0.9);   // what a predicted 90% quantile should make small

import { checkFinite, checkRows, weightedMean } from './checks.js';

/** Root of the mean squared error, in the unit of the target. `weights`: how much each row counts, 0 or more. */
export function rmse(truth: ArrayLike<number>, predicted: ArrayLike<number>, weights?: ArrayLike<number>): number {
  check(truth, predicted, weights);
  return Math.sqrt(
    weightedMean(truth.length, weights, (row) => ((truth[row] as number) - (predicted[row] as number)) ** 2),
  );
}

/** Mean absolute error, in the unit of the target. */
export function mae(truth: ArrayLike<number>, predicted: ArrayLike<number>, weights?: ArrayLike<number>): number {
  check(truth, predicted, weights);
  return weightedMean(truth.length, weights, (row) => Math.abs((truth[row] as number) - (predicted[row] as number)));
}

/**
 * The share of the target's variance that the predictions explain: 1 is perfect, 0 what the mean of these rows gives, and it can
 * be below. Where all true values are the same it is 1 if all are met and else 0, as in scikit-learn.
 * @throws Error for fewer than two rows, which have no variance
 */
export function r2(truth: ArrayLike<number>, predicted: ArrayLike<number>, weights?: ArrayLike<number>): number {
  check(truth, predicted, weights);
  if (truth.length < 2) throw new Error('R2 compares with the variance of the true values: give at least two rows.');
  const mean = weightedMean(truth.length, weights, (row) => truth[row] as number);
  const spread = weightedMean(truth.length, weights, (row) => ((truth[row] as number) - mean) ** 2);
  const error = weightedMean(
    truth.length,
    weights,
    (row) => ((truth[row] as number) - (predicted[row] as number)) ** 2,
  );
  if (spread === 0) return error === 0 ? 1 : 0;
  return 1 - error / spread;
}

/**
 * The pinball (quantile) loss, in the unit of the target: what lies above the prediction costs `quantile` a unit, what lies below
 * it `1 - quantile`. On average it is smallest for the true quantile; for 0.5 it is half the mean absolute error.
 * @param quantile from 0 to 1
 */
export function pinball(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  quantile: number,
  weights?: ArrayLike<number>,
): number {
  if (!(quantile >= 0 && quantile <= 1)) throw new Error(`pinball: quantile must be from 0 to 1, not ${quantile}.`);
  check(truth, predicted, weights);
  return weightedMean(truth.length, weights, (row) => {
    const above = (truth[row] as number) - (predicted[row] as number);
    return above >= 0 ? quantile * above : (quantile - 1) * above;
  });
}

function check(truth: ArrayLike<number>, predicted: ArrayLike<number>, weights: ArrayLike<number> | undefined): void {
  checkRows(truth, predicted, weights);
  checkFinite(truth, 'true value');
  checkFinite(predicted, 'prediction');
}
