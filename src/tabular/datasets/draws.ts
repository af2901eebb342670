// Random draws for made tables, the same on every machine: uniform numbers of a seed, turned by arithmetic, square roots and
// logarithms alone.
//
//   const draws = seededDraws(7);
//   draws.uniform(); draws.normal(); poisson(draws.uniform(), 1.5); pick(draws.uniform(), [0.2, 0.5, 0.3]);

import { seededRandom } from '../../hub/random.js';

export interface Draws {
  /** In [0, 1). */
  uniform(): number;
  /** Of mean 0 and standard deviation 1. */
  normal(): number;
}

/** The draws of one seed, one series. */
export function seededDraws(seed: number): Draws {
  const uniform = seededRandom(seed);
  let spare: number | undefined;
  return {
    uniform,
    // Marsaglia's polar method: two at a time, without a sine, whose last digit differs between machines.
    normal() {
      if (spare !== undefined) {
        const kept = spare;
        spare = undefined;
        return kept;
      }
      for (;;) {
        const a = 2 * uniform() - 1;
        const b = 2 * uniform() - 1;
        const square = a * a + b * b;
        if (square >= 1 || square === 0) continue;
        const scale = Math.sqrt((-2 * Math.log(square)) / square);
        spare = b * scale;
        return a * scale;
      }
    },
  };
}

/** The Poisson count of this mean at a quantile in [0, 1): the same quantile gives no fewer when the mean is higher. */
export function poisson(quantile: number, mean: number): number {
  let probability = Math.exp(-mean);
  let below = probability;
  let count = 0;
  while (quantile >= below && count < 1000) {
    count++;
    probability *= mean / count;
    below += probability;
  }
  return count;
}

/** Which of several, by their shares, which may add up to anything: the place of a quantile in [0, 1) among them. */
export function pick(quantile: number, shares: readonly number[]): number {
  let rest = 0;
  for (const share of shares) rest += share;
  rest *= quantile;
  for (let place = 0; place < shares.length; place++) {
    const share = shares[place] as number;
    if (rest < share) return place;
    rest -= share;
  }
  return shares.length - 1;
}

/** 1 / (1 + e^-x): the probability of these log-odds. */
export const logistic = (logOdds: number): number => 1 / (1 + Math.exp(-logOdds));

/** To `digits` behind the point. */
export function rounded(value: number, digits: number): number {
  const scale = 10 ** digits;
  return Math.round(value * scale) / scale;
}

export const clamp = (value: number, low: number, high: number): number => Math.min(high, Math.max(low, value));
