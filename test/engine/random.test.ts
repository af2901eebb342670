// Starting values: the moments of what is drawn, and that the seed alone decides.
import { describe, expect, it } from 'vitest';
import { randomNormal, randomUniform, seedFor } from '../../src/engine/random.js';

const size = 200_000;
const mean = (data: ArrayLike<number>, power = 1) =>
  Array.from(data).reduce((sum, value) => sum + value ** power, 0) / data.length;

// Bounds are 5 deviations of what true randomness would give; seeds are fixed, so results never change.
const bound = (variance: number) => 5 * Math.sqrt(variance / size);

describe('randomNormal', () => {
  it.each([0, 1, -7, 2 ** 31 - 1])('of seed %i has the moments of a normal distribution', (seed) => {
    const { data, shape } = randomNormal([400, 500], 1, seed);
    expect(shape).toEqual([400, 500]);
    expect(Math.abs(mean(data))).toBeLessThan(bound(1));
    expect(Math.abs(mean(data, 2) - 1)).toBeLessThan(bound(2));
    expect(Math.abs(mean(data, 3))).toBeLessThan(bound(15));
    expect(Math.abs(mean(data, 4) - 3)).toBeLessThan(bound(96));
    const inside = (deviations: number) => data.filter((value) => Math.abs(value) < deviations).length / size;
    expect(inside(1)).toBeCloseTo(0.6827, 2);
    expect(inside(2)).toBeCloseTo(0.9545, 2);
  });

  it('is scaled by the standard deviation', () => {
    const [one, small] = [randomNormal([100], 1, 3), randomNormal([100], 0.02, 3)];
    small.data.forEach((value, i) => {
      expect(value).toBeCloseTo(0.02 * (one.data[i] as number), 6);
    });
  });

  it('has neighbours that know nothing of each other', () => {
    const { data } = randomNormal([size], 1, 5);
    const together = Array.from({ length: size - 1 }, (_, i) => (data[i] as number) * (data[i + 1] as number));
    expect(Math.abs(mean(together))).toBeLessThan(bound(1));
    const [a, b] = [randomNormal([size], 1, 5), randomNormal([size], 1, 6)];
    expect(Math.abs(mean(a.data.map((value, i) => value * (b.data[i] as number))))).toBeLessThan(bound(1));
  });

  it('is empty for an empty shape', () => {
    expect(randomNormal([0, 3], 1, 1).data).toHaveLength(0);
  });
});

describe('randomUniform', () => {
  it('is spread evenly from -bound to bound', () => {
    const { data } = randomUniform([size], 2, 11);
    expect(data.every((value) => value >= -2 && value <= 2)).toBe(true);
    expect(Math.abs(mean(data))).toBeLessThan(bound(4 / 3));
    expect(Math.abs(mean(data, 2) - 4 / 3)).toBeLessThan(bound(64 / 45));
    for (let tenth = 0; tenth < 10; tenth++) {
      const low = -2 + 0.4 * tenth;
      const share = data.filter((value) => value >= low && value < low + 0.4).length / size;
      expect(Math.abs(share - 0.1)).toBeLessThan(bound(0.09));
    }
  });
});

describe('a seed', () => {
  it('decides alone', () => {
    expect(randomNormal([50], 1, 7)).toEqual(randomNormal([50], 1, 7));
    expect(randomNormal([50], 1, 7)).not.toEqual(randomNormal([50], 1, 8));
    expect(randomUniform([50], 1, 7)).toEqual(randomUniform([50], 1, 7));
  });

  it('differs from name to name, and from seed to seed', () => {
    const names = Array.from({ length: 500 }, (_, i) => `encoder.layer.${i}.weight`);
    const seeds = [...names.map((name) => seedFor(1, name)), ...names.map((name) => seedFor(2, name))];
    expect(new Set(seeds).size).toBe(1000);
    expect(seedFor(42, 'classifier.weight')).toBe(seedFor(42, 'classifier.weight'));
  });
});
