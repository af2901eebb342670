// Histograms: for each leaf of the tree so far and each bin of a column, the sums of its rows' gradients and weights. All
// borders of the column are judged from them, without looking at the rows again.
//
// A cell is `dimensions` gradient sums and then the weight sum; cells lie by leaf, then (of packed statistics) which of the four,
// then bin. When a level is added, each leaf becomes two: only the rows of the smaller are added up, the larger is the parent
// less the smaller.

import { STATISTIC_BINS } from './target-statistics.js';

/** Rows to add up: their leaves, and side by side the numbers each adds to its cell. */
export interface RowSums {
  readonly rows: Int32Array;
  readonly leaves: Int32Array;
  readonly addends: Float64Array;
}

/** The column a histogram is over: bins, or four packed statistics. */
export type Binned =
  | { readonly kind: 'bins'; readonly values: Uint8Array; readonly bins: number }
  | { readonly kind: 'packed'; readonly values: Uint32Array };

/** Cells a leaf has. */
export const cellsPerLeaf = (column: Binned): number => (column.kind === 'bins' ? column.bins : 4 * STATISTIC_BINS);

/** Histograms to use again: making new ones costs more than clearing old ones. */
export class HistogramPool {
  readonly #free = new Map<number, Float64Array[]>();

  /** A histogram of zeros. */
  take(size: number): Float64Array {
    const histogram = this.#free.get(size)?.pop();
    return histogram?.fill(0) ?? new Float64Array(size);
  }

  /** Takes histograms back that nobody reads any more. */
  giveBack(histograms: Iterable<Float64Array>): void {
    for (const histogram of histograms) {
      const free = this.#free.get(histogram.length);
      if (free === undefined) this.#free.set(histogram.length, [histogram]);
      else free.push(histogram);
    }
  }
}

/** Adds rows to a histogram whose cells have `cell` numbers. */
export function addRows(histogram: Float64Array, column: Binned, sums: RowSums, cell: number): void {
  if (column.kind === 'bins') {
    if (cell === 2) addBins(histogram, column.values, column.bins, sums);
    else addBinsOfMany(histogram, column.values, column.bins, sums, cell);
  } else if (cell === 2) addPacked(histogram, column.values, sums);
  else addPackedOfMany(histogram, column.values, sums, cell);
}

/** The histogram of a level from its parents', `smaller` holding only the rows of each pair's smaller leaf. */
export function subtractFromParents(
  histogram: Float64Array,
  parent: Float64Array,
  leafSize: number,
  upperIsSmaller: Uint8Array,
): void {
  const parents = upperIsSmaller.length;
  for (let leaf = 0; leaf < parents; leaf++) {
    const lower = leaf * leafSize;
    const upper = (leaf + parents) * leafSize;
    const [smaller, larger] = upperIsSmaller[leaf] === 1 ? [upper, lower] : [lower, upper];
    for (let i = 0; i < leafSize; i++)
      histogram[larger + i] = (parent[lower + i] as number) - (histogram[smaller + i] as number);
  }
}

function addBins(histogram: Float64Array, values: Uint8Array, bins: number, { rows, leaves, addends }: RowSums): void {
  const size = bins * 2;
  for (let i = 0; i < rows.length; i++) {
    const at = Math.imul(leaves[i] as number, size) + ((values[rows[i] as number] as number) << 1);
    histogram[at] = (histogram[at] as number) + (addends[2 * i] as number);
    histogram[at + 1] = (histogram[at + 1] as number) + (addends[2 * i + 1] as number);
  }
}

function addPacked(histogram: Float64Array, values: Uint32Array, { rows, leaves, addends }: RowSums): void {
  const size = STATISTIC_BINS * 2;
  for (let i = 0; i < rows.length; i++) {
    const four = values[rows[i] as number] as number;
    const gradient = addends[2 * i] as number;
    const weight = addends[2 * i + 1] as number;
    const first = (leaves[i] as number) * (4 * size);
    const a = first + ((four & 255) << 1);
    const b = first + size + (((four >>> 8) & 255) << 1);
    const c = first + 2 * size + (((four >>> 16) & 255) << 1);
    const d = first + 3 * size + ((four >>> 24) << 1);
    histogram[a] = (histogram[a] as number) + gradient;
    histogram[a + 1] = (histogram[a + 1] as number) + weight;
    histogram[b] = (histogram[b] as number) + gradient;
    histogram[b + 1] = (histogram[b + 1] as number) + weight;
    histogram[c] = (histogram[c] as number) + gradient;
    histogram[c + 1] = (histogram[c + 1] as number) + weight;
    histogram[d] = (histogram[d] as number) + gradient;
    histogram[d + 1] = (histogram[d + 1] as number) + weight;
  }
}

function addBinsOfMany(
  histogram: Float64Array,
  values: Uint8Array,
  bins: number,
  { rows, leaves, addends }: RowSums,
  cell: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const at = Math.imul(Math.imul(leaves[i] as number, bins) + (values[rows[i] as number] as number), cell);
    for (let k = 0; k < cell; k++)
      histogram[at + k] = (histogram[at + k] as number) + (addends[i * cell + k] as number);
  }
}

function addPackedOfMany(
  histogram: Float64Array,
  values: Uint32Array,
  { rows, leaves, addends }: RowSums,
  cell: number,
): void {
  for (let i = 0; i < rows.length; i++) {
    const four = values[rows[i] as number] as number;
    const first = (leaves[i] as number) * (4 * STATISTIC_BINS);
    const a = (first + (four & 255)) * cell;
    const b = (first + STATISTIC_BINS + ((four >>> 8) & 255)) * cell;
    const c = (first + 2 * STATISTIC_BINS + ((four >>> 16) & 255)) * cell;
    const d = (first + 3 * STATISTIC_BINS + (four >>> 24)) * cell;
    for (let k = 0; k < cell; k++) {
      const addend = addends[i * cell + k] as number;
      histogram[a + k] = (histogram[a + k] as number) + addend;
      histogram[b + k] = (histogram[b + k] as number) + addend;
      histogram[c + k] = (histogram[c + k] as number) + addend;
      histogram[d + k] = (histogram[d + k] as number) + addend;
    }
  }
}
