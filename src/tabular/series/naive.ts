// Forecasts that learn nothing but how wrong they tend to be: the ones to beat.
//
//   const model = await seasonalNaive({ period: 7 }).fit(past, { horizon: 14 });
//
// naive: the last value again. seasonalNaive: the value one period ago. drift: the last value, moved on by the mean change.
// Intervals are quantiles of the errors the same forecast made at each step over the series it was fitted on.

import { z } from 'zod';
import { checkOptions } from '../options.js';
import {
  checkHistory,
  checkHorizon,
  checkLength,
  checkValues,
  type Forecast,
  type ForecastEstimator,
  type Forecaster,
  type ForecasterFacts,
  type ForecasterJson,
  type ForecastFitOptions,
} from './forecaster.js';
import { type Offsets, offsetsSchema, residualIntervals } from './residual-intervals.js';
import { saveForecaster } from './save-forecaster.js';
import type { Series } from './series.js';

/** A rule and what it needs. */
type Rule =
  | { readonly rule: 'naive' }
  | { readonly rule: 'seasonal'; readonly period: number }
  | { readonly rule: 'drift' };

/** Fewer errors than this say nothing about an interval. */
const leastErrors = 20;

const level = z.number().gt(0).lt(1).default(0.9);

export interface NaiveOptions {
  /** Share of truths that the intervals are to hold, between 0 and 1. Default 0.9. */
  readonly level?: number;
}

export interface SeasonalNaiveOptions extends NaiveOptions {
  /** Values in a period: 7 for the days of a week, 365 for those of a year. */
  readonly period: number;
}

/** The last value again. */
export const naive = (options: NaiveOptions = {}): ForecastEstimator =>
  estimator('Naive', { rule: 'naive' }, checkOptions('naive', z.strictObject({ level }), options));

/** The value one period ago; past one period, two periods ago and so on. */
export function seasonalNaive(options: SeasonalNaiveOptions): ForecastEstimator {
  const schema = z.strictObject({ period: z.int().min(2), level });
  const settings = checkOptions('seasonalNaive', schema, options);
  return estimator(`Seasonal naive (${settings.period})`, { rule: 'seasonal', period: settings.period }, settings);
}

/** The last value, moved on by the mean change from one value to the next, which is a line from the first value to the last. */
export const drift = (options: NaiveOptions = {}): ForecastEstimator =>
  estimator('Drift', { rule: 'drift' }, checkOptions('drift', z.strictObject({ level }), options));

const estimator = (name: string, rule: Rule, settings: Readonly<Record<string, unknown>> & { level: number }) => ({
  name,
  settings,
  fit: async (series: Series, options: ForecastFitOptions) => fitRule(series, options, name, rule, settings.level),
});

function fitRule(
  series: Series,
  { horizon, onProgress }: ForecastFitOptions,
  name: string,
  rule: Rule,
  level: number,
): Forecaster {
  checkHorizon(horizon);
  checkValues(series);
  const first = neededBy(rule);
  checkLength(series, first + horizon - 1 + leastErrors, `${name} with a horizon of ${horizon}`);
  const errors = Array.from({ length: horizon }, (): number[] => []);
  for (let origin = first; origin < series.length; origin++)
    for (let step = 0; step < horizon && origin + step < series.length; step++)
      errors[step]?.push((series.values[origin + step] as number) - ahead(series.values, origin, step, rule));
  onProgress?.({ done: 1, total: 1 });
  return new NaiveForecaster(
    { name, horizon, level, frequency: series.frequency },
    rule,
    residualIntervals(errors, errors, level),
  );
}

/** How many values the rule looks back on at least. */
const neededBy = (rule: Rule): number => (rule.rule === 'seasonal' ? rule.period : rule.rule === 'drift' ? 2 : 1);

/** The forecast of the value `step` (from 0) after `origin`, from the values before `origin`. */
function ahead(values: Float64Array, origin: number, step: number, rule: Rule): number {
  const last = values[origin - 1] as number;
  if (rule.rule === 'naive') return last;
  if (rule.rule === 'seasonal') return values[origin - rule.period + (step % rule.period)] as number;
  return last + ((step + 1) * (last - (values[0] as number))) / (origin - 1);
}

class NaiveForecaster implements Forecaster {
  readonly name: string;
  readonly horizon: number;
  readonly level: number;
  readonly #facts: ForecasterFacts;
  readonly #rule: Rule;
  readonly #offsets: Offsets;

  constructor(facts: ForecasterFacts, rule: Rule, offsets: Offsets) {
    this.name = facts.name;
    this.horizon = facts.horizon;
    this.level = facts.level;
    this.#facts = facts;
    this.#rule = rule;
    this.#offsets = offsets;
  }

  get historyLength(): number {
    return neededBy(this.#rule);
  }

  get parameters(): number {
    return 0;
  }

  async forecast(history: Series): Promise<Forecast> {
    checkHistory(history, this.#facts, this.historyLength);
    checkValues(history);
    const { lower, upper } = this.#offsets;
    const median = Float64Array.from({ length: this.horizon }, (_, step) =>
      ahead(history.values, history.length, step, this.#rule),
    );
    return {
      name: this.name,
      times: history.timesAfter(this.horizon),
      median,
      lower: median.map((value, step) => value + (lower[step] as number)),
      upper: median.map((value, step) => value + (upper[step] as number)),
      level: this.level,
    };
  }

  toJSON(): ForecasterJson {
    return { kind: 'naive', ...this.#facts, rule: this.#rule, offsets: this.#offsets };
  }

  save(path: string): Promise<void> {
    return saveForecaster(this, path);
  }

  async dispose(): Promise<void> {
    // Nothing but what the garbage collector sees.
  }
}

const rules = z.discriminatedUnion('rule', [
  z.strictObject({ rule: z.literal('naive') }),
  z.strictObject({ rule: z.literal('seasonal'), period: z.int().min(2) }),
  z.strictObject({ rule: z.literal('drift') }),
]);

export async function readNaive({
  name,
  horizon,
  level,
  frequency,
  rule,
  offsets,
}: ForecasterJson): Promise<Forecaster> {
  const checked = offsetsSchema(horizon).parse(offsets);
  return new NaiveForecaster({ name, horizon, level, frequency }, rules.parse(rule), checked);
}
