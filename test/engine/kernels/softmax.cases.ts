// Softmax and its logarithm.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { floats, values } from '../values.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

const cases = (f: (x: tf.Tensor, axis?: number) => tf.Tensor): Case[] => [
  { title: 'a matrix', f: (x: tf.Tensor) => f(x), inputs: [floats([3, 4])] },
  { title: 'a vector', f: (x: tf.Tensor) => f(x), inputs: [floats([5])] },
  { title: 'four axes', f: (x: tf.Tensor) => f(x, -1), inputs: [floats([2, 2, 2, 3])] },
  { title: 'rows of one', f: (x: tf.Tensor) => f(x), inputs: [floats([3, 1])] },
  { title: 'equal elements', f: (x: tf.Tensor) => f(x), inputs: [values([2, 2, 2, 2], [2, 2])] },
  { title: 'no rows', f: (x: tf.Tensor) => f(x), inputs: [floats([0, 3])] },
  { title: 'no columns', f: (x: tf.Tensor) => f(x), inputs: [floats([3, 0])] },
  { title: 'far from 0', f: (x: tf.Tensor) => f(x), inputs: [values([1000, 1001, -1000, -1001, -1000, 88], [2, 3])] },
  {
    title: 'masked with -infinity',
    f: (x: tf.Tensor) => f(x),
    inputs: [values([1, -inf, 2, -inf, -inf, 0], [2, 3])],
    gradient: false,
  },
  { title: 'NaN', f: (x: tf.Tensor) => f(x), inputs: [values([1, nan, 2, 1, 2, 3], [2, 3])], gradient: false },
];

// tf.logSoftmax is made of other kernels, so this one is called by its name, and the cpu backend has none.
const logSoftmax = (x: tf.Tensor, axis = -1): tf.Tensor => tf.engine().runKernel('LogSoftmax', { logits: x }, { axis });

export const softmaxCases: KernelCases = {
  Softmax: cases(tf.softmax),
  LogSoftmax: cases(logSoftmax).map((one, i) => ({ ...one, reference: cases(tf.logSoftmax)[i]?.f as Case['f'] })),
  Sub: cases(tf.logSoftmax).map((one) => ({ ...one, title: `tf.logSoftmax of ${one.title}` })),
};
