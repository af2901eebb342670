// Looking up by index, and adding up by index.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { bools, floats, ints, values, wholes } from '../values.js';

const gather = (axis?: number, batchDims?: number) => (x: tf.Tensor, indices: tf.Tensor) =>
  tf.gather(x, indices as tf.Tensor1D, axis, batchDims);

const rows = (count: number) => (x: tf.Tensor, ids: tf.Tensor) => tf.unsortedSegmentSum(x, ids as tf.Tensor1D, count);

const oneHot = (
  title: string,
  inputs: Case['inputs'],
  ...rest: [number, number?, number?, ('float32' | 'int32' | 'bool')?]
): Case => ({
  title,
  f: (x: tf.Tensor) => tf.oneHot(x, ...rest),
  inputs,
});

export const gatherCases: KernelCases = {
  GatherV2: [
    { title: 'rows', f: gather(), inputs: [floats([4, 3]), wholes([2, 0, 2])] },
    { title: 'columns', f: gather(1), inputs: [floats([2, 4]), wholes([3, 3, 0])] },
    { title: 'the last axis', f: gather(-1), inputs: [floats([2, 2, 3]), wholes([1, 0])] },
    { title: 'an axis between', f: gather(1), inputs: [floats([2, 3, 2]), wholes([2, 0])] },
    { title: 'a matrix of indices', f: gather(), inputs: [floats([4, 3]), wholes([2, 0, 1, 2], [2, 2])] },
    { title: 'one index', f: gather(), inputs: [floats([4, 3]), wholes([2], [])] },
    { title: 'a vector', f: gather(), inputs: [floats([4]), wholes([3, 1])] },
    { title: 'whole numbers', f: gather(), inputs: [ints([4, 3]), wholes([2, 0])] },
    { title: 'truths', f: gather(), inputs: [bools([4]), wholes([2, 0])] },
    { title: 'no index', f: gather(), inputs: [floats([4, 3]), wholes([])] },
    { title: 'rows of nothing', f: gather(), inputs: [floats([4, 0]), wholes([1, 2])] },
    { title: 'a batch of rows', f: gather(1, 1), inputs: [floats([2, 3, 2]), wholes([2, 0, 1, 1], [2, 2])] },
    { title: 'a batch of numbers', f: gather(1, 1), inputs: [floats([2, 3]), wholes([2, 0], [2, 1])] },
  ],
  GatherNd: [
    // TensorFlow.js has no gradient for it.
    { title: 'numbers', f: tf.gatherND, inputs: [floats([2, 3]), wholes([0, 2, 1, 1], [2, 2])], gradient: false },
    { title: 'rows', f: tf.gatherND, inputs: [floats([2, 3]), wholes([1, 0, 1], [3, 1])], gradient: false },
    {
      title: 'a matrix of rows',
      f: tf.gatherND,
      inputs: [floats([3, 2]), wholes([1, 0, 1, 2], [2, 2, 1])],
      gradient: false,
    },
    { title: 'whole numbers', f: tf.gatherND, inputs: [ints([2, 3]), wholes([0, 2], [1, 2])] },
  ],
  ScatterNd: [
    // TensorFlow.js has no gradient for it.
    {
      title: 'numbers, some twice',
      f: (indices: tf.Tensor, x: tf.Tensor) => tf.scatterND(indices, x, [5]),
      inputs: [wholes([4, 1, 4], [3, 1]), floats([3])],
      gradient: false,
    },
    {
      title: 'rows',
      f: (indices: tf.Tensor, x: tf.Tensor) => tf.scatterND(indices, x, [4, 2]),
      inputs: [wholes([3, 0], [2, 1]), floats([2, 2])],
      gradient: false,
    },
    {
      title: 'whole numbers at pairs of indices',
      f: (indices: tf.Tensor, x: tf.Tensor) => tf.scatterND(indices, x, [2, 3]),
      inputs: [wholes([1, 2, 0, 0], [2, 2]), ints([2])],
    },
  ],
  UnsortedSegmentSum: [
    { title: 'rows', f: rows(3), inputs: [floats([4, 2]), wholes([2, 0, 2, 2])] },
    { title: 'a vector', f: rows(3), inputs: [floats([4]), wholes([1, 1, 0, 1])] },
    { title: 'three axes', f: rows(2), inputs: [floats([3, 2, 2]), wholes([1, 0, 1])] },
    { title: 'empty segments', f: rows(5), inputs: [floats([2, 2]), wholes([4, 4])] },
    // The cpu backend returns floats.
    {
      title: 'whole numbers',
      f: rows(2),
      reference: (x: tf.Tensor, ids: tf.Tensor) => tf.cast(rows(2)(x, ids), 'int32'),
      inputs: [ints([3, 2]), wholes([1, 0, 1])],
    },
    { title: 'nothing', f: rows(3), inputs: [floats([0, 2]), wholes([])] },
    { title: 'rows of nothing', f: rows(3), inputs: [floats([2, 0]), wholes([1, 0])] },
    // NumPy would count a negative id from the end; TensorFlow drops the row, and so does the cpu backend.
    {
      title: 'ids beyond the segments are dropped',
      f: rows(3),
      inputs: [values([1, 2, 3]), wholes([-1, 3, 2])],
      gradient: false,
    },
  ],
  OneHot: [
    oneHot('a vector', [wholes([0, 2, 1])], 3),
    oneHot('a matrix', [wholes([0, 2, 1, 1], [2, 2])], 3),
    oneHot('a scalar', [wholes([1], [])], 3),
    oneHot('values', [wholes([0, 2])], 3, 5, -2),
    oneHot('floats', [wholes([0, 2])], 3, 0.9, 0.05, 'float32'),
    oneHot('truths', [wholes([0, 2])], 3, 1, 0, 'bool'),
    oneHot('truths upside down', [wholes([0, 2])], 3, 0, 1, 'bool'),
    oneHot('out of range selects nothing', [wholes([-1, 3, 1])], 3),
    oneHot('equal indices', [wholes([1, 1])], 2),
    oneHot('no index', [wholes([])], 3),
  ],
  TopK: [
    // Indices are whole numbers: they get no gradient. TensorFlow.js has none for the values either.
    { title: 'of rows', f: (x: tf.Tensor) => Object.values(tf.topk(x, 2)), inputs: [floats([3, 4])], gradient: false },
    { title: 'of a vector', f: (x: tf.Tensor) => Object.values(tf.topk(x, 3)), inputs: [floats([5])], gradient: false },
    {
      title: 'ties go to the first',
      f: (x: tf.Tensor) => Object.values(tf.topk(x, 3)),
      inputs: [values([1, 3, 3, 1])],
      gradient: false,
    },
    { title: 'whole numbers', f: (x: tf.Tensor) => Object.values(tf.topk(x, 2)), inputs: [wholes([4, 9, 1, 7])] },
    { title: 'none', f: (x: tf.Tensor) => Object.values(tf.topk(x, 0)), inputs: [floats([2, 3])], gradient: false },
  ],
};
