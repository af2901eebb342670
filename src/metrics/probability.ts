// How good are predicted probabilities, not only their order? Both scores are lowest, on average, for the true probabilities.
//
//   logLoss([1, 0], [[0.2, 0.9], [0.8, 0.1]]);   // -(log 0.8 + log 0.9) / 2 = 0.164
//   brier([1, 0], [0.8, 0.1]);                   // (0.2^2 + 0.1^2) / 2 = 0.025

import { checkBinary, checkProbabilities, checkRows, weightedMean } from './checks.js';

/**
 * The mean of -log(probability of the true class), in nats: 0 is perfect; guessing the class shares gives their entropy. A
 * probability of 0 counts as 2.2e-16, as in scikit-learn, so one row costs 36 at most.
 * @param truth each row's class, counted from 0
 * @param probabilities one array a class, each with a number a row
 * @param weights how much each row counts, 0 or more
 */
export function logLoss(
  truth: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  weights?: ArrayLike<number>,
): number {
  checkClasses(truth, probabilities, weights);
  return weightedMean(truth.length, weights, (row) => surprise(probabilities[truth[row] as number]?.[row] as number));
}

/**
 * The Brier score of two classes: the mean squared distance of the probability of class 1 from what came. 0 is perfect, always
 * saying 0.5 gives 0.25.
 * @param truth 1 or 0 a row
 * @param probabilities the probability of 1 a row
 */
export function brier(truth: ArrayLike<number>, probabilities: ArrayLike<number>, weights?: ArrayLike<number>): number {
  checkRows(truth, probabilities, weights);
  checkBinary(truth);
  checkProbabilities(probabilities);
  return weightedMean(truth.length, weights, (row) => ((truth[row] as number) - (probabilities[row] as number)) ** 2);
}

/**
 * The Brier score of any number of classes: the squared distances summed over the classes. For two classes it is twice `brier`.
 * @param truth each row's class, counted from 0
 * @param probabilities one array a class, each with a number a row
 */
export function brierMulticlass(
  truth: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  weights?: ArrayLike<number>,
): number {
  checkClasses(truth, probabilities, weights);
  return weightedMean(truth.length, weights, (row) => squaredDistance(truth[row] as number, probabilities, row));
}

/** -log of a probability kept from 0 and 1 by the distance of 1 to the next double, as scikit-learn does. */
export const surprise = (probability: number): number =>
  -Math.log(Math.min(Math.max(probability, Number.EPSILON), 1 - Number.EPSILON));

/** The sum over classes of (probability - 1 if it is the true class, else 0)^2. */
export function squaredDistance(label: number, probabilities: readonly ArrayLike<number>[], row: number): number {
  let sum = 0;
  for (const [code, values] of probabilities.entries()) sum += ((values[row] as number) - Number(code === label)) ** 2;
  return sum;
}

function checkClasses(
  truth: ArrayLike<number>,
  probabilities: readonly ArrayLike<number>[],
  weights: ArrayLike<number> | undefined,
): void {
  if (probabilities.length < 2)
    throw new Error(
      `There are probabilities of ${probabilities.length} classes: give one array for each, two or more.`,
    );
  for (const [code, values] of probabilities.entries()) {
    checkRows(truth, values, weights);
    checkProbabilities(values, `probability of class ${code}`);
  }
  for (let row = 0; row < truth.length; row++) {
    const label = truth[row] as number;
    if (!Number.isInteger(label) || label < 0 || label >= probabilities.length)
      throw new Error(
        `The class of row ${row} is ${label}: with ${probabilities.length} arrays of probabilities it must be from 0 to ${probabilities.length - 1}.`,
      );
  }
}
