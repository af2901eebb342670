// What is in each column of a table: how many values are missing, where the numbers lie, which categories are frequent.
//
//   describe(penguins)[5];   // { column: 'body_mass_g', kind: 'numeric', missing: 2, mean: 4201.75, median: 4050, ... }
//   await summaries('payments.csv');   // the same without medians, of a file too large to hold

import { type Column, type ColumnKind, lengthOf, missingOf } from './column.js';
import { type StreamTableOptions, streamTable } from './csv.js';
import { median } from './median.js';
import type { Table } from './table.js';

/** One column in figures; undefined where a figure makes no sense, and of a column without values. */
export interface Summary {
  readonly column: string;
  readonly kind: ColumnKind;
  /** Values that are there. */
  readonly count: number;
  readonly missing: number;
  /** Different values that occur. */
  readonly distinct: number | undefined;
  /** Of the values that are there. Of dates the time in the middle. */
  readonly mean: number | Date | undefined;
  /** Standard deviation of numbers, divided by count - 1, as pandas has it; undefined of fewer than two. */
  readonly deviation: number | undefined;
  readonly min: number | Date | undefined;
  readonly max: number | Date | undefined;
  /** The three most frequent categories, each with its count: 'Adelie (152), Gentoo (124), Chinstrap (68)'. */
  readonly top: string | undefined;
}

export interface Description extends Summary {
  readonly median: number | Date | undefined;
}

/** More different categories than these are not counted in a stream: they would not fit in memory. */
const mostCategories = 100_000;

/** A record for each column, to read or to show: `show(table(describe(penguins)))`. */
export function describe(table: Table): Description[] {
  return table.columns.map((column) => {
    const totals = new Totals(column, Number.POSITIVE_INFINITY);
    totals.add(column);
    const { count, top, min, max, ...rest } = totals.summary();
    if (column.kind === 'categorical') return { count, ...rest, min, median: undefined, max, top };
    const values = column.values.filter((value) => !Number.isNaN(value));
    const middle = values.length === 0 ? undefined : median(values);
    const shown = middle !== undefined && column.kind === 'date' ? new Date(middle) : middle;
    return { count, ...rest, distinct: new Set(values).size, min, median: shown, max, top };
  });
}

/**
 * The same of a CSV file that is read as a stream, in flat memory, without what needs all numbers at once: no `median`, and no
 * `distinct` of numbers and dates. A column with more than 100,000 categories has neither `distinct` nor `top`.
 * @throws Error as `streamTable` does
 */
export async function summaries(path: string, options: StreamTableOptions = {}): Promise<Summary[]> {
  let all: readonly Totals[] | undefined;
  for await (const part of streamTable(path, options)) {
    all ??= part.columns.map((column) => new Totals(column, mostCategories));
    for (const [i, column] of part.columns.entries()) (all[i] as Totals).add(column);
  }
  if (all === undefined) throw new Error(`${path}: there is a header and no rows.`);
  return all.map((totals) => totals.summary());
}

/** A column's figures so far. */
class Totals {
  readonly #column: string;
  readonly #kind: ColumnKind;
  readonly #most: number;
  #counts: Map<string, number> | undefined = new Map();
  #count = 0;
  #missing = 0;
  #mean = 0;
  /** The sum of squared distances from the mean, kept by Welford's rule (Technometrics 4, 1962), which does not cancel. */
  #squares = 0;
  #min = Number.POSITIVE_INFINITY;
  #max = Number.NEGATIVE_INFINITY;

  constructor({ name, kind }: Column, most: number) {
    this.#column = name;
    this.#kind = kind;
    this.#most = most;
  }

  add(column: Column): void {
    const missing = missingOf(column);
    this.#missing += missing;
    if (column.kind === 'categorical') {
      this.#count += lengthOf(column) - missing;
      this.#addCategories(column.codes, column.categories);
      return;
    }
    for (const value of column.values) {
      if (Number.isNaN(value)) continue;
      this.#count++;
      const distance = value - this.#mean;
      this.#mean += distance / this.#count;
      this.#squares += distance * (value - this.#mean);
      if (value < this.#min) this.#min = value;
      if (value > this.#max) this.#max = value;
    }
  }

  #addCategories(codes: Int32Array, categories: readonly string[]): void {
    const counts = this.#counts;
    if (counts === undefined) return;
    const found = new Float64Array(categories.length);
    for (const code of codes) if (code >= 0) found[code] = (found[code] as number) + 1;
    for (const [code, count] of found.entries()) {
      const category = categories[code] as string;
      if (count > 0) counts.set(category, (counts.get(category) ?? 0) + count);
    }
    if (counts.size > this.#most) this.#counts = undefined;
  }

  summary(): Summary {
    const facts = { column: this.#column, kind: this.#kind, count: this.#count, missing: this.#missing };
    if (this.#kind === 'categorical') {
      const none = { mean: undefined, deviation: undefined, min: undefined, max: undefined };
      return { ...facts, distinct: this.#counts?.size, ...none, top: this.#counts && mostFrequent(this.#counts) };
    }
    const known = (value: number) =>
      this.#count === 0 ? undefined : this.#kind === 'date' ? new Date(Math.round(value)) : value;
    const spreads = this.#kind === 'numeric' && this.#count > 1;
    return {
      ...facts,
      distinct: undefined,
      mean: known(this.#mean),
      deviation: spreads ? Math.sqrt(this.#squares / (this.#count - 1)) : undefined,
      min: known(this.#min),
      max: known(this.#max),
      top: undefined,
    };
  }
}

/** Frequent ones first, equal ones by code unit. */
function mostFrequent(counts: ReadonlyMap<string, number>): string | undefined {
  const order = ([a, m]: readonly [string, number], [b, n]: readonly [string, number]) => n - m || (a < b ? -1 : 1);
  const top = [...counts].sort(order).slice(0, 3);
  return top.length === 0 ? undefined : top.map(([category, count]) => `${category} (${count})`).join(', ');
}
