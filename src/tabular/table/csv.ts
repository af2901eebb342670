// Tables from CSV files: the whole of one, or as a stream of tables where it is too large to hold.
//
//   const table = await readCsvTable('people.csv', { types: { zip: 'categorical' } });
//   table.types;   // of each column, its kind and why: 'numeric', '341 of 341 values are numbers; 3 missing'
//   for await (const part of streamTable('payments.csv', { batchRows: 50_000 })) ...

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { ColumnKind } from './column.js';
import { type CsvRecord, openCsv } from './csv-records.js';
import { type DateFormat, dateFormats } from './dates.js';
import { type ColumnType, inferColumn, readColumn, type UnfitValue } from './infer.js';
import { Table } from './table.js';

export interface CsvOptions {
  /** Kinds of columns, by name, or how a date is written; the others are found out. */
  readonly types?: Readonly<Record<string, ColumnKind | DateFormat>>;
  /** Texts that stand for a missing value. Default: '', NA, N/A, NaN, nan, null, NULL, None, ?. */
  readonly missing?: readonly string[];
  /** What stands before the decimals of a number. Default '.'. */
  readonly decimal?: '.' | ',';
  /** What separates the fields. Default: a comma, for `.tsv` a tab. */
  readonly delimiter?: string;
  /** Rows with too few or too many fields: 'error' (default) names their lines, 'skip' leaves them out. */
  readonly badRows?: 'error' | 'skip';
  /** Values that do not fit the type of their column: 'error' (default) names the first, 'missing' takes them for missing. */
  readonly unfit?: 'error' | 'missing';
}

export interface StreamTableOptions extends CsvOptions {
  /** Rows of each table but the last. Default 10,000. Types are found out from the first so many rows. */
  readonly batchRows?: number;
}

/** A table that knows how its columns were read. */
export class ReadTable extends Table {
  readonly types: readonly ColumnType[];
  /** Rows that were left out, by line, with what is wrong with them. */
  readonly skipped: readonly { readonly line: number; readonly problem: string }[];
  /** Values that were taken for missing because they do not fit the type of their column. */
  readonly unfit: readonly UnfitValue[];

  constructor(
    columns: Table['columns'],
    types: readonly ColumnType[],
    skipped: ReadTable['skipped'] = [],
    unfit: ReadTable['unfit'] = [],
  ) {
    super(columns);
    this.types = types;
    this.skipped = skipped;
    this.unfit = unfit;
  }
}

/** What `CsvOptions` may be. */
export const csvOptions = z.strictObject({
  types: z.record(z.string(), z.enum(['numeric', 'categorical', 'date', ...dateFormats])).optional(),
  missing: z.array(z.string()).optional(),
  decimal: z.enum(['.', ',']).optional(),
  delimiter: z.string().min(1).optional(),
  badRows: z.enum(['error', 'skip']).optional(),
  unfit: z.enum(['error', 'missing']).optional(),
});
const streamSchema = csvOptions.extend({ batchRows: z.int().min(1).default(10_000) });

/**
 * Reads a whole file: RFC 4180, UTF-8, header first.
 * @throws Error naming the file and the lines that cannot be read, and why
 */
export async function readCsvTable(path: string, options: CsvOptions = {}): Promise<ReadTable> {
  checkOptions('readCsvTable', csvOptions, options);
  const skipped: { line: number; problem: string }[] = [];
  const { names, records } = await openCsv(path, {
    ...options,
    onBadRow: (line, problem) => skipped.push({ line, problem }),
  });
  checkTypes(path, names, options);
  const batch = new Batch(names);
  for await (const some of records) for (const record of some) batch.push(record);
  if (batch.rowCount === 0) throw new Error(`${path}: there is a header and no rows.`);
  return batch.table(path, batch.types(options), options, skipped);
}

/**
 * The same as tables of `batchRows` rows, one after another, in flat memory. A later value that does not fit the types of the first
 * rows is an error that names its line: give its type then, or `unfit: 'missing'`. The categories of a table are those that occur
 * in it, so codes of two tables are not to be compared: names are.
 */
export async function* streamTable(path: string, options: StreamTableOptions = {}): AsyncGenerator<ReadTable, void> {
  const { batchRows } = checkOptions('streamTable', streamSchema, options);
  let skipped: { line: number; problem: string }[] = [];
  const { names, records } = await openCsv(path, {
    ...options,
    onBadRow: (line, problem) => skipped.push({ line, problem }),
  });
  checkTypes(path, names, options);
  let types: readonly ColumnType[] | undefined;
  let batch = new Batch(names);
  const whole = (): ReadTable => {
    types ??= batch.types(options);
    const table = batch.table(path, types, options, skipped);
    batch = new Batch(names);
    skipped = [];
    return table;
  };
  for await (const some of records)
    for (const record of some) {
      batch.push(record);
      if (batch.rowCount === batchRows) yield whole();
    }
  if (batch.rowCount > 0) yield whole();
}

/** Records on their way to a table, column by column. */
class Batch {
  readonly #names: readonly string[];
  readonly #texts: string[][];
  readonly #lines: number[] = [];

  constructor(names: readonly string[]) {
    this.#names = names;
    this.#texts = names.map(() => []);
  }

  get rowCount(): number {
    return this.#lines.length;
  }

  push({ line, fields }: CsvRecord): void {
    this.#lines.push(line);
    for (let i = 0; i < fields.length; i++) this.#texts[i]?.push(fields[i] as string);
  }

  types(options: CsvOptions): ColumnType[] {
    return this.#names.map((name, i) => {
      const texts = this.#texts[i] as string[];
      const said = options.types?.[name];
      if (said === undefined) return inferColumn(name, texts, options);
      const reason = 'as types says';
      if (said === 'numeric' || said === 'categorical') return { name, kind: said, reason };
      if (said !== 'date') return { name, kind: 'date', format: said, reason };
      const { kind, format } = inferColumn(name, texts, options);
      return { name, kind: 'date', reason, format: kind === 'date' && format ? format : 'year-month-day' };
    });
  }

  table(path: string, types: readonly ColumnType[], options: CsvOptions, skipped: ReadTable['skipped']): ReadTable {
    const lineOf = (row: number): number => this.#lines[row] as number;
    const unfit: UnfitValue[] = [];
    const onUnfit = options.unfit === 'missing' ? (value: UnfitValue) => void unfit.push(value) : undefined;
    try {
      const columns = types.map((type, i) => readColumn(type, this.#texts[i] as string[], lineOf, options, onUnfit));
      return new ReadTable(columns, types, skipped, unfit);
    } catch (error) {
      throw new Error(`${path}, ${(error as Error).message}`, { cause: error });
    }
  }
}

function checkTypes(path: string, names: readonly string[], { types = {} }: CsvOptions): void {
  const unknown = Object.keys(types).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`${path}: types names a column '${unknown}'. The columns are ${names.join(', ')}.`);
}
