// Reductions over axes, and running sums and products.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { bools, floats, ints, truths, values } from '../values.js';

type Reduction = (x: tf.Tensor, axis?: number | number[], keepDims?: boolean) => tf.Tensor;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;

interface Kinds {
  readonly int32?: boolean;
  readonly bool?: boolean;
  /** What the reduction of nothing is, where the cpu backend does not say what TensorFlow and NumPy say. */
  readonly ofNothing?: number;
}

const reduction = (f: Reduction, { int32 = true, bool = false, ofNothing }: Kinds = {}): Case[] => [
  { title: 'all axes', f: (x: tf.Tensor) => f(x), inputs: [floats([2, 3, 2])] },
  { title: 'all axes, kept', f: (x: tf.Tensor) => f(x, undefined, true), inputs: [floats([2, 3])] },
  { title: 'the first axis', f: (x: tf.Tensor) => f(x, 0), inputs: [floats([3, 2])] },
  { title: 'the last axis, kept', f: (x: tf.Tensor) => f(x, -1, true), inputs: [floats([2, 3])] },
  { title: 'an axis between', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([2, 3, 2])] },
  { title: 'two axes', f: (x: tf.Tensor) => f(x, [0, 2]), inputs: [floats([2, 3, 2])] },
  { title: 'negative axes', f: (x: tf.Tensor) => f(x, [-1, -2]), inputs: [floats([2, 3, 2])] },
  { title: 'an axis of size 1', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([2, 1, 3])] },
  { title: 'a scalar', f: (x: tf.Tensor) => f(x), inputs: [floats([])] },
  { title: 'equal elements', f: (x: tf.Tensor) => f(x, 0), inputs: [values([2, 2, 2, 2], [2, 2])], smooth: false },
  {
    title: 'nothing at all',
    f: (x: tf.Tensor) => f(x),
    inputs: [floats([0])],
    ...(ofNothing === undefined ? {} : { expected: values([ofNothing], []) }),
  },
  {
    title: 'nothing in each row',
    f: (x: tf.Tensor) => f(x, 1),
    inputs: [floats([2, 0])],
    ...(ofNothing === undefined ? {} : { expected: values([ofNothing, ofNothing]) }),
  },
  { title: 'no rows', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([0, 3])] },
  {
    title: 'special values',
    f: (x: tf.Tensor) => f(x, 1),
    inputs: [values([nan, 1, 2, inf, 1, 2, -inf, 1, 2, 1, 2, nan, 0, -0, 0], [5, 3])],
    gradient: false,
  },
  ...(int32
    ? [
        { title: 'whole numbers', f: (x: tf.Tensor) => f(x, 1), inputs: [ints([2, 3])] },
        { title: 'no whole numbers', f: (x: tf.Tensor) => f(x, 0), inputs: [ints([2, 0])] },
      ]
    : []),
  ...(bool ? [{ title: 'truths', f: (x: tf.Tensor) => f(x, 1), inputs: [bools([3, 3])] }] : []),
];

const logic = (f: Reduction, ofNothing: 0 | 1): Case[] => [
  { title: 'all of them', f: (x: tf.Tensor) => f(x), inputs: [truths([1, 0, 1])] },
  { title: 'rows', f: (x: tf.Tensor) => f(x, 1), inputs: [truths([0, 0, 0, 1, 1, 0, 1, 1], [4, 2])] },
  { title: 'the first axis, kept', f: (x: tf.Tensor) => f(x, -2, true), inputs: [bools([3, 2])] },
  { title: 'an axis of size 1', f: (x: tf.Tensor) => f(x, 1), inputs: [bools([3, 1])] },
  { title: 'a scalar', f: (x: tf.Tensor) => f(x), inputs: [truths([1], [])] },
  { title: 'nothing', f: (x: tf.Tensor) => f(x), inputs: [bools([0])], expected: truths([ofNothing], []) },
  { title: 'no rows', f: (x: tf.Tensor) => f(x, 1), inputs: [bools([0, 2])] },
];

const arg = (f: (x: tf.Tensor, axis?: number) => tf.Tensor): Case[] => [
  { title: 'rows', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([3, 4])] },
  { title: 'the last axis', f: (x: tf.Tensor) => f(x, -1), inputs: [floats([2, 3, 2])] },
  { title: 'columns', f: (x: tf.Tensor) => f(x, 0), inputs: [floats([3, 4])] },
  { title: 'a vector', f: (x: tf.Tensor) => f(x), inputs: [floats([5])] },
  { title: 'ties go to the first', f: (x: tf.Tensor) => f(x), inputs: [values([1, 3, 1, 3])] },
  { title: 'equal elements', f: (x: tf.Tensor) => f(x), inputs: [values([3, 3, 3])] },
  { title: 'infinities', f: (x: tf.Tensor) => f(x), inputs: [values([0, inf, -inf])] },
  { title: 'whole numbers', f: (x: tf.Tensor) => f(x, 1), inputs: [ints([2, 3])] },
  { title: 'truths', f: (x: tf.Tensor) => f(x, 1), inputs: [bools([3, 3])] },
  { title: 'no rows', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([0, 3])] },
];

type Running = (x: tf.Tensor, axis?: number, exclusive?: boolean, reverse?: boolean) => tf.Tensor;
const running = (f: Running): Case[] => [
  ...[false, true].flatMap((exclusive) =>
    [false, true].map((reverse) => ({
      title: `rows${exclusive ? ', exclusive' : ''}${reverse ? ', reversed' : ''}`,
      f: (x: tf.Tensor) => f(x, 1, exclusive, reverse),
      inputs: [floats([2, 5])],
    })),
  ),
  { title: 'columns', f: (x: tf.Tensor) => f(x, 0), inputs: [floats([3, 2])] },
  {
    title: 'an axis between',
    f: (x: tf.Tensor) => f(x, -2, true),
    reference: (x: tf.Tensor) => f(x, 1, true), // the cpu backend loses its way with a negative axis that is not the last
    inputs: [floats([2, 3, 2])],
  },
  { title: 'a vector', f: (x: tf.Tensor) => f(x), inputs: [floats([4])] },
  { title: 'one element', f: (x: tf.Tensor) => f(x, 0, true), inputs: [floats([1])] },
  { title: 'nothing', f: (x: tf.Tensor) => f(x, 1), inputs: [floats([2, 0])] },
  { title: 'whole numbers', f: (x: tf.Tensor) => f(x, 1), inputs: [ints([2, 3])] },
  { title: 'truths', f: (x: tf.Tensor) => f(x, 1), inputs: [bools([2, 3])] },
];

export const reduceCases: KernelCases = {
  Sum: reduction(tf.sum, { bool: true }),
  Mean: reduction(tf.mean, { bool: true, ofNothing: nan }),
  Prod: reduction(tf.prod, { bool: true }),
  Max: reduction(tf.max, { ofNothing: -inf }),
  Min: reduction(tf.min, { ofNothing: inf }),
  All: logic(tf.all, 1),
  Any: logic(tf.any, 0),
  ArgMax: arg(tf.argMax),
  ArgMin: arg(tf.argMin),
  Cumsum: running(tf.cumsum),
  // TensorFlow.js has no gradient for it.
  Cumprod: running(tf.cumprod).map((one) => ({ ...one, gradient: false })),
};
