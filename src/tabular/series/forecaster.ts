// The verbs of every model that forecasts a series: an estimator is settings alone, `fit` gives a forecaster, and a forecaster says
// what comes after a history, with an interval for each step.
//
//   const model = await lstm({ window: 56 }).fit(past, { horizon: 14 });
//   const next = await model.forecast(past);   // next.median, next.lower, next.upper: 14 numbers each
//   await model.save('out/heat.json');
//   const again = await loadForecaster('out/heat.json');

import { FitInterrupted, type FitProgress } from '../estimator.js';
import type { Frequency } from './frequency.js';
import { sayFrequency } from './frequency.js';
import { type Series, sayTime } from './series.js';

export interface ForecastFitOptions {
  /** How many steps to forecast, 1 or more. */
  readonly horizon: number;
  /** Told after each epoch, round or step. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Stops the fit with a `ForecastInterrupted`. So do Ctrl-C and a notebook's Stop. */
  readonly signal?: AbortSignal;
}

/** Something that learns to forecast. */
export interface ForecastEstimator {
  /** What it is called in tables and pictures: 'Seasonal naive', 'LSTM'. */
  readonly name: string;
  /** Every setting, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Learns from all of `series`, which is not changed: give the past alone.
   * @throws Error naming what does not fit and what to do; ForecastInterrupted where it was stopped
   */
  fit(series: Series, options: ForecastFitOptions): Promise<Forecaster>;
}

/** What `fit` has learnt. */
export interface Forecaster {
  /** The estimator's name. */
  readonly name: string;
  /** Steps it forecasts. */
  readonly horizon: number;
  /** Share of truths that its intervals are meant to hold. */
  readonly level: number;
  /** How many values a history must have at least; where it is longer, only the naive ones look beyond them. */
  readonly historyLength: number;
  /** Learnt numbers. */
  readonly parameters: number;
  /**
   * The steps that follow the last value of `history`, which may be later than what was learnt from.
   * @throws Error if the history is too short or of another frequency, or lacks other values that were learnt from
   */
  forecast(history: Series): Promise<Forecast>;
  /** Everything it takes to forecast, as JSON. `kind` says which function reads it back. */
  toJSON(): ForecasterJson;
  /** Writes one file, whole or not at all; folders are made. `loadForecaster` reads it. */
  save(path: string): Promise<void>;
  /** Frees what the garbage collector does not see. The forecaster cannot be used afterwards. A second call does nothing. */
  dispose(): Promise<void>;
}

/** What comes next: a number a step in each array. */
export interface Forecast {
  /** The forecaster's name. */
  readonly name: string;
  /** Milliseconds since 1970-01-01 UTC. */
  readonly times: Float64Array;
  readonly median: Float64Array;
  /** Ends of the interval. */
  readonly lower: Float64Array;
  readonly upper: Float64Array;
  /** Share of truths that the interval is meant to hold, such as 0.9. */
  readonly level: number;
}

/** What a saved forecaster has in any case. */
export interface ForecasterFacts {
  readonly name: string;
  readonly horizon: number;
  readonly level: number;
  readonly frequency: Frequency;
}

/** A saved forecaster. Each kind adds fields of its own. */
export interface ForecasterJson extends ForecasterFacts {
  /** Which kind: a key of the table in forecaster-file.ts. */
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** A stopped fit. `forecaster` is what was learnt by then, undefined where it is nothing yet. */
export class ForecastInterrupted extends FitInterrupted {
  readonly forecaster: Forecaster | undefined;

  constructor(message: string, forecaster?: Forecaster) {
    super(message);
    this.forecaster = forecaster;
  }
}

/** The two outer quantiles of an interval that holds `level`: 0.9 gives 0.05 and 0.95. */
export const endsOfLevel = (level: number): readonly [number, number] => [(1 - level) / 2, (1 + level) / 2];

/** @throws Error if the horizon is no whole number from 1 */
export function checkHorizon(horizon: number): number {
  if (!(Number.isInteger(horizon) && horizon >= 1))
    throw new Error(`horizon is ${horizon}; it must be a whole number of steps, 1 or more.`);
  return horizon;
}

/** @throws Error naming the first value that is no number */
export function checkValues({ name, values, times, others }: Series): void {
  for (const series of [{ name, values }, ...others]) {
    const bad = series.values.findIndex((value) => !Number.isFinite(value));
    if (bad >= 0)
      throw new Error(
        `The value of '${series.name}' at ${sayTime(times[bad])} is ${series.values[bad]}, not a number.`,
      );
  }
}

/** @throws Error if there are fewer than `needed` values to learn from, saying what they are needed for */
export function checkLength(series: Series, needed: number, why: string): void {
  if (series.length < needed)
    throw new Error(`The series '${series.name}' has ${series.length} values, and ${why} needs ${needed} or more.`);
}

/** @throws Error if a history is not one that a forecaster can go on from */
export function checkHistory(history: Series, { name, frequency }: ForecasterFacts, length: number): void {
  if (history.length < length)
    throw new Error(
      `${name} looks at the last ${length} values, and the history '${history.name}' has ${history.length}.`,
    );
  const { every, unit } = history.frequency;
  if (every !== frequency.every || unit !== frequency.unit)
    throw new Error(
      `${name} learnt from a value every ${sayFrequency(frequency)}; the history has one every ${sayFrequency(history.frequency)}.`,
    );
}
