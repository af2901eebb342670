import { expect, test } from 'vitest';
import { seededRandom } from '../../src/hub/random.js';
import { bootstrap, bootstrapDifference } from '../../src/metrics/bootstrap.js';
import { quantileOfSorted } from '../../src/metrics/quantile.js';

const meanOf =
  (values: ArrayLike<number>) =>
  (rows: Int32Array): number =>
    rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;

test('about 95% of the intervals hold the true number', () => {
  // 300 times 60 uniform numbers, whose true mean is 0.5.
  const random = seededRandom(1);
  let held = 0;
  for (let seed = 0; seed < 300; seed++) {
    const values = Float64Array.from({ length: 60 }, random);
    const { low, high } = bootstrap(60, meanOf(values), { samples: 400, seed });
    held += Number(low <= 0.5 && 0.5 <= high);
  }
  expect(held / 300).toBeGreaterThan(0.9); // a percentile interval of 60 rows is a little narrow
  expect(held / 300).toBeLessThan(0.98);
});

test('the same seed gives the same interval, another seed another', () => {
  const values = Float64Array.from({ length: 50 }, seededRandom(3));
  const interval = bootstrap(50, meanOf(values), { seed: 7 });
  expect(bootstrap(50, meanOf(values), { seed: 7 })).toEqual(interval);
  expect(bootstrap(50, meanOf(values), { seed: 8 })).not.toEqual(interval);
  expect(interval.value).toBeCloseTo(meanOf(values)(Int32Array.from({ length: 50 }, (_, row) => row)), 12);
  const wide = bootstrap(50, meanOf(values), { seed: 7, level: 0.99 });
  expect(wide.low).toBeLessThan(interval.low);
  expect(wide.high).toBeGreaterThan(interval.high);
});

test('a difference on the same rows is surer than either number', () => {
  const random = seededRandom(5);
  const errors = Float64Array.from({ length: 80 }, random);
  const alittleWorse = errors.map((error) => error + 0.02 + 0.01 * random());
  const first = bootstrap(80, meanOf(errors));
  const difference = bootstrapDifference(80, meanOf(alittleWorse), meanOf(errors));
  expect(first.high - first.low).toBeGreaterThan(0.1);
  expect(difference.low).toBeGreaterThan(0.02);
  expect(difference.high - difference.low).toBeLessThan(0.003);
});

test('draws on which the number is not defined are left out', () => {
  const first = bootstrap(3, (rows) => (rows.includes(2) ? rows.length : Number.NaN), { samples: 50 });
  expect(first).toEqual({ value: 3, low: 3, high: 3 });
  expect(() => bootstrap(3, () => Number.NaN)).toThrow('the metric of all rows is NaN');
});

test('errors name what is wrong', () => {
  expect(() => bootstrap(0, () => 1)).toThrow('at least one row to draw from, not 0');
  expect(() => bootstrap(3, () => 1, { samples: 0 })).toThrow('samples must be a whole number from 1, not 0');
  expect(() => bootstrap(3, () => 1, { level: 95 })).toThrow('level must be above 0 and below 1, not 95');
});

test("quantiles as NumPy's", () => {
  expect(quantileOfSorted([1, 2, 4], 0.75)).toBe(3);
  expect(quantileOfSorted([1, 2, 4], 0)).toBe(1);
  expect(quantileOfSorted([1, 2, 4], 1)).toBe(4);
  expect(quantileOfSorted([5], 0.3)).toBe(5);
});
