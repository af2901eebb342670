// How sure is a number measured on these rows? The rows are drawn anew, with replacement, a thousand times; the number is measured
// on each draw; the middle 95% of what comes is the interval (the percentile bootstrap; Efron 1979).
//
//   const right = (rows: Int32Array) => rows.reduce((sum, row) => sum + Number(truth[row] === predicted[row]), 0) / rows.length;
//   bootstrap(truth.length, right, { seed: 1 });    // { value: 0.87, low: 0.863, high: 0.877, ... }
//   bootstrapDifference(truth.length, right, rightOfAnother);   // both on the same draws: does the interval hold 0?

import { seededRandom } from '../hub/random.js';
import { quantileOfSorted } from './quantile.js';

export interface BootstrapOptions {
  /** How many draws. Default 1000. */
  readonly samples?: number;
  /** The share of draws inside the interval, above 0 and below 1. Default 0.95. */
  readonly level?: number;
  /** Default 42. */
  readonly seed?: number;
}

export interface Interval {
  /** Measured on the rows as they are. */
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/**
 * An interval for any number measured on rows. A draw for which `metric` gives NaN (no positive row in it, say) is left out.
 * @param rowCount how many rows there are
 * @param metric the number, given which rows are in: `rowCount` of them, counted from 0, some twice and some never
 * @throws Error if the number is NaN on the rows as they are or on every draw
 */
export function bootstrap(
  rowCount: number,
  metric: (rows: Int32Array) => number,
  { samples = 1000, level = 0.95, seed = 42 }: BootstrapOptions = {},
): Interval {
  if (!Number.isInteger(rowCount) || rowCount < 1)
    throw new Error(`bootstrap: there must be at least one row to draw from, not ${rowCount}.`);
  checkSamples(samples);
  const value = metric(Int32Array.from({ length: rowCount }, (_, row) => row));
  if (Number.isNaN(value)) throw new Error('bootstrap: the metric of all rows is NaN: it is not defined for them.');
  const draw = drawRows(rowCount, seed);
  const rows = new Int32Array(rowCount);
  return {
    value,
    ...middle(
      Array.from({ length: samples }, () => metric(draw(rows))),
      level,
    ),
  };
}

/**
 * An interval for the difference of two numbers measured on the same rows, `first` minus `second`. As both meet the same easy and
 * hard rows, it is far narrower than two intervals side by side would let expect.
 */
export function bootstrapDifference(
  rowCount: number,
  first: (rows: Int32Array) => number,
  second: (rows: Int32Array) => number,
  options?: BootstrapOptions,
): Interval {
  return bootstrap(rowCount, (rows) => first(rows) - second(rows), options);
}

/** Draws `rowCount` rows with replacement into an array, another draw each call; the same series for the same seed. */
export function drawRows(rowCount: number, seed: number): (into: Int32Array) => Int32Array {
  const random = seededRandom(seed);
  return (into) => {
    for (let i = 0; i < into.length; i++) into[i] = Math.floor(random() * rowCount);
    return into;
  };
}

/** The bounds of the middle `level` of what was measured, NaNs left out. Throws if nothing is left. */
export function middle(measured: ArrayLike<number>, level: number): { readonly low: number; readonly high: number } {
  if (!(level > 0 && level < 1)) throw new Error(`bootstrap: level must be above 0 and below 1, not ${level}.`);
  const sorted = Float64Array.from(measured)
    .filter((value) => !Number.isNaN(value))
    .sort();
  if (sorted.length === 0) throw new Error('bootstrap: the metric was NaN on every draw: it is not defined for them.');
  return { low: quantileOfSorted(sorted, (1 - level) / 2), high: quantileOfSorted(sorted, (1 + level) / 2) };
}

/** @throws Error unless it is a whole number from 1 */
export function checkSamples(samples: number): void {
  if (!Number.isInteger(samples) || samples < 1)
    throw new Error(`bootstrap: samples must be a whole number from 1, not ${samples}.`);
}
