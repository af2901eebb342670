// Figures of groups of rows, as pandas' groupby gives them: missing values are left out, never counted as 0.
//
//   groupBy(penguins, 'species', { body_mass_g: 'mean' });   // a table: species, body_mass_g_mean
//   groupBy(penguins, ['species', 'sex'], { body_mass_g: ['mean', 'count'] });

import { type Column, type DateColumn, type NumericColumn, takeColumn } from './column.js';
import { median } from './median.js';
import { Table } from './table.js';

/**
 * What is made of the values that are there. `count` counts them and `missing` those that are not; both also go with categories.
 * `std` is the standard deviation divided by count - 1. Without values, `sum` is 0 and the others are missing.
 */
export type Figure = keyof typeof figures;

const figures = {
  count: (values: Float64Array) => values.length,
  missing: (_: Float64Array, missing: number) => missing,
  sum,
  mean,
  std: (values: Float64Array) => {
    const middle = mean(values);
    const squares = sum(values.map((value) => (value - middle) ** 2));
    return values.length < 2 ? Number.NaN : Math.sqrt(squares / (values.length - 1));
  },
  min: (values: Float64Array) => (values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.min(a, b))),
  median,
  max: (values: Float64Array) => (values.length === 0 ? Number.NaN : values.reduce((a, b) => Math.max(a, b))),
} satisfies Record<string, (values: Float64Array, missing: number) => number>;

/**
 * A table with a row for each combination of the keys' values that occurs, sorted by the keys (categories in their order), and a
 * column named `column_figure` for each figure asked for. Rows in which a key is missing are left out.
 * @throws Error if there is no such column or figure, or a figure of categories other than `count` and `missing` is asked for
 */
export function groupBy(
  table: Table,
  keys: string | readonly string[],
  wanted: Readonly<Record<string, Figure | readonly Figure[]>>,
): Table {
  const by = (typeof keys === 'string' ? [keys] : keys).map((key) => table.column(key));
  if (by.length === 0) throw new Error('groupBy: name at least one column to group by.');
  const asked = Object.entries(wanted).flatMap(([name, some]) =>
    (typeof some === 'string' ? [some] : some).map((figure) => ({ column: checked(table, name, figure), figure })),
  );
  const groups = groupsOf(by, table.rowCount);
  const firsts = groups.map((rows) => rows[0] as number);
  return new Table([
    ...by.map((key) => takeColumn(key, firsts)),
    ...asked.map(({ column, figure }) => figureColumn(column, figure, groups)),
  ]);
}

function checked(table: Table, name: string, figure: Figure): Column {
  const column = table.column(name);
  if (!Object.hasOwn(figures, figure))
    throw new Error(`groupBy: '${name}' asks for '${figure}'. Figures are ${Object.keys(figures).join(', ')}.`);
  const plain = figure === 'count' || figure === 'missing';
  if (column.kind === 'categorical' && !plain)
    throw new Error(`groupBy: '${name}' is categorical and has no ${figure}. Ask for 'count' or 'missing'.`);
  if (column.kind === 'date' && (figure === 'sum' || figure === 'std'))
    throw new Error(`groupBy: '${name}' holds dates, which have no ${figure}.`);
  return column;
}

const codesOf = (column: Column): Int32Array | Float64Array =>
  column.kind === 'categorical' ? column.codes : column.values;

/** The rows of each group, ascending; groups sorted by their keys. */
function groupsOf(keys: readonly Column[], rowCount: number): number[][] {
  const codes = keys.map(codesOf);
  const isThere = (row: number) =>
    keys.every(({ kind }, k) => {
      const code = codes[k]?.[row] as number;
      return kind === 'categorical' ? code >= 0 : !Number.isNaN(code);
    });
  const groups = new Map<string, number[]>();
  for (let row = 0; row < rowCount; row++) {
    if (!isThere(row)) continue;
    const key = codes.map((values) => values[row]).join(' ');
    const rows = groups.get(key);
    if (rows) rows.push(row);
    else groups.set(key, [row]);
  }
  const order = (a: readonly number[], b: readonly number[]): number => {
    for (const values of codes) {
      const difference = (values[a[0] as number] as number) - (values[b[0] as number] as number);
      if (difference !== 0) return difference;
    }
    return 0;
  };
  return [...groups.values()].sort(order);
}

function figureColumn(column: Column, figure: Figure, groups: readonly number[][]): NumericColumn | DateColumn {
  const isDate = column.kind === 'date' && figure !== 'count' && figure !== 'missing';
  const values = Float64Array.from(groups, (rows) => {
    const all = Float64Array.from(rows, (row) => codesOf(column)[row] as number);
    const there = all.filter((value) => (column.kind === 'categorical' ? value >= 0 : !Number.isNaN(value)));
    return figures[figure](there, all.length - there.length);
  });
  return { kind: isDate ? 'date' : 'numeric', name: `${column.name}_${figure}`, values };
}

function sum(values: Float64Array): number {
  return values.reduce((total, value) => total + value, 0);
}

function mean(values: Float64Array): number {
  return values.length === 0 ? Number.NaN : sum(values) / values.length;
}
