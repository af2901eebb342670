// Self-supervised pretraining of TabNet (section 3.4 of https://arxiv.org/abs/1908.07442), as pytorch-tabnet's TabNetPretrainer
// does it: some features of each row are hidden, the encoder sees the rest, and a decoder has to tell what was hidden.
import { tf } from '../../engine/index.js';
import { linear } from '../../nn/linear.js';
import { dropout, type Params, type Pass } from '../../nn/pass.js';
import type { Start } from './fit-network.js';
import type { TensorRows } from './network-model.js';
import {
  addMapping,
  addTransformer,
  embed,
  encode,
  encoderStart,
  featureTransformer,
  inputWidth,
  membership,
  type TabnetShape,
  total,
} from './tabnet-network.js';

/** Layers of each feature transformer of the decoder, pytorch-tabnet's defaults. */
const decoderLayers = { nShared: 1, nIndependent: 1 };

export function pretrainingStart(shape: TabnetShape, seed: number): Start {
  const start = encoderStart(shape, 'encoder', seed);
  for (let step = 0; step < shape.nSteps; step++)
    addTransformer(decoderShape(shape), transformer(step), sharedLayers, shape.nD, shape.nD, start, seed);
  addMapping('decoder.reconstruction_layer', shape.nD, inputWidth(shape), start.weights, seed);
  return start;
}

const transformer = (step: number): string => `decoder.feat_transformers.${step}`;
const sharedLayers = `${transformer(0)}.shared.shared_layers`;
const decoderShape = (shape: TabnetShape) => ({ ...shape, ...decoderLayers });

/** Which features to hide, [rows, features] of 0 and 1: each with probability `ratio`, drawn anew each step. None outside training. */
export function hiddenFeatures(shape: TabnetShape, rows: number, ratio: number, pass: Pass): tf.Tensor {
  const ones = tf.ones([rows, shape.inputs.length]);
  return pass.dropout === undefined ? tf.zerosLike(ones) : tf.sub(1, tf.mul(dropout(ones, ratio, pass), 1 - ratio));
}

/**
 * What went in, and what the decoder makes of it, both [rows, width].
 * @param hidden [rows, features]: 1 where a feature is hidden; undefined hides none, as outside training
 */
export function reconstruct(shape: TabnetShape, params: Params, rows: TensorRows, pass: Pass, hidden?: tf.Tensor) {
  const embedded = embed(shape, params, rows);
  const hiddenNumbers = hidden && (tf.matMul(hidden as tf.Tensor2D, membership(shape)) as tf.Tensor);
  const seen = hiddenNumbers === undefined ? embedded : tf.mul(embedded, tf.sub(1, hiddenNumbers));
  const prior = hidden && tf.sub(1, hidden);
  const { decisions } = encode(shape, params, 'encoder', seen, pass, prior);
  const decoded = decisions.map((decision, step) =>
    featureTransformer(decoderShape(shape), params, transformer(step), sharedLayers, decision, pass),
  );
  const output = linear(params, 'decoder.reconstruction_layer', total(decoded), {}, false);
  return { embedded, output, hiddenNumbers: hiddenNumbers ?? tf.onesLike(embedded) };
}

/**
 * The mean squared error of what was hidden, in units of each number's variance in the batch: 1 is what guessing the mean gives. A
 * scalar.
 */
export function reconstructionLoss({ embedded, output, hiddenNumbers }: ReturnType<typeof reconstruct>): tf.Tensor {
  const rows = embedded.shape[0] as number;
  const errors = tf.square(tf.mul(tf.sub(output, embedded), hiddenNumbers));
  const mean = tf.mean(embedded, 0, true);
  const variance = tf.mul(tf.sum(tf.square(tf.sub(embedded, mean)), 0, true), 1 / Math.max(1, rows - 1));
  // A number that is the same in all rows is measured by its size, or by 1.
  const unit = tf.add(variance, tf.mul(isZero(variance), tf.add(mean, isZero(mean))));
  const perRow = tf.div(tf.sum(tf.div(errors, unit), 1), tf.add(tf.sum(hiddenNumbers, 1), 1e-9));
  return tf.mean(perRow);
}

/** 1 where x is 0, else 0. TensorFlow.js has no gradient for comparisons; this one's is 0. */
function isZero(x: tf.Tensor): tf.Tensor {
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const gradFunc = (dy: tf.Tensor): tf.Tensor => tf.zerosLike(dy);
    return { value: tf.cast(tf.equal(args[0] as tf.Tensor, 0), 'float32'), gradFunc: gradFunc as never };
  })(x);
}
