// Pooling tokens into one vector a text.
import { expect, it } from 'vitest';
import { tf } from '../../src/engine/index.js';
import { firstToken, maxPool, meanPool, unitLength } from '../../src/nn/pooling.js';
import { eagerly } from '../engine/parity.js';

// Two texts of three tokens: the first has two, the second one.
const hidden = () =>
  tf.tensor2d([
    [1, 2],
    [3, -6],
    [99, 99],
    [-7, 8],
    [99, 99],
    [99, 99],
  ]);
const mask = () => tf.tensor2d([1, 1, 0, 1, 0, 0], [2, 3], 'int32');

it.each([
  ['meanPool takes the mean of the tokens that are no padding', () => meanPool(hidden(), mask()), [2, -2, -7, 8]],
  ['maxPool takes the largest value of each feature among those', () => maxPool(hidden(), mask()), [3, 2, -7, 8]],
  ['firstToken takes the first', () => firstToken({ lastHiddenState: hidden(), batch: 2, length: 3 }), [1, 2, -7, 8]],
])('%s', (_, pooled, expected) => {
  const [result] = eagerly(() => [pooled()]);
  expect(result!.shape).toEqual([2, 2]);
  expect([...result!.data]).toEqual(expected);
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
