// Judges a forecaster as it would have done in the past: at each of several origins it knows what came before, and nothing else,
// and what it forecasts is held against what came next. Nothing is ever shuffled.
//
//   const result = await rollingOrigin(heat, lstm(), { horizon: 14, origins: 26, step: 14 });
//   result.mae;                 // over all origins and steps, in the unit of the series
//   result.coverage;            // share of truths inside their intervals; result.level is what it is meant to be
//   result.bySteps[0].mae;      // one step ahead

import { z } from 'zod';
import { pinball } from '../../metrics/regression.js';
import { interruptible } from '../../training/interrupt.js';
import { FitInterrupted, type FitProgress } from '../estimator.js';
import { checkOptions } from '../options.js';
import { endsOfLevel, type Forecast, type ForecastEstimator, type Forecaster } from './forecaster.js';
import type { Frequency } from './frequency.js';
import type { Series } from './series.js';

export interface RollingOriginOptions {
  /** Steps to forecast at each origin. */
  readonly horizon: number;
  /** How many origins at most; the last lies `horizon` before the end of the series. Default: as many as `minTrain` leaves. */
  readonly origins?: number;
  /** Values from one origin to the next. Default: the horizon, so that each value is forecast once. */
  readonly step?: number;
  /**
   * After how many origins the estimator is fitted again, on all that came before. 1: at each. Default: never; it is fitted before the
   * first origin, and later only its history is longer.
   */
  readonly refit?: number;
  /** Values before the first origin, at least. Default: half of the series. */
  readonly minTrain?: number;
  /** Values in a period: MASE compares with the value one period before. Default 1, the value before. */
  readonly period?: number;
  /** Told while it fits and after each origin. A fit counts as 100, a forecast as 1. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Stops it with a `RollingOriginInterrupted`. So do Ctrl-C and a notebook's Stop. */
  readonly signal?: AbortSignal;
}

/** What was forecast at one origin, and what came. */
export interface OriginForecast {
  /** How many values of the series were known. */
  readonly origin: number;
  readonly forecast: Forecast;
  readonly truth: Float64Array;
}

/** How wrong the forecasts are, in the unit of the series where nothing else is said. */
export interface ForecastErrors {
  /** Mean absolute error of the median. */
  readonly mae: number;
  /** Root of the mean squared error of the median. */
  readonly rmse: number;
  /** Mean of forecast less truth. */
  readonly bias: number;
  /** Mean pinball loss of the interval's ends and the median: what quantile forecasts are judged by. */
  readonly pinball: number;
  /** Share of truths inside the interval, ends included. */
  readonly coverage: number;
  /** Mean width of the interval. */
  readonly width: number;
}

export interface RollingOrigin extends ForecastErrors {
  /** The estimator's name. */
  readonly name: string;
  readonly horizon: number;
  /** How far apart the steps are. */
  readonly frequency: Frequency;
  /** Share of truths that the intervals were meant to hold. */
  readonly level: number;
  /**
   * MAE divided by that of the value one period before, over the series before the first origin (Hyndman, Koehler 2006); NaN where
   * that value is always right.
   */
  readonly mase: number;
  /** Errors of the first step, the second and so on. */
  readonly bySteps: readonly ForecastErrors[];
  readonly origins: readonly OriginForecast[];
  /** How many times the estimator was fitted. */
  readonly fits: number;
  /** Seconds of all fits together. */
  readonly fitSeconds: number;
}

/** A stopped evaluation. */
export class RollingOriginInterrupted extends FitInterrupted {
  /** Of the origins that were done; undefined where none was. */
  readonly result: RollingOrigin | undefined;

  constructor(message: string, result?: RollingOrigin) {
    super(message);
    this.result = result;
  }
}

const positive = z.int().min(1);
const schema = z.strictObject({
  horizon: positive,
  origins: positive.optional(),
  step: positive.optional(),
  refit: positive.optional(),
  minTrain: positive.optional(),
  period: positive.default(1),
});

/**
 * Fits on the past and forecasts, origin after origin.
 * @throws Error if the series is too short for one origin; what `fit` throws; RollingOriginInterrupted where it was stopped
 */
export function rollingOrigin(
  series: Series,
  estimator: ForecastEstimator,
  { onProgress, signal, ...options }: RollingOriginOptions,
): Promise<RollingOrigin> {
  const settings = checkOptions('rollingOrigin', schema, options);
  const places = originsOf(series, settings);
  return interruptible(signal, async (interrupted) => {
    const done: OriginForecast[] = [];
    const fitting = { fits: 0, fitSeconds: 0 };
    let model: Forecaster | undefined;
    const fits = settings.refit === undefined ? 1 : Math.ceil(places.length / settings.refit);
    const tell = (fit: number, { loss, validationLoss }: Partial<FitProgress> = {}) =>
      onProgress?.({
        done: Math.floor(100 * fit) + done.length,
        total: 100 * fits + places.length,
        ...(loss === undefined ? {} : { loss }),
        ...(validationLoss === undefined ? {} : { validationLoss }),
      });
    const result = () => summary(series, estimator.name, settings, done, fitting);
    try {
      for (const [i, origin] of places.entries()) {
        if (interrupted())
          throw stopped(estimator.name, done.length, places.length, done.length > 0 ? result() : undefined);
        const past = series.slice(0, origin);
        if (model === undefined || (settings.refit !== undefined && i % settings.refit === 0)) {
          await model?.dispose();
          const start = performance.now();
          model = await estimator.fit(past, {
            horizon: settings.horizon,
            onProgress: (progress) => tell(fitting.fits + progress.done / progress.total, progress),
            ...(signal === undefined ? {} : { signal }),
          });
          fitting.fits += 1;
          fitting.fitSeconds += (performance.now() - start) / 1000;
        }
        const forecast = await model.forecast(past);
        done.push({ origin, forecast, truth: series.values.slice(origin, origin + settings.horizon) });
        tell(fitting.fits);
        await new Promise((resolve) => setImmediate(resolve));
      }
    } catch (error) {
      if (!(error instanceof FitInterrupted) || error instanceof RollingOriginInterrupted) throw error;
      throw stopped(estimator.name, done.length, places.length, done.length > 0 ? result() : undefined);
    } finally {
      await model?.dispose();
    }
    return result();
  });
}

function stopped(name: string, done: number, of: number, result: RollingOrigin | undefined): RollingOriginInterrupted {
  return new RollingOriginInterrupted(`${name} was stopped after ${done} of ${of} origins.`, result);
}

type Settings = z.output<typeof schema>;

/** The origins, ascending; the last one lies `horizon` before the end. */
function originsOf(series: Series, { horizon, origins, step = horizon, minTrain, period }: Settings): number[] {
  const first = minTrain ?? Math.ceil(series.length / 2);
  const last = series.length - horizon;
  if (last < first)
    throw new Error(
      `rollingOrigin: the series '${series.name}' has ${series.length} values; ${first} to learn from and a horizon of ${horizon} need ${first + horizon}.`,
    );
  const fitting = Math.floor((last - first) / step) + 1;
  if (origins !== undefined && origins > fitting)
    throw new Error(
      `rollingOrigin: of ${origins} origins, ${step} values apart, ${fitting} lie after the first ${first} values. Take fewer origins, a shorter step or a lower minTrain.`,
    );
  const count = origins ?? fitting;
  const known = last - (count - 1) * step;
  if (period >= known)
    throw new Error(
      `rollingOrigin: period is ${period}, but only ${known} values come before the first origin. MASE needs one from a period before: take a shorter period or a higher minTrain.`,
    );
  return Array.from({ length: count }, (_, i) => last - (count - 1 - i) * step);
}

function summary(
  series: Series,
  name: string,
  { horizon, period }: Settings,
  origins: readonly OriginForecast[],
  fitting: { fits: number; fitSeconds: number },
): RollingOrigin {
  const level = (origins[0] as OriginForecast).forecast.level;
  const first = (origins[0] as OriginForecast).origin;
  const bySteps = Array.from({ length: horizon }, (_, step) => errorsOf(origins, [step], level));
  const all = errorsOf(
    origins,
    Array.from({ length: horizon }, (_, step) => step),
    level,
  );
  let naive = 0;
  for (let i = period; i < first; i++)
    naive += Math.abs((series.values[i] as number) - (series.values[i - period] as number));
  return {
    name,
    horizon,
    frequency: series.frequency,
    level,
    ...all,
    mase: naive === 0 ? Number.NaN : all.mae / (naive / (first - period)),
    bySteps,
    origins,
    ...fitting,
  };
}

function errorsOf(origins: readonly OriginForecast[], steps: readonly number[], level: number): ForecastErrors {
  const gather = (values: (origin: OriginForecast) => Float64Array) =>
    Float64Array.from(origins.flatMap((origin) => steps.map((step) => values(origin)[step] as number)));
  const truth = gather((origin) => origin.truth);
  const median = gather(({ forecast }) => forecast.median);
  const lower = gather(({ forecast }) => forecast.lower);
  const upper = gather(({ forecast }) => forecast.upper);
  const mean = (value: (row: number) => number) => truth.reduce((sum, _, row) => sum + value(row), 0) / truth.length;
  const miss = (row: number) => (median[row] as number) - (truth[row] as number);
  const [low, high] = endsOfLevel(level);
  return {
    mae: mean((row) => Math.abs(miss(row))),
    rmse: Math.sqrt(mean((row) => miss(row) ** 2)),
    bias: mean(miss),
    pinball: (pinball(truth, lower, low) + pinball(truth, median, 0.5) + pinball(truth, upper, high)) / 3,
    coverage: mean((row) =>
      Number((truth[row] as number) >= (lower[row] as number) && (truth[row] as number) <= (upper[row] as number)),
    ),
    width: mean((row) => (upper[row] as number) - (lower[row] as number)),
  };
}
