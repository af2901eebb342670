// Dropout's masks: the graph draws what the cpu backend draws, bit for bit, and what is drawn looks random.
import { describe, expect, it } from 'vitest';
import { compile, DropoutSource, hostTensor, tf, valueAndGradients } from '../../../src/engine/index.js';
import { floats } from '../values.js';

/** The mask of shape `shape` that the stream-th place of a model draws: 0 or 1 / (1 - rate). */
const drawMask = (shape: readonly number[], rate: number, stream: number) => (seed: tf.Tensor) => {
  const source = new DropoutSource(seed);
  for (let place = 0; place < stream; place++) source.drop(tf.ones([1]), 0.5);
  return source.drop(tf.ones([...shape]), rate);
};

function eagerMask(shape: readonly number[], rate: number, stream: number, seed: number): Float32Array {
  return tf.tidy(() => drawMask(shape, rate, stream)(tf.scalar(seed, 'int32')).dataSync() as Float32Array);
}

/** Share of elements that are kept. */
const keptShare = (mask: Float32Array): number => mask.filter((value) => value > 0).length / mask.length;

/** Correlation of two masks as 0 and 1: for independent ones of n elements about normal around 0 with deviation 1 / sqrt(n). */
function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const [x, y] = [Array.from(a, (value) => Number(value > 0)), Array.from(b, (value) => Number(value > 0))];
  const mean = (list: number[]) => list.reduce((sum, value) => sum + value, 0) / list.length;
  const [mx, my] = [mean(x), mean(y)];
  const covariance = mean(x.map((value, i) => (value - mx) * ((y[i] as number) - my)));
  return covariance / Math.sqrt(mx * (1 - mx) * my * (1 - my));
}

describe('a mask drawn in the graph', () => {
  it.each([
    [[16, 384], 0.1, 0],
    [[5, 7], 0.5, 3],
    [[2, 3, 4, 9], 0.25, 11],
    [[1000], 0.9, 1],
    [[1, 1], 0.1, 40],
    [[0, 4], 0.1, 0],
    [[], 0.5, 2],
  ] as const)('of shape %j at rate %d in stream %i is the cpu backend’s, bit for bit', async (shape, rate, stream) => {
    const compiled = compile(({ seed }: { seed: tf.Tensor }) => drawMask(shape, rate, stream)(seed));
    for (const seed of [0, 1, -1, 42, 123456789, -(2 ** 31), 2 ** 31 - 1]) {
      const { data } = await compiled({ seed: hostTensor(Int32Array.of(seed), []) });
      expect(data, `seed ${seed}`).toEqual(eagerMask(shape, rate, stream, seed));
    }
    await compiled.dispose();
  });

  it('holds 0 and 1 / (1 - rate)', () => {
    expect(new Set(eagerMask([64, 64], 0.2, 0, 1))).toEqual(new Set([0, Math.fround(1.25)]));
  });
});

describe('drop', () => {
  it('zeroes the same elements of the gradient', async () => {
    const step = compile(({ x, seed }: { x: tf.Tensor; seed: tf.Tensor }) =>
      valueAndGradients(
        (params) => {
          const y = new DropoutSource(seed).drop(params.x, 0.3);
          return { value: tf.sum(y), y };
        },
        { x },
      ),
    );
    const x = floats([20, 30]);
    const { y, gradients } = await step({ x, seed: hostTensor(Int32Array.of(5), []) });
    await step.dispose();
    const mask = eagerMask([20, 30], 0.3, 0, 5);
    expect(gradients.x.data).toEqual(mask);
    expect(y.data).toEqual(x.data.map((value, i) => Math.fround(value * (mask[i] as number))));
  });

  it('at rate 0 is x itself, and still takes its stream', () => {
    const x = tf.ones([3]);
    const source = new DropoutSource(tf.scalar(1, 'int32'));
    expect(source.drop(x, 0)).toBe(x);
    expect(source.drop(tf.ones([50]), 0.5).dataSync()).toEqual(eagerMask([50], 0.5, 1, 1));
  });

  it.each([-0.1, 1, 1.5, Number.NaN])('refuses the rate %d', (rate) => {
    const source = new DropoutSource(tf.scalar(1, 'int32'));
    expect(() => source.drop(tf.ones([3]), rate)).toThrow(`A dropout rate is at least 0 and below 1; got ${rate}.`);
  });
});

// Seeds are fixed, so these results never change; bounds are in standard deviations of what true randomness would give.
describe('what is drawn', () => {
  const [rows, columns] = [512, 384];
  const size = rows * columns;

  it.each([0.1, 0.25, 0.5, 0.9])('keeps a share of 1 - %d, within 5 deviations, for each of 20 seeds', (rate) => {
    const deviation = Math.sqrt((rate * (1 - rate)) / size);
    for (let seed = 0; seed < 20; seed++) {
      const share = keptShare(eagerMask([rows, columns], rate, 0, seed));
      // Fractions have 12 bits: the rate is met to 1 / 4096.
      expect(Math.abs(share - (1 - rate))).toBeLessThan(5 * deviation + 1 / 4096);
    }
  });

  it('keeps that share in every row and every column over 64 steps', () => {
    const rate = 0.1;
    const [inRow, inColumn] = [new Float64Array(rows), new Float64Array(columns)];
    for (let seed = 0; seed < 64; seed++)
      eagerMask([rows, columns], rate, 0, seed).forEach((value, at) => {
        inRow[Math.floor(at / columns)]! += Number(value > 0);
        inColumn[at % columns]! += Number(value > 0);
      });
    const worst = (counts: Float64Array, draws: number) =>
      Math.max(...counts.map((count) => Math.abs(count / draws - (1 - rate)))) / Math.sqrt((rate * (1 - rate)) / draws);
    // The largest of some hundred normal deviations is about 3.
    expect(worst(inRow, 64 * columns)).toBeLessThan(6);
    expect(worst(inColumn, 64 * rows)).toBeLessThan(6);
  });

  it.each([
    ['another seed', 0, 2],
    ['the next seed', 0, 124],
    ['another stream', 1, 123],
    ['a far stream', 37, 123],
    ['another stream and the next seed', 1, 124],
  ])('in %s is another mask: correlation within 5 deviations', (_, stream, seed) => {
    const mask = eagerMask([rows, columns], 0.1, 0, 123);
    const other = eagerMask([rows, columns], 0.1, stream, seed);
    expect(Math.abs(correlation(mask, other))).toBeLessThan(5 / Math.sqrt(size));
  });

  it('is independent across neighbouring rows and columns', () => {
    const rate = 0.1;
    const mask = eagerMask([rows, columns], rate, 0, 9);
    const pairs = (step: number) => correlation(mask.subarray(0, size - step), mask.subarray(step));
    for (const step of [1, 2, 3, columns, 2 * columns, columns + 1])
      expect(Math.abs(pairs(step)), `${step} elements on`).toBeLessThan(5 / Math.sqrt(size));
  });

  it('is independent for any two columns and any two rows, but for a few in a thousand that fall close together', () => {
    const mask = eagerMask([rows, columns], 0.1, 0, 9);
    const column = (c: number) => Float32Array.from({ length: rows }, (_, r) => mask[r * columns + c] as number);
    const row = (r: number) => mask.subarray(r * columns, (r + 1) * columns);
    const shareCorrelated = (lines: readonly Float32Array[]) => {
      const bound = 5 / Math.sqrt(lines[0]!.length);
      let [close, all] = [0, 0];
      for (let i = 0; i < lines.length; i++)
        for (let j = 0; j < i; j++, all++) if (Math.abs(correlation(lines[i]!, lines[j]!)) > bound) close++;
      return close / all;
    };
    const some = Array.from({ length: 96 }, (_, i) => i);
    const [acrossColumns, acrossRows] = [shareCorrelated(some.map(column)), shareCorrelated(some.map(row))];
    expect(acrossColumns).toBeLessThan(0.01);
    expect(acrossRows).toBeLessThan(0.01);
  });
});
