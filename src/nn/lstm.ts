// Long short-term memory (Hochreiter, Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735) as torch.nn.LSTM computes it,
// with batch_first: one or more layers over a sequence, unrolled step by step.
//
//   const { output, last } = lstm(params, 'lstm', x, { layers: 2, dropout: 0.1 }, pass);   // x [batch, length, in]
//
//   i, f, g, o = x W_ih^T + b_ih + h W_hh^T + b_hh      the gates, in this order below each other in the weights
//   c' = sigmoid(f) c + sigmoid(i) tanh(g)
//   h' = sigmoid(o) tanh(c')
import { tf } from '../engine/index.js';
import { dropout, type Params, type Pass, param } from './pass.js';

export interface RecurrentOptions {
  /** Layers upon each other. Default 1. */
  readonly layers?: number;
  /** Rate of the dropout between layers, in training only. Default 0. */
  readonly dropout?: number;
}

export interface RecurrentOutput {
  /** The last layer's state after each step: [batch, length, hidden]. */
  readonly output: tf.Tensor;
  /** The last layer's state after the last step: [batch, hidden]. */
  readonly last: tf.Tensor;
}

/** The names of a layer's weights, as PyTorch has them. */
export const recurrentNames = (name: string, layer: number) => ({
  inputWeight: `${name}.weight_ih_l${layer}`,
  stateWeight: `${name}.weight_hh_l${layer}`,
  inputBias: `${name}.bias_ih_l${layer}`,
  stateBias: `${name}.bias_hh_l${layer}`,
});

/**
 * The state begins at 0.
 * @param name prefix of the weights: `${name}.weight_ih_l0` [4 hidden, in], `${name}.weight_hh_l0` [4 hidden, hidden],
 *   `${name}.bias_ih_l0` and `${name}.bias_hh_l0` [4 hidden], and the same with l1 and so on
 * @param x [batch, length, in]
 */
export function lstm(
  params: Params,
  name: string,
  x: tf.Tensor,
  options: RecurrentOptions,
  pass: Pass,
): RecurrentOutput {
  return overLayers(x, options, pass, (steps, layer) => {
    const names = recurrentNames(name, layer);
    const stateWeight = param(params, names.stateWeight) as tf.Tensor2D;
    const bias = tf.add(param(params, names.inputBias), param(params, names.stateBias));
    const inputs = project(steps, param(params, names.inputWeight), bias);
    let state: { h: tf.Tensor; c: tf.Tensor } | undefined;
    return inputs.map((input) => {
      const sums =
        state === undefined ? input : tf.add(input, tf.matMul(state.h as tf.Tensor2D, stateWeight, false, true));
      const [i, f, g, o] = tf.split(sums, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const fresh = tf.mul(tf.sigmoid(i), tf.tanh(g));
      const c = state === undefined ? fresh : tf.add(tf.mul(tf.sigmoid(f), state.c), fresh);
      const h = tf.mul(tf.sigmoid(o), tf.tanh(c));
      state = { h, c };
      return h;
    });
  });
}

/** Runs layers upon each other, each of which makes the steps [batch, hidden] out of the steps [batch, in] of the one below. */
export function overLayers(
  x: tf.Tensor,
  { layers = 1, dropout: rate = 0 }: RecurrentOptions,
  pass: Pass,
  layerOf: (steps: readonly tf.Tensor[], layer: number) => tf.Tensor[],
): RecurrentOutput {
  if (x.rank !== 3) throw new RangeError(`A recurrent layer takes x as [batch, length, in]; got shape [${x.shape}].`);
  let steps = tf.unstack(x, 1);
  for (let layer = 0; layer < layers; layer++) {
    steps = layerOf(steps, layer);
    if (layer < layers - 1 && rate > 0) steps = steps.map((step) => dropout(step, rate, pass));
  }
  return { output: tf.stack(steps, 1), last: steps.at(-1) as tf.Tensor };
}

/** x W^T + b of all steps [batch, in] in one multiplication. */
export function project(steps: readonly tf.Tensor[], weight: tf.Tensor, bias: tf.Tensor): tf.Tensor[] {
  const [batch] = (steps[0] as tf.Tensor).shape as [number, number];
  const a = tf.concat([...steps], 0) as tf.Tensor2D;
  const all = tf.fused.matMul({ a, b: weight as tf.Tensor2D, transposeB: true, bias });
  return tf.split(
    all,
    steps.map(() => batch),
    0,
  );
}
