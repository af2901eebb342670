// Sampled Shapley values against what theory says of linear functions, and against all orders of a function of four features.

import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import type { Explanation, TabularModel } from '../../../src/tabular/estimator.js';
import { sampledShapley } from '../../../src/tabular/explain/sampled-shapley.js';
import { readFeatures } from '../../../src/tabular/features.js';
import { categorical, numeric, takeColumn } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { formula } from './models.js';

const random = seededRandom(1);
const draw = (count: number): number[] => Array.from({ length: count }, () => random() * 2 - 1);
const rows = 30;
const table = new Table([
  numeric('a', draw(rows)),
  numeric('b', draw(rows)),
  numeric(
    'c',
    draw(rows).map((value, i) => (i % 7 === 0 ? Number.NaN : value)),
  ),
  categorical(
    'd',
    draw(rows).map((value) => (value > 0.3 ? 'high' : value > -0.3 ? 'middle' : 'low')),
  ),
  numeric('y', draw(rows)),
]);
const regression = { kind: 'regression', target: 'y' } as const;
const num = (value: unknown, missing = 0.25): number => (value === undefined ? missing : (value as number));

const linear = formula({ table, task: regression, of: ({ a, b }) => 3 * num(a) - 2 * num(b) + 5 });
/** Products and a step, so that orders matter. */
const tangled = formula({
  table,
  task: regression,
  of: ({ a, b, c, d }) => num(a) * num(b) * 4 + (d === 'high' ? num(c) * 3 : num(a)) + (num(c) > 0.2 ? 1 : 0),
});

test('a linear function: each feature its coefficient times its distance from the background mean, without error', async () => {
  const background = table.slice(0, 10);
  const why = await sampledShapley(linear, table, { background, permutations: 10 });
  expect(why).toMatchObject({ features: ['a', 'b', 'c', 'd'], unit: 'y', method: 'sampled Shapley values' });
  const meanOf = (name: string) => background.numeric(name).values.reduce((sum, value) => sum + value, 0) / 10;
  for (let row = 0; row < rows; row++) {
    expect(why.contributions[0]?.[row]).toBeCloseTo(3 * ((table.numeric('a').values[row] as number) - meanOf('a')), 10);
    expect(why.contributions[1]?.[row]).toBeCloseTo(
      -2 * ((table.numeric('b').values[row] as number) - meanOf('b')),
      10,
    );
    expect(why.contributions[2]?.[row]).toBeCloseTo(0, 10);
    expect(why.contributions[3]?.[row]).toBeCloseTo(0, 10);
  }
  expect(why.base).toBeCloseTo(3 * meanOf('a') - 2 * meanOf('b') + 5, 10);
});

test('base and contributions add up to the prediction, whatever the function and however few the orders', async () => {
  for (const permutations of [1, 3, 20]) {
    const why = await sampledShapley(tangled, table, { permutations });
    const predicted = await tangled.predict(table);
    for (let row = 0; row < rows; row++) expect(sum(why, row)).toBeCloseTo(predicted[row] as number, 10);
  }
});

test('many orders come close to the Shapley values of all subsets; more come closer', async () => {
  const background = table.slice(10, 30);
  const some = table.slice(0, 6);
  const exact = await bruteForce(tangled, some, background);
  const error = async (permutations: number): Promise<number> => {
    const why = await sampledShapley(tangled, some, { background, permutations });
    expect(why.base).toBeCloseTo(exact.base, permutations >= 20 ? 10 : 0);
    return Math.sqrt(
      mean(why.contributions.flatMap((values, f) => [...values].map((v, row) => (v - at(exact.values, f, row)) ** 2))),
    );
  };
  const [few, many] = [await error(20), await error(2000)];
  expect(few).toBeLessThan(0.25);
  expect(many).toBeLessThan(0.03);
});

test('a feature that does nothing gets nothing, and one seed gives one answer', async () => {
  const model = formula({ table, task: regression, of: ({ a, d }) => (d === 'low' ? num(a) : -num(a)) });
  const why = await sampledShapley(model, table, { seed: 7 });
  expect([...(why.contributions[1] as Float64Array)].every((value) => value === 0)).toBe(true);
  expect(await sampledShapley(model, table, { seed: 7 })).toEqual(why);
  expect(await sampledShapley(model, table, { seed: 8 })).not.toEqual(why);
});

test('a classifier: the probability of the second class, of another one, or log-odds', async () => {
  const task = { kind: 'classification', target: 'y', classes: ['no', 'yes'] } as const;
  const model = formula({ table, task, of: ({ a, b }) => 1 / (1 + Math.exp(-num(a) - 2 * num(b))) });
  const yes = await sampledShapley(model, table);
  expect(yes).toMatchObject({ unit: 'probability', class: 'yes' });
  const no = await sampledShapley(model, table, { class: 'no' });
  expect(no.contributions[0]?.[3]).toBeCloseTo(-(yes.contributions[0]?.[3] as number), 10);
  const logOdds = await sampledShapley(model, table, { output: 'log-odds', permutations: rows });
  const { values } = table.numeric('b');
  expect(logOdds.unit).toBe('log-odds');
  expect(logOdds.contributions[1]?.[3]).toBeCloseTo(2 * ((values[3] as number) - mean([...values])), 6);
});

test('the model predicts large tables: few calls for one row and for many', async () => {
  for (const count of [1, 30, 3000]) {
    tangled.counted.calls = 0;
    tangled.counted.rows = 0;
    const many = table.take(Array.from({ length: count }, (_, i) => i % rows));
    await sampledShapley(tangled, many, { background: table, permutations: 10 });
    expect(tangled.counted.rows).toBe(count * 10 * 2 * 3 + count + rows); // steps, the rows themselves, the background
    expect(tangled.counted.calls).toBeLessThanOrEqual(2 + Math.ceil((count * 60) / 4096));
  }
});

test('one feature: all the difference is its own', async () => {
  const model = formula({ table: table.select('a', 'y'), task: regression, of: ({ a }) => num(a) ** 2 });
  const why = await sampledShapley(model, table, { permutations: 5 });
  const predicted = await model.predict(table);
  expect(why.contributions[0]?.[4]).toBeCloseTo((predicted[4] as number) - why.base, 12);
});

test('what cannot be explained is refused by name', async () => {
  const three = { kind: 'classification', target: 'y', classes: ['x', 'y', 'z'] } as const;
  const model = formula({ table, task: three, of: () => 0.3 });
  await expect(sampledShapley(model, table)).rejects.toThrow(
    'Say which class to explain: { class: ... }, one of x, y, z.',
  );
  await expect(sampledShapley(model, table, { class: 'q' })).rejects.toThrow(
    "There is no class 'q' to explain. The classes of 'y' are x, y, z.",
  );
  await expect(sampledShapley(linear, table, { class: 'q' })).rejects.toThrow(
    "There is no class 'q' to explain: formula predicts the number 'y'.",
  );
  await expect(sampledShapley(linear, table, { permutations: 0 })).rejects.toThrow(
    'permutations must be a whole number from 1, not 0.',
  );
  await expect(sampledShapley(linear, table.take([]))).rejects.toThrow('there are no rows to explain');
  await expect(sampledShapley(linear, table, { background: table.take([]) })).rejects.toThrow(
    'the background has no rows',
  );
  await expect(sampledShapley(linear, table.drop('b'))).rejects.toThrow(
    "The model learnt from a column 'b', which the table lacks.",
  );
});

/** Shapley values from all 16 subsets of the features, each over all background rows. */
async function bruteForce(model: TabularModel, some: Table, background: Table) {
  const count = model.features.length;
  const values: number[][] = Array.from({ length: count }, () => []);
  const worth = async (row: number, subset: number): Promise<number> => {
    const own = readFeatures(some, model.features);
    const others = readFeatures(background, model.features);
    const same = new Int32Array(background.rowCount).fill(row);
    const mixed = own.map((column, f) => (subset & (1 << f) ? takeColumn(column, same) : (others[f] as typeof column)));
    return mean([...(await model.predict(new Table(mixed)))]);
  };
  const factorial = (n: number): number => (n < 2 ? 1 : n * factorial(n - 1));
  for (let row = 0; row < some.rowCount; row++) {
    const worths = await Promise.all(Array.from({ length: 1 << count }, (_, subset) => worth(row, subset)));
    for (let f = 0; f < count; f++) {
      let value = 0;
      for (let subset = 0; subset < 1 << count; subset++) {
        if (subset & (1 << f)) continue;
        const size = [...subset.toString(2)].filter((bit) => bit === '1').length;
        const weight = (factorial(size) * factorial(count - size - 1)) / factorial(count);
        value += weight * ((worths[subset | (1 << f)] as number) - (worths[subset] as number));
      }
      values[f]?.push(value);
    }
  }
  return { values, base: await worth(0, 0) };
}

const sum = ({ base, contributions }: Explanation, row: number): number =>
  contributions.reduce((total, values) => total + (values[row] as number), base);
const mean = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0) / values.length;
const at = (values: readonly (readonly number[])[], f: number, row: number): number => values[f]?.[row] as number;
