// The training rows in one random order, and everything counted in that order. Boosting keeps several: most to choose questions
// on, the last to set the values of leaves, so that no single order decides (CatBoost's permutations).

import { writeAnswers } from './answers.js';
import { type Grid, type GridColumns, radixOf, reordered, writeKeys } from './columns.js';
import { KeyIndex } from './key-index.js';
import { groupCount, type OrderedStatistics, orderedStatistics, type StatisticsPlan } from './target-statistics.js';
import { lengthOfProjection, type Projection, projection, type Split } from './tree.js';

/** What there is to learn from, in the table's order. */
export interface TrainingRows {
  readonly columns: GridColumns;
  readonly grids: readonly Grid[];
  /** Regression: the target. Classification: each row's class. */
  readonly target: Float64Array;
  /** The class that target statistics count. */
  readonly labels: Uint8Array;
  readonly weights: Float64Array;
  readonly plan: StatisticsPlan;
}

/** Rows' values of a projection, as whole numbers below `size`. */
interface Indexed {
  readonly values: Int32Array;
  readonly size: number;
}

/** Projections of categorical columns alone stay counted until they take this much memory. */
const CACHE_BYTES = 2 ** 27;

export class Fold {
  readonly rowCount: number;
  readonly columns: GridColumns;
  readonly target: Float64Array;
  readonly weights: Float64Array;
  /** What the trees so far give each row: by dimension, then row. */
  readonly raw: readonly Float64Array[];
  readonly #rows: TrainingRows;
  readonly #labels: Uint8Array;
  readonly #statistics = new Map<string, OrderedStatistics>();
  readonly #indexed = new Map<string, Indexed>();
  /** Arrays of trimmed projections, to write to again. */
  readonly #freePacked: Uint32Array[] = [];
  readonly #freeValues: Int32Array[] = [];

  /**
   * @param order the rows' places in the table
   * @param raw where the trees start from, in the table's order
   */
  constructor(rows: TrainingRows, order: Int32Array, raw: readonly Float64Array[]) {
    const inOrder = (values: Float64Array) => Float64Array.from(order, (row) => values[row] as number);
    this.#rows = rows;
    this.rowCount = order.length;
    this.columns = reordered(rows.columns, order);
    this.target = inOrder(rows.target);
    this.weights = inOrder(rows.weights);
    this.#labels = Uint8Array.from(order, (row) => rows.labels[row] as number);
    this.raw = raw.map(inOrder);
  }

  /** The statistics of a projection in this order. */
  statistics(of: Projection): OrderedStatistics {
    const known = this.#statistics.get(of.key);
    if (known !== undefined) return known;
    const { values, size } = this.#index(of);
    const statistics = orderedStatistics(
      values,
      size,
      this.#labels,
      this.#rows.plan,
      (rows) => this.#freePacked.pop() ?? new Uint32Array(rows),
    );
    this.#statistics.set(of.key, statistics);
    return statistics;
  }

  /** Forgets what the next tree will hardly ask for again: projections with conditions, and all when there are too many. */
  trim(): void {
    const arrays = this.#statistics.size * groupCount(this.#rows.plan) + this.#indexed.size;
    const all = arrays * 4 * this.rowCount > CACHE_BYTES;
    const goes = (key: string) => all || /[>=]/.test(key);
    for (const [key, { packed }] of this.#statistics)
      if (goes(key)) {
        this.#statistics.delete(key);
        if (!all) this.#freePacked.push(...packed);
      }
    for (const [key, { values }] of this.#indexed)
      if (goes(key)) {
        this.#indexed.delete(key);
        if (!all) this.#freeValues.push(values);
      }
  }

  /** Each row's leaf in a tree of these splits. */
  leavesOf(splits: readonly Split[]): Uint16Array {
    const leaves = new Uint16Array(this.rowCount);
    for (const [level, split] of splits.entries()) this.writeAnswers(split, level, leaves);
    return leaves;
  }

  /** Sets bit `level` of each row's leaf to its answer. */
  writeAnswers(split: Split, level: number, leaves: Uint16Array): void {
    const packed = split.kind === 'statistic' ? this.statistics(split.projection).packed : [];
    writeAnswers(leaves, level, split, this.columns, packed);
  }

  /** Column by column: the values so far, times the codes of the next column; numbered anew where that becomes too large. */
  #index(of: Projection): Indexed {
    const known = this.#indexed.get(of.key);
    if (known !== undefined) return known;
    const last = of.categories.at(-1);
    let indexed: Indexed;
    if (last === undefined) {
      const values = this.#freeValues.pop() ?? new Int32Array(this.rowCount);
      writeKeys(values, of, this.columns, this.#rows.grids);
      indexed = { values, size: 2 ** of.conditions.length };
    } else {
      const codes = this.columns.codes[last] as Int32Array;
      const radix = radixOf(this.#rows.grids, last);
      indexed =
        lengthOfProjection(of) === 1
          ? { values: codes, size: radix }
          : combined(
              this.#index(projection(of.categories.slice(0, -1), of.conditions)),
              codes,
              radix,
              this.#freeValues.pop(),
            );
    }
    this.#indexed.set(of.key, indexed);
    return indexed;
  }
}

function combined({ values, size }: Indexed, codes: Int32Array, radix: number, room?: Int32Array): Indexed {
  const rows = values.length;
  const product = room ?? new Int32Array(rows);
  if (size * radix <= 4 * rows + 1024) {
    for (let row = 0; row < rows; row++)
      product[row] = Math.imul(values[row] as number, radix) + (codes[row] as number);
    return { values: product, size: size * radix };
  }
  const index = new KeyIndex(1024);
  for (let row = 0; row < rows; row++)
    product[row] = index.add((values[row] as number) * radix + (codes[row] as number));
  return { values: product, size: index.size };
}
