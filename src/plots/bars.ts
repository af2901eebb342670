// Horizontal bars with their values: a handful of things compared by one number each.
//
//   show(bars([{ name: 'full', value: 412 }, { name: 'LoRA', value: 268 }], { title: 'Peak memory', valueTitle: 'Memory (MB)' }));

import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, requireFinite, requireRows } from './numbers.js';
import { displayWidth, textTable } from './text-table.js';
import { axis, baseLayout, black, blue, plain } from './theme.js';

/** One bar; `interval` is the low and high end of its 95% interval, in the value's unit. */
export interface Bar {
  readonly name: string;
  readonly value: number;
  readonly interval?: readonly [number, number];
}

/** Options of `bars`. */
export interface BarsOptions {
  readonly title: string;
  /** What the values are, with their unit: 'Accuracy (%)'. */
  readonly valueTitle: string;
  /** How a value is written at its bar. Default: to four digits. */
  readonly format?: (value: number) => string;
}

/**
 * Bars in the order given, the first at the top.
 *
 * @throws if there are no bars or a value is not a finite number.
 */
export function bars(rows: readonly Bar[], options: BarsOptions): Figure & Displayable {
  const all = requireRows(rows, 'bars', 'Give { name, value } for each bar.');
  const { title, valueTitle, format = columnFormat(all.map(({ value }) => value)) } = options;
  for (const { name, value, interval } of all) {
    requireFinite(value, `bars: value of ${JSON.stringify(name)}`);
    for (const end of interval ?? []) requireFinite(end, `bars: interval of ${JSON.stringify(name)}`);
  }
  const places = all.map((_, i) => i);
  const written = all.map(({ value }) => format(value));
  const withInterval = all.some(({ interval }) => interval);
  const reach = (end: 0 | 1): number[] =>
    all.map(({ value, interval }) => (interval ? Math.abs(interval[end] - value) : 0));
  const data = [
    {
      ...{ type: 'bar', orientation: 'h', x: all.map(({ value }) => value), y: places, width: 0.62 },
      marker: { color: blue },
      ...(withInterval
        ? { error_x: { type: 'data', array: reach(1), arrayminus: reach(0), color: black, thickness: 2, width: 0 } }
        : {}),
      hovertext: all.map(({ name }, i) => `${plain(name)}: ${written[i]}`),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  const ends = all.flatMap(({ value, interval }) => [value, ...(interval ?? [])]);
  const [low, high] = [Math.min(0, ...ends), Math.max(0, ...ends)];
  // Room for the longest value beyond the longest bar.
  const room = (high - low || 1) * (0.05 + Math.max(...written.map(displayWidth)) * 0.014);
  const layout = baseLayout(
    { title, height: 140 + all.length * 40 },
    {
      xaxis: axis(valueTitle, {
        separatethousands: true,
        range: [low < 0 ? low - room : 0, high > 0 ? high + room : 0],
      }),
      yaxis: axis('', {
        ...{ tickmode: 'array', tickvals: places, ticktext: all.map(({ name }) => plain(name)) },
        ...{ range: [all.length - 0.5, -0.5], showgrid: false, tickcolor: '#FFFFFF' },
      }),
      annotations: all.map(({ value, interval }, i) => {
        const end = value < 0 ? Math.min(value, ...(interval ?? [])) : Math.max(value, ...(interval ?? []));
        const side = value < 0 ? { xanchor: 'right', xshift: -5 } : { xanchor: 'left', xshift: 5 };
        return { x: end, y: i, text: plain(written[i] as string), showarrow: false, font: { size: 13 }, ...side };
      }),
      showlegend: false,
    },
  );
  const columns = [
    { title: 'name' },
    { title: valueTitle, right: true },
    ...(withInterval ? [{ title: '95% interval', right: true }] : []),
  ];
  const cells = all.map(({ name, interval }, i) => [
    ...[name, written[i] as string],
    ...(withInterval ? [interval?.map(format).join(' to ') ?? '–'] : []),
  ]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(all, written, title) });
}

function finding(all: readonly Bar[], written: readonly string[], title: string): string {
  const values = all.map(({ value }) => value);
  const highest = values.indexOf(Math.max(...values));
  const lowest = values.indexOf(Math.min(...values));
  const say = (i: number): string => `${all[i]?.name} (${written[i]})`;
  if (all.length === 1) return `${title}: ${say(0)}.`;
  return `${title}, ${all.length} bars. Highest: ${say(highest)}. Lowest: ${say(lowest)}.`;
}
