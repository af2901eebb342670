// From the vectors of a text's tokens to one vector for the text, as sentence-transformers pools.
import { tf } from '../engine/index.js';

/** The last layer's vectors, [batch * length, features]. */
interface Tokens {
  readonly lastHiddenState: tf.Tensor;
  readonly batch: number;
  readonly length: number;
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

/** Scales each row of x [rows, features] to length 1; rows of zeros stay. */
export function unitLength(x: tf.Tensor): tf.Tensor {
  return tf.div(x, tf.maximum(tf.sqrt(tf.sum(tf.square(x), -1, true)), 1e-12));
}
