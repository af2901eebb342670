// Gated recurrent units (Cho et al. 2014, https://arxiv.org/abs/1406.1078) as torch.nn.GRU computes them, with batch_first: one or more
// layers over a sequence, unrolled step by step.
//
//   const { output, last } = gru(params, 'gru', x, { layers: 1 }, pass);   // x [batch, length, in]
//
//   r = sigmoid(x W_ir^T + b_ir + h W_hr^T + b_hr)      weights r, z, n below each other
//   z = sigmoid(x W_iz^T + b_iz + h W_hz^T + b_hz)
//   n = tanh(x W_in^T + b_in + r (h W_hn^T + b_hn))
//   h' = (1 - z) n + z h
import { tf } from '../engine/index.js';
import { overLayers, project, type RecurrentOptions, type RecurrentOutput, recurrentNames } from './lstm.js';
import { type Params, type Pass, param } from './pass.js';

/**
 * The state begins at 0.
 * @param name prefix of the weights: `${name}.weight_ih_l0` [3 hidden, in], `${name}.weight_hh_l0` [3 hidden, hidden],
 *   `${name}.bias_ih_l0` and `${name}.bias_hh_l0` [3 hidden], and the same with l1 and so on
 * @param x [batch, length, in]
 */
export function gru(
  params: Params,
  name: string,
  x: tf.Tensor,
  options: RecurrentOptions,
  pass: Pass,
): RecurrentOutput {
  return overLayers(x, options, pass, (steps, layer) => {
    const names = recurrentNames(name, layer);
    const stateWeight = param(params, names.stateWeight) as tf.Tensor2D;
    const stateBias = param(params, names.stateBias);
    const hidden = stateWeight.shape[1];
    const inputs = project(steps, param(params, names.inputWeight), param(params, names.inputBias));
    let h: tf.Tensor | undefined;
    return inputs.map((input) => {
      const batch = input.shape[0] as number;
      const recurrent =
        h === undefined
          ? tf.broadcastTo(tf.reshape(stateBias, [1, 3 * hidden]), [batch, 3 * hidden])
          : tf.fused.matMul({ a: h as tf.Tensor2D, b: stateWeight, transposeB: true, bias: stateBias });
      const sizes = [2 * hidden, hidden];
      const [inputGates, inputNew] = tf.split(input, sizes, 1) as [tf.Tensor, tf.Tensor];
      const [stateGates, stateNew] = tf.split(recurrent, sizes, 1) as [tf.Tensor, tf.Tensor];
      const [r, z] = tf.split(tf.sigmoid(tf.add(inputGates, stateGates)), 2, 1) as [tf.Tensor, tf.Tensor];
      const n = tf.tanh(tf.add(inputNew, tf.mul(r, stateNew)));
      // (1 - z) n + z h, with one multiplication less.
      h = h === undefined ? tf.sub(n, tf.mul(z, n)) : tf.add(n, tf.mul(z, tf.sub(h, n)));
      return h;
    });
  });
}
