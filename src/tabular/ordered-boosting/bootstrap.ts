// Which rows a tree's questions are chosen on, and how much each counts.

import type { OrderedBoostingSettings } from './options.js';

/** The chosen rows, ascending, and what each adds to a histogram. */
export interface Sample {
  readonly rows: Int32Array;
  /** By row: its gradients, then its weight. */
  readonly addends: Float64Array;
}

/**
 * @param gradients by dimension, then row; times the rows' weights
 * @param meanLeaf mean length of the last tree's leaf values; undefined before the first tree
 */
export function bootstrap(
  settings: OrderedBoostingSettings,
  gradients: readonly Float64Array[],
  weights: Float64Array,
  meanLeaf: number | undefined,
  random: () => number,
): Sample {
  const factors = factorsOf(settings, gradients, meanLeaf, random) ?? new Float64Array(weights.length).fill(1);
  const places = new Int32Array(weights.length);
  let kept = 0;
  for (let row = 0; row < weights.length; row++) if ((factors[row] as number) > 0) places[kept++] = row;
  const rows = places.slice(0, kept);
  const cell = gradients.length + 1;
  const addends = new Float64Array(kept * cell);
  for (const [k, values] of [...gradients, weights].entries())
    for (let i = 0; i < kept; i++) {
      const row = rows[i] as number;
      addends[i * cell + k] = (values[row] as number) * (factors[row] as number);
    }
  return { rows, addends };
}

/** What each row's gradient and weight are multiplied by, so that sums stay what they are on average; undefined: 1 for all. */
function factorsOf(
  { bootstrapType, subsample, baggingTemperature }: OrderedBoostingSettings,
  gradients: readonly Float64Array[],
  meanLeaf: number | undefined,
  random: () => number,
): Float64Array | undefined {
  const count = (gradients[0] as Float64Array).length;
  if (bootstrapType === 'Bayesian' && baggingTemperature > 0)
    return new Float64Array(count).map(() => (-Math.log(1 - random())) ** baggingTemperature);
  if (subsample === 1 || bootstrapType === 'No' || bootstrapType === 'Bayesian') return undefined;
  if (bootstrapType === 'Bernoulli') return new Float64Array(count).map(() => Number(random() < subsample));
  return minimalVariance(gradients, subsample, meanLeaf, random);
}

/**
 * Minimal variance sampling: a row is kept with probability min(1, length / threshold), length being sqrt(gradient² + lambda),
 * and then counts 1 / probability times. The threshold makes the probabilities sum to the sample's size.
 */
function minimalVariance(
  gradients: readonly Float64Array[],
  subsample: number,
  meanLeaf: number | undefined,
  random: () => number,
): Float64Array {
  const count = (gradients[0] as Float64Array).length;
  const lengths = new Float64Array(count);
  for (const gradient of gradients)
    for (let row = 0; row < count; row++) {
      const value = gradient[row] as number;
      lengths[row] = (lengths[row] as number) + value * value;
    }
  let lambda = meanLeaf;
  if (lambda === undefined) {
    lambda = 0;
    for (let row = 0; row < count; row++) lambda += Math.sqrt(lengths[row] as number) / count;
  }
  for (let row = 0; row < count; row++) lengths[row] = Math.sqrt((lengths[row] as number) + lambda * lambda);
  const threshold = thresholdOf(lengths, subsample * count);
  for (let row = 0; row < count; row++) {
    const probability = Math.min(1, (lengths[row] as number) / threshold);
    lengths[row] = random() < probability ? 1 / probability : 0;
  }
  return lengths;
}

/**
 * The threshold for which the sum of min(1, length / threshold) is `size`. It falls with each pass, because rows above it had
 * been counted as more than 1, until no further row comes to lie above it.
 */
function thresholdOf(lengths: Float64Array, size: number): number {
  let threshold = Number.POSITIVE_INFINITY;
  let large = -1;
  for (;;) {
    let small = 0;
    let above = 0;
    for (let row = 0; row < lengths.length; row++) {
      const length = lengths[row] as number;
      const under = Number(length <= threshold); // in place of a branch, which half of the rows would take
      above += 1 - under;
      small += length * under;
    }
    if (above === large || above >= size) return Math.max(threshold, Number.MIN_VALUE);
    large = above;
    threshold = small / (size - above);
  }
}
