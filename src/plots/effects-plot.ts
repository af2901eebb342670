// Data made from a known model: beside each true effect the one that was learnt.
//
//   show(effectsPlot([{ name: 'price rise', truth: 0.8, learnt: 0.74, interval: [0.6, 0.9] }], { valueTitle: 'Effect (log-odds)' }));

import { brief, signed } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, requireFinite, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, black, blue, grey, legendAbove, plain } from './theme.js';

/** One effect; `interval` is the low and high end of the 95% interval of what was learnt. */
export interface Effect {
  readonly name: string;
  readonly truth: number;
  readonly learnt: number;
  readonly interval?: readonly [number, number];
}

export interface EffectsPlotOptions {
  /** What the effects are, with their unit: 'Effect (log-odds)'. */
  readonly valueTitle: string;
  readonly title?: string;
}

/**
 * A row an effect, the highest true one at the top: an open diamond for the truth, a dot for what was learnt.
 *
 * @throws if there are no effects, or one is not a finite number.
 */
export function effectsPlot(
  effects: readonly Effect[],
  { valueTitle, title = 'True and learnt effects' }: EffectsPlotOptions,
): Figure & Displayable {
  const all = [...requireRows(effects, 'effectsPlot', 'Give { name, truth, learnt } for each effect.')];
  for (const { name, truth, learnt, interval } of all)
    for (const [field, value] of Object.entries({ truth, learnt, low: interval?.[0] ?? 0, high: interval?.[1] ?? 0 }))
      requireFinite(value, `effectsPlot: ${field} of ${JSON.stringify(name)}`);
  all.sort((a, b) => b.truth - a.truth);
  const places = all.map((_, i) => i);
  const format = columnFormat(all.flatMap(({ truth, learnt }) => [truth, learnt]));
  const reach = (end: 0 | 1) => all.map(({ learnt, interval }) => Math.abs((interval?.[end] ?? learnt) - learnt));
  const dots = (name: string, x: readonly number[], marker: object, extra: object = {}) => ({
    ...{ type: 'scatter', mode: 'markers', name, x, y: places, marker, ...extra },
    hovertext: all.map((effect, i) => `${plain(effect.name)}: ${name} ${format(x[i] as number)}`),
    hovertemplate: '%{hovertext}<extra></extra>',
  });
  const data = [
    {
      ...{ type: 'scatter', mode: 'lines', showlegend: false, hoverinfo: 'skip', line: { color: grey, width: 1.5 } },
      x: all.flatMap(({ truth, learnt }) => [truth, learnt, null]),
      y: places.flatMap((place) => [place, place, null]),
    },
    dots(
      'learnt',
      all.map(({ learnt }) => learnt),
      { color: blue, symbol: 'circle', size: 11 },
      all.some(({ interval }) => interval)
        ? { error_x: { type: 'data', array: reach(1), arrayminus: reach(0), color: blue, thickness: 1.5, width: 4 } }
        : {},
    ),
    dots(
      'true',
      all.map(({ truth }) => truth),
      { color: black, symbol: 'diamond-open', size: 12, line: { width: 2 } },
    ),
  ];
  const layout = baseLayout(
    { title, height: 170 + all.length * 34 },
    {
      xaxis: axis(valueTitle, { zeroline: true, zerolinecolor: grey }),
      yaxis: axis('', {
        ...{ tickmode: 'array', tickvals: places, ticktext: all.map(({ name }) => plain(name)) },
        range: [all.length - 0.5, -0.5],
      }),
      ...{ legend: legendAbove, margin: { l: 70, r: 30, t: 84, b: 60 } },
    },
  );
  const columns = ['effect', 'true', 'learnt', 'difference', '95% interval'].map((heading, c) => ({
    title: heading,
    right: c > 0,
  }));
  const cells = all.map(({ name, truth, learnt, interval }) => [
    ...[name, format(truth), format(learnt), signed(learnt - truth, format)],
    interval?.map(format).join(' to ') ?? '–',
  ]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(all) });
}

function finding(all: readonly Effect[]): string {
  const off = ({ truth, learnt }: Effect): number => Math.abs(learnt - truth);
  const mean = all.reduce((sum, effect) => sum + off(effect), 0) / all.length;
  const worst = all.reduce((most, effect) => (off(effect) > off(most) ? effect : most));
  const sides = all.filter(({ truth, learnt }) => truth * learnt < 0).length;
  const measured = all.filter(({ interval }) => interval);
  const within = measured.filter(
    ({ truth, interval }) => truth >= (interval?.[0] as number) && truth <= (interval?.[1] as number),
  );
  const covered =
    measured.length === 0 ? '' : ` The interval holds the truth for ${within.length} of ${measured.length}.`;
  return `${all.length} true effects and what was learnt: off by ${brief(mean)} on average, ${sides} with the wrong sign.${covered} Furthest: ${worst.name}, true ${brief(worst.truth)}, learnt ${brief(worst.learnt)}.`;
}
