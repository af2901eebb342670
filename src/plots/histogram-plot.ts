// How the values of a column are spread, in all rows or by class.
//
//   show(histogramPlot(table, 'age'));
//   show(histogramPlot(table, 'age', { by: 'churned', unit: 'years' }));

import { type CategoricalColumn, lengthOf, missingOf, type NumericColumn } from '../tabular/table/column.js';
import type { Table } from '../tabular/table/table.js';
import { binned } from './bins.js';
import { brief, rounded, shortened } from './cells.js';
import { type Group, groupsOf } from './classes.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, percent } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, legendAbove, plain, seriesStyle } from './theme.js';
import { endsOf } from './thin.js';

export interface HistogramPlotOptions {
  /** A column of up to 8 classes: each is drawn for itself, as the share of its own rows, so that small classes show too. */
  readonly by?: string;
  /** The unit of the column, for the axis. */
  readonly unit?: string;
  readonly title?: string;
  /** About how many bins a numeric column gets. Default 30. */
  readonly bins?: number;
}

/** Categories drawn at most, the most common first. */
const mostCategories = 20;

/** One place on the axis: a bin or a category. */
interface Slot {
  readonly name: string;
  /** Middle and width, of a bin. */
  readonly at: number;
  readonly width: number;
}

/**
 * A histogram of a number, or bars of categories.
 *
 * @throws if the column is missing in all rows or is a date, or `by` has too many classes.
 */
export function histogramPlot(table: Table, name: string, options: HistogramPlotOptions = {}): Figure & Displayable {
  const column = table.column(name);
  if (column.kind === 'date') throw new Error(`histogramPlot: '${name}' is a date; take a number or a category.`);
  const missing = missingOf(column);
  if (missing === lengthOf(column)) throw new Error(`histogramPlot: '${name}' is missing in all ${missing} rows.`);
  const { by, unit, title = by === undefined ? name : `${name} by ${by}`, bins = 30 } = options;
  const everything = { name: 'all rows', rows: Array.from({ length: table.rowCount }, (_, row) => row) };
  const groups = by === undefined ? [everything] : groupsOf(table, by, 'histogramPlot');
  const { slots, countsOf } = column.kind === 'numeric' ? binsOf(column, bins) : categoriesOf(column);
  const counted = groups.map((group) => ({ name: group.name, counts: countsOf(group.rows) }));
  const shares = counted.map(({ counts }) => {
    const sum = counts.reduce((total, count) => total + count, 0);
    return counts.map((count) => (by === undefined ? count : sum === 0 ? 0 : rounded((100 * count) / sum)));
  });
  const x = column.kind === 'numeric' ? slots.map(({ at }) => at) : slots.map((_, i) => i);
  const data = counted.map(({ name: group, counts }, g) => {
    const { color, dash } = seriesStyle(g);
    const said = slots.map(
      (slot, i) =>
        `${plain(slot.name)}<br>${by === undefined ? '' : `${plain(group)}: `}${counts[i]?.toLocaleString('en-US')} rows`,
    );
    const hover = (hovertext: readonly (string | undefined)[]) => ({
      hovertext,
      hovertemplate: '%{hovertext}<extra></extra>',
    });
    // Bars of classes would hide each other; outlines do not.
    if (column.kind === 'numeric' && by !== undefined)
      return {
        ...{ type: 'scatter', mode: 'lines', name: plain(group), ...outline(slots, shares[g] as number[]) },
        ...{ line: { color, dash, width: 2.5, shape: 'hv' }, ...hover([said[0], ...said, said.at(-1)]) },
      };
    const width = column.kind === 'numeric' ? { width: slots.map((slot) => slot.width) } : {};
    return {
      ...{ type: 'bar', name: plain(group), x, y: shares[g], ...width },
      ...{ marker: { color, line: { color: '#FFFFFF', width: 1 } }, ...hover(said) },
    };
  });
  const names = slots.map((slot) => plain(shortened(slot.name, 18)));
  const layout = baseLayout(
    {
      title,
      height: 400,
      ...(missing > 0 ? { subtitle: `${missing.toLocaleString('en-US')} rows without a value are not drawn` } : {}),
    },
    {
      xaxis: axis(
        plain(unit === undefined ? name : `${name} (${unit})`),
        column.kind === 'numeric'
          ? { separatethousands: true, exponentformat: 'none' }
          : { tickmode: 'array', tickvals: x, ticktext: names, showgrid: false },
      ),
      yaxis: axis(by === undefined ? 'Rows' : 'Rows of the class (%)', {
        rangemode: 'tozero',
        separatethousands: true,
        exponentformat: 'none',
      }),
      showlegend: by !== undefined,
      ...(column.kind === 'numeric' && by !== undefined ? {} : { bargap: 0.15 }),
      ...(by === undefined ? {} : { legend: legendAbove, margin: { l: 70, r: 30, t: missing > 0 ? 108 : 88, b: 60 } }),
    },
  );
  const written = (group: number, slot: number): string => {
    const count = counted[group]?.counts[slot] as number;
    return by === undefined ? count.toLocaleString('en-US') : `${shares[group]?.[slot]?.toFixed(1)}%`;
  };
  const text = textTable(
    [{ title: name }, ...counted.map((group) => ({ title: by === undefined ? 'rows' : group.name, right: true }))],
    slots.map((slot, i) => [slot.name, ...counted.map((_, g) => written(g, i))]),
  );
  const alt =
    column.kind === 'numeric' ? numericFinding(column, groups, by) : categoryFinding(column, slots, counted, by);
  return figure({
    data,
    layout,
    text,
    alt:
      missing > 0
        ? `${alt} ${missing.toLocaleString('en-US')} of ${table.rowCount.toLocaleString('en-US')} rows have no value.`
        : alt,
  });
}

/** The edges of the bins, with the height from each on, from 0 and back to it. */
function outline(slots: readonly Slot[], heights: readonly number[]): { x: number[]; y: number[] } {
  const edges = slots.map(({ at, width }) => at - width / 2);
  const { at, width } = slots.at(-1) as Slot;
  return { x: [edges[0] as number, ...edges, at + width / 2], y: [0, ...heights, 0] };
}

function binsOf(column: NumericColumn, count: number) {
  const { edges } = binned(column.values, count);
  const ends = endsOf(column.values);
  const format = columnFormat([...edges]);
  const slots = edges.slice(1).map((to, i): Slot => {
    const from = edges[i] as number;
    return { name: `${format(from)} to ${format(to)}`, at: (from + to) / 2, width: to - from };
  });
  const countsOf = (rows: readonly number[]) =>
    binned(
      rows.map((row) => column.values[row] as number),
      count,
      ends,
    ).counts;
  return { slots, countsOf };
}

function categoriesOf({ codes, categories }: CategoricalColumn) {
  const all = new Float64Array(categories.length);
  for (const code of codes) if (code >= 0) all[code] = (all[code] as number) + 1;
  const sorted = [...all.keys()]
    .filter((code) => all[code] !== 0)
    .sort((a, b) => (all[b] as number) - (all[a] as number));
  const shown = sorted.length <= mostCategories ? sorted : sorted.slice(0, mostCategories - 1);
  const others = sorted.length - shown.length;
  const names = [...shown.map((code) => categories[code] as string), ...(others > 0 ? [`${others} others`] : [])];
  const place = new Map(shown.map((code, i) => [code, i]));
  const countsOf = (rows: readonly number[]): number[] => {
    const counts = names.map(() => 0);
    for (const row of rows) {
      const code = codes[row] as number;
      if (code < 0) continue;
      const at = place.get(code) ?? names.length - 1;
      counts[at] = (counts[at] as number) + 1;
    }
    return counts;
  };
  return { slots: names.map((name, i): Slot => ({ name, at: i, width: 1 })), countsOf };
}

function numericFinding(column: NumericColumn, groups: readonly Group[], by: string | undefined): string {
  const said = groups.map(({ name, rows }) => {
    const sorted = Float64Array.from(rows, (row) => column.values[row] as number)
      .filter((value) => !Number.isNaN(value))
      .sort();
    if (sorted.length === 0) return `${name} none`;
    const median = sorted[Math.floor((sorted.length - 1) / 2)] as number;
    if (by === undefined)
      return `median ${brief(median)}, from ${brief(sorted[0] as number)} to ${brief(sorted.at(-1) as number)}`;
    return `${name} ${brief(median)} (${sorted.length.toLocaleString('en-US')} rows)`;
  });
  return by === undefined
    ? `Histogram of ${column.name}: ${said.join()}.`
    : `Histogram of ${column.name} by ${by}. Medians: ${said.join(', ')}.`;
}

function categoryFinding(
  { name }: CategoricalColumn,
  slots: readonly Slot[],
  counted: readonly { name: string; counts: readonly number[] }[],
  by: string | undefined,
): string {
  const said = counted.map(({ name: group, counts }) => {
    const sum = counts.reduce((total, count) => total + count, 0);
    const most = counts.indexOf(Math.max(...counts));
    return `${by === undefined ? 'most common' : group} ${slots[most]?.name} (${percent(sum === 0 ? 0 : (counts[most] as number) / sum)})`;
  });
  return by === undefined
    ? `Categories of ${name}: ${said.join()}.`
    : `Categories of ${name} by ${by}. Most common: ${said.join(', ')}.`;
}
