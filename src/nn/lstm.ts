// Long short-term memory (Hochreiter, Schmidhuber 1997, https://doi.org/10.1162/neco.1997.9.8.1735) as torch.nn.LSTM computes it,
// with batch_first: one or more layers over a sequence, unrolled step by step.
//
//   const { output, last } = lstm(params, 'lstm', x, { layers: 2, dropout: 0.1 }, pass);   // x [batch, length, in]
//
//   i, f, g, o = x W_ih^T + b_ih + h W_hh^T + b_hh      the gates, in this order below each other in the weights
//   c' = sigmoid(f) c + sigmoid(i) tanh(g)
//   h' = sigmoid(o) tanh(c')
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
  return recurrentLayers(params, name, x, options, pass, layer);
}

function layer(
  x: tf.Tensor,
  { inputWeight, stateWeight, inputBias, stateBias }: RecurrentWeights,
  length: number,
): tf.Tensor {
  const inputs = projected(x, inputWeight, tf.add(inputBias, stateBias));
  // The gradient by hand: TensorFlow.js's own would multiply and add up the weights' gradient step by step.
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [sums, weight, save] = args as [tf.Tensor, tf.Tensor2D, tf.GradSaveFunc];
    const { i, f, g, o, c, tanhC, h } = forward(sums, weight, length);
    save([weight, i, f, g, o, c, tanhC, h]);
    const gradFunc = (dh: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => backward(dh, saved, length);
    return { value: h, gradFunc: gradFunc as never };
  })(inputs, stateWeight);
}

/** All steps of everything, each [length * batch, hidden]. */
function forward(inputs: tf.Tensor, weight: tf.Tensor2D, length: number) {
  const all = { i: [], f: [], g: [], o: [], c: [], tanhC: [], h: [] } as Record<Part, tf.Tensor[]>;
  for (const input of stepsOf(inputs, length)) {
    const [before, cBefore] = [all.h.at(-1), all.c.at(-1)];
    const sums = before === undefined ? input : tf.add(input, tf.matMul(before as tf.Tensor2D, weight, false, true));
    const gates = tf.split(sums, 4, 1) as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
    const [i, f, g, o] = [tf.sigmoid(gates[0]), tf.sigmoid(gates[1]), tf.tanh(gates[2]), tf.sigmoid(gates[3])];
    const fresh = tf.mul(i, g);
    const c = cBefore === undefined ? fresh : tf.add(tf.mul(f, cBefore), fresh);
    const tanhC = tf.tanh(c);
    const step = { i, f, g, o, c, tanhC, h: tf.mul(o, tanhC) };
    for (const part of parts) all[part].push(step[part]);
  }
  return Object.fromEntries(parts.map((part) => [part, tf.concat(all[part], 0)])) as Record<Part, tf.Tensor>;
}

const parts = ['i', 'f', 'g', 'o', 'c', 'tanhC', 'h'] as const;
type Part = (typeof parts)[number];
type T = tf.Tensor;

/** From the gradient of the states those of the inputs' sums and of the state's weight. */
function backward(dStates: tf.Tensor, saved: readonly tf.Tensor[], length: number): tf.Tensor[] {
  const [weight, ...states] = saved as [tf.Tensor2D, ...tf.Tensor[]];
  const [i, f, g, o, c, tanhC, h] = states as unknown as readonly [T, T, T, T, T, T, T];
  const batch = (h.shape[0] as number) / length;
  const slope = (sigmoid: tf.Tensor) => tf.mul(sigmoid, tf.sub(1, sigmoid));
  const tanhSlope = (tanh: tf.Tensor) => tf.sub(1, tf.square(tanh));
  // By how much the sums of the gates i, f, g move the cell, and that of o the state; of all steps at once.
  const moves = [
    tf.mul(g, slope(i)),
    tf.mul(statesBefore(c, batch), slope(f)),
    tf.mul(i, tanhSlope(g)),
    tf.mul(tanhC, slope(o)),
  ].map((all) => stepsOf(all, length));
  const cellOfState = stepsOf(tf.mul(o, tanhSlope(tanhC)), length);
  const [forget, given] = [stepsOf(f, length), stepsOf(dStates, length)];
  const dSums: tf.Tensor[] = [];
  let dhLater: tf.Tensor | undefined;
  let dcLater: tf.Tensor | undefined;
  for (let t = length - 1; t >= 0; t--) {
    const dh = dhLater === undefined ? (given[t] as tf.Tensor) : tf.add(given[t] as tf.Tensor, dhLater);
    const own = tf.mul(dh, cellOfState[t] as tf.Tensor);
    const dc: tf.Tensor = dcLater === undefined ? own : tf.add(own, dcLater);
    const dSum = tf.concat(
      moves.map((steps, gate) => tf.mul(gate < 3 ? dc : dh, steps[t] as tf.Tensor)),
      1,
    );
    dSums.push(dSum);
    if (t === 0) break;
    dhLater = tf.matMul(dSum as tf.Tensor2D, weight);
    dcLater = tf.mul(dc, forget[t] as tf.Tensor);
  }
  const dInputs = tf.concat(dSums.reverse(), 0);
  return [dInputs, tf.matMul(dInputs as tf.Tensor2D, statesBefore(h, batch) as tf.Tensor2D, true)];
}
