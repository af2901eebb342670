// How good is a model on rows it has not learnt from, how sure is that, and how fast is it?
//
//   const result = await score(model, test, { bootstrap: 1000 });
//   result.rocAuc;             // 0.843
//   result.intervals.rocAuc;   // { value: 0.843, low: 0.829, high: 0.856 }: what other such rows might give
//   const by = await scoreDifference(trees, linear, test);
//   by.rocAuc;                 // { value: 0.061, low: 0.049, high: 0.072 }: better, as 0 is outside

import { checkSamples, drawRows, type Interval, middle } from '../metrics/bootstrap.js';
import { weightedMean } from '../metrics/checks.js';
import { squaredDistance, surprise } from '../metrics/probability.js';
import { ranked } from '../metrics/ranking.js';
import { InterruptedError, interruptible } from '../training/interrupt.js';
import type { TabularModel } from './estimator.js';
import { mostProbable } from './most-probable.js';
import { cappedTable } from './quick.js';
import type { Table } from './table/table.js';
import { targetValues } from './target.js';

export interface ScoreOptions {
  /** How many bootstrap draws the intervals are made of; 0, the default, for none. */
  readonly bootstrap?: number;
  /** The share of draws inside an interval. Default 0.95. */
  readonly level?: number;
  /** Seed of the draws. Default 42. */
  readonly seed?: number;
}

/** What is measured of a classifier. */
export interface ClassificationMetrics {
  /** Share of rows whose most probable class is the true one. */
  readonly accuracy: number;
  /** The mean over the classes that occur of the share of their rows that was found. */
  readonly balancedAccuracy: number;
  /** Two classes: of the second. More: the mean over the classes that occur or are predicted. */
  readonly f1: number;
  /** Area under the ROC curve of the second of two classes; of more the mean of each against the rest. NaN where only one occurs. */
  readonly rocAuc: number;
  /** Average precision of the second of two classes; of more the mean over those that occur. NaN where the second does not. */
  readonly prAuc: number;
  /** Mean of -log(probability of the true class), in nats. */
  readonly logLoss: number;
  /** Mean squared distance of the probabilities from what came: of the second of two classes; of more summed over all. */
  readonly brier: number;
}

/** What is measured of a regression, in the target's unit; `r2` has none. */
export interface RegressionMetrics {
  readonly rmse: number;
  readonly mae: number;
  /** The share of variance explained; NaN for a single row. */
  readonly r2: number;
}

interface Measured<Metrics> {
  /** Rows scored. */
  readonly rows: number;
  /** Time to predict, divided by the rows. */
  readonly millisecondsPerRow: number;
  /** One interval a metric that is defined, where draws were asked for. */
  readonly intervals: { readonly [metric in keyof Metrics]?: Interval };
}

export type ClassificationScore = { readonly kind: 'classification' } & ClassificationMetrics &
  Measured<ClassificationMetrics>;
export type RegressionScore = { readonly kind: 'regression' } & RegressionMetrics & Measured<RegressionMetrics>;
/** `kind` tells which. */
export type Score = ClassificationScore | RegressionScore;
export type MetricName = keyof ClassificationMetrics | keyof RegressionMetrics;

/**
 * Predicts a table's rows and compares with its target column. In the quick form of a lesson only some of the rows.
 * @throws Error if the table lacks the target, it is missing in a row, or has a class the model does not know
 */
export async function score(model: TabularModel, table: Table, options: ScoreOptions = {}): Promise<Score> {
  const { bootstrap: samples = 0, level = 0.95, seed = 42 } = options;
  if (samples !== 0) checkSamples(samples);
  const rows = rowsToScore(table);
  const { measure, millisecondsPerRow } = await predicted(model, rows);
  const values = measure();
  const intervals = await intervalsOf(values, measure, rows.rowCount, { samples, level, seed });
  const kind = model.task.kind;
  return { kind, rows: rows.rowCount, millisecondsPerRow, ...values, intervals } as unknown as Score;
}

/** `score` for a classifier. @throws Error for a regression too */
export async function scoreClassifier(
  model: TabularModel,
  table: Table,
  options?: ScoreOptions,
): Promise<ClassificationScore> {
  const result = await score(model, table, options);
  if (result.kind === 'classification') return result;
  throw new Error(`scoreClassifier: ${model.name} predicts ${taskText(model)}, a number. Use scoreRegressor.`);
}

/** `score` for a regression. @throws Error for a classifier too */
export async function scoreRegressor(
  model: TabularModel,
  table: Table,
  options?: ScoreOptions,
): Promise<RegressionScore> {
  const result = await score(model, table, options);
  if (result.kind === 'regression') return result;
  throw new Error(`scoreRegressor: ${model.name} predicts ${taskText(model)}, a class. Use scoreClassifier.`);
}

/**
 * By how much `first` is better or worse than `second` in every metric, first minus second, with an interval from draws of the
 * same rows for both.
 * @throws Error if they predict different targets or classes
 */
export async function scoreDifference(
  first: TabularModel,
  second: TabularModel,
  table: Table,
  { bootstrap: samples = 1000, level = 0.95, seed = 42 }: ScoreOptions = {},
): Promise<{ readonly [metric in MetricName]?: Interval }> {
  checkSamples(samples);
  if (JSON.stringify(first.task) !== JSON.stringify(second.task))
    throw new Error(
      `${first.name} and ${second.name} cannot be compared: one predicts ${taskText(first)}, the other ${taskText(second)}.`,
    );
  const rows = rowsToScore(table);
  const [a, b] = [await predicted(first, rows), await predicted(second, rows)];
  const difference = (weights?: Float64Array) => {
    const less = b.measure(weights);
    return Object.fromEntries(
      Object.entries(a.measure(weights)).map(([name, value]) => [name, value - at(less, name)]),
    );
  };
  return intervalsOf(difference(), difference, rows.rowCount, { samples, level, seed });
}

type Values = Readonly<Record<string, number>>;
/** All metrics, each row counting by its weight. */
type Measure = (weights?: Float64Array) => Values;

function rowsToScore(table: Table): Table {
  if (table.rowCount === 0) throw new Error('There are no rows to score: the table is empty.');
  return cappedTable(table);
}

async function predicted(model: TabularModel, table: Table): Promise<{ measure: Measure; millisecondsPerRow: number }> {
  const truth = targetValues(table, model.task);
  if (model.task.kind === 'regression') {
    const { result, milliseconds } = await timed(() => model.predict(table));
    return { measure: regressionMeasure(truth, result), millisecondsPerRow: milliseconds / table.rowCount };
  }
  const { result, milliseconds } = await timed(() => model.predictProbabilities(table));
  return { measure: classificationMeasure(truth, result), millisecondsPerRow: milliseconds / table.rowCount };
}

/** The result of `work` and its time. What takes almost none is done three times and the shortest counts: the first warms up. */
async function timed<T>(work: () => Promise<T>): Promise<{ result: T; milliseconds: number }> {
  let milliseconds = Number.POSITIVE_INFINITY;
  for (let repeat = 1; ; repeat++) {
    const start = performance.now();
    const result = await work();
    milliseconds = Math.min(milliseconds, performance.now() - start);
    if (repeat === 3 || milliseconds > 100) return { result, milliseconds };
  }
}

/** All metrics of a classifier's predictions, as one function of the rows' weights. */
export function classificationMeasure(truth: Float64Array, probabilities: readonly Float64Array[]): Measure {
  const classes = probabilities.length;
  const rows = truth.length;
  const labels = mostProbable(probabilities);
  // What each row adds is computed once, not again for each draw.
  const surprises = Float64Array.from(truth, (label, row) => surprise(probabilities[label]?.[row] as number));
  const distances = Float64Array.from(truth, (label, row) => squaredDistance(label, probabilities, row));
  const scored = classes === 2 ? [1] : [...probabilities.keys()];
  const orders = scored.map((code) =>
    ranked(
      truth.map((label) => Number(label === code)),
      probabilities[code] as Float64Array,
    ),
  );
  return (weights) => {
    const { right, found, support, named } = counted(truth, labels, classes, weights);
    const present = [...support.keys()].filter((code) => at(support, code) > 0);
    const f1 = found.map((hits, code) => ratio(2 * hits, at(support, code) + at(named, code)));
    const counting = [...support.keys()].filter((code) => at(support, code) + at(named, code) > 0);
    return {
      accuracy: right,
      balancedAccuracy: mean(present.map((code) => ratio(at(found, code), at(support, code)))),
      f1: classes === 2 ? at(f1, 1) : mean(counting.map((code) => at(f1, code))),
      rocAuc: mean(orders.map((order) => order.rocAuc(weights)).filter(isDefined)),
      prAuc: mean(orders.map((order) => order.averagePrecision(weights)).filter(isDefined)),
      logLoss: weightedMean(rows, weights, (row) => at(surprises, row)),
      brier: weightedMean(rows, weights, (row) => at(distances, row)) / (classes === 2 ? 2 : 1),
    };
  };
}

/** The weight of the rows predicted right (as a share), found and there of each class, and predicted as it. */
function counted(truth: Float64Array, labels: Float64Array, classes: number, weights: Float64Array | undefined) {
  const found = new Float64Array(classes);
  const support = new Float64Array(classes);
  const named = new Float64Array(classes);
  let total = 0;
  for (let row = 0; row < truth.length; row++) {
    const weight = weights === undefined ? 1 : at(weights, row);
    const [label, guess] = [at(truth, row), at(labels, row)];
    if (label === guess) found[label] = at(found, label) + weight;
    support[label] = at(support, label) + weight;
    named[guess] = at(named, guess) + weight;
    total += weight;
  }
  return { right: found.reduce((sum, hits) => sum + hits, 0) / total, found, support, named };
}

/** All metrics of a regression's predictions, as one function of the rows' weights. */
export function regressionMeasure(truth: Float64Array, values: Float64Array): Measure {
  const rows = truth.length;
  const errors = truth.map((value, row) => value - at(values, row));
  return (weights) => {
    const squared = weightedMean(rows, weights, (row) => at(errors, row) ** 2);
    const centre = weightedMean(rows, weights, (row) => at(truth, row));
    const spread = weightedMean(rows, weights, (row) => (at(truth, row) - centre) ** 2);
    const constant = squared === 0 ? 1 : 0; // as scikit-learn
    return {
      rmse: Math.sqrt(squared),
      mae: weightedMean(rows, weights, (row) => Math.abs(at(errors, row))),
      r2: rows < 2 ? Number.NaN : spread === 0 ? constant : 1 - squared / spread,
    };
  };
}

/** Measures again on `samples` draws of the rows; a draw is how often each row is in it. */
async function intervalsOf(
  values: Values,
  measure: Measure,
  rowCount: number,
  { samples, level, seed }: { samples: number; level: number; seed: number },
): Promise<Record<string, Interval>> {
  if (samples === 0) return {};
  const names = Object.keys(values).filter((name) => !Number.isNaN(values[name]));
  const drawn = new Map(names.map((name) => [name, new Float64Array(samples)]));
  const draw = drawRows(rowCount, seed);
  const rows = new Int32Array(rowCount);
  const weights = new Float64Array(rowCount);
  await interruptible(undefined, async (interrupted) => {
    let since = performance.now();
    for (let sample = 0; sample < samples; sample++) {
      weights.fill(0);
      for (const row of draw(rows)) weights[row] = at(weights, row) + 1;
      const again = measure(weights);
      for (const [name, series] of drawn) series[sample] = at(again, name);
      if (performance.now() - since < 50) continue;
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupted()) throw new InterruptedError(`score: stopped after ${sample + 1} of ${samples} draws.`);
      since = performance.now();
    }
  });
  // A metric that the rows define may be defined by no draw: of few rows all of one class, there is no AUC.
  const defined = [...drawn].filter(([, series]) => !series.every(Number.isNaN));
  return Object.fromEntries(
    defined.map(([name, series]) => [name, { value: at(values, name), ...middle(series, level) }]),
  );
}

const taskText = ({ task }: TabularModel): string =>
  task.kind === 'regression' ? `'${task.target}'` : `'${task.target}' (${task.classes.join(', ')})`;
const ratio = (part: number, whole: number): number => (whole === 0 ? 0 : part / whole);
const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
const isDefined = (value: number): boolean => !Number.isNaN(value);

/** The element at `key`, which is there. */
function at(values: Values, key: string): number;
function at(values: ArrayLike<number>, key: number): number;
function at(values: Values | ArrayLike<number>, key: string | number): number {
  return (values as Record<string | number, number>)[key] as number;
}
