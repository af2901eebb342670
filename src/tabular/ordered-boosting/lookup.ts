// The counts of a projection over the whole training set, and each new row's statistics from them.

import { type Grid, type GridColumns, keySpace, writeKeys } from './columns.js';
import { KeyIndex } from './key-index.js';
import { type StatisticsPlan, wholeStatistics } from './target-statistics.js';
import type { Projection } from './tree.js';

/** What is saved of a projection. */
export interface ProjectionCounts {
  readonly projection: Projection;
  /** Each value of the projection that occurs, as its key (columns.ts). */
  readonly keys: Float64Array;
  /** How many training rows have it, by value, then class. */
  readonly counts: Int32Array;
}

/** Counts the training rows of each value and class. */
export function countProjection(
  projection: Projection,
  columns: GridColumns,
  grids: readonly Grid[],
  labels: Uint8Array,
  classes: number,
): ProjectionCounts {
  const rowKeys = emptyKeys(projection, grids, columns.rowCount);
  writeKeys(rowKeys, projection, columns, grids);
  const index = new KeyIndex(64);
  const numbers = new Int32Array(rowKeys.length);
  for (let row = 0; row < numbers.length; row++) numbers[row] = index.add(rowKeys[row] as number);
  const counts = new Int32Array(index.size * classes);
  for (let row = 0; row < numbers.length; row++) {
    const at = (numbers[row] as number) * classes + (labels[row] as number);
    counts[at] = (counts[at] as number) + 1;
  }
  return { projection, keys: index.keys, counts };
}

/** Room for keys: whole numbers of 32 bits where all fit. */
export const emptyKeys = (projection: Projection, grids: readonly Grid[], rows: number): Int32Array | Float64Array =>
  keySpace(projection, grids) <= 2 ** 31 ? new Int32Array(rows) : new Float64Array(rows);

/** Up to so many possible keys there is one place for each; above, they are found by hashing. */
const DIRECT = 1 << 14;

/** Finds rows' statistics by the counts of training. */
export class Lookup {
  readonly #projection: Projection;
  readonly #grids: readonly Grid[];
  /** Each statistic's bins, by place. The last place is for values training did not know. */
  readonly #bins: readonly Uint8Array[];
  readonly #places: Int32Array | KeyIndex;
  readonly #unknown: number;
  #keys: Int32Array | Float64Array;

  constructor({ projection, keys, counts }: ProjectionCounts, grids: readonly Grid[], plan: StatisticsPlan) {
    this.#projection = projection;
    this.#grids = grids;
    this.#bins = wholeStatistics(counts, plan);
    this.#unknown = keys.length;
    this.#keys = emptyKeys(projection, grids, 0);
    const space = keySpace(projection, grids);
    if (space <= DIRECT) {
      this.#places = new Int32Array(space).fill(this.#unknown);
      for (let value = 0; value < keys.length; value++) this.#places[keys[value] as number] = value;
    } else {
      this.#places = new KeyIndex(keys.length);
      for (const key of keys) this.#places.add(key);
    }
  }

  /** Where each row's value is, to read its statistics at. */
  places(columns: GridColumns): Int32Array {
    if (this.#keys.length !== columns.rowCount) this.#keys = emptyKeys(this.#projection, this.#grids, columns.rowCount);
    const keys = this.#keys;
    writeKeys(keys, this.#projection, columns, this.#grids);
    const places = this.#places;
    const found = new Int32Array(columns.rowCount);
    if (places instanceof Int32Array)
      for (let row = 0; row < found.length; row++) found[row] = places[keys[row] as number] as number;
    else
      for (let row = 0; row < found.length; row++) {
        const place = places.find(keys[row] as number);
        found[row] = place < 0 ? this.#unknown : place;
      }
    return found;
  }

  /** Writes a statistic's bin of each row. */
  writeBins(bins: Uint8Array, statistic: number, places: Int32Array): void {
    const byPlace = this.#bins[statistic] as Uint8Array;
    for (let row = 0; row < places.length; row++) bins[row] = byPlace[places[row] as number] as number;
  }
}
