// The quick form of tabular lessons, MODEL_TYPES_QUICK=1: few rounds, epochs and rows, the cells unchanged.

import { isQuick } from '../tasks/quick.js';
import type { Table } from './table/table.js';

const most = { rounds: 5, epochs: 1, rows: 400 };

/** Trees to grow: as many as asked for, or in the quick form a few. */
export const cappedRounds = (asked: number): number => (isQuick() ? Math.min(asked, most.rounds) : asked);

/** Epochs of a network: as many as asked for, or in the quick form one. */
export const cappedEpochs = (asked: number): number => (isQuick() ? Math.min(asked, most.epochs) : asked);

/** Rows to learn from or to score on: all, or in the quick form some spread evenly over them. */
export function cappedTable(table: Table): Table {
  if (!isQuick() || table.rowCount <= most.rows) return table;
  return table.take(Array.from({ length: most.rows }, (_, i) => Math.floor((i * table.rowCount) / most.rows)));
}
