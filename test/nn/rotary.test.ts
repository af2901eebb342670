// Rotary positions: what turning must leave as it is, and the formula for one pair of features.
import { expect, it } from 'vitest';
import { tf } from '../../src/engine/index.js';
import { angles, positionsUpTo, rotate } from '../../src/nn/rotary.js';
import { eagerly, toTensor } from '../engine/parity.js';
import { floats } from '../engine/values.js';

const shape = { batch: 1, length: 6, heads: 1 };

/** Six rows with the same vector, each turned by its position. */
const turned = (seed: number) => {
  const vector = floats([1, 8], -1, 1, seed);
  return eagerly(() => {
    const rows = tf.tile(toTensor(vector), [6, 1]);
    return [rotate(rows, angles(positionsUpTo(6, 64), 8, 100), shape)];
  })[0]!;
};
const row = (x: { data: ArrayLike<number> }, n: number) => Array.from(x.data).slice(8 * n, 8 * n + 8);
const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

it('turns features i and i + size / 2 by position / theta^(2i / size)', () => {
  const [first, third] = [row(turned(1), 0), row(turned(1), 3)];
  for (let i = 0; i < 4; i++) {
    const angle = 3 / 100 ** ((2 * i) / 8);
    expect(third[i]).toBeCloseTo(first[i]! * Math.cos(angle) - first[i + 4]! * Math.sin(angle), 5);
    expect(third[i + 4]).toBeCloseTo(first[i + 4]! * Math.cos(angle) + first[i]! * Math.sin(angle), 5);
  }
});

it('leaves position 0 and all lengths as they are, and products to the distance alone', () => {
  const [q, k] = [turned(1), turned(2)];
  expect(row(q, 0)).toEqual([...floats([1, 8], -1, 1, 1).data]);
  for (let n = 1; n < 6; n++) expect(dot(row(q, n), row(q, n))).toBeCloseTo(dot(row(q, 0), row(q, 0)), 5);
  expect(dot(row(q, 5), row(k, 3))).toBeCloseTo(dot(row(q, 2), row(k, 0)), 5);
  expect(dot(row(q, 5), row(k, 3))).not.toBeCloseTo(dot(row(q, 5), row(k, 2)), 2);
});
