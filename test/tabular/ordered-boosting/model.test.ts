import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { logLoss } from '../../../src/metrics/probability.js';
import { loadTabularModel, modelFromJson } from '../../../src/tabular/model-file.js';
import type { OrderedBoostingModel } from '../../../src/tabular/ordered-boosting/model.js';
import { orderedBoosting } from '../../../src/tabular/ordered-boosting/ordered-boosting.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import type { Classification } from '../../../src/tabular/target.js';
import { categoriesTable, exactTable } from './fixture.js';

/** Shops in cities with gaps, and a target of three kinds that depends on both together. */
function shops(rows: number, seed: number): Table {
  const random = seededRandom(seed);
  const pick = (count: number) =>
    Array.from({ length: rows }, () => (random() < 0.05 ? -1 : Math.floor(random() * count)));
  const [city, shop, size] = [pick(20), pick(8), pick(50)] as [number[], number[], number[]];
  const sales = city.map(
    (c, row) => ((c * 7 + (shop[row] as number) * 3) % 10) + (size[row] as number) / 20 + random(),
  );
  const level = sales.map((value) => (value < 4 ? 'low' : value < 8 ? 'middle' : 'high'));
  const named = (values: number[], prefix: string) => values.map((value) => (value < 0 ? null : `${prefix}${value}`));
  return new Table([
    categorical('city', named(city, 'c')),
    categorical('shop', named(shop, 's')),
    categorical(
      'open',
      size.map((value) => value > 25),
    ),
    numeric(
      'size',
      size.map((value) => (value < 0 ? null : value)),
    ),
    numeric('sales', sales),
    categorical('level', level),
  ]);
}

const table = shops(600, 1);
const others = shops(200, 2);
const models: { name: string; model: OrderedBoostingModel }[] = [];
let folder = '';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'ordered-boosting-'));
  const estimator = orderedBoosting({ rounds: 25, depth: 4, learningRate: 0.2, maxCtrComplexity: 4 });
  const bought = categoriesTable();
  models.push(
    { name: 'several classes', model: await estimator.fit(table.drop('sales'), { target: 'level' }) },
    { name: 'a number', model: await estimator.fit(table.drop('level'), { target: 'sales' }) },
    { name: 'two classes', model: await estimator.fit(bought.train, { target: 'bought' }) },
  );
});

afterAll(() => rm(folder, { recursive: true, force: true }));

const rowsFor = (model: OrderedBoostingModel): Table =>
  model.task.target === 'bought' ? categoriesTable().test : others;
const of = (name: string): OrderedBoostingModel =>
  models.find((each) => each.name === name)?.model as OrderedBoostingModel;

test('combinations of columns are found where the target depends on them', () => {
  const combined = [...of('several classes').forest.counts.values()].filter(
    ({ projection }) => projection.categories.length > 1,
  );
  expect(combined.length).toBeGreaterThan(0);
  expect([...of('two classes').forest.counts.values()].some(({ projection }) => projection.conditions.length > 0)).toBe(
    true,
  );
});

test('it learns: far better than the most frequent class, the mean, or chance', async () => {
  const level = await of('several classes').predict(others);
  const { classes } = of('several classes').task as Classification;
  const truth = others.categorical('level');
  const right = level.filter((k, row) => classes[k] === truth.categories[truth.codes[row] as number]).length;
  expect(right / others.rowCount).toBeGreaterThan(0.7);

  const sales = await of('a number').predict(others);
  const { values } = others.numeric('sales');
  const error = sales.reduce((sum, value, row) => sum + (value - (values[row] as number)) ** 2, 0);
  const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
  expect(error).toBeLessThan(0.4 * values.reduce((sum, value) => sum + (value - mean) ** 2, 0));
});

describe.each(['several classes', 'a number', 'two classes'])('%s', (name) => {
  test('saved and loaded, it predicts the same, bit for bit', async () => {
    const model = of(name);
    const path = join(folder, `${name}.json`);
    await model.save(path);
    const again = await loadTabularModel(path);
    expect(again.name).toBe('Ordered boosting');
    expect(again.parameters).toBe(model.parameters);
    expect(await again.predict(rowsFor(model))).toEqual(await model.predict(rowsFor(model)));
    expect((again as OrderedBoostingModel).rawScores(rowsFor(model))).toEqual(model.rawScores(rowsFor(model)));
    expect(await again.explain(rowsFor(model), explained(name))).toEqual(
      await model.explain(rowsFor(model), explained(name)),
    );
  });

  test('contributions and base add up to the raw output', async () => {
    const model = of(name);
    const rows = rowsFor(model);
    const { contributions, base, features, method } = await model.explain(rows, explained(name));
    expect(method).toBe('tree SHAP');
    expect(features).toEqual(model.features.map((feature) => feature.name));
    const dimension = name === 'several classes' ? 1 : 0;
    const raw = model.rawScores(rows)[dimension] as Float64Array;
    raw.forEach((score, row) => {
      const sum = contributions.reduce((total, values) => total + (values[row] as number), base);
      expect(sum).toBeCloseTo(score, 9);
    });
  });

  test('importances are percentages of all features', () => {
    const importances = of(name).featureImportances();
    expect(importances.reduce((sum, { importance }) => sum + importance, 0)).toBeCloseTo(100, 6);
    expect(importances.every(({ importance }) => importance >= 0)).toBe(true);
  });
});

/** 'low', 'middle', 'high' are sorted: the second is 'low'. */
const explained = (name: string) => (name === 'several classes' ? { class: 'low' } : {});

test('probabilities are those of the raw outputs and sum to 1', async () => {
  const probabilities = await of('several classes').predictProbabilities(others);
  expect(probabilities).toHaveLength(3);
  const predicted = await of('several classes').predict(others);
  for (let row = 0; row < others.rowCount; row++) {
    const p = probabilities.map((of) => of[row] as number);
    expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
    expect(p.indexOf(Math.max(...p))).toBe(predicted[row]);
  }
  await expect(of('a number').predictProbabilities(others)).rejects.toThrow("'sales', which has no probabilities");
});

test('the first of two classes is explained by the negative of the second', async () => {
  const model = of('two classes');
  const rows = rowsFor(model).slice(0, 5);
  const [yes, no] = [await model.explain(rows), await model.explain(rows, { class: '0' })];
  expect(yes.class).toBe('1');
  expect(no.base).toBeCloseTo(-yes.base, 12);
  expect(no.contributions[0]?.[3]).toBeCloseTo(-(yes.contributions[0]?.[3] as number), 12);
});

test.each([1, 8, 10])('trees of depth %i predict what they were seen to learn', async (depth) => {
  const table = exactTable('binary');
  let loss = Number.NaN;
  const model = await orderedBoosting({ rounds: 5, depth, oneHotMaxSize: 10 }).fit(table, {
    target: 'target',
    onProgress: (progress) => {
      loss = progress.loss as number;
    },
  });
  const truth = table.categorical('target').codes;
  expect(logLoss(truth, await model.predictProbabilities(table))).toBeCloseTo(loss, 10);
});

test('questions it cannot answer are refused', async () => {
  await expect(of('several classes').explain(others)).rejects.toThrow("Say which class to explain: { class: 'high' }");
  await expect(of('several classes').explain(others, { class: 'none' })).rejects.toThrow("no class 'none'");
  await expect(of('a number').explain(others, { class: 'low' })).rejects.toThrow('A regression has no classes');
  expect(() => of('a number').rawScores(others.drop('city'))).toThrow("a column 'city', which the table lacks");
});

test('a damaged file is refused by naming what is wrong', async () => {
  const json = of('a number').toJSON();
  const wrong = { ...json, values: json.cover };
  await expect(modelFromJson(wrong)).resolves.toBeDefined(); // one dimension: as many
  await expect(modelFromJson({ ...json, start: json.cover })).rejects.toThrow(/values holds \d+ numbers/);
  await expect(modelFromJson({ ...json, trees: [[[2, 999, 0, 0]]] })).rejects.toThrow(
    'a tree asks [2,999,0,0], about a column that is not there',
  );
});

test('a saved model lacking a part names the part', async () => {
  const { grids, ...rest } = of('a number').toJSON();
  expect(grids).toBeDefined();
  await expect(modelFromJson(rest)).rejects.toThrow('grids is missing');
});

test('categories and gaps that training did not know are read as missing', async () => {
  const model = await orderedBoosting({ rounds: 5, randomStrength: 0 }).fit(exactTable('binary'), { target: 'target' });
  const row = exactTable('binary').slice(0, 1);
  const strange = row.with(categorical('kind', ['never seen'])).with(numeric('count', [null]));
  const missing = row.with(categorical('kind', [null])).with(numeric('count', [null]));
  expect(model.rawScores(strange)).toEqual(model.rawScores(missing));
});

test('disposed of, it says so', async () => {
  const model = await orderedBoosting({ rounds: 2 }).fit(exactTable('binary'), { target: 'target' });
  model.dispose();
  model.dispose();
  await expect(model.predict(exactTable('binary'))).rejects.toThrow('disposed of');
});
