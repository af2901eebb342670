// A matrix in colours, its numbers in the cells: correlations of columns, the mean prediction for two features.
//
//   const { names, values } = correlations(table);
//   show(heatMap(values, { rows: names, columns: names, title: 'Correlations', valueTitle: 'Pearson correlation', diverging: 1 }));

import { shortened } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, requireFinite, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, divergingScale, inkOn, plain, scaleColor, sequentialScale } from './theme.js';
import { endsOf } from './thin.js';

export interface HeatMapOptions {
  readonly title: string;
  /** What the numbers are, with their unit. */
  readonly valueTitle: string;
  readonly rows: readonly string[];
  readonly columns: readonly string[];
  readonly rowTitle?: string;
  readonly columnTitle?: string;
  /** Colours go from −this over white at 0 to this. Default: from light at the lowest number to dark at the highest. */
  readonly diverging?: number;
}

/** Up to this many a cell has room for its number. */
const mostWritten = { columns: 14, rows: 30 };

/**
 * A heat map; `values[row][column]`, NaN where there is none.
 *
 * @throws if the shape and the names disagree, or a number is infinite.
 */
export function heatMap(values: readonly ArrayLike<number>[], options: HeatMapOptions): Figure & Displayable {
  const { title, valueTitle, rows, columns, rowTitle = '', columnTitle = '', diverging } = options;
  requireRows(values, 'heatMap', 'Give one list of numbers a row.');
  if (values.length !== rows.length)
    throw new Error(`heatMap: ${values.length} rows of numbers but ${rows.length} names. Give one name a row.`);
  const cells = values.map((row, r) => {
    if (row.length !== columns.length)
      throw new Error(`heatMap: the row ${JSON.stringify(rows[r])} has ${row.length} numbers, not ${columns.length}.`);
    return Array.from(row, (value, c) =>
      Number.isNaN(value)
        ? undefined
        : requireFinite(value, `heatMap: ${JSON.stringify(rows[r])}, ${JSON.stringify(columns[c])}`),
    );
  });
  const [low, high] =
    diverging === undefined ? endsOf(cells.flat().map((value) => value ?? Number.NaN)) : [-diverging, diverging];
  const scale = diverging === undefined ? sequentialScale : divergingScale;
  const writes = columnFormat(cells.flat());
  const format = diverging === undefined ? writes : (value: number) => value.toFixed(2).replace('-0.00', '0.00');
  const shareOf = (value: number): number =>
    high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  const written = columns.length <= mostWritten.columns && rows.length <= mostWritten.rows;
  const places = { x: columns.map((_, i) => i), y: rows.map((_, i) => i) };
  const flat = cells.flatMap((row, y) => row.flatMap((value, x) => (value === undefined ? [] : [{ x, y, value }])));
  const data: object[] = [
    {
      ...{
        type: 'heatmap',
        ...places,
        z: cells.map((row) => row.map((value) => value ?? null)),
        zmin: low,
        zmax: high,
      },
      ...{ colorscale: scale, xgap: 1, ygap: 1 },
      colorbar: {
        title: { text: plain(valueTitle), side: 'right', font: { size: 13 } },
        thickness: 14,
        tickfont: { size: 12 },
        outlinewidth: 0,
      },
      hovertext: cells.map((row, r) =>
        row.map(
          (value, c) =>
            `${plain(rows[r] as string)}, ${plain(columns[c] as string)}: ${value === undefined ? 'none' : format(value)}`,
        ),
      ),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  if (written)
    data.push({
      ...{ type: 'scatter', mode: 'text', x: flat.map(({ x }) => x), y: flat.map(({ y }) => y) },
      text: flat.map(({ value }) => format(value).replace('-', '−')),
      textfont: {
        size: columns.length > 9 ? 10 : 12,
        color: flat.map(({ value }) => inkOn(scaleColor(shareOf(value), scale))),
      },
      ...{ hoverinfo: 'skip', showlegend: false },
    });
  const names = (all: readonly string[]) => ({
    tickmode: 'array',
    tickvals: all.map((_, i) => i),
    ticktext: all.map((name) => plain(shortened(name, 24))),
  });
  const layout = baseLayout(
    { title, height: Math.min(Math.max(rows.length * 30, 160), 900) + 190 },
    {
      xaxis: axis(plain(columnTitle), { ...names(columns), showgrid: false, range: [-0.5, columns.length - 0.5] }),
      yaxis: axis(plain(rowTitle), { ...names(rows), showgrid: false, range: [rows.length - 0.5, -0.5] }),
    },
  );
  const text = textTable(
    [{ title: rowTitle }, ...columns.map((name) => ({ title: name, right: true }))],
    cells.map((row, r) => [rows[r] as string, ...row.map((value) => (value === undefined ? '–' : format(value)))]),
  );
  const square = rows.length === columns.length && rows.every((name, i) => name === columns[i]);
  // Of a column with itself, or a pair said already, there is nothing to say.
  const said = square ? flat.filter(({ x, y }) => x > y) : flat;
  return figure({ data, layout, text, alt: finding(title, said, options, format) });
}

function finding(
  title: string,
  cells: readonly { x: number; y: number; value: number }[],
  { rows, columns }: HeatMapOptions,
  format: (value: number) => string,
): string {
  const first = cells[0];
  if (first === undefined) return `${title}: ${rows.length} rows, ${columns.length} columns.`;
  const highest = cells.reduce((most, cell) => (cell.value > most.value ? cell : most), first);
  const lowest = cells.reduce((least, cell) => (cell.value < least.value ? cell : least), first);
  const say = ({ x, y, value }: typeof first): string => `${rows[y]} and ${columns[x]} (${format(value)})`;
  return `${title}: highest ${say(highest)}; lowest ${say(lowest)}.`;
}
