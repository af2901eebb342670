// What logistic regression minimises, and its gradient: scikit-learn's objective, so the same C gives the same coefficients.
//
//   sum over rows of weight x -log(probability of the true class)  +  (sum of squared coefficients) / (2 C)
//
// Two classes have one coefficient a column, more have one for each class; intercepts are free. Inside, columns are centred and in
// units of their standard deviation, in which the minimum is found in fewer steps; it is the same minimum.

import { softmax } from '../softmax.js';

/** The rows to learn from, ready for many evaluations. */
export interface LogisticProblem {
  /** Row by row, centred and scaled. */
  readonly values: Float64Array;
  readonly means: Float64Array;
  /** Standard deviations; 1 for a constant column, whose values are then all 0. */
  readonly spreads: Float64Array;
  readonly labels: Float64Array;
  readonly weights: Float64Array;
  /** Coefficients a column: 1 for two classes, else one a class. */
  readonly outputs: number;
  readonly C: number;
}

export function logisticProblem(
  columns: readonly Float64Array[],
  labels: Float64Array,
  weights: Float64Array,
  { classes, C }: { classes: number; C: number },
): LogisticProblem {
  const rows = labels.length;
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const means = new Float64Array(columns.length);
  const spreads = new Float64Array(columns.length).fill(1);
  const values = new Float64Array(rows * columns.length);
  for (const [i, column] of columns.entries()) {
    let sum = 0;
    for (let row = 0; row < rows; row++) sum += at(column, row) * at(weights, row);
    const mean = sum / total;
    let squares = 0;
    for (let row = 0; row < rows; row++) squares += (at(column, row) - mean) ** 2 * at(weights, row);
    const spread = Math.sqrt(squares / total);
    const constant = !(spread > 1e-12 * Math.abs(mean));
    means[i] = mean;
    spreads[i] = constant ? 1 : spread;
    for (let row = 0; row < rows; row++)
      values[row * columns.length + i] = constant ? 0 : (at(column, row) - mean) / spread;
  }
  return { values, means, spreads, labels, weights, outputs: classes === 2 ? 1 : classes, C };
}

/**
 * The objective divided by the sum of weights, at `x`: the coefficients of scaled columns, those of a column side by side, and behind
 * them the intercepts. Writes its gradient.
 */
export function logisticLoss(problem: LogisticProblem, x: Float64Array, gradient: Float64Array): number {
  const { values, spreads, labels, weights, outputs, C } = problem;
  const size = spreads.length;
  const rows = labels.length;
  const free = size * outputs;
  const scores = new Float64Array(outputs);
  gradient.fill(0);
  let loss = 0;
  let total = 0;
  for (let row = 0; row < rows; row++) {
    const weight = at(weights, row);
    if (weight === 0) continue;
    const from = row * size;
    for (let k = 0; k < outputs; k++) scores[k] = at(x, free + k);
    for (let i = 0; i < size; i++) {
      const value = at(values, from + i);
      if (value !== 0) for (let k = 0; k < outputs; k++) scores[k] = at(scores, k) + value * at(x, i * outputs + k);
    }
    loss += weight * errors(scores, at(labels, row));
    total += weight;
    for (let i = 0; i < size; i++) {
      const value = weight * at(values, from + i);
      if (value === 0) continue;
      for (let k = 0; k < outputs; k++)
        gradient[i * outputs + k] = at(gradient, i * outputs + k) + value * at(scores, k);
    }
    for (let k = 0; k < outputs; k++) gradient[free + k] = at(gradient, free + k) + weight * at(scores, k);
  }
  let penalty = 0;
  for (let i = 0; i < size; i++) {
    const shrink = 1 / (C * at(spreads, i) ** 2);
    for (let k = 0; k < outputs; k++) {
      const place = i * outputs + k;
      penalty += (shrink * at(x, place) ** 2) / 2;
      gradient[place] = at(gradient, place) + shrink * at(x, place);
    }
  }
  for (let i = 0; i < gradient.length; i++) gradient[i] = at(gradient, i) / total;
  return (loss + penalty) / total;
}

/** -log(probability of the label); turns the scores into predicted probabilities less 1 at the label. */
function errors(scores: Float64Array, label: number): number {
  if (scores.length === 1) {
    const score = at(scores, 0);
    const signed = label === 1 ? score : -score;
    // log(1 + e^-signed) without overflow
    const loss = signed > 0 ? Math.log1p(Math.exp(-signed)) : Math.log1p(Math.exp(signed)) - signed;
    scores[0] = 1 / (1 + Math.exp(-score)) - label;
    return loss;
  }
  const own = at(scores, label);
  const logSum = softmax(scores);
  scores[label] = at(scores, label) - 1;
  return logSum - own;
}

const at = (values: Float64Array, i: number): number => values[i] as number;
