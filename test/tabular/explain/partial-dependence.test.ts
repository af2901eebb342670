// Partial dependence of formulas, where the mean over the rows can be worked out.

import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { pairDependence, partialDependence } from '../../../src/tabular/explain/partial-dependence.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { formula } from './models.js';

const random = seededRandom(5);
const a = Array.from({ length: 300 }, () => random() * 10);
const c = a.map((_, i) => (i % 10 === 0 ? undefined : i % 3 === 0 ? 'red' : 'blue'));
const table = new Table([numeric('a', a), categorical('c', c, ['blue', 'green', 'red']), numeric('y', a)]);
const meanA = a.reduce((sum, value) => sum + value, 0) / a.length;
const shareRed = c.filter((value) => value === 'red').length / c.length;
const model = formula({
  table,
  task: { kind: 'regression', target: 'y' },
  of: (row) => Number(row.a) ** 2 + (row.c === 'red' ? Number(row.a) : 0) + (row.c === undefined ? 5 : 0),
});

test('a number: the mean over the rows at each value, on quantiles of the column', async () => {
  const found = await partialDependence(model, table, 'a', { grid: 7, ice: 4 });
  expect(found).toMatchObject({ feature: 'a', kind: 'numeric', unit: 'y' });
  expect(found.values).toHaveLength(7);
  found.values.forEach((value, i) => {
    const v = Number(value);
    expect(found.means[i]).toBeCloseTo(v * v + shareRed * v + 0.1 * 5, 10);
  });
  expect(found.deciles?.[4]).toBeGreaterThan(4);
  expect(found.ice).toHaveLength(4);
  // Each line is that of a row: red or not, missing or not.
  for (const line of found.ice) {
    const v = Number(found.values[3]);
    expect([v * v, v * v + v, v * v + 5].some((value) => Math.abs(value - (line[3] as number)) < 1e-9)).toBe(true);
  }
  expect(found).not.toHaveProperty('missing');
  expect((await partialDependence(model, table, 'a', { grid: [9, 1] })).values).toEqual([1, 9]);
});

test('categories: those that occur, with their rows, and the mean where the value is missing', async () => {
  const found = await partialDependence(model, table, 'c');
  const meanSquare = a.reduce((sum, value) => sum + value ** 2, 0) / a.length;
  expect(found.values).toEqual(['blue', 'red']);
  expect(found.means[0]).toBeCloseTo(meanSquare, 9);
  expect(found.means[1]).toBeCloseTo(meanSquare + meanA, 9);
  expect(found.missing).toBeCloseTo(meanSquare + 5, 9);
  expect([...(found.counts ?? [])]).toEqual(['blue', 'red'].map((name) => c.filter((value) => value === name).length));
});

test('two features at once', async () => {
  const found = await pairDependence(model, table, ['a', 'c'], { grid: 5 });
  expect(found.values[1]).toEqual(['blue', 'red']);
  found.values[0].forEach((value, i) => {
    const v = Number(value);
    expect(found.means[i]?.[0]).toBeCloseTo(v * v, 9);
    expect(found.means[i]?.[1]).toBeCloseTo(v * v + v, 9);
  });
});

test('a large table is a sample of its rows, predicted as a few large tables', async () => {
  const large = table.take(Array.from({ length: 20_000 }, (_, i) => i % 300));
  model.counted.calls = 0;
  model.counted.rows = 0;
  await partialDependence(model, large, 'a', { grid: 20 });
  expect(model.counted).toEqual({ calls: 3, rows: 20_000 });
});

test('what does not fit is refused by name', async () => {
  const refused = (feature: string, options: object, message: string) =>
    expect(partialDependence(model, table, feature, options)).rejects.toThrow(message);
  await refused('b', {}, "formula has no feature 'b'. Its features are a, c.");
  await refused('a', { grid: 1 }, 'grid must be a whole number from 2, or a list of values, not 1.');
  await refused('a', { grid: ['red'] }, "the grid of 'a' holds 'red'; the column is numeric.");
  await refused('c', { grid: ['pink'] }, "'c' has no category 'pink'. It has blue, green, red.");
  await refused('a', { ice: -1 }, 'ice must be a whole number from 0, not -1.');
  await expect(pairDependence(model, table, ['a', 'a'])).rejects.toThrow("'a' is given twice");
});
