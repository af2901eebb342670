// The rows of several tables with the same columns, one table after another.
//
//   concatenate([january, february]);

import { type Column, categorical, lengthOf, missingOf, valueAt } from './column.js';
import { Table } from './table.js';

/**
 * Columns are found by name, in the order of the first table. A column without any value in one table takes its kind from the
 * others. Categories are those of all, sorted.
 * @throws Error if there are no tables, a column is not in all, or is of different kinds
 */
export function concatenate(parts: readonly Table[]): Table {
  const [first] = parts;
  if (first === undefined) throw new Error('concatenate: there are no tables.');
  for (const part of parts) {
    const other = part.names.find((name) => !first.has(name)) ?? first.names.find((name) => !part.has(name));
    if (other !== undefined) throw new Error(`concatenate: the column '${other}' is not in every table.`);
  }
  return parts.length === 1
    ? first
    : new Table(first.names.map((name) => joined(parts.map((part) => part.column(name)))));
}

function joined(columns: readonly Column[]): Column {
  const filled = columns.filter((column) => missingOf(column) < lengthOf(column));
  const { name, kind } = (filled[0] ?? columns[0]) as Column;
  const other = filled.find((column) => column.kind !== kind);
  if (other !== undefined)
    throw new Error(
      `concatenate: the column '${name}' is ${kind} in one table and ${other.kind} in another. Say which in types.`,
    );
  const length = columns.reduce((sum, column) => sum + lengthOf(column), 0);
  if (kind === 'categorical') {
    const categories = new Set(columns.flatMap((column) => (column.kind === kind ? column.categories : [])));
    const values = columns.flatMap((column) =>
      Array.from({ length: lengthOf(column) }, (_, row) => valueAt(column, row) as string | undefined),
    );
    return categorical(name, values, [...categories].sort());
  }
  const values = new Float64Array(length).fill(Number.NaN);
  let start = 0;
  for (const column of columns) {
    if (column.kind === kind) values.set(column.values, start);
    start += lengthOf(column);
  }
  return { kind, name, values };
}
