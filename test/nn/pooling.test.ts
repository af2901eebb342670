// Pooling tokens into one vector a text.
import { expect, it } from 'vitest';
import { tf } from '../../src/engine/index.js';
import { meanPool, unitLength } from '../../src/nn/pooling.js';
import { eagerly } from '../engine/parity.js';

it('meanPool takes the mean of the tokens that are no padding', () => {
  const [pooled] = eagerly(() => {
    // Two texts of three tokens: the first has two, the second one.
    const hidden = tf.tensor2d([
      [1, 2],
      [3, 6],
      [99, 99],
      [7, 8],
      [99, 99],
      [99, 99],
    ]);
    return [
      meanPool(
        hidden,
        tf.tensor2d(
          [
            [1, 1, 0],
            [1, 0, 0],
          ],
          undefined,
          'int32',
        ),
      ),
    ];
  });
  expect(pooled!.shape).toEqual([2, 2]);
  expect([...pooled!.data]).toEqual([2, 4, 7, 8]);
});

it('unitLength scales each row to length 1, and leaves zeros', () => {
  const [scaled] = eagerly(() => [
    unitLength(
      tf.tensor2d([
        [3, 4],
        [0, 0],
      ]),
    ),
  ]);
  expect([...scaled!.data]).toEqual([...Float32Array.of(0.6, 0.8, 0, 0)]);
});
