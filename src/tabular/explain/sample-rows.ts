// Some of a table's rows, drawn without replacement: what is estimated from all of a large table can be from a few thousand.

import type { Table } from '../table/table.js';

/** At most `most` rows, in the table's order; the same ones for the same generator. The table itself where it has no more. */
export function sampleRows(table: Table, most: number, random: () => number): Table {
  return table.rowCount <= most ? table : table.take(sampleIndices(table.rowCount, most, random));
}

/** `count` of the numbers from 0 to `length - 1`, ascending; all of them where there are no more (Knuth's algorithm S). */
export function sampleIndices(length: number, count: number, random: () => number): Int32Array {
  const chosen: number[] = [];
  for (let i = 0; i < length && chosen.length < count; i++)
    if (random() * (length - i) < count - chosen.length) chosen.push(i);
  return Int32Array.from(chosen);
}
