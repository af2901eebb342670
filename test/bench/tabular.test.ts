import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { compared } from '../../bench/suites/tabular.js';
import { type TabularCase, tabularCases } from '../../bench/suites/tabular-cases.js';
import { readAdult } from '../../bench/suites/tabular-data.js';
import { temporaryFolder } from '../references.js';

test('both sides read the same numbers and codes, missing ones and unknown ones as -1', async () => {
  const folder = temporaryFolder();
  const header = 'age,workclass,income\n';
  await writeFile(join(folder, 'adult_train.csv'), `${header}44,Private,<=50K\n20,,>50K\n31,Local-gov,<=50K\n`);
  await writeFile(join(folder, 'adult_test.csv'), `${header}52,?,>50K\n18,Never-worked,<=50K\n`);
  const { classes, train, test: other } = await readAdult(folder);
  expect(classes).toEqual(['<=50K', '>50K']);
  expect(train).toEqual({
    columns: [
      { name: 'age', kind: 'numeric', values: [44, 20, 31] },
      { name: 'workclass', kind: 'categorical', categories: ['Local-gov', 'Private'], codes: [1, -1, 0] },
    ],
    labels: [0, 1, 0],
  });
  expect(other.columns[1]).toMatchObject({ codes: [-1, -1] });
  expect(other.labels).toEqual([1, 0]);
});

const labels = [0, 1, 1, 0];
const probabilities = [0.1, 0.9, 0.4, 0.2];
const ours = { fits: [900, 1100, 1000], predictions: [2, 4], probabilities };
const reference = { ...ours, name: 'xgboost 3.2.0', fits: [2000], predictions: [6] };
const one: TabularCase = { name: 'xgboost', settings: {}, fits: { warmUp: 0, counted: 1 }, same: true };

test('times are compared by their ratio, what is predicted by the difference', () => {
  const rows = compared(one, ours, { ...reference, probabilities: [0.1, 0.9, 0.4, 0.7] }, labels);
  const of = (metric: string) => rows.find((row) => row.metric === metric);
  expect(of('seconds to train')).toMatchObject({ ours: 1, reference: 2, ratio: 0.5, referenceName: 'xgboost 3.2.0' });
  expect(of('microseconds per row to predict')).toMatchObject({ ours: 750, reference: 1500, ratio: 0.5 });
  expect(of('accuracy in percent')).toMatchObject({ ours: 75, reference: 50, difference: 25 });
  expect(of('ROC AUC in percent')).toMatchObject({ ours: 100, reference: 75, difference: 25 });
  expect(of('log loss in thousandths')?.ours).toBeCloseTo(
    (-1000 * (2 * Math.log(0.9) + Math.log(0.4) + Math.log(0.8))) / 4,
    9,
  );
});

test('of the same library the largest difference counts', () => {
  const near = probabilities.map((p) => p + 2e-7);
  const metric = 'largest difference of two probabilities, in millionths';
  const rows = compared(one, ours, { ...reference, probabilities: near }, labels);
  expect(rows.find((row) => row.metric === metric)?.ours).toBeCloseTo(0.2, 6);
  expect(() => compared(one, ours, { ...reference, probabilities: near.slice(1) }, labels)).toThrow(
    '4 true labels and 3',
  );
  const another = compared({ ...one, same: false }, ours, reference, labels);
  expect(another.some((row) => row.metric === metric)).toBe(false);
});

test('every case has settings, and fits that count', () => {
  for (const { settings, fits } of tabularCases) {
    expect(Object.keys(settings).length).toBeGreaterThan(0);
    expect(fits.counted).toBeGreaterThan(0);
  }
});
