// Several classes: one raw output each, probabilities by softmax, the loss -log(probability of the true class).

import { softmax } from '../softmax.js';
import { type LeafRows, type Loss, type LossRows, sum } from './loss.js';

/** @param iterations Newton steps for each leaf */
export function softmaxLossOf(classes: number, iterations: number): Loss {
  return {
    dimensions: classes,
    start: () => new Array(classes).fill(0),
    writeGradients,
    leafValues: newtonValues(iterations),
    mean,
  };
}

function writeGradients({ raw, target, weights }: LossRows, gradients: readonly Float64Array[]): void {
  const p = new Float64Array(raw.length);
  for (let row = 0; row < target.length; row++) {
    for (let k = 0; k < p.length; k++) p[k] = (raw[k] as Float64Array)[row] as number;
    softmax(p);
    for (let k = 0; k < p.length; k++)
      (gradients[k] as Float64Array)[row] = (weights[row] as number) * (Number(target[row] === k) - (p[k] as number));
  }
}

/** Newton steps with the whole matrix of second derivatives of a leaf, diag(p) - p pᵀ summed over its rows. */
const newtonValues =
  (iterations: number): Loss['leafValues'] =>
  ({ raw, target, weights }: LossRows, { order, starts }: LeafRows, l2: number) => {
    const classes = raw.length;
    const leafCount = starts.length - 1;
    const values = raw.map(() => new Float64Array(leafCount));
    const p = new Float64Array(classes);
    for (let leaf = 0; leaf < leafCount; leaf++) {
      const value = new Float64Array(classes);
      for (let iteration = 0; iteration < iterations; iteration++) {
        const gradient = new Float64Array(classes);
        const curvature = new Float64Array(classes * classes);
        for (let i = starts[leaf] as number; i < (starts[leaf + 1] as number); i++) {
          const row = order[i] as number;
          const weight = weights[row] as number;
          for (let k = 0; k < classes; k++) p[k] = ((raw[k] as Float64Array)[row] as number) + (value[k] as number);
          softmax(p);
          for (let k = 0; k < classes; k++) {
            const pk = p[k] as number;
            gradient[k] = (gradient[k] as number) + weight * (Number(target[row] === k) - pk);
            for (let m = 0; m <= k; m++) {
              const at = k * classes + m;
              curvature[at] = (curvature[at] as number) + weight * pk * (Number(k === m) - (p[m] as number));
            }
          }
        }
        const step = solve(curvature, gradient, l2);
        for (let k = 0; k < classes; k++) value[k] = (value[k] as number) + (step[k] as number);
      }
      for (let k = 0; k < classes; k++) (values[k] as Float64Array)[leaf] = value[k] as number;
    }
    return values;
  };

/** Solves (matrix + ridge) x = right for a symmetric matrix given by its lower half, by Cholesky's decomposition, in place. */
function solve(matrix: Float64Array, right: Float64Array, l2: number): Float64Array {
  const n = right.length;
  let largest = 0;
  for (let k = 0; k < n; k++) largest = Math.max(largest, matrix[k * n + k] as number);
  const ridge = Math.max(l2, largest * 1e-7, 1e-12); // all second derivatives of a constant shift are 0
  for (let row = 0; row < n; row++) {
    for (let column = 0; column <= row; column++) {
      let value = (matrix[row * n + column] as number) + (row === column ? ridge : 0);
      for (let k = 0; k < column; k++) value -= (matrix[row * n + k] as number) * (matrix[column * n + k] as number);
      matrix[row * n + column] = row === column ? Math.sqrt(value) : value / (matrix[column * n + column] as number);
    }
  }
  for (let row = 0; row < n; row++) {
    let value = right[row] as number;
    for (let k = 0; k < row; k++) value -= (matrix[row * n + k] as number) * (right[k] as number);
    right[row] = value / (matrix[row * n + row] as number);
  }
  for (let row = n - 1; row >= 0; row--) {
    let value = right[row] as number;
    for (let k = row + 1; k < n; k++) value -= (matrix[k * n + row] as number) * (right[k] as number);
    right[row] = value / (matrix[row * n + row] as number);
  }
  return right;
}

function mean({ raw, target, weights }: LossRows): number {
  const p = new Float64Array(raw.length);
  let total = 0;
  for (let row = 0; row < target.length; row++) {
    for (let k = 0; k < p.length; k++) p[k] = (raw[k] as Float64Array)[row] as number;
    softmax(p);
    total -= (weights[row] as number) * Math.log(Math.max(p[target[row] as number] as number, 1e-300));
  }
  return total / sum(weights);
}
