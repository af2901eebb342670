// A linear layer, alone and with a low-rank adapter beside it, on numbers one can check by hand.
import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine/index.js';
import { linear } from '../../src/nn/linear.js';
import { eagerly } from '../engine/parity.js';

const params = () => ({
  // Stored [out, in], as PyTorch does.
  'dense.weight': tf.tensor2d([
    [1, 2],
    [3, 4],
    [5, 6],
  ]),
  'dense.bias': tf.tensor1d([10, 20, 30]),
});

describe('linear', () => {
  it('is x W^T + b', () => {
    const [y] = eagerly(() => [linear(params(), 'dense', tf.tensor2d([[1, 10]]), {})]);
    expect(y!.shape).toEqual([1, 3]);
    expect([...y!.data]).toEqual([31, 63, 95]);
  });

  it('with an adapter adds x A^T B^T times its scale', () => {
    const [y] = eagerly(() => {
      const adapter = { a: tf.tensor2d([[1, -1]]), b: tf.tensor2d([[1], [0], [2]]), scale: 0.5, dropout: 0 };
      return [linear(params(), 'dense', tf.tensor2d([[1, 10]]), { adapters: new Map([['dense', adapter]]) })];
    });
    expect([...y!.data]).toEqual([31 - 4.5, 63, 95 - 9]);
  });

  it('names the weight that is not there', () => {
    expect(() => linear({}, 'pooler.dense', tf.zeros([1, 2]), {})).toThrow(
      'There is no weight "pooler.dense.weight" among the 0 given.',
    );
  });
});
