// Loss over training steps: every step as a faint point, a smoothed line through them, validation points where there are
// any, and the learning rate below where wanted. Made for live(): give `totalSteps` and the picture does not jump.
//
//   show(trainingCurve(run.history, { title: 'Fine-tuning MiniLM', learningRate: true }));

import { type Displayable, type Figure, figure } from './figure.js';
import { requireFinite, requireRows } from './numbers.js';
import { spread, textTable } from './text-table.js';
import { axis, baseLayout, legendAbove, seriesStyle } from './theme.js';

/** One training step: its number from 1, the mean loss of its batch, the learning rate it used. */
export interface TrainingPoint {
  readonly step: number;
  readonly loss: number;
  readonly learningRate?: number;
}

/** Options of `trainingCurve`. */
export interface TrainingCurveOptions {
  readonly title?: string;
  /** What the loss is and its unit. Default: 'Loss (cross-entropy, nats)'. */
  readonly lossTitle?: string;
  /** Losses on rows not trained on, each after a step. */
  readonly validation?: readonly { readonly step: number; readonly loss: number }[];
  /** Draw the learning rate under the loss. Default false. */
  readonly learningRate?: boolean;
  /** Where training will end, so that a live picture keeps its axis. */
  readonly totalSteps?: number;
  /** Half-life of the smoothed line, in steps. Default: a twenty-fifth of the steps, at least 1. */
  readonly halfLife?: number;
}

/**
 * The loss of each step, with a smoothed line.
 *
 * @throws if there are no steps, or a loss is not finite: training has diverged then.
 */
export function trainingCurve(
  history: readonly TrainingPoint[],
  options: TrainingCurveOptions = {},
): Figure & Displayable {
  const points = requireRows(history, 'trainingCurve', 'Give the history of a run with at least one step.');
  for (const { step, loss } of points) {
    requireFinite(step, 'trainingCurve: step');
    requireFinite(loss, `trainingCurve: loss at step ${step}`, 'Training has diverged: try a lower learning rate.');
  }
  const validation = options.validation ?? [];
  for (const { step, loss } of validation) requireFinite(loss, `trainingCurve: validation loss at step ${step}`);
  const halfLife = options.halfLife ?? Math.max(1, Math.round(points.length / 25));
  const smooth = smoothed(
    points.map((point) => point.loss),
    halfLife,
  );
  const rates = options.learningRate === true && points.every((point) => point.learningRate !== undefined);

  const steps = points.map((point) => point.step);
  const [raw, checked, rate] = [seriesStyle(0), seriesStyle(1), seriesStyle(2)];
  const data: object[] = [
    {
      ...{ type: 'scatter', mode: 'markers', name: 'each step', x: steps, y: points.map((point) => point.loss) },
      marker: { color: raw.color, size: 5, opacity: 0.3 },
      hovertemplate: 'step %{x}: loss %{y:.4f}<extra></extra>',
    },
    {
      ...{ type: 'scatter', mode: 'lines', name: `smoothed (half-life ${halfLife} step${halfLife === 1 ? '' : 's'})` },
      ...{ x: steps, y: smooth, line: { color: raw.color, width: 2.5 } },
      hovertemplate: 'step %{x}: smoothed %{y:.4f}<extra></extra>',
    },
  ];
  if (validation.length > 0) {
    data.push({
      ...{ type: 'scatter', mode: 'lines+markers', name: 'validation' },
      ...{ x: validation.map((point) => point.step), y: validation.map((point) => point.loss) },
      line: { color: checked.color, width: 2, dash: checked.dash },
      marker: { color: checked.color, symbol: checked.symbol, size: 10 },
      hovertemplate: 'after step %{x}: validation loss %{y:.4f}<extra></extra>',
    });
  }
  if (rates) {
    data.push({
      ...{ type: 'scatter', mode: 'lines', name: 'learning rate', showlegend: false, xaxis: 'x', yaxis: 'y2' },
      ...{ x: steps, y: points.map((point) => point.learningRate), line: { color: rate.color, width: 2 } },
      hovertemplate: 'step %{x}: learning rate %{y:.2e}<extra></extra>',
    });
  }
  const last = Math.max(options.totalSteps ?? 0, ...steps.slice(-1), ...validation.map((point) => point.step));
  const layout = baseLayout(
    { title: options.title ?? 'Loss while training', height: rates ? 520 : 400 },
    {
      xaxis: axis('Training step', { range: [0, Math.max(last * 1.02, 1)], anchor: rates ? 'y2' : 'y' }),
      yaxis: axis(options.lossTitle ?? 'Loss (cross-entropy, nats)', {
        rangemode: 'tozero',
        domain: [rates ? 0.36 : 0, 1],
      }),
      ...(rates
        ? { yaxis2: axis('Learning rate', { domain: [0, 0.24], rangemode: 'tozero', exponentformat: 'e', nticks: 4 }) }
        : {}),
      legend: legendAbove,
    },
  );
  return figure({ data, layout, text: numbers(points, smooth, validation, rates), alt: finding(points, validation) });
}

/**
 * Exponential moving average with the start corrected as Adam corrects its moments (Kingma and Ba 2015, section 3), so
 * that the first values are not drawn towards 0. `halfLife` in steps: a loss that old weighs half as much.
 */
export function smoothed(values: readonly number[], halfLife: number): number[] {
  const decay = 0.5 ** (1 / halfLife);
  let mean = 0;
  let weight = 0;
  return values.map((value) => {
    mean = decay * mean + (1 - decay) * value;
    weight = decay * weight + (1 - decay);
    return mean / weight;
  });
}

function numbers(
  points: readonly TrainingPoint[],
  smooth: readonly number[],
  validation: readonly { readonly step: number; readonly loss: number }[],
  rates: boolean,
): string {
  const rows = points.map((point, i) => [
    String(point.step),
    point.loss.toFixed(4),
    (smooth[i] as number).toFixed(4),
    ...(rates ? [(point.learningRate as number).toExponential(2)] : []),
  ]);
  const columns = ['step', 'loss', 'smoothed', ...(rates ? ['learning rate'] : [])];
  const shown = spread(rows, 12);
  const parts = [
    textTable(
      columns.map((title) => ({ title, right: true })),
      shown,
    ),
  ];
  if (shown.length < rows.length) parts.push(`${shown.length} of ${rows.length.toLocaleString('en-US')} steps listed.`);
  if (validation.length > 0) {
    const columns = ['after step', 'validation loss'].map((title) => ({ title, right: true }));
    parts.push(
      '',
      textTable(
        columns,
        spread(validation, 12).map(({ step, loss }) => [String(step), loss.toFixed(4)]),
      ),
    );
  }
  return parts.join('\n');
}

function finding(
  points: readonly TrainingPoint[],
  validation: readonly { readonly step: number; readonly loss: number }[],
): string {
  const count = points.length;
  const tenth = Math.max(1, Math.floor(count / 10));
  const mean = (part: readonly TrainingPoint[]): number => part.reduce((sum, { loss }) => sum + loss, 0) / part.length;
  const [from, to] = [mean(points.slice(0, tenth)).toFixed(3), mean(points.slice(-tenth)).toFixed(3)];
  const change =
    tenth === 1
      ? `from ${from} at the first to ${to} at the last`
      : `from ${from} (mean of the first ${tenth}) to ${to} (mean of the last ${tenth})`;
  const training =
    count === 1 ? `Loss of one step: ${to}.` : `Loss over ${count.toLocaleString('en-US')} steps: ${change}.`;
  if (validation.length === 0) return training;
  const best = validation.reduce((low, point) => (point.loss < low.loss ? point : low));
  return `${training} Lowest validation loss ${best.loss.toFixed(3)}, after step ${best.step}.`;
}
