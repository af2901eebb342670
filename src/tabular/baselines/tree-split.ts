// The best question about one column for the rows of a node.

import type { CategoricalColumn } from '../table/column.js';

/** A question, and how pure its two halves are. */
export interface Split {
  /** Place of the column. */
  readonly column: number;
  /** Sum over both halves of `s^2 / w`. */
  readonly purity: number;
  /** Numeric: values of at most this go left. */
  readonly threshold?: number;
  /** Categorical: codes that go left. */
  readonly categories?: readonly number[];
  /** Where rows without a value go; undefined where there are none. */
  readonly missingLeft: boolean | undefined;
}

/** The rows of a node, from `from` to before `to` in `rows` and in the order of every column. */
export interface NodeRows {
  readonly rows: Int32Array;
  readonly from: number;
  readonly to: number;
  /** Of all rows. */
  readonly sums: Float64Array;
  readonly weight: number;
  /** How many sums. */
  readonly size: number;
  /** Row by row, what each adds to the sums. */
  readonly adds: Float64Array;
  readonly weights: Float64Array;
  /** Rows each half must have. */
  readonly minSamplesLeaf: number;
}

/** Rows taken together. */
interface Group {
  readonly sums: Float64Array;
  weight: number;
  count: number;
}

/** A threshold that every number is below: it parts the rows with a value from those without. */
export const EVERY_NUMBER = Number.MAX_VALUE;

/**
 * Thresholds are half-way between neighbouring values; rows without a value are tried on either side.
 * @param order the node's rows by ascending value, those without one last
 */
export function bestNumericSplit(
  node: NodeRows,
  values: Float64Array,
  order: Int32Array,
): Omit<Split, 'column'> | undefined {
  const { from, to } = node;
  let end = to;
  while (end > from && Number.isNaN(at(values, at(order, end - 1)))) end--;
  const missing = groupOf(node, order, end, to);
  const left = emptyGroup(node.size);
  const search = new Search(node, missing);
  for (let i = from; i < end; i++) {
    addRow(left, node, at(order, i));
    const value = at(values, at(order, i));
    const next = i + 1 < end ? at(values, at(order, i + 1)) : undefined;
    if (next === undefined) search.tryRest(left, () => ({ threshold: EVERY_NUMBER }));
    else if (next > value) search.try(left, () => ({ threshold: between(value, next) }));
  }
  return search.best;
}

/**
 * Subsets of categories. With their mean target they can be put in an order in which the best subset is a beginning of it (for two classes
 * and regressions: Breiman et al. 1984, 4.2); with more classes the orders by the share of each class are tried.
 */
export function bestCategoricalSplit(node: NodeRows, column: CategoricalColumn): Omit<Split, 'column'> | undefined {
  const { from, to, size, rows } = node;
  const groups = new Map<number, Group>();
  for (let i = from; i < to; i++) {
    const row = at(rows, i);
    const code = at(column.codes, row);
    let group = groups.get(code);
    if (group === undefined) {
      group = emptyGroup(size);
      groups.set(code, group);
    }
    addRow(group, node, row);
  }
  const missing = groups.get(-1) ?? emptyGroup(size);
  groups.delete(-1);
  const search = new Search(node, missing);
  const orders = size === 1 ? [0] : size === 2 ? [1] : Array.from({ length: size }, (_, k) => k);
  for (const k of orders) {
    const share = ({ sums, weight }: Group) => (weight === 0 ? 0 : at(sums, k) / weight);
    const sorted = [...groups].sort(([a, one], [b, other]) => share(one) - share(other) || a - b);
    const left = emptyGroup(size);
    for (const [place, [, group]] of sorted.entries()) {
      addGroup(left, group);
      const categories = () => ({ categories: sorted.slice(0, place + 1).map(([code]) => code) });
      if (place + 1 === sorted.length) search.tryRest(left, categories);
      else search.try(left, categories);
    }
  }
  return search.best;
}

/** Remembers the purest split it is shown. */
class Search {
  best: Omit<Split, 'column'> | undefined;
  readonly #node: NodeRows;
  readonly #missing: Group;
  readonly #count: number;

  constructor(node: NodeRows, missing: Group) {
    this.#node = node;
    this.#missing = missing;
    this.#count = node.to - node.from;
  }

  /** This group left, all others right; rows without a value on either side. */
  try(left: Group, question: () => Pick<Split, 'threshold' | 'categories'>): void {
    const none = this.#missing.count === 0;
    this.#judge(left, undefined, none ? undefined : false, question);
    if (!none) this.#judge(left, this.#missing, true, question);
  }

  /** All rows with a value left, those without right. */
  tryRest(left: Group, question: () => Pick<Split, 'threshold' | 'categories'>): void {
    if (this.#missing.count > 0) this.#judge(left, undefined, false, question);
  }

  #judge(
    left: Group,
    also: Group | undefined,
    missingLeft: boolean | undefined,
    question: () => Pick<Split, 'threshold' | 'categories'>,
  ): void {
    const { sums, weight, size, minSamplesLeaf } = this.#node;
    const count = left.count + (also?.count ?? 0);
    if (count < minSamplesLeaf || this.#count - count < minSamplesLeaf) return;
    const leftWeight = left.weight + (also?.weight ?? 0);
    const rightWeight = weight - leftWeight;
    if (!(leftWeight > 0 && rightWeight > 0)) return;
    let leftSquares = 0;
    let rightSquares = 0;
    for (let k = 0; k < size; k++) {
      const sum = at(left.sums, k) + (also === undefined ? 0 : at(also.sums, k));
      leftSquares += sum * sum;
      rightSquares += (at(sums, k) - sum) ** 2;
    }
    const purity = leftSquares / leftWeight + rightSquares / rightWeight;
    if (this.best === undefined || purity > this.best.purity) this.best = { purity, missingLeft, ...question() };
  }
}

const emptyGroup = (size: number): Group => ({ sums: new Float64Array(size), weight: 0, count: 0 });

function addRow(group: Group, { adds, size, weights }: NodeRows, row: number): void {
  for (let k = 0; k < size; k++) group.sums[k] = at(group.sums, k) + at(adds, row * size + k);
  group.weight += at(weights, row);
  group.count++;
}

function addGroup(group: Group, other: Group): void {
  for (let k = 0; k < group.sums.length; k++) group.sums[k] = at(group.sums, k) + at(other.sums, k);
  group.weight += other.weight;
  group.count += other.count;
}

function groupOf(node: NodeRows, order: Int32Array, from: number, to: number): Group {
  const group = emptyGroup(node.size);
  for (let i = from; i < to; i++) addRow(group, node, at(order, i));
  return group;
}

/** Half-way, and below the upper one even where nothing lies between. */
function between(low: number, high: number): number {
  const middle = low / 2 + high / 2;
  return middle < high ? middle : low;
}

const at = (values: Float64Array | Int32Array, i: number): number => values[i] as number;
