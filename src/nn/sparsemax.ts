// Sparsemax (Martins, Astudillo 2016, https://arxiv.org/abs/1602.02068): like softmax, numbers of at least 0 that sum to 1,
// but all that lie far enough below the largest become exactly 0.
//
//   sparsemax([[1, 0.8, -1]])      // [[0.6, 0.4, 0]]
//
//   p = max(0, z - tau), with tau such that each row sums to 1.
//   Only the support, where p > 0, has a gradient: dz = dy - mean of dy over the support.
import { tf } from '../engine/index.js';

/** Up to this width all pairs are compared, which is faster than sorting. */
const pairwiseWidth = 32;

/**
 * The projection of each row of z [rows, width] onto the numbers of at least 0 that sum to 1.
 * @returns [rows, width]
 */
export function sparsemax(z: tf.Tensor): tf.Tensor {
  if (z.rank !== 2)
    throw new RangeError(`sparsemax takes z as [rows, width]; got shape [${z.shape}]. Reshape it before.`);
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    // The result is the same wherever a row stands; with its largest at 0 the sums keep their digits.
    const below = tf.sub(input, tf.max(input, -1, true));
    const { tau, size } = (input.shape[1] as number) <= pairwiseWidth ? byPairs(below) : bySorting(below);
    const value = tf.relu(tf.sub(below, tau));
    save([value, size]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [p, count] = saved as [tf.Tensor, tf.Tensor];
      const support = tf.cast(tf.greater(p, 0), 'float32');
      const inside = tf.mul(dy, support);
      return tf.sub(inside, tf.mul(support, tf.div(tf.sum(inside, -1, true), count)));
    };
    return { value, gradFunc: gradFunc as never };
  })(z);
}

/** The threshold and the size of the support, both [rows, 1]. */
interface Threshold {
  readonly tau: tf.Tensor;
  readonly size: tf.Tensor;
}

// z_i is in the support where what lies above it exceeds it by less than 1 in sum: no order is needed for that.
function byPairs(z: tf.Tensor): Threshold {
  const [rows, width] = z.shape as [number, number];
  const exceeding = tf.relu(tf.sub(tf.reshape(z, [rows, 1, width]), tf.reshape(z, [rows, width, 1])));
  const support = tf.cast(tf.less(tf.sum(exceeding, -1), 1), 'float32');
  const size = tf.sum(support, -1, true);
  return { tau: tf.div(tf.sub(tf.sum(tf.mul(z, support), -1, true), 1), size), size };
}

// In descending order, the first k are the support where 1 + k z_k exceeds their sum.
function bySorting(z: tf.Tensor): Threshold {
  const width = z.shape[1] as number;
  const { values } = tf.topk(z, width, true);
  const above = tf.sub(tf.cumsum(values, 1), 1);
  const ranks = tf.range(1, width + 1, 1, 'float32');
  const support = tf.cast(tf.greater(tf.mul(values, ranks), above), 'float32');
  const size = tf.sum(support, -1, true);
  return { tau: tf.div(tf.sub(tf.sum(tf.mul(values, support), -1, true), 1), size), size };
}
