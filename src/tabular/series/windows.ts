// What networks learn a series from: windows of values, scaled, each with what came next.
//
//   const scale = scaleOf(series);
//   const rows = windowRows(series, origins, { window: 56, horizon: 14, cycles: ['year'], others: [], difference: true }, scale);
//   rows.x.shape;   // [origins, 56, 1]: the last 56 values before each origin
//
// An origin is how many values are known: the first value to forecast is the one at that index.

import { z } from 'zod';
import { type HostTensor, hostTensor } from '../../engine/index.js';
import { calendarOf } from './calendar.js';
import { timeAfter } from './frequency.js';
import { otherOf } from './lag-features.js';
import type { Series } from './series.js';

/** What a window holds. */
export interface WindowShape {
  /** Values looked back on. */
  readonly window: number;
  readonly horizon: number;
  /** Of each time to forecast, where it stands in these. */
  readonly cycles: readonly ('day' | 'week' | 'year')[];
  /** Names of other values, channels beside the value itself. */
  readonly others: readonly string[];
  /** Values as differences from the last one known, whose height stands apart. */
  readonly difference: boolean;
}

export const scaleSchema = z.strictObject({ mean: z.number(), spread: z.number().positive() });

/** Mean and standard deviation. */
export type Scale = z.output<typeof scaleSchema>;

/** Where all values are the same the spread is 1. */
export function scaleOf(values: Float64Array): Scale {
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const variance = values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length;
  return { mean, spread: variance > 1e-24 * mean * mean ? Math.sqrt(variance) : 1 };
}

/** Tensors of windows: a row an origin. */
export interface WindowRows extends Readonly<Record<string, HostTensor>> {
  /** [rows, window, 1 + others], scaled. */
  readonly x: HostTensor;
  /** [rows, 1 + 2 horizon cycles]: the last value, scaled, and the calendar of each time to forecast. */
  readonly known: HostTensor;
}

/**
 * @param scales of the value, and of each of the others
 * @param truths true where the truths are in the series: `y` [rows, horizon], scaled as the windows are
 * @throws Error if the series lacks other values
 */
export function windowRows(
  series: Series,
  origins: readonly number[],
  { window, horizon, cycles, others, difference }: WindowShape,
  scales: readonly Scale[],
  truths: boolean,
): WindowRows {
  const channels = [series.values, ...others.map((name) => otherOf(series, name))].map((values, i) => {
    const { mean, spread } = scales[i] as Scale;
    return values.map((value) => (value - mean) / spread);
  });
  const value = channels[0] as Float64Array;
  const width = 1 + 2 * cycles.length * horizon;
  const x = new Float32Array(origins.length * window * channels.length);
  const known = new Float32Array(origins.length * width);
  const y = new Float32Array(truths ? origins.length * horizon : 0);
  for (const [row, origin] of origins.entries()) {
    const last = value[origin - 1] as number;
    const less = difference ? last : 0;
    let at = row * window * channels.length;
    for (let i = origin - window; i < origin; i++)
      for (const [c, values] of channels.entries()) {
        x[at] = (values[i] as number) - (c === 0 ? less : 0);
        at += 1;
      }
    known[row * width] = last;
    const time = series.times[origin - 1] as number;
    for (let step = 0; step < horizon; step++) {
      known.set(
        calendarOf(timeAfter(time, series.frequency, step + 1), cycles),
        row * width + 1 + 2 * cycles.length * step,
      );
      if (truths) y[row * horizon + step] = (value[origin + step] as number) - less;
    }
  }
  return {
    x: hostTensor(x, [origins.length, window, channels.length]),
    known: hostTensor(known, [origins.length, width]),
    ...(truths ? { y: hostTensor(y, [origins.length, horizon]) } : {}),
  };
}
