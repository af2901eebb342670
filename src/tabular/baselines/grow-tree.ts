// Grows one decision tree (CART; Breiman, Friedman, Olshen and Stone 1984): each node asks the question after which the two halves are
// purest, until nothing is gained. scikit-learn's rules for numbers and missing values; categories are split by subsets.
//
// Purity: a row adds to a few sums (its weight to that of its class, or weight x value in a regression). With `s` the sums and `w` the
// weight of a group, the groups of a split with the largest sum of `s^2 / w` have the smallest Gini impurity or squared error.

import type { TreeNode } from '../explain/tree-node.js';
import type { CategoricalColumn, Column, NumericColumn } from '../table/column.js';
import { bestCategoricalSplit, bestNumericSplit, type Split } from './tree-split.js';

export interface GrowOptions {
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly minSamplesSplit: number;
  readonly minImpurityDecrease: number;
}

/** What a tree learns from. */
export interface TreeData {
  readonly columns: readonly (NumericColumn | CategoricalColumn)[];
  /** Classes counted from 0, or numbers. */
  readonly truth: Float64Array;
  readonly weights: Float64Array;
  /** How many classes; 0 for a regression. */
  readonly classes: number;
}

/** A node that also knows the weight of its rows, with which their mean is taken. */
export interface WeighedNode extends TreeNode {
  readonly weight: number;
  readonly left?: WeighedNode;
  readonly right?: WeighedNode;
}

/** Grows the tree, depth first; `pause` is waited for after each column of a node. */
export async function growTree(
  data: TreeData,
  options: GrowOptions,
  pause: () => Promise<void> | undefined,
): Promise<WeighedNode> {
  const grower = new Grower(data, options);
  const grow = async (from: number, to: number, depth: number): Promise<WeighedNode> => {
    const { summary, split } = await grower.node(from, to, depth, pause);
    if (split === undefined) return summary;
    const middle = grower.partition(from, to, split);
    const left = await grow(from, middle, depth + 1);
    const right = await grow(middle, to, depth + 1);
    const { column, threshold, categories, missingLeft } = split;
    return {
      feature: (data.columns[column] as Column).name,
      ...(threshold === undefined ? {} : { threshold }),
      ...(categories === undefined
        ? {}
        : { categories: namesOf(data.columns[column] as CategoricalColumn, categories) }),
      // Where no row lacked the value, one that does goes where most went.
      missingLeft: missingLeft ?? left.samples >= right.samples,
      ...summary,
      left,
      right,
    };
  };
  return grow(0, data.truth.length, 0);
}

const namesOf = ({ categories }: CategoricalColumn, codes: readonly number[]): string[] =>
  [...codes].sort((a, b) => a - b).map((code) => categories[code] as string);

/** Keeps the rows in the order of each numeric column; a node's rows are one stretch of all these orders. */
class Grower {
  readonly #data: TreeData;
  readonly #options: GrowOptions;
  /** Sums a row adds to: one a class, or one. */
  readonly #size: number;
  /** Of the target, taken off it in a regression so that sums of squares stay exact. */
  readonly #centre: number;
  /** Row by row, what each adds. */
  readonly #adds: Float64Array;
  readonly #total: number;
  /** For each numeric column its own order (missing values last); for categorical ones a common order. */
  readonly #orders: readonly Int32Array[];
  readonly #rows: Int32Array;
  readonly #goesLeft: Uint8Array;
  readonly #spare: Int32Array;

  constructor(data: TreeData, options: GrowOptions) {
    const { truth, weights, classes, columns } = data;
    const rows = truth.length;
    this.#data = data;
    this.#options = options;
    this.#size = Math.max(1, classes);
    this.#total = weights.reduce((sum, weight) => sum + weight, 0);
    this.#centre = classes > 0 ? 0 : truth.reduce((sum, value, row) => sum + value * at(weights, row), 0) / this.#total;
    this.#adds = new Float64Array(rows * this.#size);
    for (let row = 0; row < rows; row++) {
      if (classes > 0) this.#adds[row * this.#size + at(truth, row)] = at(weights, row);
      else this.#adds[row] = at(weights, row) * (at(truth, row) - this.#centre);
    }
    this.#rows = Int32Array.from({ length: rows }, (_, row) => row);
    this.#orders = columns.map((column) => (column.kind === 'numeric' ? sortedRows(column.values) : this.#rows));
    this.#goesLeft = new Uint8Array(rows);
    this.#spare = new Int32Array(rows);
  }

  /** What is known of the rows of a node, and the best question about them, if one is worth asking. */
  async node(
    from: number,
    to: number,
    depth: number,
    pause: () => Promise<void> | undefined,
  ): Promise<{ summary: WeighedNode; split?: Split }> {
    const { classes, truth, weights, columns } = this.#data;
    const sums = new Float64Array(this.#size);
    let weight = 0;
    let squares = 0;
    for (let i = from; i < to; i++) {
      const row = at(this.#rows, i);
      for (let k = 0; k < this.#size; k++) sums[k] = at(sums, k) + at(this.#adds, row * this.#size + k);
      weight += at(weights, row);
      if (classes === 0) squares += at(weights, row) * (at(truth, row) - this.#centre) ** 2;
    }
    const purity = sums.reduce((sum, value) => sum + value * value, 0) / weight;
    const impurity = classes > 0 ? 1 - purity / weight : Math.max(0, (squares - purity) / weight);
    const summary: WeighedNode = {
      samples: to - from,
      value: classes > 0 ? Array.from(sums, (sum) => sum / weight) : at(sums, 0) / weight + this.#centre,
      impurity: impurity < 1e-15 ? 0 : impurity,
      weight,
    };
    const { maxDepth, minSamplesSplit, minSamplesLeaf, minImpurityDecrease } = this.#options;
    const pure = summary.impurity <= (classes > 0 ? 0 : 1e-14 * squares);
    if (depth >= maxDepth || to - from < Math.max(minSamplesSplit, 2 * minSamplesLeaf) || pure) return { summary };
    const node = {
      rows: this.#rows,
      from,
      to,
      sums,
      weight,
      size: this.#size,
      adds: this.#adds,
      weights,
      minSamplesLeaf,
    };
    let best: Split | undefined;
    for (const [place, column] of columns.entries()) {
      const found =
        column.kind === 'numeric'
          ? bestNumericSplit(node, column.values, this.#orders[place] as Int32Array)
          : bestCategoricalSplit(node, column);
      await pause();
      if (found !== undefined && (best === undefined || found.purity > best.purity)) best = { ...found, column: place };
    }
    // Rounding alone is no gain.
    const gain = best === undefined ? 0 : (best.purity - purity) / this.#total;
    if (best === undefined || gain <= 1e-15 * (Math.abs(purity) / this.#total) || gain < minImpurityDecrease)
      return { summary };
    return { summary, split: best };
  }

  /** Puts the rows that go left before the others, in all orders; gives where the others begin. */
  partition(from: number, to: number, { column, threshold, categories, missingLeft }: Split): number {
    const asked = this.#data.columns[column] as NumericColumn | CategoricalColumn;
    const left = new Set(categories);
    let middle = from;
    for (let i = from; i < to; i++) {
      const row = at(this.#rows, i);
      const value = asked.kind === 'numeric' ? at(asked.values, row) : at(asked.codes, row);
      const missing = asked.kind === 'numeric' ? Number.isNaN(value) : value < 0;
      const goes = missing ? missingLeft === true : threshold === undefined ? left.has(value) : value <= threshold;
      this.#goesLeft[row] = Number(goes);
      middle += Number(goes);
    }
    for (const order of new Set([this.#rows, ...this.#orders])) {
      let place = from;
      let others = 0;
      for (let i = from; i < to; i++) {
        const row = at(order, i);
        if (this.#goesLeft[row] === 1) order[place++] = row;
        else this.#spare[others++] = row;
      }
      order.set(this.#spare.subarray(0, others), place);
    }
    return middle;
  }
}

/** By ascending value, missing ones last, equal ones in the order of rows. */
function sortedRows(values: Float64Array): Int32Array {
  const order = Int32Array.from(values, (_, row) => row);
  return order.sort((a, b) => {
    const [x, y] = [at(values, a), at(values, b)];
    if (Number.isNaN(x) || Number.isNaN(y)) return Number(Number.isNaN(x)) - Number(Number.isNaN(y)) || a - b;
    return x - y || a - b;
  });
}

const at = (values: Float64Array | Int32Array, i: number): number => values[i] as number;
