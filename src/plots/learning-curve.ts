// Accuracy against the number of training examples: how much data a way to train needs, and when another one catches up.
//
//   show(learningCurve({ pretrained: [{ examples: 20, accuracy: 0.61 }, ...], 'from scratch': [...] }));

import { type Displayable, type Figure, figure } from './figure.js';
import { percent, requireFinite, requireRows, requireShare } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, grey, legendAbove, plain, seriesStyle } from './theme.js';

/** What so many examples came to. */
export interface LearningPoint {
  /** Training rows, above 0. */
  readonly examples: number;
  /** Share of test rows predicted right, 0 to 1. */
  readonly accuracy: number;
  /** 95% interval of the accuracy. */
  readonly interval?: readonly [number, number];
}

export interface LearningCurveOptions {
  readonly title?: string;
  /** What `accuracy` is, where it is another share, such as 'ROC AUC'. Default 'Accuracy'. */
  readonly measure?: string;
  /** What guessing or a baseline gets, as a line across. */
  readonly baseline?: { readonly name: string; readonly accuracy: number };
}

/**
 * One line a way to train, over a logarithmic axis of examples.
 *
 * @throws if there are no lines or points, or a number is impossible.
 */
export function learningCurve(
  lines: Readonly<Record<string, readonly LearningPoint[]>>,
  { title = 'Learning curves', measure = 'Accuracy', baseline }: LearningCurveOptions = {},
): Figure & Displayable {
  const series = requireRows(Object.entries(lines), 'learningCurve', 'Give { name: [{ examples, accuracy }] }.').map(
    ([name, points]) => ({ name, points: checked(name, points) }),
  );
  if (baseline)
    requireShare(baseline.accuracy, `learningCurve: accuracy of the baseline ${JSON.stringify(baseline.name)}`);
  const ticks = [...new Set(series.flatMap(({ points }) => points.map(({ examples }) => examples)))].sort(
    (a, b) => a - b,
  );
  const data: object[] = series.map(({ name, points }, i) => {
    const { color, symbol, dash } = seriesStyle(i);
    const reach = (end: 0 | 1) =>
      points.map(({ accuracy, interval }) => 100 * Math.abs((interval?.[end] ?? accuracy) - accuracy));
    return {
      ...{ type: 'scatter', mode: 'lines+markers', name: plain(name) },
      ...{ x: points.map(({ examples }) => examples), y: points.map(({ accuracy }) => 100 * accuracy) },
      ...{ line: { color, dash, width: 2.5 }, marker: { color, symbol, size: 11 } },
      error_y: { type: 'data', array: reach(1), arrayminus: reach(0), color, thickness: 1.5, width: 4 },
      hovertemplate: `${plain(name)}: %{x} examples, %{y:.1f}%<extra></extra>`,
    };
  });
  if (baseline)
    data.push({
      ...{ type: 'scatter', mode: 'lines', name: plain(baseline.name), line: { color: grey, dash: 'dot', width: 2 } },
      ...{ x: [ticks[0], ticks.at(-1)], y: [100 * baseline.accuracy, 100 * baseline.accuracy] },
      hovertemplate: `${plain(baseline.name)}: %{y:.1f}%<extra></extra>`,
    });
  const layout = baseLayout(
    { title, height: 440 },
    {
      xaxis: axis('Training examples (logarithmic)', { type: 'log', tickmode: 'array', tickvals: ticks }),
      yaxis: axis(`${measure} on the test rows (%)`),
      legend: legendAbove,
      margin: { l: 70, r: 30, t: 96, b: 60 }, // the title and, under it, the names of the lines
    },
  );
  const columns = [{ title: '' }, ...ticks.map((count) => ({ title: String(count), right: true }))];
  const cells = series.map(({ name, points }) => [
    name,
    ...ticks.map((count) => {
      const point = points.find(({ examples }) => examples === count);
      return point ? percent(point.accuracy) : '–';
    }),
  ]);
  if (baseline) cells.push([baseline.name, ...ticks.map(() => percent(baseline.accuracy))]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(series, baseline) });
}

function checked(name: string, points: readonly LearningPoint[]): readonly [LearningPoint, ...LearningPoint[]] {
  const given = requireRows(
    points,
    `learningCurve: ${JSON.stringify(name)}`,
    'Give { examples, accuracy } for each size.',
  );
  for (const { examples, accuracy, interval } of given) {
    if (!(requireFinite(examples, 'learningCurve: examples') > 0))
      throw new Error(`learningCurve: examples of ${JSON.stringify(name)} must be above 0, got ${examples}.`);
    for (const share of [accuracy, ...(interval ?? [])])
      requireShare(share, `learningCurve: accuracy of ${JSON.stringify(name)} at ${examples} examples`);
  }
  return [...given].sort((a, b) => a.examples - b.examples) as unknown as [LearningPoint, ...LearningPoint[]];
}

function finding(
  series: readonly { name: string; points: readonly [LearningPoint, ...LearningPoint[]] }[],
  baseline: LearningCurveOptions['baseline'],
): string {
  const sentences = series.map(({ name, points }) => {
    const [first, last] = [points[0], points.at(-1) as LearningPoint];
    if (points.length === 1) return `${name}: ${percent(first.accuracy)} with ${first.examples} examples.`;
    return `${name}: from ${percent(first.accuracy)} with ${first.examples} examples to ${percent(last.accuracy)} with ${last.examples}.`;
  });
  return [...sentences, ...(baseline ? [`${baseline.name}: ${percent(baseline.accuracy)}.`] : [])].join(' ');
}
