// Grows one oblivious tree, level by level: of all questions the one with the best score over all leaves together.

import type { Sample } from './bootstrap.js';
import { type Candidate, candidatesAfter } from './candidates.js';
import type { Grid } from './columns.js';
import type { Fold } from './fold.js';
import {
  addRows,
  type Binned,
  cellsPerLeaf,
  type HistogramPool,
  type RowSums,
  subtractFromParents,
} from './histogram.js';
import type { OrderedBoostingSettings } from './options.js';
import { type ScoreSettings, scoresOf } from './score.js';
import { STATISTIC_BINS, type StatisticsPlan, statisticCount } from './target-statistics.js';
import type { Projection, Split } from './tree.js';

/** What a tree is grown from. */
export interface Growth {
  readonly fold: Fold;
  readonly sample: Sample;
  /** Gradients a row has. */
  readonly dimensions: number;
  readonly grids: readonly Grid[];
  /** The categorical features that target statistics are made of. */
  readonly counted: readonly number[];
  readonly plan: StatisticsPlan;
  readonly settings: OrderedBoostingSettings;
  /** What is added to second derivatives and weights. */
  readonly l2: number;
  /** Standard deviation of the noise on scores. */
  readonly noise: number;
  readonly random: () => number;
  readonly pool: HistogramPool;
  /** Which projections the model uses already: `statisticKey`. */
  readonly used: ReadonlySet<string>;
}

/** Shares and counters of a projection count as different things for what the model uses already. */
export const statisticKey = (of: Projection, statistic: number, plan: StatisticsPlan): string =>
  `${statistic === plan.shares.length ? 'counter' : 'share'} ${of.key}`;

/**
 * The questions of a new tree; fewer than `depth` where no more can part the rows, even none.
 * @param pause called between levels
 */
export async function growTree(growth: Growth, pause: () => Promise<void>): Promise<Split[]> {
  const { fold, settings, grids, counted, sample, pool } = growth;
  const splits: Split[] = [];
  const leaves = new Uint16Array(fold.rowCount);
  let level = rootLevel(sample);
  let histograms = new Map<string, Float64Array>();
  while (splits.length < settings.depth) {
    const candidates = candidatesAfter(splits, grids, counted, settings.maxCtrComplexity);
    const next = new Map<string, Float64Array>();
    const best = bestQuestion(growth, candidates, level, histograms, next);
    pool.giveBack(histograms.values());
    histograms = next;
    if (best === undefined) break;
    fold.writeAnswers(best, splits.length, leaves);
    const below = partLevel(level, leaves, sample);
    if (below === undefined) break;
    level = below;
    splits.push(best);
    await pause();
  }
  pool.giveBack(histograms.values());
  return splits;
}

/** The leaves of the tree so far, and which rows to add up. */
interface Level {
  readonly leaves: number;
  /** All sampled rows. */
  readonly all: RowSums;
  /** The rows of each pair's smaller leaf. */
  readonly smaller: RowSums;
  /** For each leaf of the level above: whether the smaller of its two is the one with the new bit set. */
  readonly upperIsSmaller: Uint8Array;
}

function rootLevel({ rows, addends }: Sample): Level {
  const all = { rows, leaves: new Int32Array(rows.length), addends };
  return { leaves: 1, all, smaller: all, upperIsSmaller: new Uint8Array(0) };
}

/** The level below a question; undefined if it parts no leaf. */
function partLevel(level: Level, answers: Uint16Array, { rows, addends }: Sample): Level | undefined {
  const half = level.leaves;
  const leaves = new Int32Array(rows.length);
  const sizes = new Int32Array(half * 2);
  for (let i = 0; i < rows.length; i++) {
    const leaf = answers[rows[i] as number] as number;
    leaves[i] = leaf;
    sizes[leaf] = (sizes[leaf] as number) + 1;
  }
  const upperIsSmaller = new Uint8Array(half);
  let parted = false;
  let smallerRows = 0;
  for (let leaf = 0; leaf < half; leaf++) {
    const lower = sizes[leaf] as number;
    const upper = sizes[leaf + half] as number;
    parted ||= lower > 0 && upper > 0;
    upperIsSmaller[leaf] = Number(upper < lower);
    smallerRows += Math.min(lower, upper);
  }
  if (!parted) return undefined;
  const all = { rows, leaves, addends };
  return { leaves: half * 2, all, smaller: smallerOf(all, smallerRows, upperIsSmaller), upperIsSmaller };
}

/** The rows of each pair's smaller leaf. */
function smallerOf(all: RowSums, count: number, upperIsSmaller: Uint8Array): RowSums {
  const half = upperIsSmaller.length;
  const isSmaller = new Uint8Array(half * 2);
  for (let leaf = 0; leaf < half; leaf++) isSmaller[leaf + half * (upperIsSmaller[leaf] as number)] = 1;
  // Every place is written to, and kept by moving on where the row belongs: no branch to mispredict. Hence room for one more.
  const places = new Int32Array(count + 1);
  let next = 0;
  for (let i = 0; i < all.rows.length; i++) {
    places[next] = i;
    next += isSmaller[all.leaves[i] as number] as number;
  }
  const rows = new Int32Array(count);
  const leaves = new Int32Array(count);
  const cell = all.addends.length / Math.max(1, all.rows.length);
  const addends = new Float64Array(count * cell);
  for (let i = 0; i < count; i++) {
    const place = places[i] as number;
    rows[i] = all.rows[place] as number;
    leaves[i] = all.leaves[place] as number;
    for (let k = 0; k < cell; k++) addends[i * cell + k] = all.addends[place * cell + k] as number;
  }
  return { rows, leaves, addends };
}

function bestQuestion(
  growth: Growth,
  candidates: readonly Candidate[],
  level: Level,
  above: ReadonlyMap<string, Float64Array>,
  kept: Map<string, Float64Array>,
): Split | undefined {
  const { fold, grids, plan, settings, l2, noise, used } = growth;
  const { dimensions } = growth;
  const scoring: ScoreSettings = { scoreFunction: settings.scoreFunction, l2 };
  const normal = noise > 0 ? normalNumbers(growth.random) : () => 0;
  const mostDistinct = Math.max(
    1,
    ...candidates.map((candidate) =>
      candidate.kind === 'projection' ? fold.statistics(candidate.projection).distinct : 1,
    ),
  );
  let best: Split | undefined;
  let bestScore = Number.NEGATIVE_INFINITY;
  const consider = (scores: Float64Array, split: (question: number) => Split, factor: number) => {
    let question = 0;
    let highest = Number.NEGATIVE_INFINITY;
    for (let q = 0; q < scores.length; q++) {
      const score = (scores[q] as number) + noise * normal();
      if (score > highest) {
        highest = score;
        question = q;
      }
    }
    const score = ((scores[question] as number) + noise * normal()) * factor;
    if (score > bestScore) {
      bestScore = score;
      best = split(question);
    }
  };
  const histogramOf = (key: string, column: Binned): { histogram: Float64Array; leafSize: number } => {
    const leafSize = cellsPerLeaf(column) * (dimensions + 1);
    const histogram = growth.pool.take(leafSize * level.leaves);
    const parent = above.get(key);
    addRows(histogram, column, parent === undefined ? level.all : level.smaller, dimensions + 1);
    if (parent !== undefined) subtractFromParents(histogram, parent, leafSize, level.upperIsSmaller);
    kept.set(key, histogram);
    return { histogram, leafSize };
  };
  for (const candidate of candidates) {
    if (candidate.kind === 'direct') {
      const { feature } = candidate;
      const grid = grids[feature] as Grid;
      const bins = grid.kind === 'numeric' ? grid.borders.length + 1 : grid.radix;
      const values = fold.columns.bins[feature] as Uint8Array;
      const { histogram, leafSize } = histogramOf(candidate.key, { kind: 'bins', values, bins });
      const view = { histogram, dimensions, leaves: level.leaves, leafSize, offset: 0, bins };
      const oneBin = grid.kind === 'categorical';
      const scores = scoresOf(view, oneBin, scoring);
      consider(
        scores,
        (q) => (oneBin ? { kind: 'category', feature, code: q } : { kind: 'number', feature, border: q }),
        1,
      );
      continue;
    }
    const { packed, distinct } = fold.statistics(candidate.projection);
    packed.forEach((values, group) => {
      const { histogram, leafSize } = histogramOf(`${candidate.key} ${group}`, { kind: 'packed', values });
      const count = Math.min(4, statisticCount(plan) - group * 4);
      for (let s = 0; s < count; s++) {
        const offset = s * STATISTIC_BINS * (dimensions + 1);
        const view = { histogram, dimensions, leaves: level.leaves, leafSize, offset, bins: STATISTIC_BINS };
        const statistic = group * 4 + s;
        const known = used.has(statisticKey(candidate.projection, statistic, plan));
        const factor = known ? 1 : (1 + distinct / mostDistinct) ** -settings.modelSizeReg;
        consider(
          scoresOf(view, false, scoring),
          (border) => ({ kind: 'statistic', projection: candidate.projection, statistic, border }),
          factor,
        );
      }
    });
  }
  return best;
}

/** Normally distributed numbers, by Box and Muller's method. */
function normalNumbers(random: () => number): () => number {
  let spare: number | undefined;
  return () => {
    if (spare !== undefined) {
      const number = spare;
      spare = undefined;
      return number;
    }
    const radius = Math.sqrt(-2 * Math.log(1 - random()));
    const angle = 2 * Math.PI * random();
    spare = radius * Math.sin(angle);
    return radius * Math.cos(angle);
  };
}
