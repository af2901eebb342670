// Two classes: the raw output is the log-odds of the second, the loss -log(probability of the true class).

import { type LeafRows, type Loss, type LossRows, sum } from './loss.js';

/** No single step moves the log-odds further: from far out on the flat side of the loss, a Newton step overshoots. */
const LONGEST_STEP = 4;
/** A step this short is the last. */
const SHORTEST_STEP = 1e-6;

/** @param iterations Newton steps for each leaf */
export function logLossOf(iterations: number): Loss {
  return { dimensions: 1, start: () => [0], writeGradients, leafValues: newtonValues(iterations), mean };
}

function writeGradients({ raw, target, weights }: LossRows, gradients: readonly Float64Array[]): void {
  const scores = raw[0] as Float64Array;
  const out = gradients[0] as Float64Array;
  for (let row = 0; row < out.length; row++)
    out[row] = (weights[row] as number) * ((target[row] as number) - 1 / (1 + Math.exp(-(scores[row] as number))));
}

/**
 * Steps of gradient / (second derivative + l2), as CatBoost takes them: l2 shortens the steps, so that few of them leave the
 * value of a small leaf near 0. With e = exp(-score) kept for each row, a step needs one exp a leaf.
 */
const newtonValues =
  (iterations: number): Loss['leafValues'] =>
  ({ raw, target, weights }: LossRows, { order, starts }: LeafRows, l2: number) => {
    const scores = raw[0] as Float64Array;
    const rows = order.length;
    const e = new Float64Array(rows);
    const y = new Float64Array(rows);
    const w = new Float64Array(rows);
    for (let i = 0; i < rows; i++) {
      const row = order[i] as number;
      e[i] = Math.exp(-(scores[row] as number));
      y[i] = target[row] as number;
      w[i] = weights[row] as number;
    }
    const values = new Float64Array(starts.length - 1);
    for (let leaf = 0; leaf < values.length; leaf++) {
      const start = starts[leaf] as number;
      const end = starts[leaf + 1] as number;
      let value = 0;
      for (let iteration = 0; iteration < iterations && start < end; iteration++) {
        const factor = Math.exp(-value);
        let gradient = 0;
        let curvature = l2;
        for (let i = start; i < end; i++) {
          const p = 1 / (1 + (e[i] as number) * factor);
          const weight = w[i] as number;
          gradient += weight * ((y[i] as number) - p);
          curvature += weight * p * (1 - p);
        }
        if (curvature <= 0) break;
        const step = Math.max(-LONGEST_STEP, Math.min(LONGEST_STEP, gradient / curvature));
        value += step;
        if (Math.abs(step) < SHORTEST_STEP) break;
      }
      values[leaf] = value;
    }
    return [values];
  };

function mean({ raw, target, weights }: LossRows): number {
  const scores = raw[0] as Float64Array;
  let total = 0;
  for (let row = 0; row < scores.length; row++) {
    const margin = target[row] === 1 ? (scores[row] as number) : -(scores[row] as number);
    // log(1 + exp(-margin)), without overflow
    total += (weights[row] as number) * (Math.log1p(Math.exp(-Math.abs(margin))) + Math.max(-margin, 0));
  }
  return total / sum(weights);
}
