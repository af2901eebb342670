// Attention against its formula written out in loops, and what a mask must keep out.
import { describe, expect, it } from 'vitest';
import { tf } from '../../src/engine/index.js';
import { attention, paddingMask, windowMask } from '../../src/nn/attention.js';
import { eagerly, toTensor } from '../engine/parity.js';
import { floats } from '../engine/values.js';
import { largestError } from '../references.js';

const size = { batch: 2, length: 3, heads: 2 };
const d = 4;
const width = size.heads * d;
const rows = size.batch * size.length;
const [q, k, v] = [floats([rows, width], -1, 1, 1), floats([rows, width], -1, 1, 2), floats([rows, width], -1, 1, 3)];

const run = (values: typeof v, mask: number[][]) =>
  eagerly(() => {
    const tensors = { q: toTensor(q), k: toTensor(k), v: toTensor(values) };
    return [attention(tensors, paddingMask(tf.tensor2d(mask, undefined, 'int32')), size, 0, {})];
  })[0]!;

/** softmax(q k^T / sqrt(d)) v, one number at a time. */
function byHand(values: typeof v, mask: number[][]): number[] {
  const result = new Array<number>(rows * width).fill(0);
  const at = (x: typeof v, b: number, t: number, h: number, i: number) =>
    x.data[(b * size.length + t) * width + h * d + i] as number;
  for (let b = 0; b < size.batch; b++)
    for (let h = 0; h < size.heads; h++)
      for (let t = 0; t < size.length; t++) {
        const powers = [0, 1, 2].map((s) => {
          let score = 0;
          for (let i = 0; i < d; i++) score += at(q, b, t, h, i) * at(k, b, s, h, i);
          return mask[b]![s] === 1 ? Math.exp(score / Math.sqrt(d)) : 0;
        });
        const total = powers.reduce((sum, power) => sum + power, 0);
        for (let s = 0; s < size.length; s++)
          for (let i = 0; i < d; i++)
            result[(b * size.length + t) * width + h * d + i]! += (powers[s]! / total) * at(values, b, s, h, i);
      }
  return result;
}

describe('attention', () => {
  it.each([
    [
      'without padding',
      [
        [1, 1, 1],
        [1, 1, 1],
      ],
    ],
    [
      'with padding',
      [
        [1, 1, 0],
        [1, 0, 0],
      ],
    ],
  ])('%s follows the formula', (_, mask) => {
    expect(largestError(run(v, mask), { data: byHand(v, mask) })).toBeLessThan(1e-6);
  });

  it('does not look at what is masked: other values there change nothing, bit for bit', () => {
    const mask = [
      [1, 1, 0],
      [1, 1, 1],
    ];
    const other = { ...v, data: v.data.slice() as Float32Array };
    other.data.fill(1e6, 2 * width, 3 * width);
    expect(run(other, mask).data).toEqual(run(v, mask).data);
    expect(
      run(other, [
        [1, 1, 1],
        [1, 1, 1],
      ]).data,
    ).not.toEqual(run(v, mask).data);
  });
});

it('windowMask lets a token see those within reach that are no padding, and where there are none, all alike', () => {
  const [mask] = eagerly(() => [
    windowMask(paddingMask(tf.tensor2d([[1, 1, 1, 0, 0, 0]], undefined, 'int32')), tf.range(0, 6), 1),
  ]);
  const seen = Array.from({ length: 6 }, (_, token) =>
    Array.from(mask!.data.slice(6 * token, 6 * token + 6), (value) => (value === 0 ? 'x' : '.')).join(''),
  );
  expect(mask!.shape).toEqual([1, 1, 6, 6]);
  expect(seen).toEqual(['xx....', 'xxx...', '.xx...', '..x...', '......', '......']);
  expect(new Set(mask!.data.slice(24)).size).toBe(1);
});
