// A fully connected layer: y = x W^T + b, with the weight stored [out, in] as PyTorch stores it.
//
//   const y = linear(params, 'pooler.dense', x, {});       // params['pooler.dense.weight'], params['pooler.dense.bias']
import { tf } from '../engine/index.js';
import { dropout, type Params, type Pass, param } from './pass.js';

/**
 * @param name prefix of the layer's weights: `${name}.weight` [out, in] and `${name}.bias` [out]
 * @param x [rows, in]
 * @param bias false for a layer made without one
 * @returns [rows, out]
 */
export function linear(params: Params, name: string, x: tf.Tensor, pass: Pass, bias = true): tf.Tensor {
  const y = tf.fused.matMul({
    a: x as tf.Tensor2D,
    b: param(params, `${name}.weight`) as tf.Tensor2D,
    transposeB: true,
    ...(bias ? { bias: param(params, `${name}.bias`) } : {}),
  });
  const adapter = pass.adapters?.get(name);
  if (adapter === undefined) return y;
  const low = tf.matMul(dropout(x, adapter.dropout, pass) as tf.Tensor2D, adapter.a as tf.Tensor2D, false, true);
  // Scaled where it is narrow.
  return tf.add(y, tf.matMul(tf.mul(low, adapter.scale) as tf.Tensor2D, adapter.b as tf.Tensor2D, false, true));
}
