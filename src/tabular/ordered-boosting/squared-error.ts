// Regression: the raw output is the prediction, the loss its squared error. Reported as the root of the mean (RMSE).

import { type LeafRows, type Loss, type LossRows, sum } from './loss.js';

export const squaredError: Loss = { dimensions: 1, start, writeGradients, leafValues, mean };

/** The mean of the target. */
function start(target: Float64Array, weights: Float64Array): number[] {
  let total = 0;
  for (let row = 0; row < target.length; row++) total += (target[row] as number) * (weights[row] as number);
  return [total / sum(weights)];
}

function writeGradients({ raw, target, weights }: LossRows, gradients: readonly Float64Array[]): void {
  const scores = raw[0] as Float64Array;
  const out = gradients[0] as Float64Array;
  for (let row = 0; row < out.length; row++)
    out[row] = (weights[row] as number) * ((target[row] as number) - (scores[row] as number));
}

/** The mean residual, shrunk by l2: more steps would only undo the shrinking. */
function leafValues({ raw, target, weights }: LossRows, { order, starts }: LeafRows, l2: number): Float64Array[] {
  const scores = raw[0] as Float64Array;
  const values = new Float64Array(starts.length - 1);
  for (let leaf = 0; leaf < values.length; leaf++) {
    let gradient = 0;
    let weight = l2;
    for (let i = starts[leaf] as number; i < (starts[leaf + 1] as number); i++) {
      const row = order[i] as number;
      gradient += (weights[row] as number) * ((target[row] as number) - (scores[row] as number));
      weight += weights[row] as number;
    }
    values[leaf] = weight > 0 ? gradient / weight : 0;
  }
  return [values];
}

function mean({ raw, target, weights }: LossRows): number {
  const scores = raw[0] as Float64Array;
  let total = 0;
  for (let row = 0; row < scores.length; row++)
    total += (weights[row] as number) * ((target[row] as number) - (scores[row] as number)) ** 2;
  return Math.sqrt(total / sum(weights));
}
