// The rows of a table in groups: by the categories of a column, or by the few values of a number.

import { type Column, valueAt } from '../tabular/table/column.js';
import type { Table } from '../tabular/table/table.js';
import { brief } from './cells.js';

/** Rows that share a value. */
export interface Group {
  readonly name: string;
  readonly rows: readonly number[];
}

/** More groups than this could not be told apart. */
const mostGroups = 8;

/**
 * The groups in the order of the categories; rows without a value are the last one, 'missing'.
 * @throws Error if the column is a date or has too many values
 */
export function groupsOf(table: Table, name: string, caller: string): Group[] {
  const column = table.column(name);
  const rows = new Map<string | number | undefined, number[]>();
  if (column.kind === 'categorical') for (const category of column.categories) rows.set(category, []);
  for (let row = 0; row < table.rowCount; row++) {
    const value = keyOf(column, row, caller);
    const group = rows.get(value);
    if (group === undefined) rows.set(value, [row]);
    else group.push(row);
    if (rows.size > 1000) break;
  }
  const keys = [...rows.keys()].filter((key) => key !== undefined && (rows.get(key)?.length ?? 0) > 0);
  if (column.kind === 'numeric') keys.sort((a, b) => Number(a) - Number(b));
  if (keys.length > mostGroups)
    throw new Error(
      `${caller}: '${name}' has ${rows.size > 1000 ? 'over 1,000' : keys.length} different values; groups are told apart up to ${mostGroups}.`,
    );
  const text = (key: string | number | undefined): string => (typeof key === 'number' ? brief(key) : String(key));
  const missing = rows.get(undefined);
  return [
    ...keys.map((key) => ({ name: text(key), rows: rows.get(key) as number[] })),
    ...(missing === undefined ? [] : [{ name: 'missing', rows: missing }]),
  ];
}

function keyOf(column: Column, row: number, caller: string): string | number | undefined {
  const value = valueAt(column, row);
  if (value instanceof Date) throw new Error(`${caller}: '${column.name}' is a date; take a column of categories.`);
  return value;
}
