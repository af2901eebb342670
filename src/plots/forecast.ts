// Forecasts in time: what was known, what was forecast with its interval, and what came, where it is known by now.
//
//   const past = heat.slice(0, -14);
//   show(forecastPlot(heat, [await model.forecast(past), await simple.forecast(past)], { unit: '°C' }));
//
// The series may go on past the forecasts' beginning: its values from there on are drawn as points, the truth.

import type { Forecast } from '../tabular/series/forecaster.js';
import type { Series } from '../tabular/series/series.js';
import { type Displayable, type Figure, figure } from './figure.js';
import { columnFormat, percent, plainNumber, requireFinite, requireRows } from './numbers.js';
import { spread, textTable } from './text-table.js';
import { axis, baseLayout, black, grey, legendBelow, plain, rgb, seriesStyle } from './theme.js';

export interface ForecastPlotOptions {
  /** The unit of the values, as in 'temp_max (°C)'. */
  readonly unit: string;
  /** Default: 'Forecast of ' and the name of the series. */
  readonly title?: string;
  /** Values of the series drawn before the first forecast. Default: four times as many as are forecast at once, at least 28. */
  readonly history?: number;
  /** Names of the forecasters whose intervals are drawn. Default: that of the first. */
  readonly intervals?: readonly string[];
}

/** What a forecaster forecast, at one origin or several. */
interface Group {
  readonly name: string;
  readonly forecasts: readonly Forecast[];
}

/**
 * Medians as lines and intervals as bands. Several forecasts of one name, such as those of a rolling origin, are drawn alike.
 *
 * @throws if there is no forecast, a value is not a finite number, or the series ends before its first values drawn.
 */
export function forecastPlot(
  series: Series,
  forecasts: readonly Forecast[],
  { unit, title = `Forecast of ${series.name}`, history, intervals }: ForecastPlotOptions,
): Figure & Displayable {
  const all = requireRows(forecasts, 'forecastPlot', 'Give what forecaster.forecast(history) gave.');
  for (const forecast of all) check(forecast);
  const groups = grouped(all);
  const banded = intervals ?? [all[0].name];
  for (const name of banded)
    if (!groups.some((group) => group.name === name))
      throw new Error(
        `forecastPlot: intervals names '${name}', but the forecasts are of ${groups.map((group) => group.name).join(', ')}.`,
      );
  const first = Math.min(...all.map(({ times }) => times[0] as number));
  const last = Math.max(...all.map(({ times }) => times.at(-1) as number));
  const steps = Math.max(...all.map(({ times }) => times.length));
  const begins = series.times.findIndex((time) => time >= first);
  const known = begins < 0 ? series.length : begins;
  const drawnFrom = Math.max(0, known - (history ?? Math.max(28, 4 * steps)));
  const end = series.times.findLastIndex((time) => time <= last) + 1;
  for (let i = drawnFrom; i < end; i++)
    requireFinite(series.values[i], `forecastPlot: ${series.name} at ${say(series.times[i] as number)}`);

  const line = (from: number, to: number) => ({
    x: Array.from(series.times.subarray(from, to), say),
    y: [...series.values.subarray(from, to)],
  });
  const data: object[] = [];
  for (const [i, { name, forecasts }] of groups.entries()) {
    if (!banded.includes(name)) continue;
    const shape = outline(forecasts);
    data.push({
      ...{ type: 'scatter', mode: 'lines', name: `${plain(name)}, ${percent(forecasts[0]?.level ?? 0, 0)} interval` },
      ...{ x: shape.x, y: shape.y, fill: 'toself', fillcolor: `rgba(${rgb(seriesStyle(i).color).join(', ')}, 0.18)` },
      ...{ line: { width: 0 }, hoverinfo: 'skip' },
    });
  }
  if (known > drawnFrom)
    data.push({
      ...{ type: 'scatter', mode: 'lines', name: 'known', ...line(drawnFrom, known) },
      ...{ line: { color: grey, width: 1.5 }, hovertemplate: `%{x}: %{y:.4g} ${plain(unit)}<extra></extra>` },
    });
  for (const [i, { name, forecasts }] of groups.entries()) {
    const { color, dash, symbol } = seriesStyle(i);
    const joined = withGaps(forecasts.map(({ times, median }) => ({ x: Array.from(times, say), y: [...median] })));
    const alone = forecasts.some(({ times }) => times.length === 1);
    data.push({
      ...{ type: 'scatter', mode: alone ? 'lines+markers' : 'lines', name: `${plain(name)}, median`, ...joined },
      ...{ line: { color, dash, width: 2.5 }, ...(alone ? { marker: { color, symbol, size: 8 } } : {}) },
      hovertemplate: `${plain(name)}, %{x}: %{y:.4g} ${plain(unit)}<extra></extra>`,
    });
  }
  if (end > known)
    data.push({
      ...{ type: 'scatter', mode: 'markers', name: 'truth', ...line(known, end) },
      ...{ marker: { color: black, size: end - known > 100 ? 4 : 6 } },
      hovertemplate: `truth, %{x}: %{y:.4g} ${plain(unit)}<extra></extra>`,
    });
  const layout = baseLayout(
    { title, height: 460 },
    {
      xaxis: axis(dayOnly(series) ? 'Date' : 'Time (UTC)', { type: 'date' }),
      yaxis: axis(`${series.name} (${unit})`, { separatethousands: true }),
      ...{ legend: { ...legendBelow, y: -0.26 }, showlegend: true }, // dates take two lines
    },
  );
  const truths = new Map(Array.from(series.times, (time, i) => [time, series.values[i] as number]));
  return figure({
    data,
    layout,
    text: numbers(groups, truths, unit),
    alt: finding(series, groups, truths, unit, known, end),
  });
}

function check({ name, times, median, lower, upper }: Forecast): void {
  if (times === undefined || median === undefined || lower === undefined || upper === undefined)
    throw new Error(
      'forecastPlot: a forecast has { name, times, median, lower, upper, level }. Give what forecaster.forecast(history) gave.',
    );
  if (times.length === 0) throw new Error(`forecastPlot: the forecast of '${name}' has no steps.`);
  for (const [step, time] of times.entries())
    for (const [what, values] of Object.entries({ median, lower, upper }))
      requireFinite(values[step], `forecastPlot: ${what} of '${name}' at ${say(time)}`);
}

function grouped(forecasts: readonly Forecast[]): Group[] {
  const names = [...new Set(forecasts.map(({ name }) => name))];
  return names.map((name) => ({ name, forecasts: forecasts.filter((forecast) => forecast.name === name) }));
}

type Line = { readonly x: readonly (string | null)[]; readonly y: readonly (number | null)[] };

/** Lines as one, each ending where the next begins. */
const withGaps = (lines: readonly Line[]): Line => ({
  x: lines.flatMap(({ x }, i) => (i === 0 ? x : [null, ...x])),
  y: lines.flatMap(({ y }, i) => (i === 0 ? y : [null, ...y])),
});

/** Around each interval: along its upper end and back along its lower one. */
const outline = (forecasts: readonly Forecast[]): Line =>
  withGaps(
    forecasts.map(({ times, lower, upper }) => ({
      x: [...times, ...times.toReversed()].map(say),
      y: [...upper, ...lower.toReversed()],
    })),
  );

const say = (time: number): string => new Date(time).toISOString().slice(0, 16).replace('T00:00', '').replace('T', ' ');
const dayOnly = ({ times }: Series): boolean => times.every((time) => time % 86_400_000 === 0);

function numbers(groups: readonly Group[], truths: ReadonlyMap<number, number>, unit: string): string {
  const rows = groups
    .flatMap(({ name, forecasts }) =>
      forecasts.flatMap(({ times, median, lower, upper }) =>
        Array.from(times, (time, step) => ({
          name,
          time,
          median: median[step],
          lower: lower[step],
          upper: upper[step],
        })),
      ),
    )
    .sort((a, b) => a.time - b.time);
  const format = columnFormat(rows.flatMap(({ median, lower, upper }) => [median, lower, upper]));
  const titles = ['time', 'forecaster', `lower (${unit})`, `median (${unit})`, `upper (${unit})`, `truth (${unit})`];
  const shown = spread(rows, 28);
  const table = textTable(
    titles.map((title, i) => ({ title, right: i > 1 })),
    shown.map(({ name, time, median, lower, upper }) => {
      const truth = truths.get(time);
      const cells = [lower, median, upper].map((value) => format(value as number));
      return [say(time), name, ...cells, truth === undefined ? '–' : format(truth)];
    }),
  );
  return shown.length < rows.length ? `${table}\n${shown.length} of ${rows.length} forecasts listed.` : table;
}

function finding(
  series: Series,
  groups: readonly Group[],
  truths: ReadonlyMap<number, number>,
  unit: string,
  known: number,
  end: number,
): string {
  const said = groups.map(({ name, forecasts }) => {
    const steps = forecasts.flatMap(({ times, median, lower, upper }) =>
      Array.from(times, (time, step) => ({
        truth: truths.get(time),
        ...{ median: median[step] as number, lower: lower[step] as number, upper: upper[step] as number },
      })),
    );
    const medians = steps.map(({ median }) => median);
    const judged = steps.filter((step): step is typeof step & { truth: number } => step.truth !== undefined);
    const from = `${name}: medians from ${plainNumber(Math.min(...medians))} to ${plainNumber(Math.max(...medians))} ${unit}`;
    if (judged.length === 0) return `${from}.`;
    const error = judged.reduce((sum, { truth, median }) => sum + Math.abs(truth - median), 0) / judged.length;
    const inside = judged.filter(({ truth, lower, upper }) => truth >= lower && truth <= upper).length;
    const level = percent(forecasts[0]?.level ?? 0, 0);
    return `${from}, wrong by ${plainNumber(error)} ${unit} on average; ${inside} of ${judged.length} truths inside the ${level} interval.`;
  });
  const until = known > 0 ? ` known until ${say(series.times[known - 1] as number)}` : '';
  const later = end > known ? ` and the truth after it` : '';
  return `${series.name}${until}${later}. ${said.join(' ')}`;
}
