// Where a model says 30%, does it happen in 30% of the cases? Below, how many rows each point stands for.
//
//   show(calibrationPlot({ XGBoost: calibrationCurve(truth, probabilities, { bins: 10, strategy: 'quantile' }) }));

import type { CalibrationCurve } from '../metrics/calibration.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { compact, percent, requireFinite, requireRows, requireShare } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, grey, legendAbove, plain, seriesStyle } from './theme.js';

export interface CalibrationPlotOptions {
  readonly title?: string;
}

/**
 * Calibration curves over the counts of their bins.
 *
 * @throws if there are no curves, or one is empty, of unequal lengths or beyond 0 to 1.
 */
export function calibrationPlot(
  curves: Readonly<Record<string, CalibrationCurve>>,
  { title = 'Calibration' }: CalibrationPlotOptions = {},
): Figure & Displayable {
  const lines = requireRows(
    Object.entries(curves),
    'calibrationPlot',
    'Give { name: calibrationCurve(truth, probabilities) }.',
  ).map(([name, curve]) => ({ name, bins: binsOf(name, curve) }));
  const data: object[] = lines.flatMap(({ name, bins }, i) => {
    const { color, symbol, dash } = seriesStyle(i);
    const x = bins.map(({ predicted }) => predicted);
    const hovertext = bins.map(
      ({ predicted, happened, rows }) =>
        `${plain(name)}: said ${percent(predicted)}, happened ${percent(happened)}<br>${rows.toLocaleString('en-US')} rows`,
    );
    const common = { type: 'scatter', name: plain(name), x, hovertext, hovertemplate: '%{hovertext}<extra></extra>' };
    return [
      {
        ...{ ...common, mode: 'lines+markers', y: bins.map(({ happened }) => happened) },
        ...{ line: { color, dash, width: 2.5 }, marker: { color, symbol, size: 9 } },
        error_y: { type: 'data', array: bins.map(({ error }) => error), color, thickness: 1.2, width: 3 },
      },
      {
        ...{ ...common, mode: 'lines+markers', y: bins.map(({ rows }) => rows), yaxis: 'y2', showlegend: false },
        ...{ line: { color, dash, width: 1.5 }, marker: { color, symbol, size: 7 } },
      },
    ];
  });
  // Of a rare class all is said near 0: the axes end where the curves do.
  const furthest = Math.max(
    ...lines.flatMap(({ bins }) => bins.flatMap((bin) => [bin.predicted, bin.happened + bin.error])),
  );
  const end = furthest > 0.6 ? 1 : furthest * 1.05 || 1;
  const share = { range: [-0.03 * end, 1.03 * end], tickformat: end < 0.2 ? '.1~%' : '.0%' };
  data.unshift({
    ...{ type: 'scatter', mode: 'lines', name: 'as it should be', x: [0, end], y: [0, end] },
    ...{ line: { color: grey, dash: 'dot', width: 1.5 }, hoverinfo: 'skip' },
  });
  const layout = baseLayout(
    { title, height: 560 },
    {
      xaxis: axis('Predicted probability (mean of the bin)', { ...share, anchor: 'y2' }),
      yaxis: axis('Share of rows that are positive', { ...share, domain: [0.36, 1] }),
      yaxis2: axis('Rows (logarithmic)', {
        ...{ type: 'log', domain: [0, 0.26], dtick: 1 },
        title: { text: 'Rows (logarithmic)', font: { size: 13 }, standoff: 12 },
      }),
      legend: legendAbove,
      margin: { l: 70, r: 30, t: 96, b: 60 },
    },
  );
  const columns = ['model', 'rows', 'said', 'happened', 'difference'].map((heading, c) => ({
    title: heading,
    right: c > 0,
  }));
  const cells = lines.flatMap(({ name, bins }) =>
    bins.map(({ predicted, happened, rows }) => [
      ...[name, rows.toLocaleString('en-US'), percent(predicted), percent(happened)],
      `${happened >= predicted ? '+' : '−'}${percent(Math.abs(happened - predicted))}`,
    ]),
  );
  return figure({ data, layout, text: textTable(columns, cells), alt: finding(lines) });
}

interface Bin {
  readonly predicted: number;
  readonly happened: number;
  readonly rows: number;
  /** Half the 95% interval that chance alone gives such a share of so many rows. */
  readonly error: number;
}

function binsOf(name: string, curve: CalibrationCurve): Bin[] {
  const said = `calibrationPlot: ${JSON.stringify(name)}`;
  const { meanPredicted, fractionPositive, counts } = curve;
  if (meanPredicted === undefined || fractionPositive === undefined || counts === undefined)
    throw new Error(`${said} is not a calibration curve. Give calibrationCurve(truth, probabilities).`);
  if (counts.length === 0 || meanPredicted.length !== counts.length || fractionPositive.length !== counts.length)
    throw new Error(`${said}: one mean, one share and one count a bin, and at least one bin.`);
  return Array.from(counts, (rows, i) => {
    const happened = requireShare(fractionPositive[i], `${said}: fractionPositive[${i}]`);
    const predicted = requireShare(meanPredicted[i], `${said}: meanPredicted[${i}]`);
    if (requireFinite(rows, `${said}: counts[${i}]`) < 1)
      throw new Error(`${said}: counts[${i}] must be 1 or more, got ${rows}.`);
    return { predicted, happened, rows, error: 1.96 * Math.sqrt((happened * (1 - happened)) / rows) };
  });
}

function finding(lines: readonly { name: string; bins: readonly Bin[] }[]): string {
  const said = lines.map(({ name, bins }) => {
    const rows = bins.reduce((sum, bin) => sum + bin.rows, 0);
    const off = bins.reduce((sum, bin) => sum + bin.rows * Math.abs(bin.happened - bin.predicted), 0) / rows;
    const worst = bins.reduce((most, bin) =>
      Math.abs(bin.happened - bin.predicted) > Math.abs(most.happened - most.predicted) ? bin : most,
    );
    return `${name}: off by ${percent(off)} on average of ${compact(rows)} rows; furthest where it says ${percent(worst.predicted)} and ${percent(worst.happened)} happens`;
  });
  return `Calibration. ${said.join('. ')}.`;
}
