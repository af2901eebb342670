// From the vectors of a text's tokens to one vector for the text, as sentence-transformers pools.
import { tf } from '../engine/index.js';

/** The last layer's vectors, [batch * length, features]. */
interface Tokens {
  readonly lastHiddenState: tf.Tensor;
  readonly batch: number;
  readonly length: number;
}

export const poolings = ['mean', 'cls', 'max'] as const;
/** The mean of a text's tokens, its first token, or the largest value each feature has among its tokens. */
export type Pooling = (typeof poolings)[number];

/** One vector a text: [batch, features]. */
export function pool(outputs: Tokens & { readonly attentionMask: tf.Tensor }, pooling: Pooling): tf.Tensor {
  if (pooling === 'cls') return firstToken(outputs);
  return (pooling === 'mean' ? meanPool : maxPool)(outputs.lastHiddenState, outputs.attentionMask);
}

/** The vector of each text's first token, [CLS] or <s>: [batch, features]. */
export function firstToken({ lastHiddenState, batch, length }: Tokens): tf.Tensor {
  const features = lastHiddenState.shape[1] as number;
  const tokens = tf.reshape(lastHiddenState, [batch, length, features]);
  return tf.reshape(tf.slice(tokens, [0, 0, 0], [batch, 1, features]), [batch, features]);
}

/**
 * Mean of the vectors of the tokens that are no padding.
 * @param hidden [batch * length, features]
 * @param attentionMask [batch, length]: 1 for tokens, 0 for padding
 * @returns [batch, features]
 */
export function meanPool(hidden: tf.Tensor, attentionMask: tf.Tensor): tf.Tensor {
  const [batch, length] = attentionMask.shape as [number, number];
  const mask = tf.reshape(tf.cast(attentionMask, 'float32'), [batch, length, 1]);
  const tokens = tf.reshape(hidden, [batch, length, hidden.shape[1] as number]);
  return tf.div(tf.sum(tf.mul(tokens, mask), 1), tf.maximum(tf.sum(mask, 1), 1e-9));
}

/** The largest value of each feature among the tokens that are no padding; parameters as for meanPool. */
export function maxPool(hidden: tf.Tensor, attentionMask: tf.Tensor): tf.Tensor {
  const [batch, length] = attentionMask.shape as [number, number];
  const padding = tf.sub(1, tf.reshape(tf.cast(attentionMask, 'float32'), [batch, length, 1]));
  const tokens = tf.reshape(hidden, [batch, length, hidden.shape[1] as number]);
  return tf.max(tf.sub(tokens, tf.mul(padding, 1e9)), 1);
}

/** Scales each row of x [rows, features] to length 1; rows of zeros stay. */
export function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x), -1, true)), 1e-12));
}
