// Raw outputs of a forest for new rows. Rows are read in chunks, so that what is looked up for one stays in the processor's
// caches; each projection is looked up once a chunk however many trees ask for it.

import { writeAbove, writeEqual } from './byte-answers.js';
import type { Grid, GridColumns } from './columns.js';
import { Lookup, type ProjectionCounts } from './lookup.js';
import type { StatisticsPlan } from './target-statistics.js';
import type { Projection, Split, Tree } from './tree.js';

/** Rows of a chunk: a multiple of 4. */
const CHUNK = 1024;

/** The leaf of each row of a chunk. */
export type Leaves = Uint8Array | Uint16Array;

export class Scorer {
  readonly #grids: readonly Grid[];
  readonly #plan: StatisticsPlan;
  readonly #counts: ReadonlyMap<string, ProjectionCounts>;
  readonly #lookups = new Map<string, Lookup>();

  /** @param counts of every projection the trees ask about, by its key */
  constructor(grids: readonly Grid[], plan: StatisticsPlan, counts: ReadonlyMap<string, ProjectionCounts>) {
    this.#grids = grids;
    this.#plan = plan;
    this.#counts = counts;
  }

  /** Adds the trees' values to `raw`, by dimension, then row. */
  addTrees(trees: readonly Tree[], columns: GridColumns, raw: readonly Float64Array[]): void {
    this.forLeaves(trees, columns, ({ values }, _, leaves, start, end) => {
      for (let k = 0; k < values.length; k++) {
        const ofLeaves = values[k] as Float64Array;
        const out = raw[k] as Float64Array;
        for (let row = start; row < end; row++)
          out[row] = (out[row] as number) + (ofLeaves[leaves[row - start] as number] as number);
      }
    });
  }

  /** Tells `use`, tree by tree, the leaves of the rows from `start` up to, not including, `end`. */
  forLeaves(
    trees: readonly Tree[],
    columns: GridColumns,
    use: (tree: Tree, index: number, leaves: Leaves, start: number, end: number) => void,
  ): void {
    for (let start = 0; start < columns.rowCount; start += CHUNK) {
      const end = Math.min(columns.rowCount, start + CHUNK);
      const chunk = new Chunk(columns, start, end, (of) => this.#lookup(of));
      trees.forEach((tree, index) => {
        use(tree, index, chunk.leaves(tree.splits), start, end);
      });
    }
  }

  #lookup(of: Projection): Lookup {
    let lookup = this.#lookups.get(of.key);
    if (lookup === undefined) {
      lookup = new Lookup(this.#counts.get(of.key) as ProjectionCounts, this.#grids, this.#plan);
      this.#lookups.set(of.key, lookup);
    }
    return lookup;
  }
}

/** Some rows, with room for CHUNK, and all that trees have asked about them. */
class Chunk {
  readonly #columns: GridColumns;
  readonly #bins: readonly (Int32Array | undefined)[];
  readonly #lookup: (of: Projection) => Lookup;
  readonly #places = new Map<string, Int32Array>();
  /** By projection, then statistic. */
  readonly #statistics = new Map<string, Int32Array[]>();
  readonly #low = new Uint8Array(CHUNK);
  readonly #high = new Uint8Array(CHUNK);

  constructor(columns: GridColumns, start: number, end: number, lookup: (of: Projection) => Lookup) {
    const bins = columns.bins.map((column) => {
      if (column === undefined) return undefined;
      const padded = new Uint8Array(CHUNK);
      padded.set(column.subarray(start, end));
      return padded;
    });
    const codes = columns.codes.map((column) => column?.subarray(start, end));
    this.#columns = { rowCount: end - start, bins, codes };
    this.#bins = bins.map((column) => column && words(column));
    this.#lookup = lookup;
  }

  /** Each row's leaf. The array is written to again by the next call. */
  leaves(splits: readonly Split[]): Leaves {
    this.#low.fill(0);
    const low = words(this.#low);
    for (let level = 0; level < Math.min(8, splits.length); level++) this.#answer(splits[level] as Split, level, low);
    if (splits.length <= 8) return this.#low;
    this.#high.fill(0);
    const high = words(this.#high);
    for (let level = 8; level < splits.length; level++) this.#answer(splits[level] as Split, level - 8, high);
    return Uint16Array.from(this.#low, (leaf, row) => leaf | ((this.#high[row] as number) << 8));
  }

  #answer(split: Split, level: number, leaves: Int32Array): void {
    if (split.kind === 'statistic')
      writeAbove(leaves, level, this.#statistic(split.projection, split.statistic), split.border);
    else {
      const bins = this.#bins[split.feature] as Int32Array;
      if (split.kind === 'number') writeAbove(leaves, level, bins, split.border);
      else writeEqual(leaves, level, bins, split.code);
    }
  }

  #statistic(of: Projection, statistic: number): Int32Array {
    let statistics = this.#statistics.get(of.key);
    if (statistics === undefined) {
      statistics = [];
      this.#statistics.set(of.key, statistics);
    }
    const known = statistics[statistic];
    if (known !== undefined) return known;
    const lookup = this.#lookup(of);
    let places = this.#places.get(of.key);
    if (places === undefined) {
      places = lookup.places(this.#columns);
      this.#places.set(of.key, places);
    }
    const bins = new Uint8Array(CHUNK);
    lookup.writeBins(bins, statistic, places);
    const fours = words(bins);
    statistics[statistic] = fours;
    return fours;
  }
}

/** Bytes, four to a number. */
const words = (bytes: Uint8Array): Int32Array => new Int32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
