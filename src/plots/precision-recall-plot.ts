// Of the rows named positive, how many are, against how many of the positive ones are found. For rare classes it says more than a
// ROC curve: false alarms are compared with the finds and not with the many negative rows.
//
//   show(precisionRecallPlot({ XGBoost: precisionRecallCurve(truth, scores) }, { baseRate: 0.005 }));

import type { PrecisionRecallCurve } from '../metrics/ranking.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireRows, requireShare } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, grey, legendBelow, plain, seriesStyle } from './theme.js';
import { apart } from './thin.js';

export interface PrecisionRecallPlotOptions {
  readonly title?: string;
  /** The share of positive rows, which is the precision of guessing. Default: the precision at recall 1 of the first curve. */
  readonly baseRate?: number;
}

/** Where the text table reads the curves. */
const readAt = [0.25, 0.5, 0.75, 0.9];

/**
 * Precision-recall curves with their average precision and the share of positive rows.
 *
 * @throws if there are no curves, or one is empty, of unequal lengths or beyond 0 to 1.
 */
export function precisionRecallPlot(
  curves: Readonly<Record<string, PrecisionRecallCurve>>,
  options: PrecisionRecallPlotOptions = {},
): Figure & Displayable {
  const advice = 'Give { name: precisionRecallCurve(truth, scores) }.';
  const lines = requireRows(Object.entries(curves), 'precisionRecallPlot', advice).map(([name, curve]) => {
    const { recall, precision } = checked(name, curve);
    return { name, recall, precision, average: averageOf(recall, precision) };
  });
  // All rows named positive: the precision is then their share.
  const baseRate = requireShare(options.baseRate ?? lines[0]?.precision[0], 'precisionRecallPlot: baseRate');
  const guessing = `guessing (${percent(baseRate, baseRate < 0.02 ? 2 : 1)} are positive)`;
  const data: object[] = lines.map(({ name, recall, precision, average }, i) => {
    const { color, dash } = seriesStyle(i);
    const places = apart(recall, precision);
    return {
      ...{ type: 'scatter', mode: 'lines', name: `${plain(name)} (average precision ${average.toFixed(3)})` },
      ...{ x: places.map((at) => recall[at]), y: places.map((at) => precision[at]) },
      line: { color, dash, width: 2.5 },
      hovertemplate: `${plain(name)}: %{x:.1%} found, %{y:.1%} of the alarms right<extra></extra>`,
    };
  });
  data.push({
    ...{ type: 'scatter', mode: 'lines', name: guessing, x: [0, 1], y: [baseRate, baseRate] },
    ...{ line: { color: grey, dash: 'dot', width: 1.5 }, hoverinfo: 'skip' },
  });
  const share = { range: [-0.01, 1.02], tickformat: '.0%' };
  const layout = baseLayout(
    { title: options.title ?? 'Precision and recall', height: 480 },
    {
      xaxis: axis('Recall (share of positive rows found)', share),
      yaxis: axis('Precision (alarms that are right)', share),
      legend: legendBelow,
    },
  );
  const columns = [
    { title: 'model' },
    { title: 'average precision', right: true },
    ...readAt.map((recall) => ({ title: `precision at ${percent(recall, 0)} recall`, right: true })),
  ];
  const cells = lines.map(({ name, recall, precision, average }) => [
    name,
    average.toFixed(3),
    ...readAt.map((least) => percent(precisionAt(recall, precision, least))),
  ]);
  cells.push(['guessing', baseRate.toFixed(3), ...readAt.map(() => percent(baseRate))]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(lines, baseRate) });
}

function checked(name: string, curve: PrecisionRecallCurve): PrecisionRecallCurve {
  const said = `precisionRecallPlot: ${JSON.stringify(name)}`;
  const { precision, recall } = curve;
  if (precision === undefined || recall === undefined)
    throw new Error(
      `${said} is not a precision-recall curve. Give precisionRecallCurve(truth, scores), not the scores.`,
    );
  if (recall.length < 2 || recall.length !== precision.length)
    throw new Error(
      `${said} has ${recall.length} recalls and ${precision.length} precisions; a curve has two or more of both.`,
    );
  for (const shares of [precision, recall]) for (const share of shares) requireShare(share, `${said}: a share`);
  return curve;
}

/** The area as a sum of steps; recall falls from 1 to 0. */
function averageOf(recall: Float64Array, precision: Float64Array): number {
  let area = 0;
  for (let i = 1; i < recall.length; i++)
    area += ((recall[i - 1] as number) - (recall[i] as number)) * (precision[i - 1] as number);
  return area;
}

/** The best precision at which at least this share is found. */
function precisionAt(recall: Float64Array, precision: Float64Array, least: number): number {
  return precision.reduce((best, value, i) => ((recall[i] as number) >= least ? Math.max(best, value) : best), 0);
}

function finding(lines: readonly { name: string; average: number }[], baseRate: number): string {
  const sorted = [...lines].sort((a, b) => b.average - a.average);
  const all = sorted.map(({ name, average }) => `${name} ${average.toFixed(3)}`).join(', ');
  return `Precision against recall. Average precision (guessing ${baseRate.toFixed(3)}): ${all}.`;
}
