// Intervals out of past errors: for each step of the horizon, the quantiles of what a forecast of that step missed by.
//
//   const { lower, upper } = residualIntervals(errors, errors, 0.9);   // errors[step]: truth less forecast, at many origins
//   forecast.lower[step] = median[step] + lower[step];

import { z } from 'zod';
import { endsOfLevel, type Forecast } from './forecaster.js';

/** What to add to each step's forecast. */
export interface Offsets {
  readonly lower: readonly number[];
  readonly upper: readonly number[];
}

/** Offsets in a saved forecaster of so many steps. */
export const offsetsSchema = (horizon: number) => {
  const numbers = z.array(z.number()).length(horizon);
  return z.strictObject({ lower: numbers, upper: numbers });
};

/** A model's quantiles of each step. */
export type Quantiles = readonly [lower: Float64Array, median: Float64Array, upper: Float64Array];

/** The interval of quantiles with their offsets, where there are any. Its ends never cross the median, as those of single models may. */
export function widened(
  [lower, median, upper]: Quantiles,
  offsets: Offsets | undefined,
): Pick<Forecast, 'lower' | 'median' | 'upper'> {
  return {
    median,
    lower: lower.map((value, step) => Math.min(value + (offsets?.lower[step] ?? 0), median[step] as number)),
    upper: upper.map((value, step) => Math.max(value + (offsets?.upper[step] ?? 0), median[step] as number)),
  };
}

/** A list a step, of truth less forecast. */
export type StepErrors = readonly (readonly number[])[];

/**
 * The quantiles (1 - level) / 2 and (1 + level) / 2 of each step's errors, widened for their number as in conformal prediction
 * (Lei et al. 2018, https://arxiv.org/abs/1604.04173): of n errors the ceil((n + 1) q)-th smallest. Errors of the ends of an
 * interval widen or narrow it until it holds what it is meant to (Romano et al. 2019, https://arxiv.org/abs/1905.03222).
 * @param belowErrors of the interval's lower end; of the forecast itself where it has no interval yet
 * @param aboveErrors of its upper end
 */
export function residualIntervals(belowErrors: StepErrors, aboveErrors: StepErrors, level: number): Offsets {
  const [low, high] = endsOfLevel(level);
  return {
    lower: belowErrors.map((errors) => nth(errors, Math.floor((errors.length + 1) * low + rounding))),
    upper: aboveErrors.map((errors) => nth(errors, Math.ceil((errors.length + 1) * high - rounding))),
  };
}

/** (19 + 1) * 0.05 is 1, whatever floating-point numbers make of it. */
const rounding = 1e-9;

/** The nth smallest, counted from 1; the first or last where there is none. */
function nth(errors: readonly number[], n: number): number {
  const sorted = Float64Array.from(errors).sort();
  return sorted[Math.min(sorted.length, Math.max(1, n)) - 1] as number;
}
