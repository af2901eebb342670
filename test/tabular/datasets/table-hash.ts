// A fingerprint of a table: equal tables on two machines have the same.

import { createHash } from 'node:crypto';
import type { Table } from '../../../src/tabular/table/table.js';

export function tableHash(table: Table): string {
  const hash = createHash('sha256');
  for (const column of table.columns) {
    hash.update(`${column.name}\n${column.kind}\n`);
    if (column.kind === 'categorical') hash.update(column.categories.join('\n'));
    const values =
      column.kind === 'categorical' ? column.codes : column.values.map((v) => (Number.isNaN(v) ? -1e300 : v));
    hash.update(new Uint8Array(values.buffer, values.byteOffset, values.byteLength));
  }
  return hash.digest('hex').slice(0, 16);
}

/** The mean of a number each row has over the rows for which `of` is true. */
export function meanWhere(rowCount: number, value: (row: number) => number, of: (row: number) => boolean): number {
  let sum = 0;
  let count = 0;
  for (let row = 0; row < rowCount; row++) {
    if (!of(row)) continue;
    sum += value(row);
    count++;
  }
  return sum / count;
}
