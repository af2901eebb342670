// Softmax and its logarithm.
import { tf } from '../../../src/engine/index.js';
import type { KernelCases } from '../parity.js';
import { floats, values } from '../values.js';

export const softmaxCases: KernelCases = {
  Softmax: [
    { title: 'a matrix', f: tf.softmax, inputs: [floats([3, 4])] },
    { title: 'a vector', f: tf.softmax, inputs: [floats([5])] },
    { title: 'a scalar', f: tf.softmax, inputs: [floats([])] },
    { title: 'no rows', f: tf.softmax, inputs: [floats([0, 3])] },
    { title: 'no columns', f: tf.softmax, inputs: [floats([3, 0])] },
  ],
};
