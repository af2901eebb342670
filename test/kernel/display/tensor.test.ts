// Tensors as type, shape and a corner of values, of the libraries themselves.

import { Tensor as TransformersTensor } from '@huggingface/transformers';
import * as tf from '@tensorflow/tfjs';
import { Tensor as OrtTensor } from 'onnxruntime-node';
import { describe, expect, test, vi } from 'vitest';
import { compile, hostTensor } from '../../../src/engine/index.js';
import { bundleOf } from '../../../src/kernel/display/bundle.js';
import { formsOf, plain } from './forms.js';

describe('TensorFlow.js', () => {
  test.each([
    ['a scalar', () => tf.scalar(4), 'Tensor float32 []: 1 value\n4'],
    ['a vector', () => tf.tensor1d([1, 2.5], 'float32'), 'Tensor float32 [2]: 2 values\n  1  2.5'],
    ['a matrix', () => tf.tensor2d([1, 20, 3, 4], [2, 2], 'int32'), 'Tensor int32 [2, 2]: 4 values\n 1  20\n 3   4'],
    ['truths', () => tf.tensor1d([true, false], 'bool'), 'Tensor bool [2]: 2 values\n true  false'],
    ['texts', () => tf.tensor1d(['a', 'b']), 'Tensor string [2]: 2 values\n"a"  "b"'],
    ['complex numbers', () => tf.complex([1, 2], [3, -4]), 'Tensor complex64 [2]: 2 values\n1+3i  2-4i'],
    ['nothing', () => tf.zeros([0, 3]), 'Tensor float32 [0, 3]: 0 values'],
    ['a variable', () => tf.variable(tf.ones([2])), 'Variable float32 [2]: 2 values\n1  1'],
    ['a buffer', () => tf.buffer([2], 'int32'), 'TensorBuffer int32 [2]: 2 values\n0  0'],
  ])('%s', async (_, make, text) => {
    const tensor = make();
    expect(await plain(tensor)).toBe(text);
    if ('dispose' in tensor) tensor.dispose();
  });

  test('of more dimensions the first matrix, cut', async () => {
    const tensor = tf.range(0, 10 * 20 * 30).reshape([10, 20, 30]);
    const lines = (await plain(tensor)).split('\n');
    expect(lines.slice(0, 3)).toEqual([
      'Tensor float32 [10, 20, 30]: 6,000 values',
      'At [0, :, :]:',
      '  0    1    2    3    4    5    6    7  ...',
    ]);
    expect(lines.at(-2)).toBe('150  151  152  153  154  155  156  157  ...');
    expect(lines.at(-1)).toBe('...');
    tensor.dispose();
  });

  test('only the corner of a large one is read, and nothing is left behind', async () => {
    const tensor = tf.zeros([1000, 1000]);
    const whole = vi.spyOn(tensor, 'dataSync');
    const before = tf.memory().numTensors;
    expect(await plain(tensor)).toMatch(/^Tensor float32 \[1000, 1000\]: 1,000,000 values, 4\.0 MB\n0 {2}0/);
    expect(whole).not.toHaveBeenCalled();
    expect(tf.memory().numTensors).toBe(before);
    tensor.dispose();
  });

  test('a disposed one says so', async () => {
    const tensor = tf.scalar(1);
    tensor.dispose();
    expect(await plain(tensor)).toBe('Tensor float32 []: 1 value (disposed: its values are gone)');
  });

  test('one that is being recorded is not read', async () => {
    let shown: unknown;
    const run = compile(({ x }: { x: tf.Tensor }) => {
      shown = bundleOf(x);
      return { y: tf.neg(x) };
    });
    const { y } = await run({ x: hostTensor(new Float32Array([1, 2]), [2]) });
    expect(shown).toEqual({
      data: { 'text/plain': 'Tensor float32 [2]: 2 values (no values yet: the function is being recorded)' },
      metadata: {},
    });
    expect(await plain(y)).toBe('HostTensor float32 [2]: 2 values\n-1  -2');
  });
});

describe('ONNX Runtime and transformers.js', () => {
  test('theirs, in whole numbers of 64 bits too', async () => {
    expect(await plain(new OrtTensor('float32', new Float32Array([1, 2, 3, 4]), [2, 2]))).toBe(
      'Tensor float32 [2, 2]: 4 values\n1  2\n3  4',
    );
    expect(await plain(new OrtTensor('string', ['a', 'b'], [2]))).toBe('Tensor string [2]: 2 values\n"a"  "b"');
    expect(await plain(new TransformersTensor('int64', new BigInt64Array([101n, 7n, 102n]), [1, 3]))).toBe(
      'Tensor int64 [1, 3]: 3 values\n101    7  102',
    );
    expect((await plain(new TransformersTensor('float32', new Float32Array(120), [4, 5, 6]))).split('\n')).toHaveLength(
      7,
    );
  });

  test('one whose values are gone says so', async () => {
    const tensor = new OrtTensor('float32', new Float32Array(2), [2]);
    tensor.dispose();
    expect(await plain(tensor)).toMatch(/2 values \(disposed: its values are gone\)$/);
  });
});

test('a shape that does not fit its data is no tensor', async () => {
  expect(await formsOf({ dtype: 'float32', shape: [3], data: new Float32Array(2) })).toEqual({
    'text/plain': "{ dtype: 'float32', shape: [ 3 ], data: Float32Array(2) [ 0, 0 ] }",
  });
});
