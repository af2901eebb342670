// The table that a model forecasts from: a row an origin, columns of what was known by then, and the calendar of the time to forecast.
//
//   const table = lagTable(series, { lags: [1, 2], rollingMeans: [7], cycles: ['year'], difference: false, others: [] }, [100, 101], 0, true);
//   table.names;   // ['lag_1', 'lag_2', 'mean_7', 'year_sin', 'year_cos', 'target']
//
// An origin is how many values are known: the value to forecast `step` 0 is the one at that index.

import { z } from 'zod';
import { numeric } from '../table/column.js';
import { Table } from '../table/table.js';
import { calendarNames, calendarOf } from './calendar.js';
import { timeAfter } from './frequency.js';
import { Series } from './series.js';

export const lagFeaturesSchema = z.strictObject({
  /** 1 is the last value known. */
  lags: z.array(z.int().min(1)),
  /** Of the last so many values. */
  rollingMeans: z.array(z.int().min(1)),
  cycles: z.array(z.enum(['day', 'week', 'year'])),
  /** Values as differences from the last one, the target too. */
  difference: z.boolean(),
  /** Names of other values, of which the last one known is given. */
  others: z.array(z.string()),
});

export type LagFeatures = z.output<typeof lagFeaturesSchema>;

/** Name of the column to learn. */
export const target = 'target';

/** How many values before an origin are looked at. */
export const historyOf = ({ lags, rollingMeans }: LagFeatures): number => Math.max(1, ...lags, ...rollingMeans);

/**
 * @param from one series for all origins, or one for each
 * @param origins each at least `historyOf(features)`
 * @param step of the horizon, counted from 0
 * @param known true where the truth is in the series, to learn it
 * @throws Error if the series lacks other values
 */
export function lagTable(
  from: Series | readonly Series[],
  features: LagFeatures,
  origins: readonly number[],
  step: number,
  known: boolean,
): Table {
  const { lags, rollingMeans, cycles, difference, others } = features;
  const all = from instanceof Series ? [from] : from;
  const seriesOf = (row: number) => (all.length === 1 ? all[0] : all[row]) as Series;
  const column = (name: string, value: (series: Series, origin: number, last: number) => number) =>
    numeric(
      name,
      origins.map((origin, row) => {
        const series = seriesOf(row);
        return value(series, origin, difference ? (series.values[origin - 1] as number) : 0);
      }),
    );
  const calendars = origins.map((origin, row) => {
    const { times, frequency } = seriesOf(row);
    return calendarOf(timeAfter(times[origin - 1] as number, frequency, step + 1), cycles);
  });
  return new Table([
    // Of the last value its height is given even where all else is a difference from it.
    ...lags.map((lag) =>
      column(`lag_${lag}`, ({ values }, origin, last) => (values[origin - lag] as number) - (lag === 1 ? 0 : last)),
    ),
    ...rollingMeans.map((count) =>
      column(`mean_${count}`, ({ values }, origin, last) => meanOf(values, origin - count, origin) - last),
    ),
    ...others.map((name) => column(name, (series, origin) => otherOf(series, name)[origin - 1] as number)),
    ...calendarNames(cycles).map((name, i) =>
      numeric(
        name,
        calendars.map((calendar) => calendar[i] as number),
      ),
    ),
    ...(known ? [column(target, ({ values }, origin, last) => (values[origin + step] as number) - last)] : []),
  ]);
}

/** @throws Error if the series has no such other values */
export function otherOf(series: Series, name: string): Float64Array {
  const other = series.others.find((candidate) => candidate.name === name);
  if (other === undefined)
    throw new Error(`The forecaster learnt from '${name}' too, and the history '${series.name}' lacks it.`);
  return other.values;
}

function meanOf(values: Float64Array, from: number, to: number): number {
  let sum = 0;
  for (let i = from; i < to; i++) sum += values[i] as number;
  return sum / (to - from);
}
