// Grows one oblivious tree, level by level: of all questions the one with the best score over all leaves together.

import type { Sample } from './bootstrap.js';
import { type Candidate, candidatesAfter } from './candidates.js';
import type { Grid } from './columns.js';
import type { Fold } from './fold.js';
import { addRows, type Binned, cellsPerLeaf, type RowSums, subtractFromParents } from './histogram.js';
import type { OrderedBoostingSettings } from './options.js';
import { type ScoreSettings, scoresOf } from './score.js';
import { STATISTIC_BINS, type StatisticsPlan, statisticCount, unpacked } from './target-statistics.js';
import type { Projection, Split } from './tree.js';

/** What a tree is grown from. */
export interface Growth {
  readonly fold: Fold;
  readonly sample: Sample;
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
  /** Which projections the model uses already: `statisticKey`. */
  readonly used: ReadonlySet<string>;
}

/** Shares and counters of a projection count as different things for what the model uses already. */
export const statisticKey = (of: Projection, statistic: number, plan: StatisticsPlan): string =>
  `${statistic === plan.shares.length ? 'counter' : 'share'} ${of.key}`;

/** The questions of a new tree; fewer than `depth` where no more can part the rows, even none. */
export function growTree(growth: Growth): Split[] {
  const { settings, grids, counted, sample } = growth;
  const splits: Split[] = [];
  let level = rootLevel(sample);
  let histograms = new Map<string, Float64Array>();
  while (splits.length < settings.depth) {
    const candidates = candidatesAfter(splits, grids, counted, settings.maxCtrComplexity);
    const next = new Map<string, Float64Array>();
    const best = bestQuestion(growth, candidates, level, histograms, next);
    if (best === undefined) break;
    const below = partLevel(level, best, growth.fold, sample);
    if (below === undefined) break;
    level = below;
    histograms = next;
    splits.push(best);
  }
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

function rootLevel({ rows, gradients, weights }: Sample): Level {
  const all = { rows, leaves: new Int32Array(rows.length), gradients, weights };
  return { leaves: 1, all, smaller: all, upperIsSmaller: new Uint8Array(0) };
}

/** The level below a question; undefined if it parts no leaf. */
function partLevel(level: Level, split: Split, fold: Fold, sample: Sample): Level | undefined {
  const { rows } = sample;
  const half = level.leaves;
  const yes = answersOf(split, fold, rows);
  const leaves = new Int32Array(rows.length);
  const sizes = new Int32Array(half * 2);
  for (let i = 0; i < rows.length; i++) {
    const leaf = (level.all.leaves[i] as number) + (yes[i] === 1 ? half : 0);
    leaves[i] = leaf;
    (sizes[leaf] as number)++;
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
  const all = { rows, leaves, gradients: sample.gradients, weights: sample.weights };
  return { leaves: half * 2, all, smaller: smallerOf(all, smallerRows, upperIsSmaller), upperIsSmaller };
}

function smallerOf(all: RowSums, count: number, upperIsSmaller: Uint8Array): RowSums {
  const half = upperIsSmaller.length;
  const chosen = new Int32Array(count);
  let next = 0;
  for (let i = 0; i < all.rows.length; i++) {
    const leaf = all.leaves[i] as number;
    const upper = leaf >= half;
    if (upper === (upperIsSmaller[upper ? leaf - half : leaf] === 1)) chosen[next++] = i;
  }
  return {
    rows: chosen.map((i) => all.rows[i] as number),
    leaves: chosen.map((i) => all.leaves[i] as number),
    gradients: all.gradients.map((gradient) => Float64Array.from(chosen, (i) => gradient[i] as number)),
    weights: Float64Array.from(chosen, (i) => all.weights[i] as number),
  };
}

/** 1 for each row that answers yes. */
function answersOf(split: Split, fold: Fold, rows: Int32Array): Uint8Array {
  const yes = new Uint8Array(rows.length);
  if (split.kind === 'statistic') {
    const packed = fold.statistics(split.projection).packed[split.statistic >> 2] as Uint32Array;
    for (let i = 0; i < rows.length; i++)
      yes[i] = Number(unpacked(packed[rows[i] as number] as number, split.statistic) > split.border);
    return yes;
  }
  const bins = fold.columns.bins[split.feature] as Uint8Array;
  for (let i = 0; i < rows.length; i++) {
    const bin = bins[rows[i] as number] as number;
    yes[i] = Number(split.kind === 'number' ? bin > split.border : bin === split.code);
  }
  return yes;
}

function bestQuestion(
  growth: Growth,
  candidates: readonly Candidate[],
  level: Level,
  above: ReadonlyMap<string, Float64Array>,
  kept: Map<string, Float64Array>,
): Split | undefined {
  const { fold, grids, plan, settings, l2, noise, used } = growth;
  const dimensions = growth.sample.gradients.length;
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
    const histogram = new Float64Array(leafSize * level.leaves);
    const parent = above.get(key);
    addRows(histogram, column, parent === undefined ? level.all : level.smaller);
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
