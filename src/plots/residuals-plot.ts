// What a regression gets wrong: the error of each row against its prediction, and how often which error comes.
//
//   show(residualsPlot(test.numeric('price').values, await model.predict(test), { unit: '€' }));

import { binned } from './bins.js';
import { brief } from './cells.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, percent, requireFinite } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, black, blue } from './theme.js';
import { endsOf, someRows } from './thin.js';

export interface ResidualsPlotOptions {
  /** The target's unit, as in 'Error (€)'. */
  readonly unit: string;
  readonly title?: string;
  /** Points drawn at most; of more rows so many are drawn by the seed. The histogram counts all. Default 2000. */
  readonly points?: number;
  /** Default 42. */
  readonly seed?: number;
}

/**
 * True value less prediction, against the prediction, and as a histogram.
 *
 * @throws if there are no rows, as many truths as predictions are not given, or one is not a finite number.
 */
export function residualsPlot(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  { unit, title = 'Errors of the predictions', points = 2000, seed = 42 }: ResidualsPlotOptions,
): Figure & Displayable {
  if (truth.length !== predicted.length)
    throw new Error(
      `residualsPlot: ${truth.length} true values but ${predicted.length} predictions. Give one of each a row.`,
    );
  if (truth.length === 0) throw new Error('residualsPlot: nothing to draw, there are no rows.');
  const errors = Float64Array.from(
    truth,
    (value, row) =>
      requireFinite(value, `residualsPlot: truth[${row}]`) -
      requireFinite(predicted[row], `residualsPlot: predicted[${row}]`),
  );
  const rows = someRows(errors.length, points, seed);
  const { edges, counts } = binned(errors, 30);
  const middles = counts.map((_, i) => ((edges[i] as number) + (edges[i + 1] as number)) / 2);
  const widths = counts.map((_, i) => (edges[i + 1] as number) - (edges[i] as number));
  const data = [
    {
      ...{ type: 'scatter', mode: 'markers', x: rows.map((row) => predicted[row]), y: rows.map((row) => errors[row]) },
      marker: { color: blue, size: rows.length > 500 ? 4 : 7, opacity: rows.length > 500 ? 0.5 : 0.8 },
      hovertemplate: 'predicted %{x:.4g}, error %{y:.4g}<extra></extra>',
    },
    {
      ...{ type: 'bar', orientation: 'h', x: counts, y: middles, width: widths, xaxis: 'x2' },
      marker: { color: blue, line: { color: '#FFFFFF', width: 1 } },
      hovertext: counts.map(
        (count, i) =>
          `${brief(edges[i] as number)} to ${brief(edges[i + 1] as number)}: ${count.toLocaleString('en-US')} rows`,
      ),
      hovertemplate: '%{hovertext}<extra></extra>',
    },
  ];
  const [low, high] = endsOf(errors);
  const margin = (high - low || 1) * 0.06;
  const drawn =
    rows.length < errors.length
      ? {
          subtitle: `Points: ${rows.length.toLocaleString('en-US')} of ${errors.length.toLocaleString('en-US')} rows, drawn by seed ${seed}; bars: all rows`,
        }
      : {};
  const small = (text: string) => ({ text, font: { size: 14 }, standoff: 12 });
  const layout = baseLayout(
    { title, height: 460, ...drawn },
    {
      xaxis: axis('', {
        title: small(`Prediction (${unit})`),
        domain: [0, 0.68],
        separatethousands: true,
        exponentformat: 'none',
      }),
      xaxis2: axis('', {
        title: small('Rows'),
        domain: [0.74, 1],
        anchor: 'y',
        nticks: 4,
        separatethousands: true,
        exponentformat: 'none',
      }),
      yaxis: axis('', {
        title: small(`True value less prediction (${unit})`),
        ...{ range: [low - margin, high + margin], separatethousands: true, exponentformat: 'none' },
      }),
      shapes: [
        { type: 'line', xref: 'paper', x0: 0, x1: 1, y0: 0, y1: 0, line: { color: black, width: 1.5, dash: 'dash' } },
      ],
      ...{ showlegend: false, bargap: 0 },
    },
  );
  const format = columnFormat([...edges]);
  const columns = [
    { title: `error (${unit})`, right: true },
    { title: 'rows', right: true },
    { title: 'share', right: true },
  ];
  const cells = counts.map((count, i) => [
    `${format(edges[i] as number)} to ${format(edges[i + 1] as number)}`,
    count.toLocaleString('en-US'),
    percent(count / errors.length),
  ]);
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(errors, predicted, unit) });
}

function finding(errors: Float64Array, predicted: ArrayLike<number>, unit: string): string {
  const mean = errors.reduce((sum, error) => sum + error, 0) / errors.length;
  const size = errors.reduce((sum, error) => sum + Math.abs(error), 0) / errors.length;
  const within = errors.reduce((count, error) => count + Number(Math.abs(error) <= 2 * size), 0) / errors.length;
  const worst = errors.reduce(
    (most, error, row) => (Math.abs(error) > Math.abs(errors[most] as number) ? row : most),
    0,
  );
  const say = (value: number): string => `${brief(value)} ${unit}`;
  return `Errors of ${errors.length.toLocaleString('en-US')} predictions: ${say(size)} on average, ${say(mean)} if signs count; ${percent(within)} within ${say(2 * size)}. Largest: ${say(errors[worst] as number)}, where ${say(predicted[worst] as number)} was predicted.`;
}
