// Of the positive rows, how many are found, against how many others are taken for them: every threshold of one or more models.
//
//   show(rocPlot({ XGBoost: rocCurve(truth, a), 'logistic regression': rocCurve(truth, b) }));

import type { RocCurve } from '../metrics/ranking.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireRows, requireShare } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, grey, plain, seriesStyle } from './theme.js';
import { apart } from './thin.js';

export interface RocPlotOptions {
  readonly title?: string;
}

/** Where the text table reads the curves. */
const readAt = [0.01, 0.05, 0.1, 0.2, 0.5];

/**
 * ROC curves with the areas under them and the line of chance.
 *
 * @throws if there are no curves, or one is empty, of unequal lengths or beyond 0 to 1.
 */
export function rocPlot(
  curves: Readonly<Record<string, RocCurve>>,
  { title = 'ROC curve' }: RocPlotOptions = {},
): Figure & Displayable {
  const lines = requireRows(Object.entries(curves), 'rocPlot', 'Give { name: rocCurve(truth, scores) }.').map(
    ([name, curve]) => {
      const { falsePositiveRate: x, truePositiveRate: y } = checked(name, curve);
      return { name, x, y, area: areaUnder(x, y) };
    },
  );
  const data: object[] = lines.map(({ name, x, y, area }, i) => {
    const { color, dash } = seriesStyle(i);
    const places = apart(x, y);
    return {
      ...{ type: 'scatter', mode: 'lines', name: `${plain(name)} (AUC ${area.toFixed(3)})` },
      ...{ x: places.map((at) => x[at]), y: places.map((at) => y[at]) },
      line: { color, dash, width: 2.5 },
      hovertemplate: `${plain(name)}: %{y:.1%} found at %{x:.1%} false alarms<extra></extra>`,
    };
  });
  data.push({
    ...{ type: 'scatter', mode: 'lines', name: 'chance (AUC 0.500)', x: [0, 1], y: [0, 1] },
    ...{ line: { color: grey, dash: 'dot', width: 1.5 }, hoverinfo: 'skip' },
  });
  const share = { range: [-0.01, 1.01], tickformat: '.0%' };
  const layout = baseLayout(
    { title, height: 460 },
    {
      xaxis: axis('False positive rate (share of negative rows taken for positive)', share),
      yaxis: axis('True positive rate (share of positive rows found)', {
        ...share,
        title: { text: 'True positive rate (positive rows found)', font: { size: 14 }, standoff: 12 },
      }),
      // Below the line of chance there is room.
      legend: { x: 0.99, xanchor: 'right', y: 0.02, yanchor: 'bottom', bgcolor: '#FFFFFFE0', font: { size: 13 } },
    },
  );
  const columns = [
    { title: 'model' },
    { title: 'AUC', right: true },
    ...readAt.map((rate) => ({ title: `found at ${percent(rate, 0)} false alarms`, right: true })),
  ];
  const cells = lines.map(({ name, x, y, area }) => [
    name,
    area.toFixed(3),
    ...readAt.map((rate) => percent(foundAt(x, y, rate))),
  ]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(lines) });
}

function checked(name: string, curve: RocCurve): RocCurve {
  const said = `rocPlot: ${JSON.stringify(name)}`;
  const { falsePositiveRate: x, truePositiveRate: y } = curve;
  if (x === undefined || y === undefined)
    throw new Error(`${said} is not a ROC curve. Give rocCurve(truth, scores), not the scores.`);
  if (x.length < 2 || x.length !== y.length)
    throw new Error(
      `${said} has ${x.length} false and ${y.length} true positive rates; a curve has two or more of both.`,
    );
  for (const rates of [x, y]) for (const rate of rates) requireShare(rate, `${said}: a rate`);
  return curve;
}

/** By straight lines between the points, which for a ROC curve is exact. */
function areaUnder(x: Float64Array, y: Float64Array): number {
  let area = 0;
  for (let i = 1; i < x.length; i++)
    area += (((y[i] as number) + (y[i - 1] as number)) / 2) * ((x[i] as number) - (x[i - 1] as number));
  return area;
}

/** The highest true positive rate whose false positive rate is at most `rate`. */
function foundAt(x: Float64Array, y: Float64Array, rate: number): number {
  let found = 0;
  for (let i = 0; i < x.length && (x[i] as number) <= rate; i++) found = y[i] as number;
  return found;
}

function finding(lines: readonly { name: string; area: number }[]): string {
  const sorted = [...lines].sort((a, b) => b.area - a.area);
  const all = sorted.map(({ name, area }) => `${name} ${area.toFixed(3)}`).join(', ');
  return `ROC curve${lines.length === 1 ? '' : 's'}. Area under the curve (chance 0.500): ${all}.`;
}
