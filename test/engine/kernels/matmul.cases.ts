// Matrix products.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { floats, ints, values } from '../values.js';

const { NaN: nan } = Number;
const swapped = (shape: number[]): number[] => [...shape.slice(0, -2), ...shape.slice(-2).reverse()];

const transposes = (title: string, a: number[], b: number[]): Case[] =>
  [false, true].flatMap((transposeA) =>
    [false, true].map((transposeB) => ({
      title: `${title}${transposeA ? ', the first transposed' : ''}${transposeB ? ', the second transposed' : ''}`,
      f: (x: tf.Tensor, y: tf.Tensor) => tf.matMul(x, y, transposeA, transposeB),
      inputs: [floats(transposeA ? swapped(a) : a), floats(transposeB ? swapped(b) : b, -2, 2, 9)],
    })),
  );

type Activation = NonNullable<Parameters<typeof tf.fused.matMul>[0]['activation']>;
const dense = (activation?: Activation) => (a: tf.Tensor, b: tf.Tensor, bias?: tf.Tensor, slope?: tf.Tensor) =>
  tf.fused.matMul({
    a: a as tf.Tensor2D,
    b: b as tf.Tensor2D,
    ...(bias ? { bias } : {}),
    ...(activation ? { activation } : {}),
    ...(slope ? { preluActivationWeights: slope } : {}),
  });

export const matmulCases: KernelCases = {
  BatchMatMul: [
    ...transposes('matrices', [2, 3], [3, 4]),
    ...transposes('batches', [2, 2, 3], [2, 3, 2]),
    ...transposes('a batch and a matrix', [2, 2, 3], [3, 2]),
    ...transposes('a matrix and a batch', [2, 3], [2, 3, 2]),
    ...transposes('batches of one', [1, 2, 3], [1, 3, 2]),
    ...transposes('batches of batches', [2, 2, 2, 3], [2, 2, 3, 1]),
    ...transposes('single numbers', [1, 1], [1, 1]),
    ...transposes('no rows', [0, 3], [3, 2]),
    ...transposes('no columns', [2, 3], [3, 0]),
    ...transposes('nothing to sum', [2, 0], [0, 3]),
    {
      title: 'whole numbers',
      f: (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b, true),
      inputs: [ints([3, 2]), ints([3, 4])],
    },
    { title: 'vectors', f: tf.dot, inputs: [floats([3]), floats([3], -2, 2, 9)] },
    { title: 'a matrix and itself', f: (x: tf.Tensor) => tf.matMul(x, x), inputs: [floats([2, 2])] },
    { title: 'equal elements', f: (x: tf.Tensor) => tf.matMul(x, tf.ones([3, 2])), inputs: [floats([2, 3])] },
    {
      title: 'NaN',
      f: (a: tf.Tensor, b: tf.Tensor) => tf.matMul(a, b),
      inputs: [values([nan, 1, 1, 1], [2, 2]), floats([2, 2])],
      gradient: false,
    },
  ],
  _FusedMatMul: [
    { title: 'no bias', f: dense(), inputs: [floats([2, 3]), floats([3, 4])] },
    { title: 'a bias', f: dense(), inputs: [floats([2, 3]), floats([3, 4]), floats([4])] },
    { title: 'a scalar bias', f: dense(), inputs: [floats([2, 3]), floats([3, 4]), floats([])] },
    { title: 'batches and a bias', f: dense(), inputs: [floats([2, 2, 3]), floats([2, 3, 4]), floats([4])] },
    { title: 'nothing to sum', f: dense(), inputs: [floats([2, 0]), floats([0, 3]), floats([3])] },
    ...(['linear', 'relu', 'relu6', 'elu', 'sigmoid', 'leakyrelu'] as const).map((activation) => ({
      title: activation,
      f: dense(activation),
      inputs: [floats([2, 3]), floats([3, 4], -1, 1, 9), floats([4])],
      gradient: ['linear', 'relu', 'relu6'].includes(activation), // TensorFlow.js has no gradient for the others
    })),
    {
      title: 'prelu',
      f: dense('prelu'),
      inputs: [floats([2, 3]), floats([3, 4]), floats([4]), floats([4])],
      gradient: false,
    },
  ],
};
