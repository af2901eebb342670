import { expect, test } from 'vitest';
import { KeyIndex } from '../../../src/tabular/ordered-boosting/key-index.js';
import { binsOf, greedyLogSumBorders } from '../../../src/tabular/ordered-boosting/quantise.js';

test('borders lie halfway between values, at most so many', () => {
  expect([...greedyLogSumBorders(Float64Array.of(1, 1, 2, 5), 254)]).toEqual([1.5, 3.5]);
  expect(
    greedyLogSumBorders(
      Float64Array.from({ length: 1000 }, (_, i) => i),
      254,
    ),
  ).toHaveLength(254);
  expect(greedyLogSumBorders(Float64Array.of(3, 3, 3), 254)).toHaveLength(0);
  expect(greedyLogSumBorders(new Float64Array(0), 254)).toHaveLength(0);
});

test('values are parted even where no number lies between them', () => {
  const next = 1 + Number.EPSILON;
  const borders = greedyLogSumBorders(Float64Array.of(1, next, Number.MAX_VALUE, -Number.MAX_VALUE), 254);
  const bins = binsOf(Float64Array.of(-Number.MAX_VALUE, 1, next, Number.MAX_VALUE), borders);
  expect(new Set(bins).size).toBe(4);
});

test('a missing value is below everything, and apart where training knew missing values', () => {
  const borders = greedyLogSumBorders(Float64Array.of(Number.NaN, 1, 2), 254);
  expect([...borders]).toEqual([Number.NEGATIVE_INFINITY, 1.5]);
  expect([...binsOf(Float64Array.of(Number.NaN, -1e300, 2), borders)]).toEqual([0, 1, 2]);
  expect([...binsOf(Float64Array.of(0, 2, 9, Number.NaN), Float64Array.of(1.5, 3.5))]).toEqual([0, 1, 2, 0]);
});

test('keys are numbered in the order they are met, as many as there are', () => {
  const index = new KeyIndex(4);
  expect([index.add(900), index.add(7), index.add(900), index.find(8)]).toEqual([0, 1, 0, -1]);
  const keys = Array.from({ length: 5000 }, (_, i) => i * 2 ** 40 + i);
  for (const key of keys) index.add(key);
  expect(index.size).toBe(5002);
  expect(keys.every((key, i) => index.find(key) === i + 2)).toBe(true);
  expect(index.keys[1]).toBe(7);
});
