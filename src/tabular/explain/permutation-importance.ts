// How much worse does a model predict when one column is shuffled, so that it says nothing of its row any more?
//
//   const found = await permutationImportance(model, test, { metric: 'rocAuc' });
//   found.features[0];   // { feature: 'contract', importance: 0.081, interval: [0.07, 0.092] }: the AUC falls by 0.081
//
// Breiman, "Random Forests" (2001); model-agnostic as in Fisher, Rudin and Dominici (2019). What two columns both tell is found
// important in neither: the model reads it from the other.

import { seededRandom, shuffled } from '../../hub/random.js';
import { drawRows, middle } from '../../metrics/bootstrap.js';
import { InterruptedError, interruptible } from '../../training/interrupt.js';
import type { TabularModel } from '../estimator.js';
import { readFeatures } from '../features.js';
import { cappedTable } from '../quick.js';
import { classificationMeasure, type MetricName, regressionMeasure } from '../score.js';
import { takeColumn } from '../table/column.js';
import { Table } from '../table/table.js';
import { targetValues } from '../target.js';

export interface PermutationImportanceOptions {
  /** What is measured. Default 'rocAuc' for classification, 'rmse' for regression. */
  readonly metric?: MetricName;
  /** How often each column is shuffled. Default 5. */
  readonly repeats?: number;
  /** Draws of the rows for the intervals; 0 for none. Default 100. */
  readonly bootstrap?: number;
  /** The share of draws inside an interval. Default 0.95. */
  readonly level?: number;
  /** Default 42. */
  readonly seed?: number;
  /** Told after each column. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

export interface FeatureImportance {
  readonly feature: string;
  /** By how much the metric gets worse, as the mean over the repeats. Below 0: it happened to get better. */
  readonly importance: number;
  /** What other such rows and other shuffles might give. */
  readonly interval?: readonly [number, number];
}

export interface PermutationImportance {
  readonly metric: MetricName;
  /** The metric with nothing shuffled. */
  readonly score: number;
  readonly rows: number;
  /** The most important first. */
  readonly features: readonly FeatureImportance[];
}

/** Higher is better; of the other metrics lower is. */
const rising: readonly MetricName[] = ['accuracy', 'balancedAccuracy', 'f1', 'rocAuc', 'prAuc', 'r2'];

/**
 * The importance of every feature, on rows not learnt from. In the quick form of a lesson on some of the rows.
 * @throws Error if there are no rows, the target is missing, or the task has no such metric
 */
export async function permutationImportance(
  model: TabularModel,
  table: Table,
  options: PermutationImportanceOptions = {},
): Promise<PermutationImportance> {
  const { repeats = 5, bootstrap: draws = 100, level = 0.95, seed = 42, onProgress } = options;
  const metric = options.metric ?? (model.task.kind === 'regression' ? 'rmse' : 'rocAuc');
  requireWhole(repeats, 'repeats', 1);
  requireWhole(draws, 'bootstrap', 0);
  if (table.rowCount === 0) throw new Error('permutationImportance: there are no rows, the table is empty.');
  const rows = cappedTable(table);
  const truth = targetValues(rows, model.task);
  const columns = readFeatures(rows, model.features);
  const measured = async (given: Table): Promise<Measure> => {
    const measure =
      model.task.kind === 'regression'
        ? regressionMeasure(truth, await model.predict(given))
        : classificationMeasure(truth, await model.predictProbabilities(given));
    return (weights) => (measure(weights) as Partial<Record<MetricName, number>>)[metric] as number;
  };
  const asItIs = await measured(new Table(columns));
  const score = asItIs();
  if (score === undefined)
    throw new Error(`permutationImportance: there is no metric '${metric}' of a ${model.task.kind}.`);
  if (Number.isNaN(score)) throw new Error(`permutationImportance: ${metric} is not defined for these rows.`);
  const loss: Loss = rising.includes(metric) ? (before, after) => before - after : (before, after) => after - before;

  // Every column's interval is made of the same draws, so what they give with nothing shuffled is measured once.
  const asDrawn: number[] = [];
  const random = seededRandom(seed);
  const places = Array.from({ length: rows.rowCount }, (_, row) => row);
  const features: FeatureImportance[] = [];
  await interruptible(undefined, async (interrupted) => {
    for (const [f, column] of columns.entries()) {
      const shuffles: Measure[] = [];
      for (let repeat = 0; repeat < repeats; repeat++) {
        const mixed = takeColumn(column, shuffled(places, random));
        shuffles.push(await measured(new Table(columns).with(mixed)));
        await new Promise((resolve) => setImmediate(resolve));
        if (interrupted())
          throw new InterruptedError(`permutationImportance: stopped after ${f} of ${columns.length} columns.`);
      }
      const importance = mean(shuffles.map((measure) => loss(score, measure())));
      const interval =
        draws === 0
          ? undefined
          : await intervalOf((draw, weights) => (asDrawn[draw] ??= asItIs(weights)), shuffles, rows.rowCount, {
              loss,
              draws,
              level,
              seed,
            });
      features.push({ feature: column.name, importance, ...(interval === undefined ? {} : { interval }) });
      onProgress?.({ done: f + 1, total: columns.length });
    }
  });
  features.sort((a, b) => b.importance - a.importance);
  return { metric, score, rows: rows.rowCount, features };
}

type Measure = (weights?: Float64Array) => number;
/** How much worse the second value of the metric is. */
type Loss = (before: number, after: number) => number;

/** The middle of what draws of the rows give, each with the next of the shuffles. */
async function intervalOf(
  asItIs: (draw: number, weights: Float64Array) => number,
  shuffles: readonly Measure[],
  rowCount: number,
  { loss, draws, level, seed }: { loss: Loss; draws: number; level: number; seed: number },
): Promise<readonly [number, number]> {
  const draw = drawRows(rowCount, seed);
  const rows = new Int32Array(rowCount);
  const changes: number[] = [];
  let since = performance.now();
  for (let i = 0; i < draws; i++) {
    const weights = new Float64Array(rowCount);
    for (const row of draw(rows)) weights[row] = (weights[row] as number) + 1;
    changes.push(loss(asItIs(i, weights), (shuffles[i % shuffles.length] as Measure)(weights)));
    if (performance.now() - since < 50) continue;
    await new Promise((resolve) => setImmediate(resolve));
    since = performance.now();
  }
  const { low, high } = middle(changes, level);
  return [low, high];
}

function requireWhole(value: number, name: string, least: number): void {
  if (!Number.isInteger(value) || value < least)
    throw new Error(`permutationImportance: ${name} must be a whole number from ${least}, not ${value}.`);
}

const mean = (values: readonly number[]): number => values.reduce((sum, value) => sum + value, 0) / values.length;
