// Multi-head scaled dot-product attention (Vaswani et al. 2017, https://arxiv.org/abs/1706.03762).
import { tf } from '../engine/index.js';
import { dropout, type Pass } from './pass.js';

export interface AttentionShape {
  readonly batch: number;
  readonly length: number;
  readonly heads: number;
}

/**
 * softmax(q k^T / sqrt(d) + mask) v for each head, with dropout on the probabilities.
 * @param q, k, v [batch * length, heads * d]
 * @param mask [batch, 1, 1, length] or [batch, 1, length, length], added to the scores: 0 where a token may be looked at, very negative elsewhere
 * @returns [batch * length, heads * d]
 */
export function attention(
  { q, k, v }: { q: tf.Tensor; k: tf.Tensor; v: tf.Tensor },
  mask: tf.Tensor,
  { batch, length, heads }: AttentionShape,
  dropoutRate: number,
  pass: Pass,
): tf.Tensor {
  const width = q.shape[1] as number;
  const d = width / heads;
  const split = (x: tf.Tensor) => tf.transpose(tf.reshape(x, [batch, length, heads, d]), [0, 2, 1, 3]);
  // Scaling q touches length * d numbers a head; scaling the scores would touch length * length.
  const scores = tf.add(tf.matMul(split(tf.mul(q, 1 / Math.sqrt(d))), split(k), false, true), mask);
  const probabilities = dropout(tf.softmax(scores, -1), dropoutRate, pass);
  const mixed = tf.matMul(probabilities, split(v));
  return tf.reshape(tf.transpose(mixed, [0, 2, 1, 3]), [batch * length, width]);
}

/** The additive mask for padding: attention mask [batch, length] of ones and zeros -> [batch, 1, 1, length]. */
export function paddingMask(attentionMask: tf.Tensor): tf.Tensor {
  const [batch, length] = attentionMask.shape as [number, number];
  const padding = tf.sub(1, tf.cast(attentionMask, 'float32'));
  return tf.reshape(tf.mul(padding, -1e9), [batch, 1, 1, length]);
}

/**
 * Narrows a padding mask to a window: each token sees those at most `reach` before or after it.
 * @param padding [batch, 1, 1, length]
 * @param positions float32 [length]
 * @returns [batch, 1, length, length]
 */
export function windowMask(padding: tf.Tensor, positions: tf.Tensor, reach: number): tf.Tensor {
  const distance = tf.abs(tf.sub(tf.reshape(positions, [-1, 1]), tf.reshape(positions, [1, -1])));
  const far = tf.mul(tf.cast(tf.greater(distance, reach), 'float32'), -1e9);
  // The lower of both and not their sum: a token that sees padding alone then sees all of it alike, as in transformers.
  return tf.minimum(padding, far);
}
