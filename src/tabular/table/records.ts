// Tables from records, as JSON files and JavaScript programs have them.
//
//   tableFrom([{ age: 31, plan: 'basic', joined: new Date('2026-01-31') }, { age: null, plan: 'plus' }]);

import { type Column, type ColumnKind, categorical, date, numeric } from './column.js';
import { Table } from './table.js';

export interface TableFromOptions {
  /** Kinds of columns, by name; the others are what their values are: numbers, Dates, or else categories. */
  readonly types?: Readonly<Record<string, ColumnKind>>;
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

function columnOf(name: string, values: readonly unknown[], asked: ColumnKind | undefined): Column {
  const present = values.filter((value) => value !== undefined && !Number.isNaN(value));
  const all = (test: (value: unknown) => boolean): boolean => present.every(test);
  const isNumber = (value: unknown): value is number => typeof value === 'number' || typeof value === 'bigint';
  const isDate = (value: unknown): boolean => value instanceof Date;
  const kind = asked ?? (all(isNumber) ? 'numeric' : all(isDate) ? 'date' : 'categorical');
  const fits = { numeric: isNumber, date: (value: unknown) => isDate(value) || isNumber(value), categorical: isPlain }[
    kind
  ];
  const wrong = values.findIndex((value) => value !== undefined && !fits(value));
  if (wrong >= 0) {
    const shown = JSON.stringify(values[wrong]) ?? String(values[wrong]);
    throw new Error(`tableFrom: record ${wrong}, '${name}': ${shown} does not fit a ${kind} column.`);
  }
  const given = values as readonly (number | undefined)[];
  if (kind === 'numeric')
    return numeric(
      name,
      given.map((value) => (value === undefined ? value : Number(value))),
    );
  if (kind === 'date') return date(name, given);
  return categorical(
    name,
    given.map((value) => (Number.isNaN(value) ? undefined : value)),
  );
}

const isPlain = (value: unknown): boolean => ['string', 'number', 'bigint', 'boolean'].includes(typeof value);
