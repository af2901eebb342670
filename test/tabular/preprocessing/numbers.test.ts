// Scaling and filling numbers, against scikit-learn; clipping and logarithms.

import { expect, test } from 'vitest';
import { impute } from '../../../src/tabular/preprocessing/impute.js';
import { clip, logTransform } from '../../../src/tabular/preprocessing/numbers.js';
import { minMax, standardize } from '../../../src/tabular/preprocessing/scale.js';
import type { Transformer } from '../../../src/tabular/preprocessing/transformer.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { cells, expectColumns, known, numbersTable, throughJson } from './known.js';

const train = numbersTable(known.numbers.train);
const unseen = numbersTable(known.numbers.test);

test.each<[keyof typeof known.numbers, Transformer]>([
  ['standardize', standardize()],
  ['minMax', minMax()],
  ['mean', impute({ numeric: 'mean' })],
  ['median', impute({ numeric: 'median' })],
])('%s as scikit-learn', async (name, step) => {
  const { fitted, train: own } = await step.fitTransform(train);
  expectColumns(fitted.transform(unseen), known.numbers[name]);
  expect(own).toEqual(fitted.transform(train));
  expect(throughJson(fitted).transform(unseen)).toEqual(fitted.transform(unseen));
});

test('indicators follow the columns that miss a value in the training rows', async () => {
  const { fitted } = await impute({ indicators: true }).fitTransform(train);
  const filled = fitted.transform(unseen);
  expect(filled.names).toEqual(['x0', 'x0 missing', 'x1', 'x1 missing', 'x2', 'x3']);
  expectColumns(filled.select('x0', 'x1', 'x2', 'x3', 'x0 missing', 'x1 missing'), known.numbers.indicators);
  expect(fitted.source('x1 missing')).toBe('x1');
});

test('a number stands for missing ones', async () => {
  const { train: filled } = await impute({ numeric: -1 }).fitTransform(new Table([numeric('x', [3, null])]));
  expect(cells(filled, 'x')).toEqual([3, -1]);
});

test('a column without any value has no mean, and is named', async () => {
  const empty = new Table([numeric('x', [1, 2]), numeric('gone', [null, null])]);
  await expect(impute().fitTransform(empty)).rejects.toThrow(
    "impute: the column 'gone' has no value in the training rows, so it has no mean. Leave it out: dropColumns('gone').",
  );
});

test('infinite values are refused where they would spoil a mean', async () => {
  const table = new Table([numeric('x', [1, Number.POSITIVE_INFINITY])]);
  await expect(standardize().fitTransform(table)).rejects.toThrow("the column 'x' has values too large");
});

test('clips to quantiles of the training rows', async () => {
  const { fitted, train: clipped } = await clip({ low: 0.25, high: 0.75 }).fitTransform(
    new Table([numeric('x', [5, 1, null, 2, 4, 3])]),
  );
  expect(cells(clipped, 'x')).toEqual([4, 2, undefined, 2, 4, 3]);
  expect(cells(throughJson(fitted).transform(new Table([numeric('x', [-9, 99])])), 'x')).toEqual([2, 4]);
});

test('takes logarithms of both signs', async () => {
  const { train: logs } = await logTransform().fitTransform(
    new Table([numeric('x', [0, Math.E - 1, 1 - Math.E, null])]),
  );
  expect(cells(logs, 'x')).toEqual([0, 1, -1, undefined]);
});

test('only the columns asked for, never the target', async () => {
  const table = new Table([
    numeric('a', [1, 3]),
    numeric('y', [5, 7]),
    numeric('b', [1, 3]),
    categorical('c', ['u', 'v']),
  ]);
  const { fitted, train: scaled } = await standardize({ columns: ['b'] }).fitTransform(table, 'y');
  expect(scaled.names).toEqual(['a', 'b', 'c', 'y']);
  expect(scaled.row(0)).toEqual({ a: 1, b: -1, c: 'u', y: 5 });
  expect(fitted.transform(table.drop('y')).names).toEqual(['a', 'b', 'c']);
});

test('refuses columns that are not there, are the target or of another kind', async () => {
  const table = new Table([numeric('a', [1, 3]), categorical('c', ['u', 'v'])]);
  await expect(standardize({ columns: ['d'] }).fitTransform(table)).rejects.toThrow(
    "standardize: there is no column 'd'. There are a, c.",
  );
  await expect(standardize({ columns: ['c'] }).fitTransform(table)).rejects.toThrow(
    "standardize: the column 'c' is categorical; it takes numeric columns.",
  );
  await expect(minMax({ columns: ['a'] }).fitTransform(table, 'a')).rejects.toThrow(
    "min-max: 'a' is the target, which is left as it is.",
  );
  const { fitted } = await standardize().fitTransform(table);
  expect(() => fitted.transform(table.drop('a'))).toThrow(/column 'a', which the table lacks/);
});

test('refuses options it does not know, and values out of range', () => {
  expect(() => clip({ low: 2 })).toThrow(/clip: wrong options: low is 2 \(Too big: expected number to be <=1\)/);
  expect(() => clip({ low: 0.5, high: 0.1 })).toThrow('low is above high');
  const typo = { colums: ['a'] };
  expect(() => standardize(typo as object)).toThrow(/standardize: wrong options: Unrecognized key: "colums"/);
  expect(() => impute({ numeric: 'middle' as 'mean' })).toThrow(/impute: wrong options: numeric is "middle"/);
});
