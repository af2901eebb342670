// Every row's contribution of every feature as a dot, coloured by the feature's value: which features move the output, which way, and
// whether high values raise or lower it.
//
//   const why = await model.explain(test);
//   show(shapBeeswarm(why, test));

import type { Explanation } from '../tabular/estimator.js';
import type { Column } from '../tabular/table/column.js';
import type { Table } from '../tabular/table/table.js';
import { brief, rounded, shortened, signed, valueText } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, requireFinite } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, black, grey, legendBelow, lowHighScale, plain } from './theme.js';
import { endsOf, someRows } from './thin.js';

export interface ShapBeeswarmOptions {
  readonly title?: string;
  /** Features drawn at most, those with the largest mean contribution (sign aside) first. Default 12. */
  readonly most?: number;
  /** Rows drawn at most; of more so many are drawn by the seed. Order and text count all. Default 300. */
  readonly rows?: number;
  /** Default 42. */
  readonly seed?: number;
}

/** Across this many slices of the width dots count as beside each other. */
const slices = 120;

/**
 * Dots in swarms: wide where many rows have the same contribution. Numbers and categories of two are coloured from low (or the first)
 * to high (or the second); other categories are black, missing values open and grey.
 *
 * @throws if there are no rows, or the explanation is of another number of rows than the table has.
 */
export function shapBeeswarm(
  explanation: Explanation,
  table: Table,
  { title = 'What moves the output', most = 12, rows: mostRows = 300, seed = 42 }: ShapBeeswarmOptions = {},
): Figure & Displayable {
  const all = checkExplanation(explanation, table, 'shapBeeswarm');
  const features = all.slice(0, most);
  const rows = someRows(table.rowCount, mostRows, seed);
  const [low, high] = endsOf(features.flatMap(({ values }) => rows.map((row) => values[row] as number)));
  const dots = features.flatMap(({ name, values, column }, y) => {
    const offsets = swarm(
      rows.map((row) => values[row] as number),
      low,
      high,
    );
    const shareOf = column === undefined ? () => undefined : sharesOf(column);
    return rows.map((row, i) => ({
      ...{ x: rounded(values[row] as number), y: Number((y + (offsets[i] as number)).toFixed(3)), share: shareOf(row) },
      isMissing: column !== undefined && valueText(column, row) === 'missing',
      said: `${plain(name)}${column === undefined ? '' : ` = ${plain(shortened(valueText(column, row), 30))}`}, row ${row}`,
    }));
  });
  const trace = (name: string, some: typeof dots, marker: object) => ({
    ...{ type: 'scatter', mode: 'markers', name, x: some.map(({ x }) => x), y: some.map(({ y }) => y) },
    marker: { size: 5, ...marker },
    ...{ hovertext: some.map(({ said }) => said), hovertemplate: '%{hovertext}: %{x:+.4g}<extra></extra>' },
  });
  const ordered = dots.filter(({ share }) => share !== undefined);
  const named = dots.filter(({ share, isMissing }) => share === undefined && !isMissing);
  const missing = dots.filter(({ isMissing }) => isMissing);
  const colorbar = {
    ...{ tickvals: [0, 1], ticktext: ['low', 'high'], thickness: 12, outlinewidth: 0, len: 0.9 },
    title: { text: 'Value of the feature', side: 'right', font: { size: 13 } },
  };
  const colors = {
    color: ordered.map(({ share }) => rounded(share as number)),
    colorscale: lowHighScale,
    cmin: 0,
    cmax: 1,
  };
  const data = [
    ...(ordered.length > 0 ? [{ ...trace('by value', ordered, { ...colors, colorbar }), showlegend: false }] : []),
    ...(named.length > 0 ? [trace('one of several categories', named, { color: black, opacity: 0.6 })] : []),
    ...(missing.length > 0 ? [trace('value missing', missing, { color: grey, symbol: 'circle-open' })] : []),
  ];
  const labels = features.map(({ name, values, column }) => plain(shortened(name, 26)) + namesUnder(values, column));
  const subtitle =
    rows.length < table.rowCount
      ? {
          subtitle: `${rows.length.toLocaleString('en-US')} of ${table.rowCount.toLocaleString('en-US')} rows, drawn by seed ${seed}`,
        }
      : {};
  const layout = baseLayout(
    { title, height: 190 + features.length * 42, ...subtitle },
    {
      xaxis: axis(plain(`Contribution to the ${outputName(explanation)}`), { zeroline: true, zerolinecolor: grey }),
      yaxis: axis('', {
        ...{ tickmode: 'array', tickvals: features.map((_, i) => i), ticktext: labels },
        range: [features.length - 0.5, -0.5],
      }),
      ...(named.length + missing.length > 0
        ? { showlegend: true, legend: { ...legendBelow, y: -52 / (features.length * 42) } }
        : { showlegend: false }),
    },
  );
  const format = columnFormat(features.map(({ size }) => size));
  const columns = [
    { title: 'feature' },
    { title: 'mean size', right: true },
    { title: 'raises most' },
    { title: 'lowers most' },
  ];
  const cells = features.map(({ name, size, values, column }) => [name, format(size), ...extremes(values, column)]);
  const listed = all.length > features.length ? `\n${features.length} of ${all.length} features listed.` : '';
  const alt = `Contributions of ${all.length} features to the ${outputName(explanation)} of ${table.rowCount.toLocaleString('en-US')} rows (${explanation.method}). Largest on average: ${features
    .slice(0, 3)
    .map(({ name, size, column, values }) => `${name} (${brief(size)}${direction(values, column)})`)
    .join(', ')}.`;
  return figure({ data, layout, text: textTable(columns, cells) + listed, alt });
}

/** A feature of an explanation with its column, where the table has it. */
export interface ExplainedFeature {
  readonly name: string;
  readonly values: Float64Array;
  readonly column: Column | undefined;
  /** The mean of the contributions' sizes. */
  readonly size: number;
}

/** The features, those with the largest contributions first. Throws where explanation and table do not belong together. */
export function checkExplanation(explanation: Explanation, table: Table, caller: string): ExplainedFeature[] {
  if (explanation.features.length === 0)
    throw new Error(`${caller}: nothing to draw, the explanation has no features.`);
  const features = explanation.features.map((name, f) => {
    const values = explanation.contributions[f];
    if (values === undefined || values.length !== table.rowCount)
      throw new Error(
        `${caller}: the explanation is of ${values?.length ?? 0} rows, the table has ${table.rowCount}. Give the table that was explained.`,
      );
    values.forEach((value, row) => {
      requireFinite(value, `${caller}: the contribution of ${JSON.stringify(name)} in row ${row}`);
    });
    const size = values.reduce((sum, value) => sum + Math.abs(value), 0) / values.length;
    return { name, values, size, column: table.has(name) ? table.column(name) : undefined };
  });
  if (table.rowCount === 0) throw new Error(`${caller}: nothing to draw, the table has no rows.`);
  return features.sort((a, b) => b.size - a.size);
}

/** 'probability of yes', 'log-odds of yes', or the target's name. */
export const outputName = ({ unit, class: name }: Explanation): string =>
  name === undefined ? unit : `${unit} of ${name}`;

/** Each dot's distance from its feature's line: those of one slice stand above and below it in turn. */
function swarm(values: readonly number[], low: number, high: number): number[] {
  const slice = (value: number): number => Math.floor(((value - low) / (high - low || 1)) * slices);
  const counts = new Map<number, number>();
  for (const value of values) counts.set(slice(value), (counts.get(slice(value)) ?? 0) + 1);
  // As high as the root of its dots: the largest slice takes all the room there is, and the small ones still show.
  const most = Math.max(...counts.values());
  const placed = new Map<number, number>();
  return values.map((value) => {
    const at = placed.get(slice(value)) ?? 0;
    placed.set(slice(value), at + 1);
    return (
      (at % 2 === 0 ? 1 : -1) *
      Math.ceil(at / 2) *
      Math.min(0.09, 0.8 / Math.sqrt(most * (counts.get(slice(value)) as number)))
    );
  });
}

/** A row's place from the lowest (0) to the highest (1) value of its column: by 5th and 95th percentile, as outliers would take all colour. */
function sharesOf(column: Column): (row: number) => number | undefined {
  if (column.kind === 'categorical') {
    const codes = occurring(column);
    return (row) => {
      const code = column.codes[row] as number;
      return codes.length === 2 && code >= 0 ? codes.indexOf(code) : undefined;
    };
  }
  const sorted = column.values.filter((value) => !Number.isNaN(value)).sort();
  const at = (share: number): number => sorted[Math.round(share * (sorted.length - 1))] as number;
  let [low, high] = [at(0.05), at(0.95)];
  if (low === high) [low, high] = [at(0), at(1)];
  return (row) => {
    const value = column.values[row] as number;
    if (Number.isNaN(value)) return undefined;
    return high > low ? Math.min(1, Math.max(0, (value - low) / (high - low))) : 0.5;
  };
}

/** Of a column of two categories, which is which colour; of more, which lowers and which raises the output most. */
function namesUnder(values: Float64Array, column: Column | undefined): string {
  if (column?.kind !== 'categorical') return '';
  const codes = occurring(column);
  if (codes.length < 2) return '';
  const name = (code: number): string => plain(shortened(column.categories[code] as string, 13));
  const small = (text: string): string => `<br><span style="font-size:11px">${text}</span>`;
  const [first, second] = codes as [number, number];
  if (codes.length === 2) return small(`low ${name(first)}, high ${name(second)}`);
  const sums = new Map(codes.map((code) => [code, { sum: 0, rows: 0 }]));
  column.codes.forEach((code, row) => {
    const of = sums.get(code);
    if (of === undefined) return;
    of.sum += values[row] as number;
    of.rows++;
  });
  const byMean = [...sums].sort(([, a], [, b]) => a.sum / a.rows - b.sum / b.rows).map(([code]) => code);
  return small(`← ${name(byMean[0] as number)}, ${name(byMean.at(-1) as number)} →`);
}

const occurring = ({ codes }: { codes: Int32Array }): number[] =>
  [...new Set(codes)].filter((code) => code >= 0).sort((a, b) => a - b);

/** The value that comes with the highest and with the lowest contribution. */
function extremes(values: Float64Array, column: Column | undefined): string[] {
  const format = columnFormat([...values.slice(0, 1000)]);
  const top = values.reduce((best, value, row) => (value > (values[best] as number) ? row : best), 0);
  const bottom = values.reduce((best, value, row) => (value < (values[best] as number) ? row : best), 0);
  return [top, bottom].map((row) => {
    const value = values[row] as number;
    return `${signed(value, format)}${column === undefined ? '' : ` at ${shortened(valueText(column, row), 20)}`}`;
  });
}

/** Whether high values raise the output: the sign of the correlation, where it is clear. */
function direction(values: Float64Array, column: Column | undefined): string {
  if (column === undefined || column.kind === 'categorical') return '';
  const rows = [...values.keys()].filter((row) => !Number.isNaN(column.values[row]));
  const mean = (of: (row: number) => number): number => rows.reduce((sum, row) => sum + of(row), 0) / rows.length;
  const [x, y] = [(row: number) => column.values[row] as number, (row: number) => values[row] as number];
  const [meanX, meanY] = [mean(x), mean(y)];
  const covariance = mean((row) => (x(row) - meanX) * (y(row) - meanY));
  const spread = Math.sqrt(mean((row) => (x(row) - meanX) ** 2) * mean((row) => (y(row) - meanY) ** 2));
  const correlation = spread > 0 ? covariance / spread : 0;
  return Math.abs(correlation) < 0.3 ? '' : correlation > 0 ? ', high values raise it' : ', high values lower it';
}
