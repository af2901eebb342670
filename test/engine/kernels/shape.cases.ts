// Moving elements about.
import { tf } from '../../../src/engine/index.js';
import type { Case, KernelCases } from '../parity.js';
import { bools, floats, ints, values } from '../values.js';

type One = (x: tf.Tensor) => tf.Tensor | tf.Tensor[];

/** The same for floats, whole numbers and truths. */
const each = (title: string, shape: number[], f: One): Case[] => [
  { title, f, inputs: [floats(shape)] },
  { title: `${title} (whole numbers)`, f, inputs: [ints(shape)] },
  { title: `${title} (truths)`, f, inputs: [bools(shape)] },
];

const strided = (title: string, shape: number[], f: One): Case => ({
  title,
  f,
  inputs: [floats(shape)],
  gradient: false,
});

export const shapeCases: KernelCases = {
  Reshape: [
    ...each('to a matrix', [6], (x) => tf.reshape(x, [2, 3])),
    ...each('an axis worked out', [2, 3, 2], (x) => tf.reshape(x, [-1, 4])),
    { title: 'to the same shape', f: (x: tf.Tensor) => tf.reshape(x, [2, 3]), inputs: [floats([2, 3])] },
    { title: 'to a scalar', f: (x: tf.Tensor) => tf.reshape(x, []), inputs: [floats([1, 1])] },
    { title: 'from a scalar', f: (x: tf.Tensor) => tf.reshape(x, [1, 1]), inputs: [floats([])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.reshape(x, [3, 0, 2]), inputs: [floats([0, 3])] },
    { title: 'squeezed', f: (x: tf.Tensor) => tf.squeeze(x, [0, -1]), inputs: [floats([1, 3, 1])] },
    { title: 'equal elements', f: (x: tf.Tensor) => tf.reshape(x, [4]), inputs: [values([3, 3, 3, 3], [2, 2])] },
  ],
  ExpandDims: [
    ...each('in front', [2, 3], (x) => tf.expandDims(x, 0)),
    { title: 'between', f: (x: tf.Tensor) => tf.expandDims(x, 1), inputs: [floats([2, 3])] },
    { title: 'behind', f: (x: tf.Tensor) => tf.expandDims(x, -1), inputs: [floats([2, 3])] },
    { title: 'a negative axis between', f: (x: tf.Tensor) => tf.expandDims(x, -2), inputs: [floats([2, 3])] },
    { title: 'a scalar', f: (x: tf.Tensor) => tf.expandDims(x), inputs: [floats([])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.expandDims(x, 1), inputs: [floats([0, 3])] },
  ],
  Transpose: [
    ...each('a matrix', [2, 3], (x) => tf.transpose(x)),
    ...each('three axes', [2, 3, 4], (x) => tf.transpose(x, [2, 0, 1])),
    { title: 'four axes', f: (x: tf.Tensor) => tf.transpose(x, [0, 2, 1, 3]), inputs: [floats([2, 3, 2, 2])] },
    { title: 'axes of size 1', f: (x: tf.Tensor) => tf.transpose(x, [2, 0, 1]), inputs: [floats([1, 3, 1])] },
    {
      title: 'an axis of size 1 among others',
      f: (x: tf.Tensor) => tf.transpose(x, [2, 1, 0]),
      inputs: [floats([3, 1, 2])],
    },
    { title: 'nothing moved', f: (x: tf.Tensor) => tf.transpose(x, [0, 1]), inputs: [floats([2, 3])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.transpose(x), inputs: [floats([0, 3])] },
    { title: 'twice', f: (x: tf.Tensor) => tf.transpose(tf.transpose(x)), inputs: [floats([2, 3])] },
  ],
  Slice: [
    ...each('a block', [3, 4], (x) => tf.slice(x, [1, 1], [2, 2])),
    { title: 'to the end', f: (x: tf.Tensor) => tf.slice(x, [1, 0], [-1, 2]), inputs: [floats([3, 4])] },
    { title: 'rows', f: (x: tf.Tensor) => tf.slice(x, 1, 1), inputs: [floats([3, 4])] },
    { title: 'everything', f: (x: tf.Tensor) => tf.slice(x, [0, 0], [3, 4]), inputs: [floats([3, 4])] },
    { title: 'nothing of something', f: (x: tf.Tensor) => tf.slice(x, [1, 0], [0, 4]), inputs: [floats([3, 4])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.slice(x, [0, 1], [0, 2]), inputs: [floats([0, 3])] },
    { title: 'equal elements', f: (x: tf.Tensor) => tf.slice(x, [1], [2]), inputs: [values([2, 2, 2, 2])] },
  ],
  // TensorFlow.js has no gradient for it.
  StridedSlice: [
    strided('every second', [5], (x) => tf.stridedSlice(x, [0], [5], [2])),
    strided('two axes', [4, 5], (x) => tf.stridedSlice(x, [1, 0], [4, 5], [2, 3])),
    strided('backwards', [5], (x) => tf.stridedSlice(x, [4], [0], [-1])),
    strided('backwards to the first', [5], (x) => tf.stridedSlice(x, [-1], [-6], [-2])),
    strided('backwards to the first, by a mask', [5], (x) => tf.stridedSlice(x, [3], [0], [-1], 0, 1)),
    strided('negative bounds', [5], (x) => tf.stridedSlice(x, [-4], [-1], [1])),
    strided('beyond the end', [5], (x) => tf.stridedSlice(x, [2], [99], [2])),
    strided('masks for begin and end', [3, 4], (x) => tf.stridedSlice(x, [1, 1], [2, 2], [1, 1], 1, 2)),
    strided('an ellipsis', [2, 3, 4], (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 1], 0, 0, 1)),
    strided('a new axis', [3, 4], (x) => tf.stridedSlice(x, [0, 1], [0, 3], [1, 1], 0, 0, 0, 1)),
    strided('an axis dropped', [3, 4], (x) => tf.stridedSlice(x, [1, 0], [2, 4], [1, 1], 0, 0, 0, 0, 1)),
    {
      ...strided('nothing of something', [5], (x) => tf.stridedSlice(x, [3], [2], [1])),
      reference: (x: tf.Tensor) => tf.slice(x, [3], [0]), // the cpu backend fails here
    },
    strided('nothing', [0, 3], (x) => tf.stridedSlice(x, [0, 0], [0, 3], [1, 2])),
    { title: 'whole numbers', f: (x: tf.Tensor) => tf.stridedSlice(x, [0], [5], [2]), inputs: [ints([5])] },
    { title: 'truths', f: (x: tf.Tensor) => tf.stridedSlice(x, [0], [5], [2]), inputs: [bools([5])] },
  ],
  Concat: [
    { title: 'rows', f: (...xs: tf.Tensor[]) => tf.concat(xs, 0), inputs: [floats([2, 3]), floats([1, 3])] },
    { title: 'columns', f: (...xs: tf.Tensor[]) => tf.concat(xs, -1), inputs: [floats([2, 3]), floats([2, 1])] },
    {
      title: 'three',
      f: (...xs: tf.Tensor[]) => tf.concat(xs, 1),
      inputs: [floats([2, 1]), floats([2, 2]), floats([2, 3])],
    },
    { title: 'one alone', f: (x: tf.Tensor) => tf.concat([x, tf.zeros([0, 3])], 0), inputs: [floats([2, 3])] },
    {
      title: 'one with nothing',
      f: (...xs: tf.Tensor[]) => tf.concat(xs, 0),
      inputs: [floats([0, 3]), floats([2, 3]), floats([1, 3])],
    },
    { title: 'nothing', f: (...xs: tf.Tensor[]) => tf.concat(xs, 0), inputs: [floats([0, 3]), floats([0, 3])] },
    {
      title: 'nothing in each row',
      f: (...xs: tf.Tensor[]) => tf.concat(xs, 0),
      inputs: [floats([2, 0]), floats([1, 0])],
    },
    { title: 'whole numbers', f: (...xs: tf.Tensor[]) => tf.concat(xs, 0), inputs: [ints([2]), ints([3])] },
    { title: 'truths', f: (...xs: tf.Tensor[]) => tf.concat(xs, 0), inputs: [bools([2]), bools([3])] },
    {
      title: 'constants',
      f: (x: tf.Tensor) => tf.concat([x, tf.ones([1, 3]), tf.zeros([2, 3])], 0),
      inputs: [floats([1, 3])],
    },
    { title: 'a tensor with itself', f: (x: tf.Tensor) => tf.concat([x, x], 0), inputs: [floats([2])] },
  ],
  Pack: [
    { title: 'in front', f: (...xs: tf.Tensor[]) => tf.stack(xs), inputs: [floats([2, 3]), floats([2, 3], -2, 2, 9)] },
    {
      title: 'behind',
      f: (...xs: tf.Tensor[]) => tf.stack(xs, -1),
      inputs: [floats([2, 3]), floats([2, 3], -2, 2, 9)],
    },
    {
      title: 'between',
      f: (...xs: tf.Tensor[]) => tf.stack(xs, 1),
      inputs: [floats([2, 3]), floats([2, 3]), floats([2, 3])],
    },
    { title: 'scalars', f: (...xs: tf.Tensor[]) => tf.stack(xs), inputs: [floats([]), floats([], -2, 2, 9)] },
    { title: 'one', f: (x: tf.Tensor) => tf.stack([x]), inputs: [floats([2])] },
    { title: 'nothing', f: (...xs: tf.Tensor[]) => tf.stack(xs), inputs: [floats([0]), floats([0])] },
    { title: 'whole numbers', f: (...xs: tf.Tensor[]) => tf.stack(xs), inputs: [ints([2]), ints([2])] },
    { title: 'truths', f: (...xs: tf.Tensor[]) => tf.stack(xs), inputs: [bools([2]), bools([2])] },
  ],
  Unpack: [
    ...each('rows', [3, 2], (x) => tf.unstack(x)),
    { title: 'the last axis', f: (x: tf.Tensor) => tf.unstack(x, -1), inputs: [floats([2, 3])] },
    { title: 'a vector', f: (x: tf.Tensor) => tf.unstack(x), inputs: [floats([3])] },
    { title: 'a single one', f: (x: tf.Tensor) => tf.unstack(x), inputs: [floats([1, 2])] },
    { title: 'nothings', f: (x: tf.Tensor) => tf.unstack(x), inputs: [floats([2, 0])], gradient: false },
  ],
  SplitV: [
    ...each('in two', [4, 2], (x) => tf.split(x, 2)),
    { title: 'sizes', f: (x: tf.Tensor) => tf.split(x, [1, 3, 2], 1), inputs: [floats([2, 6])] },
    { title: 'a size worked out', f: (x: tf.Tensor) => tf.split(x, [1, -1, 2], -1), inputs: [floats([2, 6])] },
    { title: 'a size of 0', f: (x: tf.Tensor) => tf.split(x, [0, 3], 0), inputs: [floats([3])] },
    { title: 'in one', f: (x: tf.Tensor) => tf.split(x, 1), inputs: [floats([3])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.split(x, 2), inputs: [floats([2, 0])], gradient: false },
  ],
  Tile: [
    ...each('both axes', [2, 3], (x) => tf.tile(x, [2, 2])),
    { title: 'a vector', f: (x: tf.Tensor) => tf.tile(x, [3]), inputs: [floats([2])] },
    { title: 'three axes', f: (x: tf.Tensor) => tf.tile(x, [1, 2, 2]), inputs: [floats([2, 1, 2])] },
    { title: 'tf.broadcastTo', f: (x: tf.Tensor) => tf.broadcastTo(x, [2, 2, 3]), inputs: [floats([2, 1])] },
    { title: 'once', f: (x: tf.Tensor) => tf.tile(x, [1, 1]), inputs: [floats([2, 3])] },
    { title: 'never', f: (x: tf.Tensor) => tf.tile(x, [0, 2]), inputs: [floats([2, 3])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.tile(x, [2, 2]), inputs: [floats([0, 3])] },
    { title: 'equal elements', f: (x: tf.Tensor) => tf.tile(x, [2]), inputs: [values([5, 5])] },
  ],
  PadV2: [
    ...each('around', [2, 3], (x) =>
      tf.pad(x, [
        [1, 0],
        [0, 2],
      ]),
    ),
    { title: 'a value', f: (x: tf.Tensor) => tf.pad(x, [[1, 2]], 7), inputs: [floats([3])] },
    {
      title: 'minus infinity',
      f: (x: tf.Tensor) => tf.pad(x, [[1, 0]], -Infinity),
      inputs: [floats([3])],
      gradient: false,
    },
    { title: 'not at all', f: (x: tf.Tensor) => tf.pad(x, [[0, 0]]), inputs: [floats([3])] },
    {
      title: 'nothing',
      f: (x: tf.Tensor) =>
        tf.pad(
          x,
          [
            [1, 0],
            [0, 1],
          ],
          2,
        ),
      inputs: [floats([0, 2])],
    },
    {
      title: 'nothing, around nothing',
      f: (x: tf.Tensor) =>
        tf.pad(
          x,
          [
            [0, 0],
            [0, 1],
          ],
          2,
        ),
      inputs: [floats([0, 2])],
    },
  ],
  Reverse: [
    ...each('rows', [3, 2], (x) => tf.reverse(x, 0)),
    { title: 'the last axis', f: (x: tf.Tensor) => tf.reverse(x, -1), inputs: [floats([2, 3])] },
    { title: 'all axes', f: (x: tf.Tensor) => tf.reverse(x), inputs: [floats([2, 3])] },
    { title: 'an axis of size 1', f: (x: tf.Tensor) => tf.reverse(x, 0), inputs: [floats([1, 3])] },
    { title: 'a scalar', f: (x: tf.Tensor) => tf.reverse(x), inputs: [floats([])] },
    { title: 'nothing', f: (x: tf.Tensor) => tf.reverse(x, 1), inputs: [floats([0, 3])] },
  ],
};
