// Data frames of danfojs-node 1.2.0, in and out. Loading danfojs takes about two seconds, so nobody pays for it who does not ask.
//
//   const frame = await toDanfo(penguins);
//   frame.groupby(['island']).col(['body_mass_g']).count().print();
//   const table = fromDanfo(frame.query(frame.body_mass_g.gt(4000)));
//
// What danfojs 1.2.0 does with missing values, tried (test/tabular/table/danfo.test.ts holds each of these):
// - Right: isNa, dropNa, and mean, median, std, var, min, max, sum and count of a column, which leave missing values out; fillNa's
//   result; sort of columns without missing values; getDummies of such columns.
// - Wrong: a group with a missing value has no mean, min, std or sum (NaN), its `count` counts the missing value too, and null is
//   taken for 0. Use groupBy() of ./group.ts.
// - Wrong: groupby of two keys mixes up groups, as it joins the keys by '-': ('a-b', 'c') and ('a', 'b-c') are one. Use groupBy().
// - Wrong: fillNa(values, { columns }) changes the rows of the frame it is called on, although `inplace` is false, and leaves its
//   columns as they were, so the two disagree from then on. Use impute().
// - Wrong: sortValues leaves rows in disorder around a missing value: [3, NaN, 1, 2] stays so.
// - Wrong: getDummies makes a column of its own of the missing values, named 'c_NaN'. Use oneHot().
// - Wrong: StandardScaler and MinMaxScaler make a whole column NaN for one missing value. Use standardize() or minMax().
// - Wrong: nUnique and valueCounts count a missing value as a value; cumSum is NaN from the first one on. Use describe().
// - Wrong: toCSV quotes nothing, so a text with a comma becomes two fields. Use writeCsvTable().
// - Wrong: a column that begins with undefined throws 'File format not supported!' when it is read. toDanfo writes NaN instead.

import Module, { createRequire } from 'node:module';
import type { DataFrame } from 'danfojs-node';
import { type Column, categorical, date, lengthOf, numeric, valueAt } from './column.js';
import { Table } from './table.js';

/** The library danfojs-node. */
export type Danfo = typeof import('danfojs-node');

let loaded: Danfo | undefined;

/**
 * Loads danfojs on the TensorFlow.js that this package uses, with its banner silenced. By itself danfojs asks for
 * @tensorflow/tfjs-node, which may be missing, and which switches every computation of the process to another backend.
 */
export async function loadDanfo(): Promise<Danfo> {
  await import('../../engine/tf.js');
  loaded ??= requireDanfo();
  return loaded;
}

/** Node's own loader of CommonJS modules. */
interface Loader {
  _load(this: unknown, request: string, ...rest: readonly unknown[]): unknown;
}

function requireDanfo(): Danfo {
  const loader = Module as unknown as Loader;
  const load = loader._load;
  loader._load = function (request, ...rest) {
    return load.call(this, request === '@tensorflow/tfjs-node' ? '@tensorflow/tfjs' : request, ...rest);
  };
  // Something danfojs needs loads punycode, of which Node 22 warns on stderr. Under --no-deprecation the property cannot be set.
  const speaks = process.noDeprecation !== true;
  if (speaks) process.noDeprecation = true;
  try {
    return createRequire(import.meta.url)('danfojs-node') as Danfo;
  } finally {
    loader._load = load;
    if (speaks) process.noDeprecation = false;
  }
}

/**
 * A table as a data frame: numbers, texts, dates as `Date`s, and booleans for a categorical column whose categories are false and
 * true; missing values as NaN in every column, the only form that danfojs reads back from all of them. The order of categories is
 * lost.
 * @throws Error of a table without rows, which danfojs cannot hold, or with a column whose name means something to danfojs
 */
export async function toDanfo(table: Table): Promise<DataFrame> {
  if (table.rowCount === 0) throw new Error('toDanfo: the table has no rows, and danfojs has no frames without rows.');
  const reserved = table.names.find((name) => ['constructor', 'columns', '__proto__'].includes(name));
  if (reserved !== undefined)
    throw new Error(`toDanfo: danfojs cannot hold a column named '${reserved}'. Give it another name with rename().`);
  const { DataFrame } = await loadDanfo();
  const cells = table.columns.map(cellsOf);
  // Rows, as an object of columns would put names that are whole numbers first.
  const rows = Array.from({ length: table.rowCount }, (_, row) => cells.map((column) => column[row]));
  return new DataFrame(rows, { columns: table.names, dtypes: table.columns.map(dtypeOf) });
}

const isBoolean = (column: Column): boolean =>
  column.kind === 'categorical' && column.categories.join() === 'false,true';

function cellsOf(column: Column): unknown[] {
  const cells = Array.from({ length: lengthOf(column) }, (_, row) => valueAt(column, row) ?? Number.NaN);
  return isBoolean(column) ? cells.map((cell) => (typeof cell === 'string' ? cell === 'true' : cell)) : cells;
}

function dtypeOf(column: Column): string {
  if (column.kind === 'numeric') return 'float32'; // a label: the values keep their 64 bits
  if (column.kind === 'date') return 'datetime';
  return isBoolean(column) ? 'boolean' : 'string';
}

/**
 * A data frame as a table; its index is left out. Numbers make a numeric column, Dates a date column, texts and booleans a
 * categorical one; NaN, null and undefined are missing. Where a column has no value at all, danfojs's dtype decides.
 * @throws Error naming a column of mixed kinds
 */
export function fromDanfo(frame: DataFrame): Table {
  const names: readonly string[] = frame.columns;
  const rows = frame.values as readonly (readonly unknown[])[];
  return new Table(
    names.map((name, c) =>
      columnFrom(
        name,
        rows.map((row) => row[c]),
        String(frame.dtypes[c]),
      ),
    ),
  );
}

const kinds: Readonly<Record<string, string>> = {
  int32: 'number',
  float32: 'number',
  boolean: 'boolean',
  datetime: 'Date',
};

function columnFrom(name: string, given: readonly unknown[], dtype: string): Column {
  const cells = given.map((cell) => (cell === null || Number.isNaN(cell) ? undefined : cell));
  const found = new Set(cells.filter((cell) => cell !== undefined).map(kindOf));
  if (found.size > 1)
    throw new Error(`fromDanfo: the column '${name}' holds ${[...found].join(' and ')} values. Make them of one kind.`);
  const [kind = kinds[dtype] ?? 'string'] = found;
  if (kind === 'number') return numeric(name, cells as number[]);
  if (kind === 'Date') return date(name, cells as Date[]);
  if (kind === 'boolean') return categorical(name, cells as boolean[], ['false', 'true']);
  if (kind === 'string') return categorical(name, cells as string[]);
  throw new Error(
    `fromDanfo: the column '${name}' holds ${kind} values. A table has numbers, texts, booleans and Dates.`,
  );
}

const kindOf = (cell: unknown): string => (cell instanceof Date ? 'Date' : typeof cell);
