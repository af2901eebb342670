// How the numeric columns of a table go together, two by two.
//
//   const { names, values } = correlations(table);
//   values[0][1];   // Pearson's correlation of the first two numeric columns, -1 to 1

import type { Table } from '../table/table.js';

export interface Correlations {
  /** The numeric columns. */
  readonly names: readonly string[];
  /** Symmetric, 1 on the diagonal; NaN where a column has one value only or no rows hold both. */
  readonly values: readonly Float64Array[];
}

/**
 * Pearson's correlation of each pair of numeric columns, over the rows that hold both.
 * @throws Error if a named column is not numeric, or the table has no numeric one
 */
export function correlations(table: Table, names?: readonly string[]): Correlations {
  const columns =
    names?.map((name) => table.numeric(name)) ??
    table.columns.flatMap((column) => (column.kind === 'numeric' ? [column] : []));
  if (columns.length === 0)
    throw new Error(`correlations: the table has no numeric column. It has ${table.names.join(', ')}.`);
  const values = columns.map((a) => Float64Array.from(columns, (b) => pearson(a.values, b.values)));
  return { names: columns.map(({ name }) => name), values };
}

function pearson(x: Float64Array, y: Float64Array): number {
  let [count, meanX, meanY, xx, yy, xy] = [0, 0, 0, 0, 0, 0];
  for (let row = 0; row < x.length; row++) {
    const [a, b] = [x[row] as number, y[row] as number];
    if (Number.isNaN(a) || Number.isNaN(b)) continue;
    // Welford's updates: sums of squares far from zero would lose their digits.
    count++;
    const [fromX, fromY] = [a - meanX, b - meanY];
    meanX += fromX / count;
    meanY += fromY / count;
    xx += fromX * (a - meanX);
    yy += fromY * (b - meanY);
    xy += fromX * (b - meanY);
  }
  return x === y && xx > 0 ? 1 : xx > 0 && yy > 0 ? Math.max(-1, Math.min(1, xy / Math.sqrt(xx * yy))) : Number.NaN;
}
