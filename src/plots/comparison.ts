// The same few things by several measures, side by side: one row a thing, one panel of bars a measure.
//
//   show(comparison(
//     [{ name: 'full', accuracy: 74, seconds: 46 }, { name: 'LoRA', accuracy: 72.4, seconds: 30 }],
//     { title: 'Ways to train', panels: { accuracy: 'Accuracy (%)', seconds: 'Time (s)' } },
//   ));

import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, requireFinite, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, black, plain, seriesStyle } from './theme.js';

/** A thing with a number for each measure; `${measure}Interval` may hold the low and high end of its 95% interval. */
export interface Compared {
  readonly name: string;
  readonly [measure: string]: string | number | readonly [number, number] | undefined;
}

export interface ComparisonOptions {
  readonly title: string;
  /** The measures, each with its axis title, unit included. */
  readonly panels: Readonly<Record<string, string>>;
}

/**
 * Bars from 0, each panel on a scale of its own.
 *
 * @throws if there are no rows or panels, or a value or an end of an interval is not a finite number of at least 0.
 */
export function comparison(rows: readonly Compared[], { title, panels }: ComparisonOptions): Figure & Displayable {
  const all = requireRows(rows, 'comparison', 'Give { name, ... } for each thing.');
  const measures = requireRows(Object.entries(panels), 'comparison: panels', "Give { accuracy: 'Accuracy (%)' }.");
  const places = all.map((_, i) => i);
  const gap = 0.05;
  const width = (1 - gap * (measures.length - 1)) / measures.length;
  const drawn = measures.map(([field, heading], p) => {
    const values = all.map((row) => requireSize(row[field], `${field} of ${JSON.stringify(row.name)}`));
    const intervals = all.map((row) => {
      const interval = row[`${field}Interval`] as readonly [number, number] | undefined;
      for (const end of interval ?? []) requireSize(end, `${field}Interval of ${JSON.stringify(row.name)}`);
      return interval;
    });
    return {
      field,
      heading,
      values,
      intervals,
      written: values.map(columnFormat(values)),
      suffix: p === 0 ? '' : String(p + 1),
    };
  });
  const data = drawn.map(({ values, intervals, written, suffix }, p) => ({
    ...{ type: 'bar', orientation: 'h', x: values, y: places, width: 0.62, xaxis: `x${suffix}`, yaxis: 'y' },
    marker: { color: seriesStyle(p).color },
    ...(intervals.some(Boolean)
      ? {
          error_x: {
            ...{ type: 'data', color: black, thickness: 2, width: 0 },
            array: values.map((value, i) => Math.abs((intervals[i]?.[1] ?? value) - value)),
            arrayminus: values.map((value, i) => Math.abs((intervals[i]?.[0] ?? value) - value)),
          },
        }
      : {}),
    hovertext: all.map(({ name }, i) => `${plain(name)}: ${written[i]}`),
    hovertemplate: '%{hovertext}<extra></extra>',
  }));
  const ends = drawn.map(({ values, intervals }) =>
    values.map((value, i) => Math.max(value, intervals[i]?.[1] ?? value)),
  );
  const axes = drawn.map(({ heading, suffix }, p) => [
    `xaxis${suffix}`,
    axis(heading, {
      domain: [p * (width + gap), p * (width + gap) + width],
      range: [0, 1.3 * (Math.max(...(ends[p] as number[])) || 1)], // room for the numbers at the bars' ends
      title: { text: heading, font: { size: 13 }, standoff: 12 }, // a panel is narrow
      ...{ nticks: 4, separatethousands: true, anchor: 'y' },
    }),
  ]);
  const layout = baseLayout(
    { title, height: 150 + all.length * 40 },
    {
      ...Object.fromEntries(axes),
      yaxis: axis('', {
        ...{ tickmode: 'array', tickvals: places, ticktext: all.map(({ name }) => plain(name)) },
        ...{ range: [all.length - 0.5, -0.5], showgrid: false, tickcolor: '#FFFFFF' },
      }),
      annotations: drawn.flatMap(({ written, suffix }, p) =>
        written.map((text, i) => ({
          ...{ x: ends[p]?.[i], y: i, xref: `x${suffix}`, yref: 'y', text: plain(text) },
          ...{ showarrow: false, font: { size: 13 }, xanchor: 'left', xshift: 4 },
        })),
      ),
      showlegend: false,
    },
  );
  const columns = [{ title: 'name' }, ...drawn.map(({ heading }) => ({ title: heading, right: true }))];
  const cells = all.map(({ name }, i) => [name, ...drawn.map(({ written }) => written[i] as string)]);
  const alt = `${title}, ${all.length} rows. ${drawn
    .map(({ heading, values, written }) => {
      const at = (value: number) => values.indexOf(value);
      const [high, low] = [at(Math.max(...values)), at(Math.min(...values))];
      return `${heading}: highest ${all[high]?.name} (${written[high]}), lowest ${all[low]?.name} (${written[low]}).`;
    })
    .join(' ')}`;
  return figure({ data, layout, text: textTable(columns, cells), alt });
}

function requireSize(value: unknown, name: string): number {
  const size = requireFinite(value, `comparison: ${name}`);
  if (size >= 0) return size;
  throw new Error(`comparison: ${name} must be at least 0, got ${size}. For numbers below 0 use bars().`);
}
