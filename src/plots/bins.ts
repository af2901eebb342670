// Values counted in bins whose edges are round numbers.
//
//   binned([1.2, 3.7, 3.9], 4);   // { edges: [1, 2, 3, 4], counts: [1, 0, 2] }

import { endsOf } from './thin.js';

export interface Bins {
  /** Ascending, one more than there are bins; a bin holds values from its lower edge up to, not including, its upper one. */
  readonly edges: readonly number[];
  readonly counts: readonly number[];
}

/** About `count` bins of one width, a 1, 2 or 5 times a power of ten, over all finite values; `ends` where others must share them. */
export function binned(values: ArrayLike<number>, count: number, ends = endsOf(values)): Bins {
  let [low, high] = ends;
  if (!(high > low)) [low, high] = Number.isFinite(low) ? [low - 0.5, low + 0.5] : [0, 1];
  const rough = (high - low) / count;
  const power = 10 ** Math.floor(Math.log10(rough));
  const step = ([1, 2, 5, 10].find((times) => times * power >= rough * 0.999) as number) * power;
  // 0.3 is the third tenth, although 0.3 / 0.1 is a little less than 3.
  const place = (value: number): number => Math.floor(value / step + 1e-9);
  const first = place(low);
  const bins = place(high) - first + 1;
  // Rounded, so that edges are 0.3 and not 0.30000000000000004.
  const digits = Math.max(0, -Math.floor(Math.log10(step)) + 1);
  const edges = Array.from({ length: bins + 1 }, (_, i) => Number(((first + i) * step).toFixed(Math.min(digits, 100))));
  const counts = new Array<number>(bins).fill(0);
  for (let i = 0; i < values.length; i++) {
    const value = values[i] as number;
    if (!Number.isFinite(value)) continue;
    const bin = Math.min(bins - 1, Math.max(0, place(value) - first));
    counts[bin] = (counts[bin] as number) + 1;
  }
  return { edges, counts };
}
