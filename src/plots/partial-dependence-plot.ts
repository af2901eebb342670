// What a model says on average as one feature changes: a line for numbers, bars for categories, colours for two features.
//
//   show(partialDependencePlot(await partialDependence(model, test, 'age', { ice: 30 }), { unit: 'years' }));
//   show(partialDependencePlot({ trees: await partialDependence(a, test, 'age'), 'a line': await partialDependence(b, test, 'age') }));

import type { PairDependence, PartialDependence } from '../tabular/explain/partial-dependence.js';
import { brief, rounded, shortened } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { heatMap } from './heat-map.js';
import { columnFormat, requireFinite, requireRows } from './numbers.js';
import { spread, textTable } from './text-table.js';
import { axis, baseLayout, grey, legendAbove, plain, seriesStyle } from './theme.js';

export interface PartialDependencePlotOptions {
  readonly title?: string;
  /** The feature's unit, for the axis. */
  readonly unit?: string;
}

/**
 * The dependence of one model or of several on the same feature, or of one model on two.
 *
 * @throws if there is nothing to draw, the models were asked about different features, or a mean is not a finite number.
 */
export function partialDependencePlot(
  found: PartialDependence | PairDependence | Readonly<Record<string, PartialDependence>>,
  options: PartialDependencePlotOptions = {},
): Figure & Displayable {
  if (isPair(found)) return pairPlot(found, options);
  const all: readonly (readonly [string, PartialDependence])[] = isOne(found) ? [['', found]] : Object.entries(found);
  const lines = requireRows(all, 'partialDependencePlot', 'Give what partialDependence found.');
  const [, first] = lines[0];
  for (const [name, line] of lines) {
    if (line.feature !== first.feature || line.kind !== first.kind || line.unit !== first.unit)
      throw new Error(
        `partialDependencePlot: '${name}' is about '${line.feature}' (${line.unit}) and the first about '${first.feature}' (${first.unit}).`,
      );
    for (const [i, value] of line.means.entries())
      requireFinite(value, `partialDependencePlot: the mean at ${line.feature} = ${line.values[i]}`);
  }
  const output = outputOf(first);
  const data = first.kind === 'numeric' ? lines.flatMap(numericTraces) : lines.map(categoryBars);
  const several = lines.length > 1;
  const legend = several || (first.kind === 'numeric' && (first.ice.length > 0 || first.missing !== undefined));
  const feature = plain(options.unit === undefined ? first.feature : `${first.feature} (${options.unit})`);
  const lacking = first.missing === undefined ? [] : ['missing'];
  const names = [...first.values, ...lacking].map((value) => plain(shortened(String(value), 18)));
  const places = names.map((_, i) => i);
  // Where the rows are: a short line at each decile.
  const ticks = Array.from(first.deciles ?? [], (x) => ({
    ...{ type: 'line', x0: x, x1: x, yref: 'paper', y0: 0, y1: 0.03, line: { color: grey, width: 2 } },
  }));
  const layout = baseLayout(
    {
      ...{ title: options.title ?? `What ${first.feature} does`, height: 420 },
      ...(ticks.length > 0 ? { subtitle: 'Marks at the bottom: a tenth of the rows lies between two' } : {}),
    },
    {
      xaxis: axis(
        feature,
        first.kind === 'numeric'
          ? { separatethousands: true, exponentformat: 'none' }
          : { tickmode: 'array', tickvals: places, ticktext: names, showgrid: false },
      ),
      yaxis: axis(plain(`Mean ${output}`), { separatethousands: true, exponentformat: 'none' }),
      ...{ ...(ticks.length > 0 ? { shapes: ticks } : {}), showlegend: legend },
      ...(legend ? { legend: legendAbove, margin: { l: 70, r: 30, t: ticks.length > 0 ? 108 : 88, b: 60 } } : {}),
    },
  );
  return figure({ data, layout, text: numbers(lines, output), alt: finding(lines, output) });
}

const isPair = (found: object): found is PairDependence => 'features' in found && Array.isArray(found.features);
const isOne = (found: object): found is PartialDependence => 'feature' in found && typeof found.feature === 'string';

const outputOf = ({ unit, class: name }: { unit: string; class?: string }): string =>
  name === undefined ? unit : `${unit} of ${name}`;

function numericTraces(
  [name, { values, means, ice, missing }]: readonly [string, PartialDependence],
  i: number,
): object[] {
  const { color, dash } = seriesStyle(i);
  const said = name === '' ? 'mean' : name;
  const rows =
    ice.length === 0
      ? []
      : [
          {
            ...{
              type: 'scatter',
              mode: 'lines',
              name: name === '' ? 'single rows' : `single rows, ${plain(name)}`,
              hoverinfo: 'skip',
            },
            ...{
              x: ice.flatMap(() => [...values, null]),
              y: ice.flatMap((line) => [...Array.from(line, rounded), null]),
            },
            ...{ line: { color: name === '' ? grey : color, width: 1 }, opacity: 0.35 },
          },
        ];
  const without =
    missing === undefined
      ? []
      : [
          {
            ...{ type: 'scatter', mode: 'lines', name: `${plain(said)}, value missing` },
            ...{ x: [values[0], values.at(-1)], y: [missing, missing], line: { color, dash: 'dot', width: 1.5 } },
            hovertemplate: `${plain(said)}, value missing: %{y:.4g}<extra></extra>`,
          },
        ];
  return [
    ...rows,
    {
      ...{ type: 'scatter', mode: 'lines+markers', name: plain(said), x: values, y: Array.from(means, rounded) },
      ...{ line: { color, dash, width: 3 }, marker: { color, size: 6 } },
      hovertemplate: `${plain(said)} at %{x:.4g}: %{y:.4g}<extra></extra>`,
    },
    ...without,
  ];
}

function categoryBars(
  [name, { values, means, counts, missing }]: readonly [string, PartialDependence],
  i: number,
): object {
  const { color } = seriesStyle(i);
  const all = missing === undefined ? [...means] : [...means, missing];
  const hovertext = all.map((mean, v) => {
    const rows = counts?.[v] === undefined ? '' : `<br>${counts[v]?.toLocaleString('en-US')} rows`;
    return `${plain(String(values[v] ?? 'missing'))}: ${brief(mean)}${rows}`;
  });
  return {
    ...{ type: 'bar', name: name === '' ? 'mean' : plain(name), x: all.map((_, v) => v), y: all.map(rounded) },
    ...{ marker: { color }, hovertext, hovertemplate: '%{hovertext}<extra></extra>' },
  };
}

function pairPlot({ features, values, means, ...output }: PairDependence, { title }: PartialDependencePlotOptions) {
  const written = (axisValues: readonly (number | string)[]): string[] =>
    axisValues.map((value) => (typeof value === 'number' ? brief(value) : value));
  return heatMap(means, {
    title: title ?? `What ${features[0]} and ${features[1]} do together`,
    valueTitle: `Mean ${outputOf(output)}`,
    ...{ rows: written(values[0]), columns: written(values[1]), rowTitle: features[0], columnTitle: features[1] },
  });
}

function numbers(lines: readonly (readonly [string, PartialDependence])[], output: string): string {
  const [, first] = lines[0] as readonly [string, PartialDependence];
  const same = lines.every(([, { values }]) => String(values) === String(first.values));
  const chosen = same ? lines : lines.slice(0, 1);
  const format = columnFormat(chosen.flatMap(([, { means }]) => [...means]));
  const write = columnFormat(first.values);
  const places = spread(
    first.values.map((_, i) => i),
    12,
  );
  const cells = places.map((i) => {
    const value = first.values[i] as number | string;
    return [
      typeof value === 'number' ? write(value) : value,
      ...chosen.map(([, { means }]) => format(means[i] as number)),
    ];
  });
  if (first.missing !== undefined)
    cells.push(['missing', ...chosen.map(([, { missing }]) => (missing === undefined ? '–' : format(missing)))]);
  const titles = chosen.map(([name]) => ({ title: name === '' ? `mean ${output}` : name, right: true }));
  return textTable([{ title: first.feature, right: first.kind === 'numeric' }, ...titles], cells);
}

function finding(lines: readonly (readonly [string, PartialDependence])[], output: string): string {
  const said = lines.map(([name, { values, means }]) => {
    const at = (place: number): string =>
      `${brief(means[place] as number)} at ${typeof values[place] === 'number' ? brief(values[place]) : values[place]}`;
    const [low, high] = [means.indexOf(Math.min(...means)), means.indexOf(Math.max(...means))];
    return `${name === '' ? '' : `${name}: `}lowest ${at(low)}, highest ${at(high)}`;
  });
  return `Mean ${output} by ${lines[0]?.[1].feature}: ${said.join('; ')}.`;
}
