// Filling and encoding categories, against scikit-learn.

import { expect, test } from 'vitest';
import { hashEncode } from '../../../src/tabular/preprocessing/hash-encode.js';
import { impute } from '../../../src/tabular/preprocessing/impute.js';
import { murmur3 } from '../../../src/tabular/preprocessing/murmur3.js';
import { type OneHotOptions, oneHot } from '../../../src/tabular/preprocessing/one-hot.js';
import { ordinalEncode } from '../../../src/tabular/preprocessing/ordinal-encode.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { categoriesTable, cells, expectColumns, known, throughJson } from './known.js';

const train = categoriesTable(known.categories.train);
const complete = categoriesTable(known.categories.complete);
const unseen = categoriesTable(known.categories.test);
const ours = (name: string) =>
  name.replace('_', '=').replace('=None', '=(missing)').replace('=infrequent_sklearn', '=(other)');

test('the most frequent category, as scikit-learn; an unknown one stays itself', async () => {
  const { fitted } = await impute().fitTransform(train);
  const filled = throughJson(fitted).transform(unseen);
  expect(cells(filled, 'city')).toEqual(known.categories.mostFrequent[0]);
  expect(cells(filled, 'size')).toEqual(known.categories.mostFrequent[1]);
  expect(cells(filled, 'city')).toContain('Graz');
});

test('a category of its own for missing values', async () => {
  const { fitted, train: filled } = await impute({ categorical: 'missing' }).fitTransform(train);
  expect(filled.categorical('city').categories.at(-1)).toBe('missing');
  expect(cells(fitted.transform(unseen), 'size')).toEqual(['S', 'XL', 'M', 'L', 'missing']);
});

test.each<['oneHot' | 'minCount' | 'maxCategories' | 'both', Table, OneHotOptions]>([
  ['oneHot', train, {}],
  ['minCount', complete, { minCount: 6 }],
  ['maxCategories', complete, { maxCategories: 4 }],
  ['both', complete, { minCount: 3, maxCategories: 5 }],
])('%s as scikit-learn', async (name, rows, options) => {
  const { names, values } = known.categories[name];
  const { fitted } = await oneHot(options).fitTransform(rows);
  const encoded = fitted.transform(unseen);
  expect(encoded.names).toEqual(names.map(ours));
  expectColumns(encoded, values);
  expect(throughJson(fitted).transform(unseen)).toEqual(encoded);
  for (const output of encoded.names) expect(fitted.source(output)).toBe(output.split('=')[0]);
});

test('one-hot: unknown is 0 everywhere, missing has a column of its own or not, the first can go', async () => {
  const table = new Table([categorical('c', ['a', 'b', null], ['a', 'b', 'never'])]);
  const others = new Table([categorical('c', ['z', 'b', null, 'a'])]);
  const encode = async (options: OneHotOptions) => (await oneHot(options).fitTransform(table)).fitted.transform(others);
  const records = (encoded: Table) => encoded.records().map((row) => Object.values(row));
  expect((await encode({})).names).toEqual(['c=a', 'c=b', 'c=(missing)']);
  expect(records(await encode({}))).toEqual([
    [0, 0, 0],
    [0, 1, 0],
    [0, 0, 1],
    [1, 0, 0],
  ]);
  expect(records(await encode({ missing: 'zeros' }))).toEqual([
    [0, 0],
    [0, 1],
    [0, 0],
    [1, 0],
  ]);
  expect(records(await encode({ dropFirst: true }))).toEqual([
    [0, 0],
    [1, 0],
    [0, 1],
    [0, 0],
  ]);
});

test('one-hot: no more columns than asked for, none of them for one category alone', async () => {
  const table = new Table([categorical('c', ['a', 'b', 'b', 'c', 'd', 'd'])]);
  const names = async (options: OneHotOptions) => (await oneHot(options).fitTransform(table)).train.names;
  expect(await names({ maxCategories: 4 })).toEqual(['c=a', 'c=b', 'c=c', 'c=d']);
  expect(await names({ maxCategories: 3 })).toEqual(['c=b', 'c=d', 'c=(other)']);
  expect(await names({ maxCategories: 1 })).toEqual(['c=(other)']);
  expect(await names({ minCount: 2 })).toEqual(['c=b', 'c=d', 'c=(other)']);
});

test('refuses to make a column that is there', async () => {
  const table = new Table([categorical('c', ['a', 'b']), numeric('c=a', [1, 2])]);
  await expect(oneHot().fitTransform(table)).rejects.toThrow("one-hot makes a column 'c=a' of");
});

test('murmur3 as scikit-learn, on 0 to 101 bytes of every alphabet', () => {
  const { texts, murmur3: hashes, murmur3Seed7 } = known.hashing;
  expect(texts.map((text) => murmur3(text))).toEqual(hashes);
  expect(texts.map((text) => murmur3(text, 7))).toEqual(murmur3Seed7);
});

test.each(known.hashing.cases)('hashing as FeatureHasher: $buckets buckets, signed $signed', async (expected) => {
  const { texts } = known.hashing;
  const { buckets, signed, rows } = expected;
  // Whatever it was fitted on.
  const { fitted } = await hashEncode({ buckets, signed }).fitTransform(new Table([categorical('t', ['x'])]));
  const encoded = throughJson(fitted).transform(new Table([categorical('t', [...texts, null])]));
  expect(encoded.records().map((row) => Object.values(row))).toEqual([...rows, new Array(buckets).fill(0)]);
  expect(encoded.names.at(-1)).toBe(`t#${buckets - 1}`);
});

test('places in an order; what is not in it is missing', async () => {
  const table = new Table([categorical('size', ['S', 'L', 'M', null])]);
  const { fitted, train: encoded } = await ordinalEncode({ categories: { size: ['S', 'M', 'L'] } }).fitTransform(table);
  expect(cells(encoded, 'size')).toEqual([0, 2, 1, undefined]);
  expect(cells(throughJson(fitted).transform(new Table([categorical('size', ['XL', 'M'])])), 'size')).toEqual([
    undefined,
    1,
  ]);
  await expect(ordinalEncode({ categories: { size: ['S', 'L'] } }).fitTransform(table)).rejects.toThrow(
    "ordinal: the order of 'size' (S, L) lacks 'M', which occurs.",
  );
});
