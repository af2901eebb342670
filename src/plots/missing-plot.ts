// What a table lacks: the share of rows without a value, column by column.
//
//   show(missingPlot(table));

import { missingOf } from '../tabular/table/column.js';
import type { Table } from '../tabular/table/table.js';
import { bars } from './bars.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { percent } from './numbers.js';

export interface MissingPlotOptions {
  readonly title?: string;
  /** Columns drawn at most, those that miss most first. Default 20. */
  readonly most?: number;
}

/**
 * Bars of the columns that miss values, those that miss most first; all columns where none does.
 *
 * @throws if the table has no rows.
 */
export function missingPlot(
  table: Table,
  { title = 'Missing values', most = 20 }: MissingPlotOptions = {},
): Figure & Displayable {
  if (table.rowCount === 0) throw new Error('missingPlot: nothing to draw, the table has no rows.');
  const all = table.columns
    .map((column) => ({ name: column.name, value: (100 * missingOf(column)) / table.rowCount }))
    .sort((a, b) => b.value - a.value);
  const lacking = all.filter(({ value }) => value > 0);
  const shown = (lacking.length > 0 ? lacking : all).slice(0, most);
  const { data, layout, text } = bars(shown, {
    title,
    valueTitle: `Rows without a value (% of ${table.rowCount.toLocaleString('en-US')})`,
    format: (value) => `${value.toFixed(value > 0 && value < 0.1 ? 2 : 1)}%`,
  });
  const first = lacking[0];
  const alt =
    first === undefined
      ? `No value is missing in ${all.length} columns.`
      : `${lacking.length} of ${all.length} columns miss values, most of all ${first.name} (${percent(first.value / 100)} of ${table.rowCount.toLocaleString('en-US')} rows).`;
  return figure({ data, layout, text, alt });
}
