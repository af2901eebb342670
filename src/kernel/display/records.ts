// Arrays of records, and Maps of records or tensors, as tables.

import { types } from 'node:util';
import { isObject, isRecord, own } from './read.js';
import type { Table } from './table.js';
import { findTensor } from './tensor.js';

/** How many elements decide what the others are taken for; the rows that are shown are shown as what they are. */
const sample = 100;

/** An array of records with columns in common, most of them numbers and words. */
export function recordsTable(value: readonly unknown[]): Table | undefined {
  const columns = columnsOf(value);
  if (!columns) return undefined;
  return {
    columns,
    rows: value.length,
    cell: (row, column) => cell(value[row], columns[column] as string),
    name: (row) => row,
  };
}

/** A Map of such records, each row named by its key; or of tensors, by type and shape. */
export function mapTable(value: ReadonlyMap<unknown, unknown>): Table | undefined {
  if (value.size === 0) return undefined;
  // A subclass may say something else of its entries; Map's own methods run no code of it.
  const entries = [...Map.prototype.entries.call(value)] as [unknown, unknown][];
  const name = (row: number) => entries[row]?.[0];
  const tensors = entries.map(([, each]) => (isObject(each) ? findTensor(each) : undefined));
  if (tensors.every((each) => each !== undefined)) {
    const columns = ['type', 'shape'];
    const of = (row: number) => [tensors[row]?.dtype, `[${tensors[row]?.shape.join(', ')}]`];
    return { columns, rows: entries.length, cell: (row, column) => of(row)[column], name };
  }
  const values = entries.map(([, each]) => each);
  const columns = columnsOf(values);
  if (!columns) return undefined;
  return {
    columns,
    rows: values.length,
    cell: (row, column) => cell(values[row], columns[column] as string),
    name,
  };
}

function cell(record: unknown, column: string): unknown {
  if (!isObject(record)) return record;
  const found = Object.getOwnPropertyDescriptor(record, column);
  return found?.get ? '[Getter]' : found?.value;
}

function columnsOf(values: readonly unknown[]): string[] | undefined {
  if (values.length === 0 || !isRecord(values[0])) return undefined;
  const columns = new Set<string>();
  let widest = 0;
  let simple = 0;
  let cells = 0;
  for (let at = 0; at < Math.min(values.length, sample); at++) {
    const record = values[at];
    if (!isRecord(record)) return undefined;
    const keys = Object.keys(record);
    widest = Math.max(widest, keys.length);
    if (widest > 1000) return undefined;
    for (const key of keys) {
      columns.add(key);
      cells++;
      if (isSimple(own(record, key))) simple++;
    }
  }
  // Objects that have little in common, or hold mostly other objects, read better as objects.
  if (widest === 0 || columns.size > 2 * widest || simple * 2 < cells) return undefined;
  return [...columns];
}

function isSimple(value: unknown): boolean {
  return !isObject(value) ? typeof value !== 'function' : types.isDate(value);
}
