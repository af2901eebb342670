// Multinomial logistic regression on sparse rows: one weight for each column and label, one bias for each label, found by
// following the gradient downhill. The objective is scikit-learn's, so the same C gives the same probabilities:
//
//   C * sum over rows of -log(probability of the true label)  +  penalty * sum of squared weights / 2
//
// The penalty is 1; with two labels 2, because scikit-learn then has one weight a column, the difference of our two.

import type { SparseRows } from './tf-idf.js';

export interface LogisticRegression {
  /** `weights[column * labelCount + label]`; behind the last column, the biases. */
  readonly weights: Float64Array;
  readonly labelCount: number;
  /** Steps taken. */
  readonly steps: number;
}

export interface LogisticRegressionOptions {
  /** How much the rows count against small weights: above 0; less keeps the weights smaller. Default: 1. */
  readonly C?: number;
  /** Stop when no element of the gradient is larger. Default: 1e-6 for each row. */
  readonly tolerance?: number;
  /** Stop after so many steps in any case. Default: 2000. */
  readonly maxSteps?: number;
}

/** Fits the weights; deterministic. `labels[row]` are from 0 to `labelCount - 1`. */
export function fitLogisticRegression(
  rows: SparseRows,
  labels: readonly number[],
  labelCount: number,
  options: LogisticRegressionOptions = {},
): LogisticRegression {
  const { C = 1, tolerance = 1e-6 * rows.rowCount, maxSteps = 2000 } = options;
  if (!(C > 0 && Number.isFinite(C))) throw new Error(`bagOfWords: C must be a number above 0, not ${C}.`);

  const size = (rows.columnCount + 1) * labelCount;
  let weights = new Float64Array(size);
  let next = new Float64Array(size);
  const ahead = new Float64Array(size);
  const gradient = new Float64Array(size);
  const penalty = labelCount === 2 ? 2 : 1;
  // A move changes the gradient by at most 1 / step times its length: rows have length 1, and 1 more for the bias.
  const step = 1 / (penalty + C * rows.rowCount);

  // Nesterov's momentum: take the gradient a little ahead, where the last step was leading, and begin anew when that led uphill.
  let speed = 1;
  let steps = 0;
  for (; steps < maxSteps; steps++) {
    lossGradient(rows, labels, { labelCount, C, penalty }, ahead, gradient);
    if (largestSize(gradient) <= tolerance) break;
    let uphill = 0;
    for (let i = 0; i < size; i++) {
      next[i] = ahead[i]! - step * gradient[i]!;
      uphill += gradient[i]! * (next[i]! - weights[i]!);
    }
    if (uphill > 0) speed = 1;
    const faster = (1 + Math.sqrt(1 + 4 * speed ** 2)) / 2;
    const momentum = (speed - 1) / faster;
    for (let i = 0; i < size; i++) ahead[i] = next[i]! + momentum * (next[i]! - weights[i]!);
    speed = faster;
    [weights, next] = [next, weights];
  }
  return { weights: ahead.slice(), labelCount, steps };
}

/** The probability of each label for one row: `labelCount` numbers that add up to 1, written into `into`. */
export function probabilities(
  model: LogisticRegression,
  rows: SparseRows,
  row: number,
  into: Float64Array,
): Float64Array {
  return rowProbabilities(rows, row, model.weights, model.labelCount, into);
}

/** The gradient of the objective at `weights`, written into `into`. */
function lossGradient(
  rows: SparseRows,
  labels: readonly number[],
  { labelCount, C, penalty }: { labelCount: number; C: number; penalty: number },
  weights: Float64Array,
  into: Float64Array,
): void {
  const bias = rows.columnCount * labelCount;
  for (let i = 0; i < bias; i++) into[i] = penalty * weights[i]!;
  into.fill(0, bias); // biases are free
  const error = new Float64Array(labelCount);
  for (let row = 0; row < rows.rowCount; row++) {
    // For softmax with cross-entropy: predicted probability minus 1 at the true label.
    rowProbabilities(rows, row, weights, labelCount, error);
    error[labels[row]!]! -= 1;
    for (let label = 0; label < labelCount; label++) into[bias + label]! += C * error[label]!;
    for (let k = rows.starts[row]!; k < rows.starts[row + 1]!; k++) {
      const from = rows.columns[k]! * labelCount;
      const value = C * rows.values[k]!;
      for (let label = 0; label < labelCount; label++) into[from + label]! += value * error[label]!;
    }
  }
}

/** softmax(bias + weights of the row's columns), written into `into`. */
function rowProbabilities(
  rows: SparseRows,
  row: number,
  weights: Float64Array,
  labelCount: number,
  into: Float64Array,
): Float64Array {
  const bias = rows.columnCount * labelCount;
  for (let label = 0; label < labelCount; label++) into[label] = weights[bias + label]!;
  for (let k = rows.starts[row]!; k < rows.starts[row + 1]!; k++) {
    const from = rows.columns[k]! * labelCount;
    for (let label = 0; label < labelCount; label++) into[label]! += rows.values[k]! * weights[from + label]!;
  }
  let largest = into[0]!;
  for (let label = 1; label < labelCount; label++) largest = Math.max(largest, into[label]!);
  let total = 0;
  for (let label = 0; label < labelCount; label++) {
    into[label] = Math.exp(into[label]! - largest);
    total += into[label]!;
  }
  for (let label = 0; label < labelCount; label++) into[label]! /= total;
  return into;
}

function largestSize(values: Float64Array): number {
  let largest = 0;
  for (let i = 0; i < values.length; i++) largest = Math.max(largest, Math.abs(values[i]!));
  return largest;
}
