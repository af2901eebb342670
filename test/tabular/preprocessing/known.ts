// What test/python/make_preprocessing.py wrote with scikit-learn, and how to compare with it.

import { expect } from 'vitest';
import type { FittedTransformer, TransformerJson } from '../../../src/tabular/preprocessing/transformer.js';
import { transformerFromJson } from '../../../src/tabular/preprocessing/transformer-file.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { fixtureJson } from '../../references.js';

type Numbers = (number | null)[][];
type Names = (string | null)[][];
interface OneHot {
  readonly names: string[];
  readonly values: number[][];
}

export const known = fixtureJson('tabular/preprocessing.json') as {
  readonly numbers: Record<'train' | 'test' | 'standardize' | 'minMax' | 'mean' | 'median' | 'indicators', Numbers>;
  readonly categories: Record<'train' | 'test' | 'complete' | 'mostFrequent', Names> &
    Record<'oneHot' | 'minCount' | 'maxCategories' | 'both', OneHot>;
  readonly targetEncodings: {
    readonly target: 'regression' | 'binary' | 'three';
    readonly smoothing: 'auto' | number;
    readonly truth: number[];
    readonly values: number[][];
    readonly train: number[][];
  }[];
  readonly hashing: {
    readonly texts: string[];
    readonly murmur3: number[];
    readonly murmur3Seed7: number[];
    readonly cases: { readonly buckets: number; readonly signed: boolean; readonly rows: number[][] }[];
  };
};

export const numbersTable = (columns: Numbers): Table =>
  new Table(columns.map((values, i) => numeric(`x${i}`, values)));

export const categoriesTable = ([city = [], size = []]: Names): Table =>
  new Table([categorical('city', city), categorical('size', size)]);

/** Every column, in order, within 1e-12 of scikit-learn's, relative where numbers are large. */
export function expectColumns(table: Table, expected: Numbers): void {
  expect(table.columns.length).toBe(expected.length);
  for (const [i, column] of table.columns.entries()) expectValues(table.numeric(column.name).values, expected[i] ?? []);
}

export function expectValues(ours: ArrayLike<number>, theirs: readonly (number | null)[]): void {
  expect(ours.length).toBe(theirs.length);
  for (const [row, value] of theirs.entries()) {
    if (value === null) expect(ours[row]).toBeNaN();
    else expect(Math.abs((ours[row] as number) - value)).toBeLessThanOrEqual(1e-12 * Math.max(1, Math.abs(value)));
  }
}

/** A fitted step as it comes back from a file. */
export const throughJson = (fitted: FittedTransformer): FittedTransformer =>
  transformerFromJson(JSON.parse(JSON.stringify(fitted)) as TransformerJson);

/** A column's cells, missing ones undefined. */
export const cells = (table: Table, name: string) => table.records().map((row) => row[name]);
