// The parity suite a second time, against eager code on TensorFlow's C library, where `npm run tensorflow` has put it.
import { describe, expect, it } from 'vitest';
import { compile, tf } from '../../src/engine/index.js';
import { borrowedKernels, nativeBackendName, nativeBinding } from '../../src/engine/native.js';
import { compareCases } from './kernels/compare.cases.js';
import { createCases } from './kernels/create.cases.js';
import { binaryCases, truthCases, unaryCases } from './kernels/elementwise.cases.js';
import { gatherCases } from './kernels/gather.cases.js';
import { matmulCases } from './kernels/matmul.cases.js';
import { operatorCases } from './kernels/operators.cases.js';
import { reduceCases } from './kernels/reduce.cases.js';
import { shapeCases } from './kernels/shape.cases.js';
import { softmaxCases } from './kernels/softmax.cases.js';
import { describeParity } from './parity.js';
import { values } from './values.js';

const isInstalled = nativeBinding() !== undefined;
const groups = {
  compare: compareCases,
  create: createCases,
  'one operand': unaryCases,
  'two operands': binaryCases,
  truths: truthCases,
  gather: gatherCases,
  matmul: matmulCases,
  operators: operatorCases,
  reduce: reduceCases,
  shape: shapeCases,
  softmax: softmaxCases,
};

if (!isInstalled) {
  it.skip('TensorFlow is not installed here: npm run tensorflow does it', () => {});
} else {
  describe('with the library', () => {
    it('runs eager code on it', () => {
      expect(tf.getBackend()).toBe('tensorflow');
      expect([...tf.tensor([1, 2]).add(1).dataSync()]).toEqual([2, 3]);
      expect([...borrowedKernels]).toEqual([]);
    });

    it('has one engine for both backends: a tensor goes from one to the other', () => {
      const x = tf.tensor([1, 2, 3]);
      tf.setBackend('cpu');
      expect([...tf.square(x).dataSync()]).toEqual([1, 4, 9]);
      tf.setBackend('tensorflow');
      expect([...tf.square(x).dataSync()]).toEqual([1, 4, 9]);
    });

    it('compiles as before, closing over its tensors', async () => {
      const weight = tf.tensor([2, 3]);
      const f = compile(({ x }: { x: tf.Tensor }) => tf.mul(tf.square(x), weight));
      expect([...(await f({ x: values([3, 4]) })).data]).toEqual([18, 48]);
      await f.dispose();
      expect(tf.getBackend()).toBe('tensorflow');
      expect([...tf.add(weight, 1).dataSync()]).toEqual([3, 4]);
    });

    it('leaves to the cpu backend what tfjs-node lacks or refuses, and holds no copies', () => {
      const before = tf.memory();
      const cpu = (tf.findBackend('cpu') as tf.KernelBackend).numDataIds();
      tf.tidy(() => {
        expect([...tf.searchSorted([1, 2, 3], [2.5]).dataSync()]).toEqual([2]);
        expect([...tf.less(tf.tensor([false, true], [2], 'bool'), true).dataSync()]).toEqual([1, 0]);
        expect(tf.string.stringSplit(['a b'], ' ')).toHaveProperty('values');
        expect(tf.floorDiv([7, -7], [2, 2]).dtype).toBe('int32');
        expect([...tf.floorDiv([7, -7], [2, 2]).dataSync()]).toEqual([3, -4]);
      });
      expect([...borrowedKernels].sort()).toEqual(['FloorDiv', 'Less', 'SearchSorted', 'StringSplit']);
      expect(tf.memory().numTensors).toBe(before.numTensors);
      expect((tf.findBackend('cpu') as tf.KernelBackend).numDataIds()).toBe(cpu);
    });

    it('says what is wrong in the words of the cpu backend', () => {
      expect(() => tf.gather(tf.tensor([1, 2]), tf.tensor([5], [1], 'int32'))).toThrow(
        'GatherV2: the index value 5 is not in [0, 1]',
      );
    });
  });

  for (const [group, cases] of Object.entries(groups)) describeParity(group, cases, nativeBackendName);

  // Else the suite would hold the cpu backend against itself.
  it('ran all but a few kernels on TensorFlow', () => {
    const truthValues = ['Cumprod', 'Cumsum', 'Greater', 'GreaterEqual', 'Less', 'LessEqual', 'Multiply', 'Select'];
    const wholeNumbers = ['IsFinite', 'IsInf', 'IsNan', 'LeakyRelu', 'Step'];
    const others = ['FloorDiv', 'GatherV2', 'UnsortedSegmentSum', 'SearchSorted', 'StringSplit'];
    expect([...borrowedKernels].sort()).toEqual([...truthValues, ...wholeNumbers, ...others].sort());
  });
}

it('finds no library where none was put', () => {
  expect(nativeBinding(import.meta.dirname)).toBeUndefined();
});
