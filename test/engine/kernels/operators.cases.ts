// The engine's own operators, each with a kernel for the cpu backend too.
import { DropoutSource, gelu, layerNorm, type tf } from '../../../src/engine/index.js';
import type { KernelCases } from '../parity.js';
import { floats, values, wholes } from '../values.js';

const { NaN: nan, POSITIVE_INFINITY: inf } = Number;
const normalise = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor) => layerNorm(x, weight, bias, 1e-5);
const drop = (rate: number) => (x: tf.Tensor, seed: tf.Tensor) => new DropoutSource(seed).drop(x, rate);

export const operatorCases: KernelCases = {
  Gelu: [
    { title: 'a matrix', f: gelu, inputs: [floats([3, 4], -4, 4)] },
    { title: 'a scalar', f: gelu, inputs: [floats([])] },
    { title: 'nothing', f: gelu, inputs: [floats([0, 2])] },
    { title: 'equal elements', f: gelu, inputs: [values([1, 1, 1])] },
    { title: 'special values', f: gelu, inputs: [values([nan, inf, 0, -0, 10, -10])], gradient: false },
  ],
  LayerNormalization: [
    { title: 'a matrix', f: normalise, inputs: [floats([3, 4]), floats([4]), floats([4], -2, 2, 9)] },
    { title: 'one row', f: normalise, inputs: [floats([1, 5]), floats([5]), floats([5], -2, 2, 9)] },
    { title: 'rows of one', f: normalise, inputs: [floats([3, 1]), floats([1]), floats([1])], smooth: false },
    { title: 'no rows', f: normalise, inputs: [floats([0, 4]), floats([4]), floats([4])] },
    {
      title: 'large values',
      f: normalise,
      inputs: [floats([2, 4], 900, 1100), floats([4]), floats([4])],
      tolerance: 1e-3,
    },
    {
      title: 'NaN stays in its row',
      f: normalise,
      inputs: [values([nan, 1, 2, 3], [2, 2]), floats([2]), floats([2])],
      gradient: false,
    },
  ],
  DropoutMask: [
    { title: 'a matrix', f: drop(0.3), inputs: [floats([16, 8]), wholes([7], [])] },
    { title: 'another seed', f: drop(0.3), inputs: [floats([16, 8]), wholes([-123456789], [])] },
    { title: 'a vector', f: drop(0.5), inputs: [floats([32]), wholes([7], [])] },
    { title: 'four axes', f: drop(0.1), inputs: [floats([2, 3, 4, 5]), wholes([7], [])] },
    { title: 'a scalar', f: drop(0.1), inputs: [floats([]), wholes([7], [])] },
    { title: 'nothing', f: drop(0.1), inputs: [floats([0, 3]), wholes([7], [])] },
  ],
};
