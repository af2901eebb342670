// What test/python/make_baselines.py wrote with scikit-learn, as tables.

import { join } from 'node:path';
import { expect } from 'vitest';
import type { TabularModel } from '../../../src/tabular/estimator.js';
import { loadTabularModel } from '../../../src/tabular/model-file.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { fixtureJson, temporaryFolder } from '../../references.js';

type Columns = readonly (readonly (number | null)[])[];

interface Case {
  readonly name: string;
  readonly columns: Columns;
  readonly target: readonly number[];
}

interface LinearCase extends Case {
  readonly ridge: number;
  readonly weights: readonly number[] | null;
  readonly coefficients: readonly number[];
  readonly intercept: number;
  readonly predicted: readonly number[];
}

interface LogisticCase extends Case {
  readonly C: number;
  readonly weights: readonly number[] | null;
  readonly coefficients: readonly (readonly number[])[];
  readonly intercepts: readonly number[];
  readonly probabilities: readonly (readonly number[])[];
}

interface NeighborsCase extends Case {
  readonly new: Columns;
  readonly k: number;
  readonly weights: 'uniform' | 'distance';
  readonly classify: boolean;
  readonly predicted: readonly number[];
  readonly probabilities: readonly (readonly number[])[] | null;
}

interface TreeCase extends Case {
  readonly new: Columns;
  readonly classify: boolean;
  readonly maxDepth: number;
  readonly minSamplesLeaf: number;
  readonly weights: readonly number[] | null;
  /** A negative one is a leaf. */
  readonly features: readonly number[];
  readonly thresholds: readonly number[];
  readonly samples: readonly number[];
  readonly impurities: readonly number[];
  readonly importances: readonly number[];
  readonly predicted: readonly number[];
  readonly probabilities: readonly (readonly number[])[] | null;
}

export const cases = fixtureJson('tabular/baselines.json') as {
  readonly linear: readonly LinearCase[];
  readonly logistic: readonly LogisticCase[];
  readonly neighbors: readonly NeighborsCase[];
  readonly tree: readonly TreeCase[];
};

/** Columns x0, x1, ... */
export const featureTable = (columns: Columns): Table =>
  new Table(columns.map((values, i) => numeric(`x${i}`, values)));

/** The same with the target `y`: numbers, or classes named by their number. */
export const trainingTable = ({ columns, target }: Case, classify: boolean): Table =>
  featureTable(columns).with(classify ? categorical('y', target) : numeric('y', target));

/** As many numbers, each at most `tolerance` away, relative to its size where that is above 1. */
export function expectNear(ours: ArrayLike<number>, theirs: ArrayLike<number>, tolerance: number): void {
  expect(ours.length).toBe(theirs.length);
  for (let i = 0; i < ours.length; i++) {
    const [a, b] = [ours[i] as number, theirs[i] as number];
    expect(Math.abs(a - b) / Math.max(1, Math.abs(b)), `number ${i}: ${a}, ${b}`).toBeLessThanOrEqual(tolerance);
  }
}

/** Saved and loaded again it predicts and explains the same, bit for bit. */
export async function expectSameAfterSaving(model: TabularModel, table: Table): Promise<void> {
  const path = join(temporaryFolder(), 'deep', 'model.json');
  await model.save(path);
  const again = await loadTabularModel(path);
  expect(await again.predict(table)).toEqual(await model.predict(table));
  if (model.task.kind === 'classification')
    expect(await again.predictProbabilities(table)).toEqual(await model.predictProbabilities(table));
  expect(await again.explain(table.slice(0, 3))).toEqual(await model.explain(table.slice(0, 3)));
  expect(again.toJSON()).toEqual(model.toJSON());
  expect([again.name, again.parameters]).toEqual([model.name, model.parameters]);
}

/** What the model says of a row is the base and all contributions: `output` is its raw output, one number a row. */
export async function expectToAddUp(
  model: TabularModel,
  table: Table,
  output: ArrayLike<number>,
  of?: string,
): Promise<void> {
  const { base, contributions } = await model.explain(table, of === undefined ? {} : { class: of });
  const sums = Array.from({ length: table.rowCount }, (_, row) =>
    contributions.reduce((sum, values) => sum + (values[row] as number), base),
  );
  expectNear(sums, output, 1e-9);
}
