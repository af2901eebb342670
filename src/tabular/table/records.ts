// Tables from records, as JSON files and JavaScript programs have them.
//
//   tableFrom([{ age: 31, plan: 'basic', joined: new Date('2026-01-31') }, { age: null, plan: 'plus' }]);

import { type Column, type ColumnKind, categorical, date, numeric } from './column.js';
import { type DateFormat, readDate } from './dates.js';
import { readNumber } from './infer.js';
import { Table } from './table.js';

export interface TableFromOptions {
  /**
   * Kinds of columns, by name, or how a date is written; the others are what their values are: numbers, Dates, or else categories.
   * Texts in a column that is to be numeric or a date are read, dates as year-month-day (ISO 8601) unless another form is given.
   */
  readonly types?: Readonly<Record<string, ColumnKind | DateFormat>>;
}

/**
 * A table of records: a column for every key that occurs, in order of appearance; null, undefined, NaN and absent keys are missing.
 * @throws Error naming record and key where a value fits no column
 */
export function tableFrom(records: readonly object[], { types = {} }: TableFromOptions = {}): Table {
  const names = [...new Set(records.flatMap((record) => Object.keys(record)))];
  const unknown = Object.keys(types).find((name) => !names.includes(name));
  if (unknown !== undefined)
    throw new Error(`tableFrom: types names a column '${unknown}'. The columns are ${names.join(', ')}.`);
  return new Table(
    names.map((name) =>
      columnOf(
        name,
        records.map((record) => (record as Record<string, unknown>)[name] ?? undefined),
        types[name],
      ),
    ),
  );
}

function columnOf(name: string, values: readonly unknown[], asked: ColumnKind | DateFormat | undefined): Column {
  const present = values.filter((value) => value !== undefined && !Number.isNaN(value));
  const kind = asked ?? (present.every(isNumber) ? 'numeric' : present.every(isDate) ? 'date' : 'categorical');
  const read = readerOf(kind);
  const cells = values.map((value, record) => {
    if (value === undefined || Number.isNaN(value)) return undefined;
    const cell = read(value);
    if (cell !== undefined) return cell;
    const shown = JSON.stringify(value) ?? String(value);
    throw new Error(`tableFrom: record ${record}, '${name}': ${shown} does not fit a ${kind} column.`);
  });
  if (kind === 'categorical') return categorical(name, cells);
  return kind === 'numeric' ? numeric(name, cells as number[]) : date(name, cells as number[]);
}

type Plain = string | number | boolean;

/** What a value is in a column of this kind, or undefined where it does not fit. */
function readerOf(kind: ColumnKind | DateFormat): (value: unknown) => Plain | undefined {
  if (kind === 'categorical') return (value) => (isPlain(value) ? String(value) : undefined);
  if (kind === 'numeric')
    return (value) =>
      isNumber(value) ? Number(value) : typeof value === 'string' ? readNumber(value.trim()) : undefined;
  const format = kind === 'date' ? 'year-month-day' : kind;
  return (value) =>
    isDate(value) || isNumber(value)
      ? Number(value)
      : typeof value === 'string'
        ? readDate(value.trim(), format)
        : undefined;
}

const isNumber = (value: unknown): boolean => typeof value === 'number' || typeof value === 'bigint';
const isDate = (value: unknown): boolean => value instanceof Date;
const isPlain = (value: unknown): boolean => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
