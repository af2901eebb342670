// A table as JSON, exact to the bit: rows that a saved model keeps.

import { decodeNumbers, encodeNumbers } from '../number-arrays.js';
import type { Column } from './column.js';
import { Table } from './table.js';

/** Everything in a table. */
export const tableToJson = (table: Table): unknown => ({
  columns: table.columns.map((column) =>
    column.kind === 'categorical'
      ? { ...column, codes: encodeNumbers(column.codes) }
      : { ...column, values: encodeNumbers(column.values) },
  ),
});

/** The table again. Throws Error naming `what` where it is none. */
export function tableFromJson(json: unknown, what: string): Table {
  const { columns } = (json ?? {}) as { columns?: unknown };
  if (!Array.isArray(columns)) throw new Error(`${what}: not a saved table.`);
  return new Table(columns.map((column: Record<string, unknown>) => columnFromJson(column, what)));
}

function columnFromJson({ kind, name, categories, codes, values }: Record<string, unknown>, what: string): Column {
  const where = `${what}, column '${name}',`;
  if (typeof name !== 'string') throw new Error(`${what} has a column without a name.`);
  if (kind === 'categorical') {
    if (!Array.isArray(categories)) throw new Error(`${where} has no categories.`);
    return { kind, name, categories, codes: decodeNumbers(codes, where) as Int32Array };
  }
  if (kind !== 'numeric' && kind !== 'date') throw new Error(`${where} is of no kind known: ${String(kind)}.`);
  return { kind, name, values: decodeNumbers(values, where) as Float64Array };
}
