// One forest in the making: each round adds a tree and moves the rows by it.

import { seededRandom, shuffled } from '../../hub/random.js';
import { bootstrap } from './bootstrap.js';
import { Fold } from './fold.js';
import type { Forest } from './forest.js';
import { growTree, statisticKey } from './grow-tree.js';
import { HistogramPool } from './histogram.js';
import { countProjection, type ProjectionCounts } from './lookup.js';
import { groupByLeaf, sum } from './loss.js';
import type { OrderedBoostingSettings } from './options.js';
import type { Prepared } from './prepare.js';
import { Scorer } from './scorer.js';
import type { Split, Tree } from './tree.js';

export class Boosting {
  readonly #settings: OrderedBoostingSettings;
  readonly #prepared: Prepared;
  readonly #random: () => number;
  /** One order of the rows gives leaves their values; on the others, drawn anew for each tree, questions are chosen. */
  readonly #valuesFold: Fold;
  readonly #choosingFolds: readonly Fold[];
  readonly #l2: number;
  readonly #trees: Tree[];
  readonly #counts: Map<string, ProjectionCounts>;
  /** Which statistics the trees ask about. */
  readonly #used = new Set<string>();
  readonly #scorer: Scorer;
  readonly #gradients: readonly Float64Array[];
  readonly #pool = new HistogramPool();

  constructor(settings: OrderedBoostingSettings, prepared: Prepared) {
    const { rows, forest, loss, counted, raw } = prepared;
    const { rowCount } = rows.columns;
    this.#settings = settings;
    this.#prepared = prepared;
    this.#random = seededRandom(settings.seed);
    const orders = counted.length > 0 ? settings.permutationCount : 1; // without statistics, order does not matter
    const folds = Array.from({ length: orders }, () => new Fold(rows, randomOrder(rowCount, this.#random), raw));
    this.#valuesFold = folds.at(-1) as Fold;
    this.#choosingFolds = folds.slice(0, Math.max(1, orders - 1));
    this.#l2 = (settings.l2LeafReg * sum(rows.weights)) / rowCount;
    this.#trees = [...forest.trees];
    this.#counts = new Map(forest.counts);
    this.#scorer = new Scorer(forest.grids, forest.plan, this.#counts);
    this.#gradients = Array.from({ length: loss.dimensions }, () => new Float64Array(rowCount));
    for (const { splits } of this.#trees) this.#note(splits);
  }

  /** How many trees there are. */
  get treeCount(): number {
    return this.#trees.length;
  }

  /** The forest with the first `treeCount` trees. */
  forest(treeCount: number): Forest {
    const trees = this.#trees.slice(0, treeCount);
    const asked = new Set(
      trees.flatMap(({ splits }) =>
        splits.flatMap((split) => (split.kind === 'statistic' ? [split.projection.key] : [])),
      ),
    );
    return { ...this.#prepared.forest, trees, counts: new Map([...this.#counts].filter(([key]) => asked.has(key))) };
  }

  /** The mean loss on the training rows, each with the statistics it had while learning. */
  trainingLoss(): number {
    return this.#prepared.loss.mean(this.#valuesFold);
  }

  /** The mean loss on the validation rows, where there are any. */
  validationLoss(): number | undefined {
    const { loss, validation } = this.#prepared;
    return validation && loss.mean(validation);
  }

  /** Adds a tree. @param pause called between its levels, to give the event loop a turn now and then */
  async round(pause: () => Promise<void>): Promise<void> {
    const { loss, validation, rows, counted } = this.#prepared;
    const fold = this.#choosingFolds[Math.floor(this.#random() * this.#choosingFolds.length)] as Fold;
    loss.writeGradients(fold, this.#gradients);
    const splits = await growTree(
      {
        fold,
        sample: bootstrap(this.#settings, this.#gradients, fold.weights, meanLeaf(this.#trees.at(-1)), this.#random),
        dimensions: loss.dimensions,
        grids: rows.grids,
        counted,
        plan: rows.plan,
        settings: this.#settings,
        l2: this.#l2,
        noise: this.#noise(),
        random: this.#random,
        pool: this.#pool,
        used: this.#used,
      },
      pause,
    );
    const folds = new Set([...this.#choosingFolds, this.#valuesFold]);
    let tree: Tree | undefined;
    for (const each of folds) {
      tree = this.#setLeaves(splits, each); // the last one's values are the model's
      each.trim();
    }
    this.#trees.push(tree as Tree);
    this.#note(splits);
    if (validation !== undefined) this.#scorer.addTrees([tree as Tree], validation.columns, validation.raw);
  }

  /** A tree's values in a fold's own statistics; moves the fold's rows by them. */
  #setLeaves(splits: readonly Split[], fold: Fold): Tree {
    const leafCount = 2 ** splits.length;
    const leaves = fold.leavesOf(splits);
    const values = this.#prepared.loss.leafValues(fold, groupByLeaf(leaves, leafCount), this.#l2);
    values.forEach((ofDimension, k) => {
      for (let leaf = 0; leaf < leafCount; leaf++)
        ofDimension[leaf] = (ofDimension[leaf] as number) * this.#settings.learningRate;
      const raw = fold.raw[k] as Float64Array;
      for (let row = 0; row < raw.length; row++)
        raw[row] = (raw[row] as number) + (ofDimension[leaves[row] as number] as number);
    });
    const cover = new Float64Array(leafCount);
    for (let row = 0; row < leaves.length; row++)
      cover[leaves[row] as number] = (cover[leaves[row] as number] as number) + (fold.weights[row] as number);
    return { splits, values, cover };
  }

  /** Remembers what a tree asks about, and counts it over all rows for prediction. */
  #note(splits: readonly Split[]): void {
    const { columns, grids, labels, plan } = this.#prepared.rows;
    for (const split of splits) {
      if (split.kind !== 'statistic') continue;
      const { key } = split.projection;
      this.#used.add(statisticKey(split.projection, split.statistic, plan));
      if (!this.#counts.has(key))
        this.#counts.set(key, countProjection(split.projection, columns, grids, labels, plan.classes));
    }
  }

  /** The noise on scores is as large as gradients are, and fades as the forest grows: exp(-length) rows / (1 + exp(-length) rows). */
  #noise(): number {
    const { randomStrength, learningRate } = this.#settings;
    const left = Math.exp(Math.log(this.#valuesFold.rowCount) - this.#trees.length * learningRate);
    return (randomStrength * rootMeanSquare(this.#gradients) * left) / (1 + left);
  }
}

const randomOrder = (rows: number, random: () => number): Int32Array =>
  Int32Array.from(
    shuffled(
      Array.from({ length: rows }, (_, row) => row),
      random,
    ),
  );

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
