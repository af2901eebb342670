// Loss against rounds (trees) or epochs, on the training rows and on validation rows: is it still falling, and has it begun to rise
// on rows not learnt from? Made for live(): give `total` and the picture does not jump.
//
//   const history: FitProgress[] = [];
//   await xgboost().fit(train, { target: 'churned', validation, onProgress: (progress) => history.push(progress) });
//   show(fitCurve(history, { title: 'XGBoost' }));

import type { FitProgress } from '../tabular/estimator.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { requireFinite, requireRows } from './numbers.js';
import { spread, textTable } from './text-table.js';
import { axis, baseLayout, legendAbove, plain, seriesStyle } from './theme.js';

export interface FitCurveOptions {
  readonly title?: string;
  /** What one step of the fit is called. Default 'round'. */
  readonly step?: string;
  /** What the loss is and its unit. Default: 'Loss'. */
  readonly lossTitle?: string;
  /** Where the fit will end, so that a live picture keeps its axis. */
  readonly total?: number;
}

/**
 * One line for the training rows and one for the validation rows, each where its loss is known.
 *
 * @throws if no loss is known, or one is not finite.
 */
export function fitCurve(history: readonly FitProgress[], options: FitCurveOptions = {}): Figure & Displayable {
  requireRows(history, 'fitCurve', 'Give what onProgress was told, from a fit with at least one round.');
  const { title = 'Loss while fitting', step = 'round', lossTitle = 'Loss', total } = options;
  const lines = [
    { name: 'training rows', points: pointsOf(history, 'loss', step) },
    { name: 'validation rows', points: pointsOf(history, 'validationLoss', step) },
  ].filter(({ points }) => points.length > 0);
  if (lines.length === 0)
    throw new Error('fitCurve: nothing to draw, no loss is known. Show `progress` for a fit that tells none.');
  const data = lines.map(({ name, points }) => {
    const { color, dash, symbol } = seriesStyle(name === 'training rows' ? 0 : 1);
    return {
      ...{ type: 'scatter', mode: points.length < 12 ? 'lines+markers' : 'lines', name },
      ...{ x: points.map(({ done }) => done), y: points.map(({ loss }) => loss) },
      ...{ line: { color, dash, width: 2.5 }, ...(points.length < 12 ? { marker: { color, symbol, size: 8 } } : {}) },
      hovertemplate: `${plain(step)} %{x}, ${name}: %{y:.4g}<extra></extra>`,
    };
  });
  const last = history.at(-1)?.done as number;
  const layout = baseLayout(
    { title, height: 360 },
    {
      xaxis: axis(`${step[0]?.toUpperCase()}${step.slice(1)}`, { range: [0, Math.max(total ?? 0, last) * 1.01] }),
      yaxis: axis(lossTitle),
      ...{ legend: legendAbove, showlegend: true, margin: { l: 70, r: 30, t: 84, b: 60 } },
    },
  );
  const columns = [{ title: step, right: true }, ...lines.map(({ name }) => ({ title: name, right: true }))];
  const all = [...new Set(lines.flatMap(({ points }) => points.map(({ done }) => done)))].sort((a, b) => a - b);
  const cells = spread(all, 12).map((done) => [
    String(done),
    ...lines.map(({ points }) => points.find((point) => point.done === done)?.loss.toFixed(4) ?? '–'),
  ]);
  const listed = all.length > 12 ? `\n12 of ${all.length.toLocaleString('en-US')} ${step}s listed.` : '';
  return figure({ data, layout, text: textTable(columns, cells) + listed, alt: finding(lines, step, last) });
}

interface Point {
  readonly done: number;
  readonly loss: number;
}

function pointsOf(history: readonly FitProgress[], field: 'loss' | 'validationLoss', step: string): Point[] {
  return history.flatMap(({ done, [field]: loss }) =>
    loss === undefined ? [] : [{ done, loss: requireFinite(loss, `fitCurve: ${field} after ${step} ${done}`) }],
  );
}

function finding(lines: readonly { name: string; points: readonly Point[] }[], step: string, last: number): string {
  const said = lines.map(({ name, points }) => {
    const [first, end] = [points[0] as Point, points.at(-1) as Point];
    if (name === 'training rows')
      return `on the training rows from ${first.loss.toPrecision(4)} to ${end.loss.toPrecision(4)}`;
    const best = points.reduce((low, point) => (point.loss < low.loss ? point : low));
    return `on the validation rows lowest ${best.loss.toPrecision(4)}, after ${step} ${best.done}`;
  });
  return `Loss over ${last.toLocaleString('en-US')} ${step}${last === 1 ? '' : 's'}: ${said.join('; ')}.`;
}
