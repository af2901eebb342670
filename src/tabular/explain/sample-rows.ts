// Some of a table's rows, drawn without replacement: what is estimated from all of a large table can be from a few thousand.

import { someIndices } from '../../hub/random.js';
import type { Table } from '../table/table.js';

/** At most `most` rows, in the table's order; the same ones for the same generator. The table itself where it has no more. */
export function sampleRows(table: Table, most: number, random: () => number): Table {
  return table.rowCount <= most ? table : table.take(someIndices(table.rowCount, most, random));
}
