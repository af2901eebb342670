// A causal convolution over a sequence, dilated where wanted (van den Oord et al. 2016, https://arxiv.org/abs/1609.03499): what comes
// out at a step depends on that step and earlier ones only. As torch.nn.Conv1d, with zeros put before the sequence.
//
//   const y = conv1d(params, 'conv', x, { dilation: 2 });   // x [batch, length, in] -> [batch, length, out]
//
//   y[t] = bias + sum over k of weight[:, :, k] x[t - (kernel - 1 - k) dilation]
import { tf } from '../engine/index.js';
import { type Params, param } from './pass.js';

export interface Conv1dOptions {
  /** Steps between those that are looked at. Default 1. */
  readonly dilation?: number;
}

/**
 * @param name prefix of the weights: `${name}.weight` [out, in, kernel] and `${name}.bias` [out]
 * @param x [batch, length, in], steps before channels (PyTorch has channels before steps)
 * @returns [batch, length, out]
 */
export function conv1d(params: Params, name: string, x: tf.Tensor, { dilation = 1 }: Conv1dOptions = {}): tf.Tensor {
  if (x.rank !== 3) throw new RangeError(`conv1d takes x as [batch, length, in]; got shape [${x.shape}].`);
  const [batch, length, channels] = x.shape as [number, number, number];
  const weight = param(params, `${name}.weight`);
  const [out, , kernel] = weight.shape as [number, number, number];
  const before = (kernel - 1) * dilation;
  const padded = before === 0 ? x : tf.concat([tf.zeros([batch, before, channels]), x], 1);
  const seen = Array.from({ length: kernel }, (_, k) =>
    tf.slice(padded, [0, k * dilation, 0], [batch, length, channels]),
  );
  // All that a step sees side by side, so that one multiplication does it all.
  const columns = tf.reshape(tf.concat(seen, 2), [batch * length, kernel * channels]);
  const flat = tf.reshape(tf.transpose(weight, [0, 2, 1]), [out, kernel * channels]);
  const y = tf.fused.matMul({
    a: columns as tf.Tensor2D,
    b: flat as tf.Tensor2D,
    transposeB: true,
    bias: param(params, `${name}.bias`),
  });
  return tf.reshape(y, [batch, length, out]);
}
