// Two numeric columns against each other, coloured by a third: by class, or from low to high.
//
//   show(scatterPlot(penguins, 'flipper_length', 'body_mass', { color: 'species' }));

import type { NumericColumn } from '../tabular/table/column.js';
import type { Table } from '../tabular/table/table.js';
import { rounded } from './cells.js';
import { groupsOf } from './classes.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, blue, grey, legendAbove, lowHighScale, plain, seriesStyle } from './theme.js';
import { endsOf, someRows } from './thin.js';

export interface ScatterPlotOptions {
  /** A column that colours the points: a numeric one from low to high, else up to 8 classes. */
  readonly color?: string;
  readonly title?: string;
  /** Units of the axes. */
  readonly xUnit?: string;
  readonly yUnit?: string;
  /** Points drawn at most; of more rows so many are drawn by the seed. Default 2000. */
  readonly points?: number;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * A point a row that has both values.
 *
 * @throws if a column is not there or not numeric, no row has both values, or `color` has too many classes.
 */
export function scatterPlot(
  table: Table,
  x: string,
  y: string,
  options: ScatterPlotOptions = {},
): Figure & Displayable {
  const { color, title = `${y} against ${x}`, xUnit, yUnit, points = 2000, seed = 42 } = options;
  const [across, up] = [table.numeric(x), table.numeric(y)];
  const complete = Array.from({ length: table.rowCount }, (_, row) => row).filter(
    (row) => Number.isFinite(across.values[row]) && Number.isFinite(up.values[row]),
  );
  if (complete.length === 0) throw new Error(`scatterPlot: nothing to draw, no row has both '${x}' and '${y}'.`);
  const rows = someRows(complete.length, points, seed).map((at) => complete[at] as number);
  const size = rows.length > 500 ? 5 : 8;
  const trace = (some: readonly number[], name: string, marker: object) => ({
    ...{ type: 'scatter', mode: 'markers', name: plain(name) },
    ...{
      x: some.map((row) => rounded(across.values[row] as number)),
      y: some.map((row) => rounded(up.values[row] as number)),
    },
    marker: { size, opacity: rows.length > 500 ? 0.6 : 0.85, ...marker },
    hovertemplate: `${plain(x)} %{x}, ${plain(y)} %{y}${color === undefined ? '' : `<br>${plain(name)}`}<extra></extra>`,
  });
  const numericColor = color === undefined || table.column(color).kind !== 'numeric' ? undefined : table.numeric(color);
  const drawn = new Set(rows);
  const groups = color === undefined || numericColor ? [] : groupsOf(table, color, 'scatterPlot');
  const data =
    color === undefined
      ? [trace(rows, 'rows', { color: blue })]
      : numericColor
        ? byNumber(rows, numericColor, trace)
        : groups.map(({ name, rows: all }, g) => {
            const { color: own, symbol } = name === 'missing' ? { color: grey, symbol: 'circle-open' } : seriesStyle(g);
            return trace(
              all.filter((row) => drawn.has(row)),
              name,
              { color: own, symbol },
            );
          });
  const some =
    rows.length < complete.length
      ? [
          `${rows.length.toLocaleString('en-US')} of ${complete.length.toLocaleString('en-US')} rows, drawn by seed ${seed}`,
        ]
      : [];
  const without = table.rowCount - complete.length;
  const left = without > 0 ? [`${without.toLocaleString('en-US')} rows without a value are not drawn`] : [];
  const subtitle = [...some, ...left].join('; ');
  const legend = data.length > 1;
  const layout = baseLayout(
    { title, height: 460, ...(subtitle === '' ? {} : { subtitle }) },
    {
      xaxis: axis(plain(xUnit === undefined ? x : `${x} (${xUnit})`), {
        separatethousands: true,
        exponentformat: 'none',
      }),
      yaxis: axis(plain(yUnit === undefined ? y : `${y} (${yUnit})`), {
        separatethousands: true,
        exponentformat: 'none',
      }),
      showlegend: legend,
      ...(legend
        ? {
            legend: { ...legendAbove, itemsizing: 'constant' },
            margin: { l: 70, r: 30, t: subtitle === '' ? 88 : 108, b: 60 },
          }
        : {}),
    },
  );
  const inAll = new Set(complete);
  const summaries = [
    { name: 'all rows', rows: complete },
    ...groups.map((group) => ({ name: group.name, rows: group.rows.filter((row) => inAll.has(row)) })),
  ].map((group) => ({ ...group, ...summary(group.rows, across, up) }));
  const columns = ['', 'rows', `mean ${x}`, `mean ${y}`, 'correlation'].map((heading, c) => ({
    title: heading,
    right: c > 0,
  }));
  const number = (value: number): string => (Number.isNaN(value) ? '–' : String(rounded(value)));
  const cells = summaries.map(({ name, rows: all, meanX, meanY, correlation }) => [
    ...[
      name,
      all.length.toLocaleString('en-US'),
      number(meanX),
      number(meanY),
      Number.isNaN(correlation) ? '–' : correlation.toFixed(2),
    ],
  ]);
  const [all, ...classes] = summaries;
  const within =
    classes.length === 0
      ? ''
      : ` Within ${color}: ${classes.map(({ name, correlation }) => `${name} ${Number.isNaN(correlation) ? 'none' : correlation.toFixed(2)}`).join(', ')}.`;
  const alt = `${y} against ${x} of ${complete.length.toLocaleString('en-US')} rows: correlation ${all?.correlation.toFixed(2)}.${within}`;
  return figure({ data, layout, text: textTable(columns, cells), alt });
}

type Trace = (rows: readonly number[], name: string, marker: object) => object;

function byNumber(rows: readonly number[], column: NumericColumn, trace: Trace): object[] {
  const known = rows.filter((row) => Number.isFinite(column.values[row]));
  const missing = rows.filter((row) => !Number.isFinite(column.values[row]));
  const [cmin, cmax] = endsOf(known.map((row) => column.values[row] as number));
  const colorbar = {
    title: { text: plain(column.name), side: 'right', font: { size: 13 } },
    thickness: 14,
    outlinewidth: 0,
  };
  const color = known.map((row) => rounded(column.values[row] as number));
  return [
    { ...trace(known, column.name, { color, colorscale: lowHighScale, cmin, cmax, colorbar }), showlegend: false },
    ...(missing.length > 0 ? [trace(missing, `${column.name} missing`, { color: grey, symbol: 'circle-open' })] : []),
  ];
}

function summary(rows: readonly number[], x: NumericColumn, y: NumericColumn) {
  const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const meanX = mean((row) => x.values[row] as number);
  const meanY = mean((row) => y.values[row] as number);
  const fromX = (row: number): number => (x.values[row] as number) - meanX;
  const fromY = (row: number): number => (y.values[row] as number) - meanY;
  const spread = Math.sqrt(mean((row) => fromX(row) ** 2) * mean((row) => fromY(row) ** 2));
  return { meanX, meanY, correlation: spread > 0 ? mean((row) => fromX(row) * fromY(row)) / spread : Number.NaN };
}
