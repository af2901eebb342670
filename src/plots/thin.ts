// A curve of 50,000 points and one of 500 look the same; what is sent to a page is the latter.

import { seededRandom, someIndices } from '../hub/random.js';

/** The places of points that can be told apart: each is at least `gap` of the width or height away from the one before. */
export function apart(x: ArrayLike<number>, y: ArrayLike<number>, gap = 1 / 400): number[] {
  const [width, height] = [x, y].map((values) => gap * rangeOf(values)) as [number, number];
  const kept: number[] = [];
  for (let i = 0; i < x.length; i++) {
    const last = kept.at(-1);
    const far =
      last === undefined ||
      Math.abs((x[i] as number) - (x[last] as number)) >= width ||
      Math.abs((y[i] as number) - (y[last] as number)) >= height;
    if (far || i === x.length - 1) kept.push(i);
  }
  return kept;
}

/** At most `most` of the rows, drawn by a seed, ascending: a cloud of more points is only a blot. */
export function someRows(rows: number, most: number, seed: number): number[] {
  return [...someIndices(rows, most, seededRandom(seed))];
}

/** Highest less lowest; NaN and infinities left out. */
export function rangeOf(values: ArrayLike<number>): number {
  const [low, high] = endsOf(values);
  return high - low;
}

/** Lowest and highest; NaN and infinities left out. `Math.min` itself takes no more arguments than a call does. */
export function endsOf(values: ArrayLike<number>): readonly [low: number, high: number] {
  let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    low = Math.min(low, value);
    high = Math.max(high, value);
  }
  return [low, high];
}
