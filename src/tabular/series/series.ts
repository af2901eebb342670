// A time series: one number at each of many times that stand at equal distances, and perhaps other numbers of the same times.
//
//   const seattle = (await loadTable('weather')).filter((row) => row.location === 'Seattle');
//   const heat = timeSeries(seattle, { time: 'date', value: 'temp_max_c', others: ['wind_m_s'] });
//   const past = heat.before(new Date('2015-01-01'));   // what was known on that day
//   past.length;                                        // 1096
//
// A series is never changed. What a forecaster may know is a part of it that ends at the origin, cut off by `slice` or `before`.

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { Table } from '../table/table.js';
import {
  type Frequency,
  frequencySchema,
  inferFrequency,
  sayFrequency,
  stepsBetween,
  timeAfter,
  timeUnits,
} from './frequency.js';

/** Other numbers of the same times, known up to the origin of a forecast and not beyond. */
export interface OtherValues {
  readonly name: string;
  readonly values: Float64Array;
}

export interface TimeSeriesOptions {
  /** A date column. Rows may stand in any order. */
  readonly time: string;
  /** The numeric column to forecast. */
  readonly value: string;
  /** How far apart the values are, as a unit or as { every: 15, unit: 'minute' }. Default: as the times say. */
  readonly frequency?: Frequency['unit'] | Frequency;
  /** Numeric columns that are known up to the origin of a forecast. Default: none. */
  readonly others?: readonly string[];
  /**
   * What becomes of times that are not there, and of missing values. 'error' names them. 'previous' takes the value before, which
   * was known by then. 'interpolate' draws a line to the next value, which was not: fit for drawing, too kind for evaluation.
   * Default 'error'.
   */
  readonly gaps?: 'error' | 'previous' | 'interpolate';
}

const schema = z.strictObject({
  time: z.string(),
  value: z.string(),
  frequency: z.union([z.enum(timeUnits), frequencySchema]).optional(),
  others: z.array(z.string()).default([]),
  gaps: z.enum(['error', 'previous', 'interpolate']).default('error'),
});

export class Series {
  /** Name of the value. */
  readonly name: string;
  readonly frequency: Frequency;
  /** Milliseconds since 1970-01-01 UTC, ascending. */
  readonly times: Float64Array;
  readonly values: Float64Array;
  readonly others: readonly OtherValues[];

  /** @throws Error if the lengths differ */
  constructor(parts: Pick<Series, 'name' | 'frequency' | 'times' | 'values'> & { others?: readonly OtherValues[] }) {
    this.name = parts.name;
    this.frequency = parts.frequency;
    this.times = parts.times;
    this.values = parts.values;
    this.others = parts.others ?? [];
    for (const { name, values } of [{ name: this.name, values: this.values }, ...this.others])
      if (values.length !== this.times.length)
        throw new Error(`The series has ${this.times.length} times, but '${name}' has ${values.length} values.`);
  }

  get length(): number {
    return this.values.length;
  }

  /** The values from `start` up to, not including, `end`, as `Array.slice` counts them; in arrays of their own. */
  slice(start?: number, end?: number): Series {
    const others = this.others.map(({ name, values }) => ({ name, values: values.slice(start, end) }));
    return new Series({ ...this, times: this.times.slice(start, end), values: this.values.slice(start, end), others });
  }

  /** The values before a time: what was known then. */
  before(time: Date | number): Series {
    return this.slice(0, this.times.findLastIndex((at) => at < Number(time)) + 1);
  }

  /** The values at a time and after it. */
  from(time: Date | number): Series {
    return this.slice(this.times.findLastIndex((at) => at < Number(time)) + 1);
  }

  /** The series with one value more, of the next time. Other values are left out, as nothing is known of them. */
  followedBy(value: number): Series {
    return new Series({
      ...this,
      times: Float64Array.of(...this.times, this.timesAfter(1)[0] as number),
      values: Float64Array.of(...this.values, value),
      others: [],
    });
  }

  /** The times of the `count` values that would come next. */
  timesAfter(count: number): Float64Array {
    const last = this.times.at(-1);
    if (last === undefined) throw new Error(`The series '${this.name}' is empty: no time follows.`);
    return Float64Array.from({ length: count }, (_, step) => timeAfter(last, this.frequency, step + 1));
  }
}

/**
 * A series out of two columns of a table.
 * @throws Error naming times that are missing, there twice or between two steps, and missing values where `gaps` is 'error'
 */
export function timeSeries(table: Table, options: TimeSeriesOptions): Series {
  const { time, value, frequency, others, gaps } = checkOptions('timeSeries', schema, options);
  const column = table.column(time);
  if (column.kind !== 'date')
    throw new Error(`timeSeries: the column '${time}' is ${column.kind}; times are a date column.`);
  const missing = column.values.findIndex(Number.isNaN);
  if (missing >= 0)
    throw new Error(`timeSeries: the time '${time}' of row ${missing} is missing. Drop such rows first.`);
  const order = Int32Array.from(column.values, (_, row) => row).sort(
    (a, b) => (column.values[a] as number) - (column.values[b] as number),
  );
  const times = Float64Array.from(order, (row) => column.values[row] as number);
  if (times.length === 0) throw new Error('timeSeries: the table has no rows.');
  const twice = times.findIndex((at, i) => at === times[i - 1]);
  if (twice >= 0)
    throw new Error(
      `timeSeries: the time ${sayTime(times[twice])} is there twice. A series has one value a time: take the rows of one place or thing, or average them first.`,
    );
  const chosen = typeof frequency === 'string' ? { every: 1, unit: frequency } : (frequency ?? inferFrequency(times));
  const places = placesOf(times, chosen);
  const length = (places.at(-1) as number) + 1;
  const all = Float64Array.from({ length }, (_, step) => timeAfter(times[0] as number, chosen, step));
  const read = (name: string) => {
    const { values } = table.numeric(name);
    const placed = new Float64Array(length).fill(Number.NaN);
    for (const [i, row] of order.entries()) placed[places[i] as number] = values[row] as number;
    return filled(name, placed, all, gaps);
  };
  return new Series({
    name: value,
    frequency: chosen,
    times: all,
    values: read(value),
    others: others.map((name) => ({ name, values: read(name) })),
  });
}

/** Which value of the series each time is. */
function placesOf(times: Float64Array, frequency: Frequency): Int32Array {
  const start = times[0] as number;
  return Int32Array.from(times, (time) => {
    const steps = stepsBetween(start, time, frequency);
    if (Number.isInteger(steps)) return steps;
    throw new Error(
      `timeSeries: with a value every ${sayFrequency(frequency)} from ${sayTime(start)} on, ${sayTime(time)} lies between two. Give the frequency, or round the times first.`,
    );
  });
}

function filled(
  name: string,
  values: Float64Array,
  times: Float64Array,
  gaps: 'error' | 'previous' | 'interpolate',
): Float64Array {
  const holes = Array.from(values.keys()).filter((i) => !Number.isFinite(values[i]));
  if (holes.length === 0) return values;
  if (gaps === 'error') {
    const shown = holes.slice(0, 3).map((i) => sayTime(times[i]));
    const more = holes.length > 3 ? ` and ${holes.length - 3} more` : '';
    throw new Error(
      `timeSeries: '${name}' has no value at ${shown.join(', ')}${more}. Fill gaps with { gaps: 'previous' } or { gaps: 'interpolate' }.`,
    );
  }
  const full = values.slice();
  for (const hole of holes) {
    const before = full[hole - 1];
    if (before === undefined)
      throw new Error(
        `timeSeries: '${name}' has no value at its first time, ${sayTime(times[0])}. Leave out the rows before its first value.`,
      );
    const next = values.findIndex((value, i) => i > hole && Number.isFinite(value));
    // From the filled value just before, the line to the next one is still the same line.
    full[hole] =
      gaps === 'previous' || next < 0 ? before : before + ((values[next] as number) - before) / (next - hole + 1);
  }
  return full;
}

/** '2015-03-01', with the time of day where it is not midnight UTC. */
export const sayTime = (time: number | undefined): string =>
  new Date(time ?? Number.NaN).toISOString().replace('T00:00:00.000Z', '').replace(':00.000Z', 'Z');
