// Where a time stands in the day, the week and the year, as pairs of sine and cosine: 31 December is next to 1 January. Known of
// the future too.
//
//   calendarNames(cyclesOf({ every: 1, unit: 'day' }));   // ['week_sin', 'week_cos', 'year_sin', 'year_cos']

import { type Frequency, timeAfter } from './frequency.js';

export type Cycle = 'day' | 'week' | 'year';

const day = 86_400_000;
const lengths: Readonly<Record<Cycle, number>> = { day, week: 7 * day, year: 365.25 * day };
/** A Monday at midnight, a 1 January. */
const starts: Readonly<Record<Cycle, number>> = { day: 0, week: Date.UTC(2024, 0, 1), year: Date.UTC(2024, 0, 1) };

/** The cycles that values of a frequency can follow: at least three values in each. */
export function cyclesOf(frequency: Frequency): Cycle[] {
  const step = timeAfter(starts.year, frequency, 1) - starts.year;
  return (['day', 'week', 'year'] as const).filter((cycle) => lengths[cycle] >= 3 * step);
}

export const calendarNames = (cycles: readonly Cycle[]): string[] =>
  cycles.flatMap((cycle) => [`${cycle}_sin`, `${cycle}_cos`]);

/** The sine and cosine of each cycle at a time, in the order of `calendarNames`. */
export const calendarOf = (time: number, cycles: readonly Cycle[]): number[] =>
  cycles.flatMap((cycle) => {
    const angle = (2 * Math.PI * (time - starts[cycle])) / lengths[cycle];
    return [Math.sin(angle), Math.cos(angle)];
  });
