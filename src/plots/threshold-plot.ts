// From which probability on to act: the cost of every threshold, the cheapest marked, and what it saves.
//
//   show(thresholdPlot(costCurve(truth, probabilities, { falsePositive: 5, falseNegative: amounts }), { unit: '€' }));

import type { CostCurve } from '../metrics/threshold.js';
import { brief, rounded } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireFinite } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, blue, green, grey, legendBelow, vermilion } from './theme.js';
import { apart, endsOf } from './thin.js';

export interface ThresholdPlotOptions {
  /** The unit of the costs, as in 'Cost (€)'. */
  readonly unit: string;
  readonly title?: string;
  /** The threshold to compare with. Default 0.5, which most programs take unasked. */
  readonly compareWith?: number;
  /** A logarithmic axis of thresholds. Default: where the cheapest is below 0.1. */
  readonly logarithmic?: boolean;
}

/**
 * Cost against threshold, with the cheapest threshold, the one to compare with, and acting on nothing or on everything.
 *
 * @throws if the curve is empty, or its thresholds and costs are not as many, ascending and finite.
 */
export function thresholdPlot(curve: CostCurve, options: ThresholdPlotOptions): Figure & Displayable {
  checkCurve(curve);
  const { unit, title = 'Cost of every threshold', compareWith = 0.5 } = options;
  requireFinite(compareWith, 'thresholdPlot: compareWith');
  const { thresholds, costs, best } = curve;
  const logarithmic = options.logarithmic ?? best.threshold < 0.1;
  const nothing = costs.at(-1) as number;
  const everything = costs[0] as number;
  const compared = costAt(curve, compareWith);
  // Behind the highest probability nothing is acted on; the axis ends at 1, or later for other scores.
  const highest = Math.max(1, thresholds.length > 1 ? (thresholds[thresholds.length - 2] as number) : 1);
  const lowest = Math.max(1e-5, thresholds.find((threshold) => threshold > 0) ?? 1e-5);
  const x = Array.from(thresholds, (threshold) =>
    Math.max(Math.min(threshold, highest), logarithmic ? lowest : Number.NEGATIVE_INFINITY),
  );
  const places = apart(logarithmic ? x.map(Math.log10) : x, costs, 1 / 800);
  const bestAt = Number.isFinite(best.threshold) ? best.threshold : highest;
  const mark = (name: string, at: number, cost: number, color: string, symbol: string) => ({
    ...{ type: 'scatter', mode: 'markers', name, x: [Math.max(at, logarithmic ? lowest : at)], y: [cost] },
    marker: { color, symbol, size: 14, line: { color: '#FFFFFF', width: 1 } },
    hovertemplate: `${name}<extra></extra>`,
  });
  const level = (name: string, cost: number, dash: string) => ({
    ...{ type: 'scatter', mode: 'lines', name, x: [x[0], highest], y: [cost, cost] },
    ...{ line: { color: grey, dash, width: 1.5 }, hovertemplate: `${name}<extra></extra>` },
  });
  const money = (cost: number): string => `${brief(roundedCost(cost))} ${unit}`;
  const data = [
    level(`act on no row: ${money(nothing)}`, nothing, 'dot'),
    level(`act on all rows: ${money(everything)}`, everything, 'dash'),
    {
      ...{ type: 'scatter', mode: 'lines', name: 'cost', showlegend: false },
      ...{ x: places.map((at) => rounded(x[at] as number)), y: places.map((at) => roundedCost(costs[at] as number)) },
      // A threshold costs what the next probability above it costs.
      line: { color: blue, width: 2.5, shape: 'vh' },
      hovertemplate: `from %{x:.4g} on: %{y:,.4~g} ${unit}<extra></extra>`,
    },
    mark(`cheapest, ${say(best.threshold)}: ${money(best.cost)}`, bestAt, best.cost, green, 'star'),
    mark(`${brief(compareWith)}: ${money(compared)}`, compareWith, compared, vermilion, 'diamond'),
  ];
  // Acting on all rows may cost a multiple of the rest: the picture shows what is worth a choice.
  const worth = Math.max(nothing, compared, best.cost);
  const [low, high] = endsOf(costs);
  const top = Math.min(high, best.cost + 3 * Math.max(worth - best.cost, (high - low) * 0.05));
  const room = (top - low || 1) * 0.07;
  const layout = baseLayout(
    { title, height: 500 },
    {
      xaxis: axis(
        `Threshold: act from this probability on${logarithmic ? ' (logarithmic)' : ''}`,
        logarithmic
          ? { type: 'log', exponentformat: 'none', range: [Math.log10(lowest), Math.log10(highest) + 0.05], dtick: 1 }
          : { range: [Math.min(0, x[0] as number) - 0.01, highest * 1.02] },
      ),
      yaxis: axis(`Cost of all rows (${unit})`, {
        range: [low - room, top + room],
        separatethousands: true,
        exponentformat: 'none',
      }),
      ...{ legend: legendBelow, showlegend: true },
    },
  );
  const rows: [string, number, number][] = [
    ['cheapest', best.threshold, best.cost],
    ['compared with', compareWith, compared],
    ['act on all rows', thresholds[0] as number, everything],
    ['act on no row', Number.POSITIVE_INFINITY, nothing],
  ];
  const columns = [
    { title: '' },
    { title: 'threshold', right: true },
    { title: `cost (${unit})`, right: true },
    { title: 'more than the cheapest', right: true },
  ];
  const cells = rows.map(([name, threshold, cost]) => [
    ...[name, say(threshold), brief(roundedCost(cost)), brief(roundedCost(cost - best.cost))],
  ]);
  const saved = compared - best.cost;
  const share = compared > 0 ? ` (${percent(saved / compared)})` : '';
  const alt = `Cost against threshold. Cheapest is ${say(best.threshold)} with ${money(best.cost)}; ${brief(compareWith)} costs ${money(compared)}, so ${money(saved)}${share} is saved. Acting on no row costs ${money(nothing)}, on all ${money(everything)}.`;
  return figure({ data, layout, text: textTable(columns, cells), alt });
}

/** What acting from `threshold` on costs. */
function costAt({ thresholds, costs }: CostCurve, threshold: number): number {
  const place = thresholds.findIndex((other) => other >= threshold);
  return costs[place] as number;
}

const say = (threshold: number): string => (Number.isFinite(threshold) ? brief(rounded(threshold)) : 'never');
const roundedCost = (cost: number): number => (Math.abs(cost) >= 100 ? Math.round(cost) : rounded(cost));

function checkCurve({ thresholds, costs, best }: CostCurve): void {
  if (thresholds === undefined || costs === undefined || best === undefined)
    throw new Error(
      'thresholdPlot takes a cost curve. Give costCurve(truth, probabilities, { falsePositive, falseNegative }).',
    );
  if (thresholds.length !== costs.length || costs.length === 0)
    throw new Error(
      `thresholdPlot: ${thresholds.length} thresholds and ${costs.length} costs; give one or more, as many of both.`,
    );
  costs.forEach((cost, i) => {
    requireFinite(cost, `thresholdPlot: costs[${i}]`);
  });
  if (
    thresholds.at(-1) !== Number.POSITIVE_INFINITY ||
    thresholds.some((threshold, i) => i > 0 && threshold <= (thresholds[i - 1] as number))
  )
    throw new Error('thresholdPlot: thresholds must ascend to Infinity, as those of costCurve do.');
}
