// The loss of classifiers.
import { tf } from '../engine/index.js';

/**
 * Mean negative log-likelihood of the right labels, over the rows of weight above 0.
 * @param logits [batch, labels]
 * @param labels int32 [batch]
 * @param rowWeights float32 [batch]; the mean is weighted by them
 * @returns scalar
 */
export function crossEntropy(logits: tf.Tensor, labels: tf.Tensor, rowWeights: tf.Tensor): tf.Tensor {
  const target = tf.oneHot(tf.cast(labels, 'int32') as tf.Tensor1D, logits.shape[1] as number);
  const perRow = tf.sum(tf.mul(tf.logSoftmax(logits), tf.cast(target, 'float32')), -1);
  return tf.neg(tf.div(tf.sum(tf.mul(perRow, rowWeights)), tf.sum(rowWeights)));
}
