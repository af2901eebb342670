// Batch normalisation (Ioffe, Szegedy 2015, https://arxiv.org/abs/1502.03167) as torch.nn.BatchNorm1d computes it, also over
// ghost batches (Hoffer et al. 2017, https://arxiv.org/abs/1705.08741): parts of a batch, each normalised by itself.
//
//   const y = batchNorm(params, 'norm', x, { momentum: 0.1 }, pass);
//
// While training each feature is normalised by the mean and variance of its batch, and the running statistics move towards
// them; else the running statistics stand for them.
//
//   y = (x - mean) / sqrt(variance + epsilon) * weight + bias
import { tf } from '../engine/index.js';
import { type Params, type Pass, param } from './pass.js';

export interface BatchNormOptions {
  /** How far the running statistics move towards those of a batch. PyTorch's default is 0.1. */
  readonly momentum: number;
  /** Added to the variance. Default 1e-5. */
  readonly epsilon?: number;
  /** Rows of a ghost batch, at most. Default: all rows are one batch. */
  readonly virtualBatchSize?: number;
}

/** The names of a batch norm's running statistics. */
export const runningNames = (name: string) => ({ mean: `${name}.running_mean`, variance: `${name}.running_var` });

/**
 * Normalises each feature of x [rows, features] by `${name}.weight`, `${name}.bias` and, outside training,
 * `${name}.running_mean` and `${name}.running_var`, all [features]. While training (`pass.statistics` is there) the moved
 * statistics are put into `pass.statistics` under their names.
 */
export function batchNorm(
  params: Params,
  name: string,
  x: tf.Tensor,
  { momentum, epsilon = 1e-5, virtualBatchSize }: BatchNormOptions,
  pass: Pass,
): tf.Tensor {
  const [weight, bias] = [param(params, `${name}.weight`), param(params, `${name}.bias`)];
  const names = runningNames(name);
  const running = [param(params, names.mean), param(params, names.variance)] as const;
  if (pass.statistics === undefined) {
    const scale = tf.div(weight, tf.sqrt(tf.add(running[1], epsilon)));
    return tf.add(tf.mul(x, scale), tf.sub(bias, tf.mul(running[0], scale)));
  }
  const parts = ghostBatches(x.shape[0] as number, virtualBatchSize);
  let statistics: readonly [tf.Tensor, tf.Tensor] = running;
  const outputs: tf.Tensor[] = [];
  let start = 0;
  for (const { count, rows } of parts) {
    const part = parts.length === 1 ? x : tf.slice(x, [start, 0], [count * rows, -1]);
    start += count * rows;
    const { y, mean, variance } = normalise(part, weight, bias, count, epsilon);
    outputs.push(y);
    statistics = [
      moved(statistics[0], mean, momentum),
      moved(statistics[1], tf.mul(variance, rows / Math.max(1, rows - 1)), momentum), // the unbiased one
    ];
  }
  pass.statistics.set(names.mean, statistics[0]);
  pass.statistics.set(names.variance, statistics[1]);
  return outputs.length === 1 ? (outputs[0] as tf.Tensor) : tf.concat(outputs, 0);
}

/** How torch.chunk shares rows out: parts of one size, the last one smaller where it must be. Runs of equal parts together. */
export function ghostBatches(rows: number, virtualBatchSize = rows): { count: number; rows: number }[] {
  const size = Math.ceil(rows / Math.ceil(rows / virtualBatchSize));
  const [count, rest] = [Math.floor(rows / size), rows % size];
  return [{ count, rows: size }, ...(rest > 0 ? [{ count: 1, rows: rest }] : [])];
}

/** The running statistic [features] after it has moved towards each of the batches' [batches, features] in turn. */
function moved(running: tf.Tensor, ofBatches: tf.Tensor, momentum: number): tf.Tensor {
  const batches = ofBatches.shape[0] as number;
  const shares = Float32Array.from({ length: batches }, (_, i) => momentum * (1 - momentum) ** (batches - 1 - i));
  const weighted = tf.matMul(tf.tensor2d(shares, [1, batches]), ofBatches as tf.Tensor2D);
  return tf.add(tf.mul(running, (1 - momentum) ** batches), tf.reshape(weighted, [-1]));
}

/** Normalises `count` batches, one below the other in x [count * rows, features], each by itself. */
function normalise(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, count: number, epsilon: number) {
  const [total, features] = x.shape as [number, number];
  const rows = total / count;
  const together = [count, rows, features];
  const batches = tf.reshape(x, together);
  const mean = tf.mean(batches, 1, true);
  const centred = tf.sub(batches, mean);
  const variance = tf.mean(tf.square(centred), 1, true);
  const inverse = tf.div(1, tf.sqrt(tf.add(variance, epsilon)));
  const normal = tf.mul(centred, inverse);
  // What stands above is no input of this function, so that the gradient takes the short way below and no other.
  const apply = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    save([normal, inverse, scale]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [n, r, w] = saved as [tf.Tensor, tf.Tensor, tf.Tensor];
      const g = tf.reshape(dy, together);
      const sum = tf.sum(g, 1, true);
      const along = tf.sum(tf.mul(g, n), 1, true);
      const inner = tf.sub(tf.sub(g, tf.mul(sum, 1 / rows)), tf.mul(n, tf.mul(along, 1 / rows)));
      const dx = tf.reshape(tf.mul(inner, tf.mul(r, w)), [total, features]);
      return [dx, tf.sum(along, [0, 1]), tf.sum(sum, [0, 1])];
    };
    const value = tf.reshape(tf.add(tf.mul(normal, scale), shift), [total, features]);
    return { value, gradFunc: gradFunc as never };
  });
  return {
    y: apply(x, weight, bias),
    mean: tf.reshape(mean, [count, features]),
    variance: tf.reshape(variance, [count, features]),
  };
}
