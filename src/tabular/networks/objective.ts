// What a network's outputs mean, and the loss that makes them so: class scores, the mean of a number, or quantiles of it.
//
//   const objective = learnObjective(task, targetValues(train, task), []);
//   objective.outputs                        // 2: one score a class
//   lossOf(objective)(outputs, { y, weight }) // cross-entropy
import { type HostTensor, hostTensor, tf } from '../../engine/index.js';
import { crossEntropy } from '../../nn/cross-entropy.js';
import type { Task } from '../target.js';

export interface Objective {
  readonly kind: 'classes' | 'mean' | 'quantiles';
  /** How many numbers the network gives a row. */
  readonly outputs: number;
  /** Ascending, between 0 and 1. */
  readonly quantiles: readonly number[];
  /** Of the target of a regression: the network learns (target - mean) / deviation. */
  readonly mean: number;
  readonly deviation: number;
}

/** @param values the training rows' targets, as `targetValues` gives them */
export function learnObjective(task: Task, values: Float64Array, quantiles: readonly number[]): Objective {
  if (task.kind === 'classification')
    return { kind: 'classes', outputs: task.classes.length, quantiles: [], mean: 0, deviation: 1 };
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  const deviation = Math.sqrt(values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length) || 1;
  if (quantiles.length === 0) return { kind: 'mean', outputs: 1, quantiles, mean, deviation };
  return { kind: 'quantiles', outputs: quantiles.length, quantiles, mean, deviation };
}

/** The targets as the loss reads them, and how much each row counts. */
export function targetRows(
  { kind, mean, deviation }: Objective,
  values: Float64Array,
  weights?: ArrayLike<number>,
): Record<'y' | 'weight', HostTensor> {
  const y = kind === 'classes' ? Int32Array.from(values) : Float32Array.from(values, (v) => (v - mean) / deviation);
  const weight = Float32Array.from(weights ?? { length: values.length }, (value) => (weights ? (value as number) : 1));
  return { y: hostTensor(y, [y.length]), weight: hostTensor(weight, [y.length]) };
}

/**
 * The mean loss of a batch, weighted: cross-entropy, squared error, or the pinball loss (mean over the quantiles).
 * @param outputs [rows, objective.outputs]
 */
export function lossOf({ kind, quantiles }: Objective) {
  return (outputs: tf.Tensor, { y, weight }: Readonly<Record<string, tf.Tensor>>): tf.Tensor => {
    const [target, counts] = [y as tf.Tensor, weight as tf.Tensor];
    if (kind === 'classes') return crossEntropy(outputs, target, counts);
    const error = tf.sub(tf.reshape(target, [-1, 1]), outputs);
    const perRow =
      kind === 'mean'
        ? tf.square(error)
        : tf.maximum(
            tf.mul(error, tf.tensor1d([...quantiles])),
            tf.mul(error, tf.tensor1d(quantiles.map((q) => q - 1))),
          );
    return tf.div(tf.sum(tf.mul(tf.mean(perRow, -1), counts)), tf.sum(counts));
  };
}

/** Softmax of each row of scores: one array a class. */
export function probabilitiesOf(scores: Float32Array, classes: number): Float64Array[] {
  const rows = scores.length / classes;
  const result = Array.from({ length: classes }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const own = scores.subarray(row * classes, (row + 1) * classes);
    const top = own.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let sum = 0;
    for (const score of own) sum += Math.exp(score - top);
    for (let c = 0; c < classes; c++) (result[c] as Float64Array)[row] = Math.exp((own[c] as number) - top) / sum;
  }
  return result;
}

/** The values of each output in the target's unit: one array an output. Quantiles never cross: they are put in order. */
export function valuesOf({ outputs, mean, deviation, kind }: Objective, raw: Float32Array): Float64Array[] {
  const rows = raw.length / outputs;
  const result = Array.from({ length: outputs }, () => new Float64Array(rows));
  for (let row = 0; row < rows; row++) {
    const own = raw.slice(row * outputs, (row + 1) * outputs);
    if (kind === 'quantiles') own.sort();
    own.forEach((value, i) => {
      (result[i] as Float64Array)[row] = mean + deviation * value;
    });
  }
  return result;
}

/** The output that stands for the prediction: of quantiles the one nearest to the median. */
export const centralOutput = ({ quantiles }: Objective): number =>
  quantiles.reduce((best, q, i) => (Math.abs(q - 0.5) < Math.abs((quantiles[best] as number) - 0.5) ? i : best), 0);
