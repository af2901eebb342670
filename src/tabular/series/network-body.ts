// The networks that read a window: weights to begin with, and a function from windows to quantiles of each step.
//
//   const body = { kind: 'lstm', hidden: 32, layers: 1, dropout: 0 };
//   const weights = initialWeights(body, { channels: 1, known: 57, horizon: 14 }, 42);
//   const quantiles = readWindow(params, body, x, known, 14, {});   // [batch, 3, horizon]
//
// A body turns the window into one vector; with what is known of the future it goes through one hidden layer to the median and,
// by softplus, to how far below and above it the ends of the interval lie, so that they never cross.

import { z } from 'zod';
import { type HostTensor, hostTensor, seedFor, sizeOf, tf, type Weights } from '../../engine/index.js';
import { seededRandom } from '../../hub/random.js';
import { conv1d } from '../../nn/conv1d.js';
import { gru } from '../../nn/gru.js';
import { linear } from '../../nn/linear.js';
import { lstm } from '../../nn/lstm.js';
import { dropout, type Params, type Pass } from '../../nn/pass.js';
import { recurrentNames } from '../../nn/recurrent.js';

const size = z.int().min(1);
const rate = z.number().min(0).lt(1);

export const bodySchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.enum(['lstm', 'gru']), hidden: size, layers: size, dropout: rate }),
  z.strictObject({
    kind: z.literal('cnn1d'),
    channels: size,
    kernel: size,
    dilations: z.array(size).min(1),
    dropout: rate,
  }),
]);

/** What reads the window. */
export type Body = z.output<typeof bodySchema>;

export interface BodyShape {
  /** Of a window's values. */
  readonly channels: number;
  /** Numbers known of the future. */
  readonly known: number;
  readonly horizon: number;
}

/** Width of the vector that a body makes. */
const widthOf = (body: Body): number => (body.kind === 'cnn1d' ? body.channels : body.hidden);

/** @returns [batch, 3, horizon]: the lower end, the median and the upper end */
export function readWindow(
  params: Params,
  body: Body,
  x: tf.Tensor,
  known: tf.Tensor,
  horizon: number,
  pass: Pass,
): tf.Tensor {
  const read = body.kind === 'cnn1d' ? convolved(params, body, x, pass) : recurrent(params, body, x, pass);
  const together = dropout(tf.concat([read, known], 1), body.dropout, pass);
  const hidden = tf.relu(linear(params, 'hidden', together, pass));
  const output = linear(params, 'output', hidden, pass);
  const [median, below, above] = tf.split(output, 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const batch = x.shape[0] as number;
  return tf.reshape(tf.concat([tf.sub(median, tf.softplus(below)), median, tf.add(median, tf.softplus(above))], 1), [
    batch,
    3,
    horizon,
  ]);
}

type Recurrent = Extract<Body, { hidden: number }>;
type Convolution = Extract<Body, { channels: number }>;

function recurrent(params: Params, { kind, ...options }: Recurrent, x: tf.Tensor, pass: Pass): tf.Tensor {
  return (kind === 'lstm' ? lstm : gru)(params, kind, x, options, pass).last;
}

/** Causal convolutions with dilations that grow, each added to what it read (Bai et al. 2018, https://arxiv.org/abs/1803.01271). */
function convolved(
  params: Params,
  { channels, dilations, dropout: rate }: Convolution,
  x: tf.Tensor,
  pass: Pass,
): tf.Tensor {
  let steps = x;
  for (const [i, dilation] of dilations.entries()) {
    const read = dropout(tf.relu(conv1d(params, `conv${i}`, steps, { dilation })), rate, pass);
    steps = i === 0 ? read : tf.add(steps, read);
  }
  const [batch, length] = steps.shape as [number, number];
  return tf.reshape(tf.slice(steps, [0, length - 1, 0], [batch, 1, channels]), [batch, channels]);
}

/** Uniform within 1 / sqrt(what a unit reads), as PyTorch begins LSTM, GRU, Conv1d and Linear. */
export function initialWeights(body: Body, { channels, known, horizon }: BodyShape, seed: number): Weights {
  const weights: Weights = new Map();
  const add = (name: string, shape: number[], reads: number) =>
    weights.set(name, uniform(shape, 1 / Math.sqrt(reads), seedFor(seed, name)));
  if (body.kind === 'cnn1d')
    for (const i of body.dilations.keys()) {
      const reads = (i === 0 ? channels : body.channels) * body.kernel;
      add(`conv${i}.weight`, [body.channels, reads / body.kernel, body.kernel], reads);
      add(`conv${i}.bias`, [body.channels], reads);
    }
  else
    for (let layer = 0; layer < body.layers; layer++) {
      const rows = (body.kind === 'lstm' ? 4 : 3) * body.hidden;
      const names = recurrentNames(body.kind, layer);
      add(names.inputWeight, [rows, layer === 0 ? channels : body.hidden], body.hidden);
      add(names.stateWeight, [rows, body.hidden], body.hidden);
      add(names.inputBias, [rows], body.hidden);
      add(names.stateBias, [rows], body.hidden);
    }
  const wide = widthOf(body);
  add('hidden.weight', [wide, wide + known], wide + known);
  add('hidden.bias', [wide], wide + known);
  add('output.weight', [3 * horizon, wide], wide);
  add('output.bias', [3 * horizon], wide);
  return weights;
}

function uniform(shape: number[], bound: number, seed: number): HostTensor {
  const random = seededRandom(seed);
  return hostTensor(
    Float32Array.from({ length: sizeOf(shape) }, () => (2 * random() - 1) * bound),
    shape,
  );
}
