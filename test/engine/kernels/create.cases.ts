// Tensors made from nothing.
import { tf } from '../../../src/engine/index.js';
import type { KernelCases } from '../parity.js';
import { bools, floats, ints } from '../values.js';

export const createCases: KernelCases = {
  Fill: [
    { title: 'a matrix', f: () => tf.fill([2, 3], 1.5), inputs: [] },
    { title: 'a scalar', f: () => tf.fill([], 1.5), inputs: [] },
    { title: 'whole numbers', f: () => tf.fill([2], 3, 'int32'), inputs: [] },
    { title: 'nothing', f: () => tf.fill([0, 2], 3), inputs: [] },
    { title: 'NaN', f: () => tf.fill([2], Number.NaN), inputs: [] },
    { title: 'minus zero', f: () => tf.fill([2], -0), inputs: [], signedZeros: true },
  ],
  ZerosLike: [
    { title: 'floats', f: tf.zerosLike, inputs: [floats([2, 3])] },
    { title: 'whole numbers', f: tf.zerosLike, inputs: [ints([2])] },
    { title: 'truths', f: tf.zerosLike, inputs: [bools([2])] },
    { title: 'nothing', f: tf.zerosLike, inputs: [floats([0])] },
  ],
  OnesLike: [
    { title: 'floats', f: tf.onesLike, inputs: [floats([2, 3])] },
    { title: 'whole numbers', f: tf.onesLike, inputs: [ints([])] },
    { title: 'truths', f: tf.onesLike, inputs: [bools([2])] },
    { title: 'nothing', f: tf.onesLike, inputs: [floats([0])] },
  ],
  Range: [
    { title: 'up', f: () => tf.range(0, 5), inputs: [] },
    { title: 'whole numbers by 2', f: () => tf.range(1, 8, 2, 'int32'), inputs: [] },
    { title: 'fractions', f: () => tf.range(0, 1, 0.25), inputs: [] },
    { title: 'down', f: () => tf.range(5, 0, -2), inputs: [] },
    { title: 'nothing', f: () => tf.range(3, 3), inputs: [] },
    { title: 'the wrong way', f: () => tf.range(0, 3, -1), inputs: [] },
  ],
  LinSpace: [
    { title: 'five', f: () => tf.linspace(0, 1, 5), inputs: [] },
    { title: 'one', f: () => tf.linspace(3, 4, 1), inputs: [] },
    { title: 'down', f: () => tf.linspace(2, -2, 4), inputs: [] },
  ],
};
