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
import type { Params, Pass } from './pass.js';
import {
  projected,
  type RecurrentOptions,
  type RecurrentOutput,
  type RecurrentWeights,
  recurrentLayers,
  statesBefore,
  stepsOf,
} from './recurrent.js';

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
  return recurrentLayers(params, name, x, options, pass, layer);
}

function layer(
  x: tf.Tensor,
  { inputWeight, stateWeight, inputBias, stateBias }: RecurrentWeights,
  length: number,
): tf.Tensor {
  const inputs = projected(x, inputWeight, inputBias);
  // The gradient by hand: TensorFlow.js's own would multiply and add up the weights' gradient step by step.
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [sums, weight, bias, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const { r, z, n, stateNew, h } = forward(sums, weight, bias, length);
    save([weight, r, z, n, stateNew, h]);
    const gradFunc = (dh: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => backward(dh, saved, length);
    return { value: h, gradFunc: gradFunc as never };
  })(inputs, stateWeight, stateBias);
}

const parts = ['r', 'z', 'n', 'stateNew', 'h'] as const;
type Part = (typeof parts)[number];
type T = tf.Tensor;

/** All steps of everything, each [length * batch, hidden]; `stateNew` is h W_hn^T + b_hn. */
function forward(inputs: T, weight: T, bias: T, length: number): Record<Part, T> {
  const all: Record<Part, T[]> = { r: [], z: [], n: [], stateNew: [], h: [] };
  const batch = (inputs.shape[0] as number) / length;
  const hidden = weight.shape[1] as number;
  for (const input of stepsOf(inputs, length)) {
    const before = all.h.at(-1) ?? tf.zeros([batch, hidden]);
    const sums = projected(before, weight, bias);
    const sizes = [2 * hidden, hidden];
    const [inputGates, inputNew] = tf.split(input, sizes, 1) as [T, T];
    const [stateGates, stateNew] = tf.split(sums, sizes, 1) as [T, T];
    const [r, z] = tf.split(tf.sigmoid(tf.add(inputGates, stateGates)), 2, 1) as [T, T];
    const n = tf.tanh(tf.add(inputNew, tf.mul(r, stateNew)));
    // (1 - z) n + z h, with one multiplication less.
    const step = { r, z, n, stateNew, h: tf.add(n, tf.mul(z, tf.sub(before, n))) };
    for (const part of parts) all[part].push(step[part]);
  }
  return Object.fromEntries(parts.map((part) => [part, tf.concat(all[part], 0)])) as Record<Part, T>;
}

/** From the gradient of the states those of the inputs' sums, and of the state's weight and bias. */
function backward(dStates: T, saved: readonly T[], length: number): T[] {
  const [weight, r, z, n, stateNew, h] = saved as [T, T, T, T, T, T];
  const [rows, hidden] = h.shape as [number, number];
  const before = statesBefore(h, rows / length);
  // By how much the sums of r, z and n move the state; of all steps at once.
  const byNew = tf.mul(tf.sub(1, z), tf.sub(1, tf.square(n)));
  const byReset = tf.mul(tf.mul(byNew, stateNew), tf.mul(r, tf.sub(1, r)));
  const byUpdate = tf.mul(tf.sub(before, n), tf.mul(z, tf.sub(1, z)));
  const ofState = tf.stack([byReset, byUpdate, tf.mul(byNew, r)], 1);
  const [moves, kept, given] = [stepsOf(ofState, length), stepsOf(z, length), stepsOf(dStates, length)];
  const dhs: T[] = [];
  let later: T | undefined;
  for (let t = length - 1; t >= 0; t--) {
    const dh: T = later === undefined ? (given[t] as T) : tf.add(given[t] as T, later);
    dhs.push(dh);
    if (t === 0) break;
    const batch = dh.shape[0] as number;
    const dSums = tf.reshape(tf.mul(tf.reshape(dh, [batch, 1, hidden]), moves[t] as T), [batch, 3 * hidden]);
    later = tf.add(tf.mul(dh, kept[t] as T), tf.matMul(dSums as tf.Tensor2D, weight as tf.Tensor2D));
  }
  const dh = tf.reshape(tf.concat(dhs.reverse(), 0), [rows, 1, hidden]);
  const sums = (by: T): tf.Tensor2D => tf.reshape(tf.mul(dh, by), [rows, 3 * hidden]);
  const dState = sums(ofState);
  const dInputs = sums(tf.stack([byReset, byUpdate, byNew], 1));
  return [dInputs, tf.matMul(dState, before as tf.Tensor2D, true), tf.sum(dState, 0)];
}
