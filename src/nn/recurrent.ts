// What LSTM and GRU have in common: layers upon each other, and steps below each other.
//
// Inside, a sequence is [length * batch, width], all rows of the first step above all of the second: what does not depend on the state is
// then one multiplication for all steps, and a step is a block of rows.
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

/** The weights of one layer, under PyTorch's names. */
export interface RecurrentWeights {
  /** [gates * hidden, in] */
  readonly inputWeight: tf.Tensor;
  /** [gates * hidden, hidden] */
  readonly stateWeight: tf.Tensor;
  /** Both [gates * hidden]. */
  readonly inputBias: tf.Tensor;
  readonly stateBias: tf.Tensor;
}

/** The names of a layer's weights, as PyTorch has them. */
export const recurrentNames = (name: string, layer: number) => ({
  inputWeight: `${name}.weight_ih_l${layer}`,
  stateWeight: `${name}.weight_hh_l${layer}`,
  inputBias: `${name}.bias_ih_l${layer}`,
  stateBias: `${name}.bias_hh_l${layer}`,
});

/**
 * Runs layers upon each other.
 * @param x [batch, length, in]
 * @param run makes the states [length * batch, hidden] out of the inputs [length * batch, in]
 */
export function recurrentLayers(
  params: Params,
  name: string,
  x: tf.Tensor,
  { layers = 1, dropout: rate = 0 }: RecurrentOptions,
  pass: Pass,
  run: (inputs: tf.Tensor, weights: RecurrentWeights, length: number) => tf.Tensor,
): RecurrentOutput {
  if (x.rank !== 3) throw new RangeError(`A recurrent layer takes x as [batch, length, in]; got shape [${x.shape}].`);
  const [batch, length, width] = x.shape as [number, number, number];
  let steps = tf.reshape(tf.transpose(x, [1, 0, 2]), [length * batch, width]);
  for (let layer = 0; layer < layers; layer++) {
    const names = recurrentNames(name, layer);
    const weights = {
      inputWeight: param(params, names.inputWeight),
      stateWeight: param(params, names.stateWeight),
      inputBias: param(params, names.inputBias),
      stateBias: param(params, names.stateBias),
    };
    steps = run(layer > 0 ? dropout(steps, rate, pass) : steps, weights, length);
  }
  const hidden = steps.shape[1] as number;
  return {
    output: tf.transpose(tf.reshape(steps, [length, batch, hidden]), [1, 0, 2]),
    last: tf.slice(steps, [(length - 1) * batch, 0], [batch, hidden]),
  };
}

/** x W^T + b. */
export const projected = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor): tf.Tensor =>
  tf.fused.matMul({ a: x as tf.Tensor2D, b: weight as tf.Tensor2D, transposeB: true, bias });

/** Blocks of rows, one a step. */
export const stepsOf = (all: tf.Tensor, length: number): tf.Tensor[] => tf.split(all, length, 0);

/** The states before each step: zeros before the first. */
export function statesBefore(states: tf.Tensor, batch: number): tf.Tensor {
  const [rows, hidden] = states.shape as [number, number];
  const zeros = tf.zeros([batch, hidden]);
  return rows === batch ? zeros : tf.concat([zeros, tf.slice(states, [0, 0], [rows - batch, hidden])], 0);
}
