// Activation functions by the names config.json gives them, with the formulas of transformers' table of the same names.
//
//   const act = activations[config.hidden_act];
//   const y = act(x);                              // element by element, any shape
import { gelu, tf } from '../engine/index.js';

export const activationNames = ['gelu', 'gelu_new', 'gelu_pytorch_tanh', 'relu', 'silu', 'swish'] as const;
export type ActivationName = (typeof activationNames)[number];

/** GELU by tanh, as GPT-2 computes it: 0.5 x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))). */
const geluTanh = (x: tf.Tensor): tf.Tensor => {
  const inner = tf.mul(tf.mul(x, tf.add(tf.mul(tf.square(x), 0.044715), 1)), Math.sqrt(2 / Math.PI));
  return tf.mul(tf.mul(x, 0.5), tf.add(tf.tanh(inner), 1));
};

/** x times its own sigmoid (Elfwing et al. 2017, https://arxiv.org/abs/1702.03118). */
const silu = (x: tf.Tensor): tf.Tensor => tf.mul(x, tf.sigmoid(x));

export const activations: Readonly<Record<ActivationName, (x: tf.Tensor) => tf.Tensor>> = {
  gelu,
  gelu_new: geluTanh,
  gelu_pytorch_tanh: geluTanh,
  relu: tf.relu,
  silu,
  swish: silu,
};
