// Parts of a table to learn from, to choose on and to test on, and the folds of a cross-validation.
//
//   const { train, validation, test } = splitTable(customers, { stratify: 'churned', seed: 1 });
//   splitTable(payments, { time: 'time' });   // the earliest rows to learn from, the latest to test on
//   kFold(visits, { folds: 5, group: 'patient' })[0].test;   // row numbers; no patient is on both sides

import { z } from 'zod';
import { seededRandom, shuffled } from '../hub/random.js';
import { checkOptions } from './options.js';
import { type Column, missingOf, valueAt } from './table/column.js';
import type { Table } from './table/table.js';

interface How {
  /**
   * Every part has about the same share of each value of this column, and at least one row of it where there are enough; of a numeric
   * column with more than ten values, of each tenth of the rows by their order.
   */
  readonly stratify?: string;
  /** Rows with the same value in this column stay in one part. */
  readonly group?: string;
  /** The column that orders the rows. They are not shuffled: later parts hold later rows, and equal times stay together. */
  readonly time?: string;
  /** Which random split. Default 42. */
  readonly seed?: number;
}

export interface SplitTableOptions extends How {
  /** Share of the rows to choose on, from 0 to less than 1. Default 0.1. */
  readonly validation?: number;
  /** Share of the rows to report on, from 0 to less than 1. Default 0.2. */
  readonly test?: number;
}

export interface KFoldOptions extends How {
  /** At least 2. Default 5. */
  readonly folds?: number;
}

/** Row numbers, ascending. */
export interface Fold {
  readonly train: Int32Array;
  readonly test: Int32Array;
}

const how = {
  stratify: z.string().optional(),
  group: z.string().optional(),
  time: z.string().optional(),
  seed: z.int().default(42),
};
const share = z.number().min(0).lt(1);
const splitSchema = z
  .strictObject({ ...how, validation: share.default(0.1), test: share.default(0.2) })
  .refine(({ validation, test }) => validation + test < 1, 'validation and test leave nothing to train on');
const foldSchema = z.strictObject({ ...how, folds: z.int().min(2).default(5) });

/**
 * Three parts, each with its rows in the table's order (by `time`: in that order). Grouped parts come as near to their shares as
 * whole groups allow.
 * @throws Error if a column is not there or misses values, a part would be empty, or options do not go together
 */
export function splitTable(
  table: Table,
  options: SplitTableOptions = {},
): { readonly train: Table; readonly validation: Table; readonly test: Table } {
  const { validation, test, ...rest } = checkOptions('splitTable', splitSchema, options);
  const units = unitsOf('splitTable', table, rest, 3);
  const parts: [number[], number[], number[]] = [[], [], []];
  const shares = [1 - validation - test, validation, test];
  if (rest.time !== undefined) {
    let done = 0;
    for (const unit of units.flat()) {
      const part =
        done < (shares[0] as number) * table.rowCount - 0.5 ? 0 : done < (1 - test) * table.rowCount - 0.5 ? 1 : 2;
      parts[part].push(...unit);
      done += unit.length;
    }
  } else {
    for (const stratum of units) deal(stratum, shares, parts);
    for (const rows of parts) rows.sort((a, b) => a - b);
  }
  for (const [i, name] of ['train', 'validation', 'test'].entries())
    if ((shares[i] as number) > 0 && parts[i]?.length === 0)
      throw new Error(
        `splitTable: no row is left for ${name}: ${table.rowCount} rows are too few for a share of ${shares[i]}${rest.group === undefined ? '' : ` in whole groups of '${rest.group}'`}.`,
      );
  return { train: table.take(parts[0]), validation: table.take(parts[1]), test: table.take(parts[2]) };
}

/**
 * Folds: each row is in the test part of one of them. By `time`, each fold learns from all that came before its test rows
 * (expanding windows, as scikit-learn's TimeSeriesSplit), and the earliest rows are in no test part.
 * @throws Error if there are fewer rows, groups, times or rows of a class than the folds need
 */
export function kFold(table: Table, options: KFoldOptions = {}): Fold[] {
  const { folds, ...rest } = checkOptions('kFold', foldSchema, options);
  const units = unitsOf('kFold', table, rest, folds);
  if (rest.time !== undefined) return timeFolds(units.flat(), folds, rest.time);
  const parts: number[][] = Array.from({ length: folds }, () => []);
  for (const stratum of units) {
    if (stratum.length < folds) {
      const { group, stratify } = rest;
      const row = stratum[0]?.[0] as number;
      const value = stratify === undefined ? '' : ` with '${stratify}' = ${valueAt(table.column(stratify), row)}`;
      const needed = group === undefined ? 'rows' : `groups of '${group}'`;
      throw new Error(
        `kFold: ${folds} folds need at least ${folds} ${needed}${value}; there are ${stratum.length}. Use fewer folds.`,
      );
    }
    deal(
      stratum,
      parts.map(() => 1 / folds),
      parts,
    );
  }
  return parts.map((rows) => {
    const test = Int32Array.from(rows).sort();
    const held = new Set(rows);
    const train = Int32Array.from({ length: table.rowCount }, (_, row) => row).filter((row) => !held.has(row));
    return { train, test };
  });
}

/** Rows that stay together. */
type Unit = readonly number[];

/** What is dealt out: lists of units, one a stratum, each in random order; by time one list in its order. */
function unitsOf(
  what: string,
  table: Table,
  { stratify, group, time, seed }: How & { readonly seed: number },
  partCount: number,
): Unit[][] {
  if (table.rowCount === 0) throw new Error(`${what}: the table has no rows.`);
  const given = Object.entries({ stratify, group, time }).filter(([, name]) => name !== undefined);
  if (given.length > 1)
    throw new Error(`${what}: ${given.map(([name]) => name).join(' and ')} cannot be asked for together. Choose one.`);
  const [[, name] = []] = given;
  const random = seededRandom(seed);
  const rows = Array.from({ length: table.rowCount }, (_, row) => row);
  if (name === undefined) return [shuffled(rows, random).map((row) => [row])];
  const column = table.column(name);
  const missing = missingOf(column);
  if (missing > 0)
    throw new Error(
      `${what}: the column '${name}' is missing in ${missing} rows, so they have no place. Drop or fill them.`,
    );
  const values = column.kind === 'categorical' ? column.codes : column.values;
  if (time !== undefined) {
    if (column.kind === 'categorical')
      throw new Error(`${what}: time needs a date or numeric column; '${name}' is categorical.`);
    return [
      together(
        rows.sort((a, b) => (values[a] as number) - (values[b] as number)),
        values,
      ),
    ];
  }
  if (group !== undefined) return [shuffled(together(rows, values), random)];
  return together(rows, strataOf(column, partCount)).map((stratum) => shuffled(stratum, random).map((row) => [row]));
}

/** Rows with equal keys as one unit each, in the order in which keys are first met. */
function together(rows: readonly number[], keys: ArrayLike<number>): number[][] {
  const units = new Map<number, number[]>();
  for (const row of rows) {
    const unit = units.get(keys[row] as number);
    if (unit) unit.push(row);
    else units.set(keys[row] as number, [row]);
  }
  return [...units.values()];
}

/**
 * The stratum of each row: its category; of numbers, unless they are few different ones, the tenth of the rows it is in, or a larger
 * part where tenths would have fewer rows than there are parts.
 */
function strataOf(column: Column, partCount: number): ArrayLike<number> {
  if (column.kind === 'categorical') return column.codes;
  if (new Set(column.values).size <= 10) return column.values;
  const order = Array.from(column.values.keys()).sort(
    (a, b) => (column.values[a] as number) - (column.values[b] as number),
  );
  const strata = new Int32Array(order.length);
  const bins = Math.max(1, Math.min(10, Math.floor(order.length / partCount)));
  for (const [rank, row] of order.entries()) strata[row] = Math.floor((bins * rank) / order.length);
  return strata;
}

/**
 * Deals units out so that each part is as near to its share of the rows as whole units allow: each goes where most are lacking.
 * Where there are enough units, no part that is to have rows goes without.
 */
function deal(units: readonly Unit[], shares: readonly number[], parts: number[][]): void {
  const total = units.reduce((sum, unit) => sum + unit.length, 0);
  const lacking = shares.map((part) => part * total);
  const waiting = new Set([...shares.keys()].filter((part) => (shares[part] as number) > 0));
  // Where two lack as much, the one that has less of the strata before.
  const first = (a: number, b: number): boolean =>
    lacking[a] === lacking[b]
      ? (parts[a] as number[]).length < (parts[b] as number[]).length
      : (lacking[a] as number) > (lacking[b] as number);
  const all = [...parts.keys()];
  const isEnough = units.length >= waiting.size;
  for (const [i, unit] of units.entries()) {
    const isScarce = isEnough && waiting.size > 0 && units.length - i <= waiting.size;
    const open = isScarce ? [...waiting] : all;
    const most = open.reduce((best, part) => (first(part, best) ? part : best));
    parts[most]?.push(...unit);
    lacking[most] = (lacking[most] as number) - unit.length;
    waiting.delete(most);
  }
}

function timeFolds(units: readonly Unit[], folds: number, time: string): Fold[] {
  if (units.length < folds + 1)
    throw new Error(
      `kFold: ${folds} folds in time need at least ${folds + 1} different values of '${time}'; there are ${units.length}.`,
    );
  const cut = (fold: number): number => Math.round(((fold + 1) * units.length) / (folds + 1));
  const rows = (from: number, to: number): Int32Array => Int32Array.from(units.slice(from, to).flat());
  return Array.from({ length: folds }, (_, fold) => ({
    train: rows(0, cut(fold)),
    test: rows(cut(fold), cut(fold + 1)),
  }));
}
