// What there is to learn from, checked and brought into the form that trees are grown on.

import type { FitOptions } from '../estimator.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { type Grid, type GridColumns, gridColumns, gridsOf } from './columns.js';
import type { TrainingRows } from './fold.js';
import type { Forest } from './forest.js';
import { logLossOf } from './log-loss.js';
import { type Loss, type LossRows, sum } from './loss.js';
import { OrderedBoostingModel } from './model.js';
import { FEW_ROUNDS, type OrderedBoostingSettings } from './options.js';
import { softmaxLossOf } from './softmax-loss.js';
import { squaredError } from './squared-error.js';
import { statisticsPlan } from './target-statistics.js';

export interface Prepared {
  /** The forest to add trees to: an empty one, or that of the model to go on from. */
  readonly forest: Forest;
  readonly loss: Loss;
  readonly rows: TrainingRows;
  /** The categorical features that target statistics are made of. */
  readonly counted: readonly number[];
  /** What the forest gives each training row: by dimension, then row. */
  readonly raw: readonly Float64Array[];
  readonly validation: ValidationRows | undefined;
}

/** Rows to measure the loss on; `raw` grows with the forest. */
export interface ValidationRows extends LossRows {
  readonly columns: GridColumns;
}

export function prepare(settings: OrderedBoostingSettings, train: Table, options: FitOptions): Prepared {
  const from = startingModel(options);
  const task = from?.task ?? taskOf(train, options);
  const features = from?.features ?? featuresOf(train, options.target);
  const read = readFeatures(train, features);
  const grids = from?.forest.grids ?? gridsOf(read, settings.borderCount, settings.oneHotMaxSize);
  const columns = gridColumns(read, grids, train.rowCount);
  const target = targetValues(train, task);
  const weights = checkedWeights(options.weights, train.rowCount);
  const loss = lossOf(task, settings);
  const forest = from?.forest ?? emptyForest(task, features, grids, target, loss.start(target, weights));
  const labels = Uint8Array.from(target, (value) =>
    task.kind === 'regression' ? Number(value > forest.targetBorder) : value,
  );
  const raw = (table: Table): Float64Array[] =>
    from?.rawScores(table) ?? forest.start.map((value) => new Float64Array(table.rowCount).fill(value));
  return {
    forest,
    loss,
    rows: { columns, grids, target, labels, weights, plan: forest.plan },
    counted: grids.flatMap((grid, feature) =>
      grid.kind === 'categorical' && !grid.direct && new Set(columns.codes[feature]).size > 1 ? [feature] : [],
    ),
    raw: raw(train),
    validation: options.validation && validationOf(options.validation, forest, raw(options.validation)),
  };
}

/** Target statistics count classes in bytes. */
const MOST_CLASSES = 256;

function emptyForest(
  task: Task,
  features: readonly Feature[],
  grids: readonly Grid[],
  target: Float64Array,
  start: readonly number[],
): Forest {
  const classes = task.kind === 'regression' ? 2 : task.classes.length;
  if (classes > MOST_CLASSES)
    throw new Error(
      `The target '${task.target}' has ${classes} classes; ordered boosting tells at most ${MOST_CLASSES} apart.`,
    );
  return {
    ...{ task, features, grids, start },
    plan: statisticsPlan(classes),
    targetBorder: task.kind === 'regression' ? middleBorder(target) : 0,
    trees: [],
    counts: new Map(),
  };
}

function startingModel({ startFrom, target, task }: FitOptions): OrderedBoostingModel | undefined {
  if (startFrom === undefined) return undefined;
  if (!(startFrom instanceof OrderedBoostingModel))
    throw new Error(`orderedBoosting goes on from a model of its own, not from one of ${startFrom.name}.`);
  if (startFrom.task.target !== target || (task !== undefined && task !== startFrom.task.kind))
    throw new Error(
      `The model to go on from predicts '${startFrom.task.target}' (${startFrom.task.kind}), not '${target}'.`,
    );
  return startFrom;
}

function lossOf(task: Task, { rounds, leafEstimationIterations }: OrderedBoostingSettings): Loss {
  if (task.kind === 'regression') return squaredError;
  if (task.classes.length > 2) return softmaxLossOf(task.classes.length, leafEstimationIterations ?? 1);
  return logLossOf(leafEstimationIterations ?? (rounds < FEW_ROUNDS ? 1 : 10));
}

/** The border that parts the target's values most evenly (CatBoost's MinEntropy with one border). */
function middleBorder(target: Float64Array): number {
  const sorted = target.slice().sort();
  const middle = sorted[sorted.length >> 1] as number;
  const before = sorted.indexOf(middle);
  const after = sorted.lastIndexOf(middle) + 1;
  const cut = sorted.length - after >= before ? after : before;
  if (cut === 0 || cut === sorted.length) return middle;
  return ((sorted[cut - 1] as number) + (sorted[cut] as number)) / 2;
}

function checkedWeights(weights: ArrayLike<number> | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  if (weights.length !== rows) throw new Error(`There are ${weights.length} weights for ${rows} training rows.`);
  const bad = Array.from(weights).findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (bad >= 0) throw new Error(`The weight of row ${bad} is ${weights[bad]}; weights are 0 or more.`);
  const checked = Float64Array.from(weights);
  if (sum(checked) === 0) throw new Error('All weights are 0: there is nothing to learn from.');
  return checked;
}

function validationOf(table: Table, { task, features, grids }: Forest, raw: readonly Float64Array[]): ValidationRows {
  if (table.rowCount === 0) throw new Error('The validation table has no rows.');
  return {
    columns: gridColumns(readFeatures(table, features), grids, table.rowCount),
    target: targetValues(table, task),
    weights: new Float64Array(table.rowCount).fill(1),
    raw,
  };
}
