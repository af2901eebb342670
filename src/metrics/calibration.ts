// Does what is given a probability of 30% happen in 30% of the cases? Rows are put into bins by their probability; in each the
// mean probability stands beside the share of positive rows. Equal to scikit-learn's `calibration_curve`.
//
//   const curve = calibrationCurve(truth, probabilities, { bins: 10, strategy: 'quantile' });
//   curve.meanPredicted; curve.fractionPositive;    // close to each other where probabilities can be trusted
//   expectedCalibrationError(truth, probabilities); // their mean distance, weighted by the rows in each bin

import { checkBinary, checkProbabilities, checkRows } from './checks.js';
import { quantileOfSorted } from './quantile.js';

export interface CalibrationOptions {
  /** How many bins, 1 or more. Default 10. */
  readonly bins?: number;
  /** 'uniform' (default): bins of equal width from 0 to 1. 'quantile': bins of about equally many rows. */
  readonly strategy?: 'uniform' | 'quantile';
}

/** One element for each bin that holds rows, by ascending probability. */
export interface CalibrationCurve {
  readonly meanPredicted: Float64Array;
  readonly fractionPositive: Float64Array;
  /** Rows in the bin. */
  readonly counts: Float64Array;
}

/**
 * @param truth 1 or 0 a row
 * @param probabilities the probability of 1 a row
 */
export function calibrationCurve(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  { bins = 10, strategy = 'uniform' }: CalibrationOptions = {},
): CalibrationCurve {
  checkRows(truth, probabilities, undefined);
  checkBinary(truth);
  checkProbabilities(probabilities);
  if (!Number.isInteger(bins) || bins < 1)
    throw new Error(`calibrationCurve: bins must be a whole number from 1, not ${bins}.`);
  if (strategy !== 'uniform' && strategy !== 'quantile')
    throw new Error(`calibrationCurve: strategy must be 'uniform' or 'quantile', not '${strategy}'.`);

  const edges = innerEdges(probabilities, bins, strategy);
  const counts = new Float64Array(bins);
  const predicted = new Float64Array(bins);
  const positive = new Float64Array(bins);
  for (let row = 0; row < truth.length; row++) {
    const probability = probabilities[row] as number;
    const bin = binOf(probability, edges);
    counts[bin] = (counts[bin] as number) + 1;
    predicted[bin] = (predicted[bin] as number) + probability;
    positive[bin] = (positive[bin] as number) + (truth[row] as number);
  }
  const filled = [...counts.keys()].filter((bin) => counts[bin] !== 0);
  const perRow = (sums: Float64Array) =>
    Float64Array.from(filled, (bin) => (sums[bin] as number) / (counts[bin] as number));
  return {
    meanPredicted: perRow(predicted),
    fractionPositive: perRow(positive),
    counts: Float64Array.from(filled, (bin) => counts[bin] as number),
  };
}

/** The mean distance of the two sides of `calibrationCurve`, each bin counting by its rows: 0 is calibrated. */
export function expectedCalibrationError(
  truth: ArrayLike<number>,
  probabilities: ArrayLike<number>,
  options?: CalibrationOptions,
): number {
  const { meanPredicted, fractionPositive, counts } = calibrationCurve(truth, probabilities, options);
  let sum = 0;
  for (const [bin, count] of counts.entries())
    sum += count * Math.abs((meanPredicted[bin] as number) - (fractionPositive[bin] as number));
  return sum / truth.length;
}

/** Where one bin ends and the next begins. */
function innerEdges(
  probabilities: ArrayLike<number>,
  bins: number,
  strategy: NonNullable<CalibrationOptions['strategy']>,
): Float64Array {
  if (strategy === 'uniform') return Float64Array.from({ length: bins - 1 }, (_, i) => (i + 1) * (1 / bins));
  const sorted = Float64Array.from(probabilities).sort();
  // In per cent and back, as scikit-learn does it: a value that ties with an edge then falls on the same side.
  return Float64Array.from({ length: bins - 1 }, (_, i) =>
    quantileOfSorted(sorted, ((i + 1) * (1 / bins) * 100) / 100),
  );
}

/** How many edges lie below the value: a value on an edge belongs to the bin under it. */
function binOf(value: number, edges: Float64Array): number {
  let low = 0;
  let high = edges.length;
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((edges[middle] as number) < value) low = middle + 1;
    else high = middle;
  }
  return low;
}
