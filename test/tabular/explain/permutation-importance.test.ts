// Shuffled columns against what a known formula must lose by them.

import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { permutationImportance } from '../../../src/tabular/explain/permutation-importance.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { formula } from './models.js';

const random = seededRandom(3);
const draw = (): number[] => Array.from({ length: 400 }, () => random() * 2 - 1);
const [a, b, noise] = [draw(), draw(), draw()];
const y = a.map((value, i) => 3 * value + (b[i] as number));
const table = new Table([numeric('noise', noise), numeric('b', b), numeric('a', a), numeric('y', y)]);
const regression = formula({
  table,
  task: { kind: 'regression', target: 'y' },
  of: (row) => 3 * Number(row.a) + Number(row.b),
});
const yesNo = table.with(
  categorical(
    'y',
    y.map((value) => (value > 0 ? 'yes' : 'no')),
  ),
);
const classifier = formula({
  table: yesNo,
  task: { kind: 'classification', target: 'y', classes: ['no', 'yes'] },
  of: (row) => 1 / (1 + Math.exp(-3 * Number(row.a) - Number(row.b))),
});

test('a regression: what a column adds to the error, ordered, within its interval', async () => {
  const found = await permutationImportance(regression, table);
  expect(found).toMatchObject({ metric: 'rmse', score: 0, rows: 400 });
  expect(found.features.map(({ feature }) => feature)).toEqual(['a', 'b', 'noise']);
  // Shuffled, a column is off by the difference of two draws of it: its standard deviation (1/√3) times √2, times the coefficient.
  const expected = [3, 1, 0].map((coefficient) => coefficient * Math.sqrt(2 / 3));
  found.features.forEach(({ importance, interval }, i) => {
    expect(Math.abs(importance - (expected[i] as number))).toBeLessThan(0.12 * (expected[i] as number) + 1e-12);
    const [low, high] = interval as [number, number];
    expect(importance).toBeGreaterThanOrEqual(low);
    expect(importance).toBeLessThanOrEqual(high);
  });
  expect(found.features[2]).toEqual({ feature: 'noise', importance: 0, interval: [0, 0] });
});

test('a classifier: any metric, a fall of those that should be high and a rise of those that should be low', async () => {
  for (const metric of ['rocAuc', 'accuracy', 'logLoss', 'brier'] as const) {
    const found = await permutationImportance(classifier, yesNo, { metric, repeats: 2, bootstrap: 0 });
    expect(found.features.map(({ feature }) => feature)).toEqual(['a', 'b', 'noise']);
    expect(found.features[0]?.importance).toBeGreaterThan(0.05);
    expect(found.features[0]).not.toHaveProperty('interval');
  }
  expect((await permutationImportance(classifier, yesNo, { repeats: 1, bootstrap: 0 })).metric).toBe('rocAuc');
});

test('one seed, one answer', async () => {
  const [one, same, other] = await Promise.all(
    [1, 1, 2].map((seed) => permutationImportance(classifier, yesNo, { seed, bootstrap: 20 })),
  );
  expect(one).toEqual(same);
  expect(one).not.toEqual(other);
});

test('what cannot be measured is refused by name', async () => {
  const refused = (options: object, message: string) =>
    expect(permutationImportance(regression, table, options)).rejects.toThrow(message);
  await refused({ metric: 'rocAuc' }, "there is no metric 'rocAuc' of a regression.");
  await refused({ repeats: 0 }, 'repeats must be a whole number from 1, not 0.');
  await expect(permutationImportance(regression, table.take([]))).rejects.toThrow('there are no rows');
  await expect(permutationImportance(regression, table.drop('y'))).rejects.toThrow("There is no column 'y'.");
});
