// How errors grow with the horizon: one line a model, over how many steps ahead it forecast.
//
//   show(horizonErrors([await rollingOrigin(heat, naive(), options), await rollingOrigin(heat, lstm(), options)], { unit: '°C' }));

import type { ForecastErrors, RollingOrigin } from '../tabular/series/rolling-origin.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, percent, plainNumber, requireFinite, requireRows } from './numbers.js';
import { textTable } from './text-table.js';
import { axis, baseLayout, black, legendBelow, plain, seriesStyle } from './theme.js';

export interface HorizonErrorsOptions {
  /** The unit of the series. */
  readonly unit: string;
  readonly title?: string;
  /** What is drawn. Default 'mae'. */
  readonly measure?: Exclude<keyof ForecastErrors, 'bias'>;
}

const measures = {
  mae: { title: 'Error by steps ahead', axis: (unit: string) => `Mean absolute error (${unit})` },
  rmse: { title: 'Error by steps ahead', axis: (unit: string) => `Root of the mean squared error (${unit})` },
  pinball: { title: 'Pinball loss by steps ahead', axis: (unit: string) => `Mean pinball loss (${unit})` },
  coverage: { title: 'Truths inside the interval', axis: () => 'Share of truths inside the interval' },
  width: { title: 'Width of the interval', axis: (unit: string) => `Mean width of the interval (${unit})` },
} as const;

/**
 * One measure of each model, step by step.
 *
 * @throws if there are no results, or they are of different horizons.
 */
export function horizonErrors(
  results: readonly Pick<RollingOrigin, 'name' | 'bySteps' | 'level' | 'frequency'>[],
  { unit, measure = 'mae', title }: HorizonErrorsOptions,
): Figure & Displayable {
  const all = requireRows(results, 'horizonErrors', 'Give what rollingOrigin(series, estimator, options) gave.');
  if (!Object.hasOwn(measures, measure))
    throw new Error(`horizonErrors: measure is '${measure}'; it may be ${Object.keys(measures).join(', ')}.`);
  const horizon = all[0].bySteps.length;
  const other = all.find(({ bySteps }) => bySteps.length !== horizon);
  if (other !== undefined)
    throw new Error(
      `horizonErrors: ${all[0].name} has ${horizon} steps and ${other.name} ${other.bySteps.length}. Evaluate all with one horizon.`,
    );
  const lines = all.map(({ name, bySteps }) => ({
    name,
    values: bySteps.map((errors, step) =>
      requireFinite(errors[measure], `horizonErrors: ${measure} of '${name}', step ${step + 1}`),
    ),
  }));
  const steps = Array.from({ length: horizon }, (_, step) => step + 1);
  const share = measure === 'coverage';
  const { every, unit: timeUnit } = all[0].frequency;
  const ahead =
    every === 1 ? `${timeUnit[0]?.toUpperCase()}${timeUnit.slice(1)}s ahead` : `Steps of ${every} ${timeUnit}s ahead`;
  const data = lines.map(({ name, values }, i) => {
    const { color, dash, symbol } = seriesStyle(i);
    return {
      ...{ type: 'scatter', mode: 'lines+markers', name: plain(name), x: steps, y: values },
      ...{ line: { color, dash, width: 2.5 }, marker: { color, symbol, size: 8 } },
      hovertemplate: `${plain(name)}, %{x} ahead: ${share ? '%{y:.1%}' : `%{y:.4g} ${plain(unit)}`}<extra></extra>`,
    };
  });
  const levels = [...new Set(all.map(({ level }) => level))];
  const target = share
    ? levels.map((level) => ({
        ...{ type: 'line', xref: 'paper', x0: 0, x1: 1, y0: level, y1: level },
        line: { color: black, width: 1.5, dash: 'dot' },
      }))
    : [];
  const layout = baseLayout(
    {
      title: title ?? measures[measure].title,
      height: 440,
      ...(share ? { subtitle: `Dotted: meant to be ${levels.map((level) => percent(level, 0)).join(', ')}` } : {}),
    },
    {
      xaxis: axis(ahead, { range: [0.5, horizon + 0.5], ...(horizon <= 14 ? { dtick: 1 } : {}) }),
      yaxis: axis(measures[measure].axis(unit), share ? { tickformat: '.0%' } : { rangemode: 'tozero' }),
      ...{ legend: legendBelow, showlegend: true },
      shapes: target,
    },
  );
  const format = share ? (value: number) => percent(value) : columnFormat(lines.flatMap(({ values }) => values));
  const text = textTable(
    [{ title: 'ahead', right: true }, ...lines.map(({ name }) => ({ title: name, right: true }))],
    steps.map((step) => [String(step), ...lines.map(({ values }) => format(values[step - 1] as number))]),
  );
  return figure({ data, layout, text, alt: finding(lines, measures[measure].axis(unit), share) });
}

function finding(lines: readonly { name: string; values: readonly number[] }[], what: string, share: boolean): string {
  const format = share ? (value: number) => percent(value) : plainNumber;
  const said = lines.map(({ name, values }) => {
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const [first, last] = [values[0] as number, values.at(-1) as number];
    return `${name} ${format(first)} at the first step, ${format(last)} at the last, ${format(mean)} on average`;
  });
  return `${what} by steps ahead: ${said.join('; ')}.`;
}
