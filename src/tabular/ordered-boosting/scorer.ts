// Raw outputs of a forest for new rows. Rows are read in chunks, so that what is looked up for one stays in the processor's
// caches; each projection is looked up once a chunk however many trees ask for it.

import { writeAnswers } from './answers.js';
import type { Grid, GridColumns } from './columns.js';
import { Lookup, type ProjectionCounts } from './lookup.js';
import type { StatisticsPlan } from './target-statistics.js';
import type { Projection, Split, Tree } from './tree.js';

const CHUNK = 1024;

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
    this.#forChunks(columns, (chunk, start, packedOf) => {
      const leaves = new Uint16Array(chunk.rowCount);
      for (const tree of trees) {
        writeLeaves(tree.splits, chunk, packedOf, leaves);
        tree.values.forEach((values, k) => {
          const out = raw[k] as Float64Array;
          for (let row = 0; row < leaves.length; row++)
            out[start + row] = (out[start + row] as number) + (values[leaves[row] as number] as number);
        });
      }
    });
  }

  /** Tells `use` each row's leaf, tree by tree: leaves of the rows from `start` on. */
  forLeaves(
    trees: readonly Tree[],
    columns: GridColumns,
    use: (tree: Tree, index: number, leaves: Uint16Array, start: number) => void,
  ): void {
    this.#forChunks(columns, (chunk, start, packedOf) => {
      const leaves = new Uint16Array(chunk.rowCount);
      trees.forEach((tree, index) => {
        writeLeaves(tree.splits, chunk, packedOf, leaves);
        use(tree, index, leaves, start);
      });
    });
  }

  #forChunks(
    columns: GridColumns,
    work: (chunk: GridColumns, start: number, packedOf: (of: Projection) => Uint32Array[]) => void,
  ): void {
    for (let start = 0; start < columns.rowCount; start += CHUNK) {
      const end = Math.min(columns.rowCount, start + CHUNK);
      const chunk: GridColumns = {
        rowCount: end - start,
        bins: columns.bins.map((column) => column?.subarray(start, end)),
        codes: columns.codes.map((column) => column?.subarray(start, end)),
      };
      const known = new Map<string, Uint32Array[]>();
      work(chunk, start, (of) => {
        let packed = known.get(of.key);
        if (packed === undefined) {
          packed = this.#lookup(of).packed(chunk);
          known.set(of.key, packed);
        }
        return packed;
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

function writeLeaves(
  splits: readonly Split[],
  chunk: GridColumns,
  packedOf: (of: Projection) => Uint32Array[],
  leaves: Uint16Array,
): void {
  leaves.fill(0);
  for (const [level, split] of splits.entries())
    writeAnswers(leaves, level, split, chunk, split.kind === 'statistic' ? packedOf(split.projection) : []);
}
