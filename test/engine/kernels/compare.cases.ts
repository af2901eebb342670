// Comparisons, logic and choice.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { bools, floats, ints, truths, values } from '../values.js';

type Binary = (a: tf.Tensor, b: tf.Tensor) => tf.Tensor;
const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const everything = [nan, inf, -inf, 0, -0, 1, -1];

const comparison = (f: Binary): Case[] => [
  { title: 'matrices', f, inputs: [ints([2, 3]), ints([2, 3], -3, 4, 9)] },
  { title: 'floats', f, inputs: [values([1, 2, 3]), values([3, 2, 1])] },
  { title: 'broadcast on both sides', f, inputs: [floats([2, 1, 3]), floats([4, 1], -2, 2, 9)] },
  { title: 'a scalar', f, inputs: [ints([2, 3]), ints([])] },
  { title: 'scalars', f, inputs: [floats([]), floats([])] },
  { title: 'nothing', f, inputs: [floats([0, 3]), floats([3])] },
  { title: 'truths', f, inputs: [truths([0, 0, 1, 1]), truths([0, 1, 0, 1])] },
  { title: 'a whole number and a float', f, inputs: [ints([3]), floats([3])] },
  { title: 'a constant', f: (x: tf.Tensor) => f(x, tf.zeros([2, 3])), inputs: [floats([2, 3])] },
  { title: 'special values', f, inputs: [values(everything, [7, 1]), values(everything, [1, 7])] },
];

const logic = (f: Binary): Case[] => [
  { title: 'all pairs', f, inputs: [truths([0, 0, 1, 1]), truths([0, 1, 0, 1])] },
  { title: 'broadcast on both sides', f, inputs: [bools([2, 1, 3]), bools([4, 1], 8)] },
  { title: 'scalars', f, inputs: [bools([]), bools([])] },
  { title: 'nothing', f, inputs: [bools([2, 0]), bools([])] },
];

const test = (f: (x: tf.Tensor) => tf.Tensor): Case[] => [
  { title: 'special values', f, inputs: [values(everything)] },
  { title: 'a scalar', f, inputs: [values([nan], [])] },
  { title: 'nothing', f, inputs: [floats([0])] },
  { title: 'whole numbers', f, inputs: [ints([3])] },
  { title: 'truths', f, inputs: [bools([3])] },
];

export const compareCases: KernelCases = {
  Equal: comparison(tf.equal),
  NotEqual: comparison(tf.notEqual),
  Less: comparison(tf.less),
  LessEqual: comparison(tf.lessEqual),
  Greater: comparison(tf.greater),
  GreaterEqual: comparison(tf.greaterEqual),
  LogicalAnd: [...logic(tf.logicalAnd), ...logic(tf.logicalXor)],
  LogicalOr: logic(tf.logicalOr),
  LogicalNot: [
    { title: 'a matrix', f: tf.logicalNot, inputs: [bools([2, 3])] },
    { title: 'a scalar', f: tf.logicalNot, inputs: [bools([])] },
    { title: 'nothing', f: tf.logicalNot, inputs: [bools([0, 2])] },
  ],
  IsNan: test(tf.isNaN),
  IsInf: test(tf.isInf),
  IsFinite: test(tf.isFinite),
  Select: [
    { title: 'one choice an element', f: tf.where, inputs: [bools([2, 3]), floats([2, 3]), floats([2, 3], -2, 2, 9)] },
    { title: 'scalars', f: tf.where, inputs: [truths([1], []), floats([]), floats([], -2, 2, 9)] },
    { title: 'a scalar for all', f: tf.where, inputs: [bools([2, 3]), floats([2, 3]), floats([])] },
    { title: 'broadcast', f: tf.where, inputs: [bools([2, 3]), floats([3]), floats([2, 1])] },
    { title: 'whole numbers', f: tf.where, inputs: [bools([4]), ints([4]), ints([4], 5, 9)] },
    { title: 'truths', f: tf.where, inputs: [bools([4]), bools([4], 5), bools([4], 6)] },
    { title: 'nothing', f: tf.where, inputs: [bools([0, 3]), floats([0, 3]), floats([0, 3])] },
    {
      title: 'what is not chosen does not matter',
      f: tf.where,
      inputs: [truths([1, 0]), values([1, nan]), values([inf, 2])],
      smooth: false,
    },
  ],
};
