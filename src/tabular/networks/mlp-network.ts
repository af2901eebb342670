// A multi-layer perceptron that reads numbers and categories, as a pure function of its weights.
//
//   numbers and the vectors of the categories, side by side
//     -> for each hidden layer: linear, batch norm where there is one, ReLU, dropout
//     -> head: linear
//
// Weights: embeddings.<column>.weight [categories, width], layers.<i>.linear.{weight,bias}, or without the bias
// layers.<i>.norm.{weight,bias} with running_mean and running_var, head.{weight,bias}.
import { hostTensor, randomNormal, randomUniform, seedFor, tf, type Weights } from '../../engine/index.js';
import { batchNorm, runningNames } from '../../nn/batch-norm.js';
import { categoryEmbeddings } from '../../nn/category-embeddings.js';
import { linear } from '../../nn/linear.js';
import { dropout, type Params, type Pass } from '../../nn/pass.js';
import type { Start } from './fit-network.js';
import type { TensorRows } from './network-model.js';

export interface MlpShape {
  /** Numbers that go in. */
  readonly numbers: number;
  /** Rows and width of each categorical column's table of vectors. */
  readonly tables: readonly (readonly [rows: number, width: number])[];
  readonly hidden: readonly number[];
  readonly outputs: number;
  readonly batchNorm: boolean;
  readonly dropout: number;
  /** Rate of the dropout on what goes in. */
  readonly inputDropout: number;
}

const momentum = 0.1;

/** [rows, outputs]; `rows.numeric` [rows, numbers] and `rows.codes` int32 [rows, tables], where there are any. */
export function mlpForward(shape: MlpShape, params: Params, { numeric, codes }: TensorRows, pass: Pass): tf.Tensor {
  const vectors = codes === undefined ? [] : categoryEmbeddings(params, 'embeddings', codes);
  const parts = [...(numeric === undefined ? [] : [numeric]), ...vectors];
  let x = dropout(parts.length === 1 ? (parts[0] as tf.Tensor) : tf.concat(parts, 1), shape.inputDropout, pass);
  shape.hidden.forEach((_, i) => {
    // A shift before a norm would be taken away by it.
    x = linear(params, `layers.${i}.linear`, x, pass, !shape.batchNorm);
    if (shape.batchNorm) x = batchNorm(params, `layers.${i}.norm`, x, { momentum }, pass);
    x = dropout(tf.relu(x), shape.dropout, pass);
  });
  return linear(params, 'head', x, pass);
}

/** Starting values as PyTorch's layers have them; vectors of categories are drawn small. */
export function mlpStart(shape: MlpShape, seed: number): Start {
  const weights: Weights = new Map();
  const statistics: Weights = new Map();
  const add = (name: string, layer: readonly [outputs: number, inputs: number], bias = true) => {
    const bound = 1 / Math.sqrt(layer[1]);
    weights.set(`${name}.weight`, randomUniform(layer, bound, seedFor(seed, `${name}.weight`)));
    if (bias) weights.set(`${name}.bias`, randomUniform([layer[0]], bound, seedFor(seed, `${name}.bias`)));
  };
  shape.tables.forEach((table, column) => {
    const name = `embeddings.${column}.weight`;
    weights.set(name, randomNormal(table, 1 / Math.sqrt(table[1]), seedFor(seed, name)));
  });
  let width = shape.numbers + shape.tables.reduce((sum, [, columns]) => sum + columns, 0);
  shape.hidden.forEach((size, i) => {
    add(`layers.${i}.linear`, [size, width], !shape.batchNorm);
    if (shape.batchNorm) addNorm(`layers.${i}.norm`, size, weights, statistics);
    width = size;
  });
  add('head', [shape.outputs, width]);
  return { weights, statistics };
}

/** A batch norm that does nothing yet. */
export function addNorm(name: string, size: number, weights: Weights, statistics: Weights): void {
  const filled = (value: number) => hostTensor(new Float32Array(size).fill(value), [size]);
  const { mean, variance } = runningNames(name);
  weights.set(`${name}.weight`, filled(1)).set(`${name}.bias`, filled(0));
  statistics.set(mean, filled(0)).set(variance, filled(1));
}

/** fastai's rule for how many numbers a category becomes: min(600, 1.6 n^0.56), here with a cap of 50. */
export const embeddingWidth = (categories: number): number => Math.min(50, Math.round(1.6 * categories ** 0.56));
