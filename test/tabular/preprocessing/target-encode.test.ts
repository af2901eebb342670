// Means of the target as an encoding: against scikit-learn, and never of a row's own target.

import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { rocAuc } from '../../../src/metrics/ranking.js';
import { targetEncode } from '../../../src/tabular/preprocessing/target-encode.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { categoriesTable, cells, expectColumns, known, throughJson } from './known.js';

const features = categoriesTable(known.categories.train);
const unseen = categoriesTable(known.categories.test);

test.each(known.targetEncodings)('as scikit-learn: $target, smoothing $smoothing', async (expected) => {
  const { target, smoothing, truth, values } = expected;
  const train = features.with(target === 'regression' ? numeric('y', truth) : categorical('y', truth));
  const { fitted } = await targetEncode({ smoothing }).fitTransform(train, 'y');
  expectColumns(fitted.transform(unseen), values);
  expectColumns(fitted.transform(features), expected.train);
  expect(throughJson(fitted).transform(unseen)).toEqual(fitted.transform(unseen));
});

test('three classes give a column a class', async () => {
  const train = new Table([
    categorical('c', ['u', 'v', 'u', 'v', 'u', 'v']),
    categorical('y', ['1', '2', '3', '1', '2', '3']),
  ]);
  const { fitted, train: encoded } = await targetEncode({ folds: 2 }).fitTransform(train, 'y');
  expect(encoded.names).toEqual(['c:1', 'c:2', 'c:3', 'y']);
  expect(fitted.source('c:2')).toBe('c');
});

test('a training row is encoded by the rows of the other folds', async () => {
  // As many folds as rows: each row by all others, which can be computed by hand.
  const train = new Table([categorical('c', ['u', 'u', 'u', 'v', 'v', null]), numeric('y', [1, 2, 6, 10, 20, 3])]);
  const { fitted, train: encoded } = await targetEncode({ smoothing: 0, folds: 6 }).fitTransform(train, 'y');
  expect(cells(encoded, 'c')).toEqual([4, 3.5, 1.5, 20, 10, (1 + 2 + 6 + 10 + 20) / 5]);
  expect(cells(fitted.transform(train), 'c')).toEqual([3, 3, 3, 15, 15, 3]);
  expect(cells(encoded, 'y')).toEqual([1, 2, 6, 10, 20, 3]);
});

test('a random id says nothing out of fold, and everything to rows that see their own target', async () => {
  const random = seededRandom(1);
  const leaves = Array.from({ length: 400 }, () => Number(random() < 0.3));
  const train = new Table([
    categorical(
      'id',
      leaves.map((_, row) => `id-${row}`),
    ),
    categorical(
      'leaves',
      leaves.map((leaf) => (leaf ? 'yes' : 'no')),
    ),
  ]);
  const { fitted, train: encoded } = await targetEncode({ smoothing: 1 }).fitTransform(train, 'leaves');
  expect(rocAuc(leaves, encoded.numeric('id').values)).toBeCloseTo(0.5, 1);
  expect(rocAuc(leaves, fitted.transform(train).numeric('id').values)).toBe(1);
});

test('the same seed deals the same folds, another others', async () => {
  const train = features.with(numeric('y', known.targetEncodings[0]?.truth ?? []));
  const encoded = async (seed: number) => (await targetEncode({ seed }).fitTransform(train, 'y')).train;
  expect(await encoded(7)).toEqual(await encoded(7));
  expect(await encoded(7)).not.toEqual(await encoded(8));
});

test('asks for a target, and for rows enough', async () => {
  await expect(targetEncode().fitTransform(features)).rejects.toThrow('say which column is the target');
  const few = new Table([categorical('c', ['a', 'b']), numeric('y', [1, 2])]);
  await expect(targetEncode().fitTransform(few, 'y')).rejects.toThrow('2 rows cannot be dealt into 5 folds');
});
