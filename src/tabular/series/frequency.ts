// How far apart the values of a series are, and the times that follow a time. Months and years are those of the calendar.
//
//   const monthly = inferFrequency([Date.UTC(2026, 0, 31), Date.UTC(2026, 1, 28), Date.UTC(2026, 2, 31)]);
//   monthly;                                        // { every: 1, unit: 'month', monthEnd: true }
//   timeAfter(Date.UTC(2026, 2, 31), monthly, 1);   // 30 April 2026

import { z } from 'zod';

/** Units of fixed length, in milliseconds. */
const lengths = { second: 1000, minute: 60_000, hour: 3_600_000, day: 86_400_000, week: 604_800_000 } as const;

type FixedUnit = keyof typeof lengths;
export type TimeUnit = FixedUnit | 'month' | 'year';

/** A value every so many units: { every: 15, unit: 'minute' }. */
export interface Frequency {
  readonly every: number;
  readonly unit: TimeUnit;
  /** Values stand at the ends of months, 31 January, 28 February and so on. */
  readonly monthEnd?: boolean | undefined;
}

export const timeUnits = ['second', 'minute', 'hour', 'day', 'week', 'month', 'year'] as const;

export const frequencySchema = z.strictObject({
  every: z.int().min(1),
  unit: z.enum(timeUnits),
  monthEnd: z.boolean().optional(),
});

/** 'day', '15 minutes', 'month (at its end)'. */
export const sayFrequency = ({ every, unit, monthEnd = false }: Frequency): string =>
  `${every === 1 ? unit : `${every} ${unit}s`}${monthEnd ? ' (at its end)' : ''}`;

/** @param steps how many values later; below 0 earlier */
export function timeAfter(time: number, { every, unit, monthEnd = false }: Frequency, steps: number): number {
  if (unit !== 'month' && unit !== 'year') return time + steps * every * lengths[unit];
  const months = steps * every * (unit === 'year' ? 12 : 1);
  const from = new Date(time);
  const month = from.getUTCMonth() + months;
  const last = new Date(Date.UTC(from.getUTCFullYear(), month + 1, 0)).getUTCDate();
  const day = monthEnd ? last : Math.min(from.getUTCDate(), last);
  return Date.UTC(from.getUTCFullYear(), month, day) + (time - startOfDay(time));
}

/** How many values lie between two times; not a whole number where `time` is not one of the series. */
export function stepsBetween(start: number, time: number, frequency: Frequency): number {
  const { every, unit } = frequency;
  if (unit !== 'month' && unit !== 'year') return (time - start) / (every * lengths[unit]);
  const months = monthOf(time) - monthOf(start);
  const steps = months / (every * (unit === 'year' ? 12 : 1));
  return timeAfter(start, frequency, steps) === time ? steps : Math.floor(steps) + 0.5;
}

/**
 * The frequency of ascending times: the shortest distance between two neighbours, in the largest unit it is a multiple of.
 * @throws Error for fewer than two times
 */
export function inferFrequency(times: ArrayLike<number>): Frequency {
  if (times.length < 2)
    throw new Error(
      'The frequency is seen from two times or more: give it, as in { frequency: { every: 1, unit: "day" } }.',
    );
  let shortest = Number.POSITIVE_INFINITY;
  for (let i = 1; i < times.length; i++) shortest = Math.min(shortest, (times[i] as number) - (times[i - 1] as number));
  const calendar = shortest >= 28 * lengths.day ? inferMonths(times) : undefined;
  if (calendar !== undefined) return calendar;
  const fixed = Object.entries(lengths) as [FixedUnit, number][];
  const [unit, length] = fixed.findLast(([, size]) => shortest % size === 0) ?? ['second', 1000];
  return { every: Math.max(1, Math.round(shortest / length)), unit };
}

/** Months or years where all times stand at the same day and hour of their month, or all at its end. */
function inferMonths(times: ArrayLike<number>): Frequency | undefined {
  const all = Array.from(times);
  const days = new Set(all.map((time) => new Date(time).getUTCDate()));
  const hours = new Set(all.map((time) => time - startOfDay(time)));
  const monthEnd = all.every((time) => new Date(time + lengths.day).getUTCDate() === 1);
  if (hours.size > 1 || (days.size > 1 && !monthEnd)) return undefined;
  const distances = all.slice(1).map((time, i) => monthOf(time) - monthOf(all[i] as number));
  const months = Math.min(...distances);
  const end = monthEnd && days.size > 1 ? { monthEnd } : {};
  return months % 12 === 0 ? { every: months / 12, unit: 'year', ...end } : { every: months, unit: 'month', ...end };
}

const startOfDay = (time: number): number => Math.floor(time / lengths.day) * lengths.day;

function monthOf(time: number): number {
  const date = new Date(time);
  return date.getUTCFullYear() * 12 + date.getUTCMonth();
}
