// What boosting has to know of a loss: where to start, which way is down, and the best value of a leaf.

/** Rows grouped by their leaf: those of leaf k are `order[starts[k]]` up to, not including, `order[starts[k + 1]]`. */
export interface LeafRows {
  readonly order: Int32Array;
  readonly starts: Int32Array;
}

/** The rows that a loss is computed on. `raw` is by dimension, then row. */
export interface LossRows {
  readonly raw: readonly Float64Array[];
  readonly target: Float64Array;
  readonly weights: Float64Array;
}

export interface Loss {
  /** Values a leaf has: one, or one a class. */
  readonly dimensions: number;
  /** The raw output before any tree, by dimension. */
  start(target: Float64Array, weights: Float64Array): number[];
  /** Writes each row's negative gradient, times its weight. */
  writeGradients(rows: LossRows, gradients: readonly Float64Array[]): void;
  /** The leaves' values, by dimension, then leaf. @param l2 added to each second derivative */
  leafValues(rows: LossRows, leaves: LeafRows, l2: number): Float64Array[];
  /** The mean loss. */
  mean(rows: LossRows): number;
}

/** Groups rows by leaf, in a leaf in their order. */
export function groupByLeaf(leaves: Uint16Array, leafCount: number): LeafRows {
  const starts = new Int32Array(leafCount + 1);
  for (let row = 0; row < leaves.length; row++) (starts[(leaves[row] as number) + 1] as number)++;
  for (let leaf = 0; leaf < leafCount; leaf++)
    starts[leaf + 1] = (starts[leaf + 1] as number) + (starts[leaf] as number);
  const next = starts.slice();
  const order = new Int32Array(leaves.length);
  for (let row = 0; row < leaves.length; row++) {
    const leaf = leaves[row] as number;
    order[next[leaf] as number] = row;
    next[leaf] = (next[leaf] as number) + 1;
  }
  return { order, starts };
}

/** The sum of some numbers. */
export function sum(values: ArrayLike<number>): number {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += values[i] as number;
  return total;
}
