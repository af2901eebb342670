// danfo's data frames and series as tables. Known by the fields they keep their data in: danfo is not loaded here.

import { own } from './read.js';
import type { Table } from './table.js';

export function frameTable(value: object): Table | undefined {
  const columns = own(value, '$columns');
  const index = own(value, '$index');
  const data = own(value, '$data');
  if (!Array.isArray(columns) || !Array.isArray(index) || !Array.isArray(data)) return undefined;
  const name = (row: number) => index[row] as unknown;
  if (own(value, '$isSeries') === true) {
    return { columns: columns.map(String), rows: index.length, cell: (row) => data[row], name };
  }
  // In danfo's mode for little memory the data is kept by columns only.
  const byColumn = own(value, '$dataIncolumnFormat');
  const cell =
    data.length === 0 && Array.isArray(byColumn)
      ? (row: number, column: number) => byColumn[column]?.[row] as unknown
      : (row: number, column: number) => data[row]?.[column] as unknown;
  return { columns: columns.map(String), rows: index.length, cell, name };
}
