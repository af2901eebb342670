// Forecasts by models for tables: each row is an origin, its columns are the values just before it, means over longer stretches and
// the calendar of the time to forecast, and the target is the value then. Boosted trees are the usual choice.
//
//   const model = await boostedLags().fit(past, { horizon: 14 });   // or boostedLags({ estimator: orderedBoosting({ rounds: 200 }) })
//   const next = await model.forecast(past);
//
// 'direct': a model for each step of the horizon. 'recursive': one model for the next value, which goes on from its own forecasts.

import { z } from 'zod';
import { interruptible } from '../../training/interrupt.js';
import { type Estimator, FitInterrupted, type FitOptions, type ModelJson, type TabularModel } from '../estimator.js';
import { fitWhole, progressOf, tellDone } from '../inner-fits.js';
import { modelFromJson } from '../model-file.js';
import { checkOptions } from '../options.js';
import { xgboost } from '../xgboost/xgboost.js';
import { cyclesOf } from './calendar.js';
import {
  checkHistory,
  checkHorizon,
  checkLength,
  checkValues,
  endsOfLevel,
  type Forecast,
  type ForecastEstimator,
  type Forecaster,
  type ForecasterFacts,
  type ForecasterJson,
  type ForecastFitOptions,
  ForecastInterrupted,
} from './forecaster.js';
import { historyOf, type LagFeatures, lagFeaturesSchema, lagTable, target } from './lag-features.js';
import { range } from './range.js';
import { type Offsets, offsetsSchema, type Quantiles, residualIntervals, widened } from './residual-intervals.js';
import { saveForecaster } from './save-forecaster.js';
import type { Series } from './series.js';

export interface BoostedLagsOptions {
  /**
   * A regression for tables; its intervals come from its errors on a calibration stretch. Or a function that gives one for a quantile:
   * three are then fitted, for the two ends and the median. Default: XGBoost with its quantile objective, as `quantileTrees` sets it.
   */
  readonly estimator?: Estimator | ((quantile: number) => Estimator);
  /** 'direct': a model a step. 'recursive': one model that goes on from its own forecasts, for which other values cannot be used. Default 'direct'. */
  readonly strategy?: 'direct' | 'recursive';
  /** Values given as columns, 1 being the last one known. Default [1, 2, 3, 4, 5, 6, 7, 14]. */
  readonly lags?: readonly number[];
  /** Means of the last so many values. Default [7, 28]. */
  readonly rollingMeans?: readonly number[];
  /** Sine and cosine of where the forecast's time stands in the day, the week and the year. Default true. */
  readonly calendar?: boolean;
  /** Forecast the change from the last value, and give values as differences from it: levels not seen before are then no trouble. Default true. */
  readonly difference?: boolean;
  /**
   * Share of the origins, the latest, on whose errors intervals are calibrated before all is fitted again. Default 0.2 for one estimator,
   * which has no intervals else; 0 for a function of a quantile.
   */
  readonly calibration?: number;
  /** Share of truths that the intervals are to hold. Default 0.9. */
  readonly level?: number;
}

const wholes = z.array(z.int().min(1));
const schema = z.strictObject({
  strategy: z.enum(['direct', 'recursive']).default('direct'),
  lags: wholes.min(1).default([1, 2, 3, 4, 5, 6, 7, 14]),
  rollingMeans: wholes.default([7, 28]),
  calendar: z.boolean().default(true),
  difference: z.boolean().default(true),
  calibration: z.number().min(0).max(0.5).optional(),
  level: z.number().gt(0).lt(1).default(0.9),
});

/** XGBoost for one quantile, of shallow trees that learn slowly: a series has few rows. */
export const quantileTrees = (quantile: number): Estimator =>
  xgboost({
    ...{ rounds: 100, learningRate: 0.05, maxDepth: 2, numThreads: 1 }, // so few rows are not worth sharing out
    ...{ objective: 'reg:quantileerror', quantileAlpha: quantile },
  });

/** @throws Error naming an option that is wrong */
export function boostedLags({ estimator = quantileTrees, ...options }: BoostedLagsOptions = {}): ForecastEstimator {
  const checked = checkOptions('boostedLags', schema, options);
  const settings = { ...checked, calibration: checked.calibration ?? (typeof estimator === 'function' ? 0 : 0.2) };
  if (typeof estimator !== 'function' && typeof estimator.fit !== 'function')
    throw new Error(
      'boostedLags: give { estimator }, such as orderedBoosting(), or a function of a quantile that gives one.',
    );
  if (typeof estimator !== 'function' && settings.calibration === 0)
    throw new Error(
      'boostedLags: calibration is 0, and one estimator for the value alone has intervals from nothing else. Leave it out, or give a function of a quantile.',
    );
  const [low, high] = endsOfLevel(settings.level);
  const estimators = typeof estimator === 'function' ? [low, 0.5, high].map(estimator) : [estimator];
  const first = estimators[0] as Estimator;
  const name = `${first.name} on lags`;
  return {
    name,
    settings: { ...settings, estimator: { name: first.name, ...first.settings }, quantiles: estimators.length > 1 },
    fit: (series, fitOptions) => fitModels(name, estimators, settings, series, fitOptions),
  };
}

type Settings = z.output<typeof schema> & { readonly calibration: number };

/** For each model step the models of the lower end, the median and the upper end, or one for all. */
type Models = readonly (readonly TabularModel[])[];

async function fitModels(
  name: string,
  estimators: readonly Estimator[],
  settings: Settings,
  series: Series,
  { horizon, onProgress, signal }: ForecastFitOptions,
): Promise<Forecaster> {
  checkHorizon(horizon);
  checkValues(series);
  if (settings.strategy === 'recursive' && series.others.length > 0)
    throw new Error(
      `${name}: other values (${series.others.map((other) => other.name).join(', ')}) are not known of the steps that a recursive strategy goes on from. Use 'direct', or a series without them.`,
    );
  const features: LagFeatures = {
    lags: settings.lags,
    rollingMeans: settings.rollingMeans,
    cycles: settings.calendar ? cyclesOf(series.frequency) : [],
    difference: settings.difference,
    others: series.others.map((other) => other.name),
  };
  const history = historyOf(features);
  // Of the origins, the latest are kept for calibration; none of their truths is among those that the first models learn from.
  const origins = series.length - horizon - history + 1;
  const held = Math.round(origins * settings.calibration);
  checkLength(
    series,
    history + horizon + 40,
    `${name} with a horizon of ${horizon} and ${history} values to look back on`,
  );
  const facts = { name, horizon, level: settings.level, frequency: series.frequency };
  const modelSteps = settings.strategy === 'direct' ? horizon : 1;
  const rounds = modelSteps * estimators.length * (held > 0 ? 2 : 1);
  let done = 0;
  const learn = async (known: Series, interrupted: () => boolean): Promise<Models> => {
    const models: TabularModel[][] = [];
    try {
      for (let step = 0; step < modelSteps; step++) {
        const rows = range(history, known.length - step);
        const table = lagTable(known, features, rows, step, true);
        const ofStep: TabularModel[] = [];
        models.push(ofStep);
        for (const estimator of estimators) {
          const options: FitOptions = {
            target,
            task: 'regression',
            ...(signal === undefined ? {} : { signal }),
            ...progressOf(onProgress, { first: done, total: rounds }),
          };
          ofStep.push(await fitWhole(estimator, table, options));
          tellDone(onProgress, { first: done, total: rounds });
          done += 1;
          await new Promise((resolve) => setImmediate(resolve));
          if (interrupted()) throw new FitInterrupted('stopped');
        }
      }
      return models;
    } catch (error) {
      disposeAll(models);
      throw error;
    }
  };
  return interruptible(signal, async (interrupted) => {
    try {
      let offsets: Offsets | undefined;
      if (held > 0) {
        const cut = series.length - horizon - held + 1;
        const early = await learn(series.slice(0, cut), interrupted);
        try {
          const model = new LagForecaster(facts, settings, features, early);
          offsets = await calibrated(model, series, range(cut, series.length - horizon + 1));
        } finally {
          disposeAll(early);
        }
      }
      return new LagForecaster(facts, settings, features, await learn(series, interrupted), offsets);
    } catch (error) {
      if (!(error instanceof FitInterrupted)) throw error;
      throw new ForecastInterrupted(`${name} was stopped after ${done} of ${rounds} fits.`);
    }
  });
}

function disposeAll(models: Models): void {
  for (const model of models.flat()) model.dispose();
}

async function calibrated(model: LagForecaster, series: Series, origins: readonly number[]): Promise<Offsets> {
  const forecasts = await model.quantiles(series, origins);
  const errors = (end: 0 | 2) =>
    forecasts.map((ofStep, step) =>
      origins.map((origin, row) => (series.values[origin + step] as number) - (ofStep[end]?.[row] as number)),
    );
  return residualIntervals(errors(0), errors(2), model.level);
}

class LagForecaster implements Forecaster {
  readonly name: string;
  readonly horizon: number;
  readonly level: number;
  readonly #facts: ForecasterFacts;
  readonly #strategy: Settings['strategy'];
  readonly #features: LagFeatures;
  readonly #models: Models;
  readonly #offsets: Offsets | undefined;

  constructor(
    facts: ForecasterFacts,
    { strategy }: Pick<Settings, 'strategy'>,
    features: LagFeatures,
    models: Models,
    offsets?: Offsets,
  ) {
    this.name = facts.name;
    this.horizon = facts.horizon;
    this.level = facts.level;
    this.#facts = facts;
    this.#strategy = strategy;
    this.#features = features;
    this.#models = models;
    this.#offsets = offsets;
  }

  get historyLength(): number {
    return historyOf(this.#features);
  }

  get parameters(): number {
    return this.#models.flat().reduce((sum, model) => sum + model.parameters, 0);
  }

  async forecast(history: Series): Promise<Forecast> {
    checkHistory(history, this.#facts, this.historyLength);
    const recent = history.slice(-this.historyLength);
    checkValues(recent);
    const steps = await this.quantiles(recent, [recent.length]);
    const at = (end: 0 | 1 | 2) => Float64Array.from(steps, (ofStep) => ofStep[end][0] as number);
    return {
      name: this.name,
      times: history.timesAfter(this.horizon),
      ...widened([at(0), at(1), at(2)], this.#offsets),
      level: this.level,
    };
  }

  /** For each step the quantiles at each origin, before calibration; only values before an origin are looked at. */
  async quantiles(series: Series, origins: readonly number[]): Promise<Quantiles[]> {
    const lasts = origins.map((origin) => series.values[origin - 1] as number);
    const answer = async (
      models: readonly TabularModel[],
      table: ReturnType<typeof lagTable>,
      added: readonly number[],
    ) => {
      const outputs = await Promise.all(models.map((model) => model.predict(table)));
      const [lower, median = lower, upper = lower] = outputs.map((output) =>
        output.map((value, row) => value + (this.#features.difference ? (added[row] as number) : 0)),
      );
      return [lower, median, upper] as unknown as Quantiles;
    };
    if (this.#strategy === 'direct') {
      const steps: Quantiles[] = [];
      for (const [step, models] of this.#models.entries())
        steps.push(await answer(models, lagTable(series, this.#features, origins, step, false), lasts));
      return steps;
    }
    // Each origin's history grows by its own forecasts.
    const models = this.#models[0] as readonly TabularModel[];
    const length = this.historyLength;
    let pasts = origins.map((origin) => series.slice(origin - length, origin));
    const steps: Quantiles[] = [];
    for (let step = 0; step < this.horizon; step++) {
      const table = lagTable(
        pasts,
        this.#features,
        pasts.map((past) => past.length),
        0,
        false,
      );
      const quantiles = await answer(
        models,
        table,
        pasts.map(({ values }) => values.at(-1) as number),
      );
      steps.push(quantiles);
      pasts = pasts.map((past, row) => past.followedBy(quantiles[1][row] as number));
    }
    return steps;
  }

  toJSON(): ForecasterJson {
    return {
      kind: 'boosted-lags',
      ...this.#facts,
      strategy: this.#strategy,
      columns: this.#features,
      models: this.#models.map((ofStep) => ofStep.map((model) => model.toJSON())),
      ...(this.#offsets === undefined ? {} : { offsets: this.#offsets }),
    };
  }

  save(path: string): Promise<void> {
    return saveForecaster(this, path);
  }

  async dispose(): Promise<void> {
    disposeAll(this.#models);
  }
}

export async function readBoostedLags(json: ForecasterJson): Promise<Forecaster> {
  const { name, horizon, level, frequency } = json;
  const checked = z
    .object({
      strategy: schema.shape.strategy,
      columns: lagFeaturesSchema,
      models: z.array(z.array(z.looseObject({ kind: z.string() }))),
      offsets: offsetsSchema(horizon).optional(),
    })
    .parse(json);
  const models: TabularModel[][] = [];
  for (const ofStep of checked.models)
    models.push(await Promise.all(ofStep.map((model) => modelFromJson(model as unknown as ModelJson))));
  return new LagForecaster({ name, horizon, level, frequency }, checked, checked.columns, models, checked.offsets);
}
