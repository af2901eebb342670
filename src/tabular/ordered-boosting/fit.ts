// The loop of boosting: gradients, a tree, its leaves' values, and the rows moved by them; until there are enough trees, the
// validation loss has stopped falling, or someone stops it.

import { seededRandom, shuffled } from '../../hub/random.js';
import { interruptible } from '../../training/interrupt.js';
import { FitInterrupted, type FitOptions } from '../estimator.js';
import { featuresOf, readFeatures } from '../features.js';
import { cappedRounds } from '../quick.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { bootstrap } from './bootstrap.js';
import { type GridColumns, gridColumns, gridsOf } from './columns.js';
import { Fold, type TrainingRows } from './fold.js';
import type { Forest } from './forest.js';
import { growTree, statisticKey } from './grow-tree.js';
import { HistogramPool } from './histogram.js';
import { logLossOf } from './log-loss.js';
import { countProjection, type ProjectionCounts } from './lookup.js';
import { groupByLeaf, type Loss, type LossRows, sum } from './loss.js';
import { OrderedBoostingModel } from './model.js';
import type { OrderedBoostingSettings } from './options.js';
import { Scorer } from './scorer.js';
import { softmaxLossOf } from './softmax-loss.js';
import { squaredError } from './squared-error.js';
import { statisticsPlan } from './target-statistics.js';
import type { Split, Tree } from './tree.js';

/** The event loop gets a turn at least so often. */
const TURN_MS = 50;

export async function fitOrderedBoosting(
  settings: OrderedBoostingSettings,
  train: Table,
  options: FitOptions,
): Promise<OrderedBoostingModel> {
  const from = startingModel(options);
  const task = from === undefined ? taskOf(train, options) : from.task;
  const features = from?.features ?? featuresOf(train, options.target);
  const read = readFeatures(train, features);
  const grids = from?.forest.grids ?? gridsOf(read, settings.borderCount, settings.oneHotMaxSize);
  const columns = gridColumns(read, grids, train.rowCount);
  const counted = grids.flatMap((grid, feature) =>
    grid.kind === 'categorical' && !grid.direct && new Set(columns.codes[feature]).size > 1 ? [feature] : [],
  );
  const target = targetValues(train, task);
  const weights = checkedWeights(options.weights, train.rowCount);
  const loss = lossOf(
    task,
    settings.leafEstimationIterations ??
      (task.kind === 'classification' && task.classes.length === 2 && counted.length > 0 ? 10 : 1),
  );
  const targetBorder = from?.forest.targetBorder ?? (task.kind === 'regression' ? middleBorder(target) : 0);
  const plan = from?.forest.plan ?? statisticsPlan(task.kind === 'regression' ? 2 : task.classes.length);
  const labels = Uint8Array.from(target, (value) =>
    task.kind === 'regression' ? Number(value > targetBorder) : value,
  );
  const start = from?.forest.start ?? loss.start(target, weights);
  const rows: TrainingRows = { columns, grids, target, labels, weights, plan };

  const random = seededRandom(settings.seed);
  const startRaw = from?.rawScores(train) ?? start.map((value) => new Float64Array(train.rowCount).fill(value));
  const orders = counted.length > 0 ? settings.permutationCount : 1;
  const folds = Array.from({ length: orders }, () => new Fold(rows, randomOrder(train.rowCount, random), startRaw));
  const valuesFold = folds.at(-1) as Fold;
  const choosingFolds = folds.slice(0, Math.max(1, orders - 1));

  const trees: Tree[] = [...(from?.forest.trees ?? [])];
  const counts = new Map<string, ProjectionCounts>(from?.forest.counts);
  const used = new Set(trees.flatMap(({ splits }) => splits.flatMap((split) => usedBy(split))));
  const validation = options.validation && validationOf(options.validation, task, from, start, grids, features);
  const validationLosses: number[] = [];
  const validationScorer = new Scorer(grids, plan, counts);
  let best = { trees: trees.length, loss: Number.POSITIVE_INFINITY };
  const built = (treeCount: number): OrderedBoostingModel => {
    const kept = trees.slice(0, treeCount);
    const asked = new Set(
      kept.flatMap(({ splits }) => splits.flatMap((s) => (s.kind === 'statistic' ? [s.projection.key] : []))),
    );
    const forest: Forest = {
      ...{ task, features, grids, plan, targetBorder, start, trees: kept },
      counts: new Map([...counts].filter(([key]) => asked.has(key))),
    };
    return new OrderedBoostingModel(forest, validationLosses);
  };
  function usedBy(split: Split): string[] {
    return split.kind === 'statistic' ? [statisticKey(split.projection, split.statistic, plan)] : [];
  }

  const l2 = (settings.l2LeafReg * sum(weights)) / train.rowCount;
  const total = cappedRounds(settings.rounds);
  const keepBest = validation !== undefined && settings.earlyStoppingRounds !== undefined;
  const pool = new HistogramPool();
  const gradients = Array.from({ length: loss.dimensions }, () => new Float64Array(train.rowCount));

  const round = (done: number): void => {
    const fold = choosingFolds[Math.floor(random() * choosingFolds.length)] as Fold;
    loss.writeGradients(fold, gradients);
    const sample = bootstrap(settings, gradients, fold.weights, meanLeaf(trees.at(-1)), random);
    const noise =
      settings.randomStrength * rootMeanSquare(gradients) * fading(train.rowCount, done * settings.learningRate);
    const splits = growTree({
      fold,
      sample,
      dimensions: loss.dimensions,
      grids,
      counted,
      plan,
      settings,
      l2,
      noise,
      random,
      pool,
      used,
    });
    const tree = setLeaves(splits, folds, valuesFold, loss, l2, settings.learningRate);
    for (const split of splits) {
      for (const key of usedBy(split)) used.add(key);
      if (split.kind === 'statistic' && !counts.has(split.projection.key))
        counts.set(split.projection.key, countProjection(split.projection, columns, grids, labels, plan.classes));
    }
    trees.push(tree);
    for (const each of folds) each.trim();
    if (validation !== undefined) {
      validationScorer.addTrees([tree], validation.columns, validation.raw);
      const validationLoss = loss.mean(validation);
      validationLosses.push(validationLoss);
      if (validationLoss < best.loss) best = { trees: trees.length, loss: validationLoss };
    }
  };

  return interruptible(options.signal, async (interrupted) => {
    let turn = performance.now();
    for (let done = 0; done < total; done++) {
      if (interrupted())
        throw new FitInterrupted(
          `The fit was stopped after ${done} of ${total} rounds. The error's model has the trees so far.`,
          trees.length > 0 ? built(keepBest ? best.trees : trees.length) : undefined,
        );
      round(done);
      const validationLoss = validationLosses.at(-1);
      options.onProgress?.({
        done: done + 1,
        total,
        loss: loss.mean(valuesFold),
        ...(validationLoss === undefined ? {} : { validationLoss }),
      });
      if (
        settings.earlyStoppingRounds !== undefined &&
        trees.length - best.trees >= settings.earlyStoppingRounds &&
        keepBest
      )
        break;
      if (performance.now() - turn > TURN_MS) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
    }
    return built(keepBest ? best.trees : trees.length);
  });
}

/** Gives a tree its values in every fold's own statistics, and moves the fold's rows by them. The model gets the last fold's. */
function setLeaves(
  splits: readonly Split[],
  folds: readonly Fold[],
  valuesFold: Fold,
  loss: Loss,
  l2: number,
  learningRate: number,
): Tree {
  const leafCount = 2 ** splits.length;
  let tree: Tree | undefined;
  for (const fold of folds) {
    const leaves = fold.leavesOf(splits);
    const values = loss.leafValues(fold, groupByLeaf(leaves, leafCount), l2);
    values.forEach((ofDimension, k) => {
      for (let leaf = 0; leaf < leafCount; leaf++) ofDimension[leaf] = (ofDimension[leaf] as number) * learningRate;
      const raw = fold.raw[k] as Float64Array;
      for (let row = 0; row < raw.length; row++)
        raw[row] = (raw[row] as number) + (ofDimension[leaves[row] as number] as number);
    });
    if (fold !== valuesFold) continue;
    const cover = new Float64Array(leafCount);
    for (let row = 0; row < leaves.length; row++)
      cover[leaves[row] as number] = (cover[leaves[row] as number] as number) + (fold.weights[row] as number);
    tree = { splits, values, cover };
  }
  return tree as Tree;
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

function lossOf(task: Task, iterations: number): Loss {
  if (task.kind === 'regression') return squaredError;
  if (task.classes.length === 2) return logLossOf(iterations);
  return softmaxLossOf(task.classes.length, iterations);
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

function validationOf(
  table: Table,
  task: Task,
  from: OrderedBoostingModel | undefined,
  start: readonly number[],
  grids: Forest['grids'],
  features: Forest['features'],
): LossRows & { readonly columns: GridColumns } {
  if (table.rowCount === 0) throw new Error('The validation table has no rows.');
  return {
    columns: gridColumns(readFeatures(table, features), grids, table.rowCount),
    target: targetValues(table, task),
    weights: new Float64Array(table.rowCount).fill(1),
    raw: from?.rawScores(table) ?? start.map((value) => new Float64Array(table.rowCount).fill(value)),
  };
}

const randomOrder = (rows: number, random: () => number): Int32Array =>
  Int32Array.from(
    shuffled(
      Array.from({ length: rows }, (_, row) => row),
      random,
    ),
  );

/** From 1 to 0 as the model grows: exp(-length) rows / (1 + exp(-length) rows), length being trees times learning rate. */
function fading(rows: number, modelLength: number): number {
  const left = Math.exp(Math.log(rows) - modelLength);
  return left / (1 + left);
}

function rootMeanSquare(gradients: readonly Float64Array[]): number {
  let total = 0;
  for (const gradient of gradients)
    for (let row = 0; row < gradient.length; row++) total += (gradient[row] as number) * (gradient[row] as number);
  return Math.sqrt(total / (gradients[0] as Float64Array).length);
}

/** The mean length of a tree's values. */
function meanLeaf(tree: Tree | undefined): number | undefined {
  if (tree === undefined) return undefined;
  let total = 0;
  for (let leaf = 0; leaf < tree.cover.length; leaf++)
    total += Math.sqrt(tree.values.reduce((squares, values) => squares + (values[leaf] as number) ** 2, 0));
  return total / tree.cover.length;
}
