// Averages of models, and of one on many draws of the rows.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { constantBaseline } from '../../../src/tabular/baselines/constant.js';
import { decisionTree } from '../../../src/tabular/baselines/decision-tree.js';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import { logisticRegression } from '../../../src/tabular/baselines/logistic-regression.js';
import { AverageModel, average, bag } from '../../../src/tabular/ensembles/average.js';
import { FitInterrupted } from '../../../src/tabular/estimator.js';
import { loadTabularModel, modelFromJson } from '../../../src/tabular/model-file.js';
import { pipeline } from '../../../src/tabular/pipeline.js';
import { impute } from '../../../src/tabular/preprocessing/impute.js';
import { oneHot } from '../../../src/tabular/preprocessing/one-hot.js';
import { score } from '../../../src/tabular/score.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { temporaryFolder } from '../../references.js';
import { customers, lineAndStep } from '../made-tables.js';
import { watched } from '../watched.js';

const train = customers(300, 1);
const others = customers(50, 2);
const target = 'left';
const linear = () => pipeline([impute(), oneHot()], logisticRegression());
const tree = () => decisionTree({ maxDepth: 3 });

test('weighted mean of probabilities, as by hand; its class is the most probable one', async () => {
  const model = await average([linear(), tree()], { weights: [3, 1] }).fit(train, { target });
  const [, a = []] = await (await linear().fit(train, { target })).predictProbabilities(others);
  const [, b = []] = await (await tree().fit(train, { target })).predictProbabilities(others);
  const [no = [], yes = []] = await model.predictProbabilities(others);
  const labels = await model.predict(others);
  for (let row = 0; row < others.rowCount; row++) {
    expect(yes[row]).toBeCloseTo(0.75 * (a[row] as number) + 0.25 * (b[row] as number), 12);
    expect((no[row] as number) + (yes[row] as number)).toBeCloseTo(1, 12);
    expect(labels[row]).toBe(Number((yes[row] as number) > (no[row] as number)));
  }
  expect(model.weights).toEqual([0.75, 0.25]);
  expect(model.features.map(({ name }) => name)).toEqual(['age', 'plan']);
});

test('mean of values for a regression, whose contributions average too', async () => {
  const table = lineAndStep(200, 3);
  const model = await average([linearRegression(), decisionTree({ maxDepth: 4 })]).fit(table, { target: 'y' });
  const values = await model.predict(table);
  const own = await Promise.all(model.models.map((inner) => inner.predict(table)));
  for (const [row, value] of values.entries())
    expect(value).toBeCloseTo(((own[0]?.[row] as number) + (own[1]?.[row] as number)) / 2, 12);
  const why = await model.explain(table);
  expect(why).toMatchObject({ features: ['slope', 'jump'], unit: 'y' });
  expect(why.method).toMatch(/^average of /);
  for (const [row, value] of values.entries())
    expect(why.contributions.reduce((sum, of) => sum + (of[row] as number), why.base)).toBeCloseTo(value, 9);
  await expect(model.predictProbabilities(table)).rejects.toThrow("Average predicts the number 'y'");
});

test('where log-odds would have to be averaged, Shapley values of its probability are sampled', async () => {
  const model = await average([linear(), tree()]).fit(train, { target });
  const rows = others.slice(0, 5);
  const why = await model.explain(rows);
  expect(why).toMatchObject({ unit: 'probability', class: 'yes', method: 'sampled Shapley values' });
  const [, yes = []] = await model.predictProbabilities(rows);
  for (const [row, value] of [...yes].entries())
    expect(why.contributions.reduce((sum, of) => sum + (of[row] as number), why.base)).toBeCloseTo(value, 9);
});

test.each([
  ['average', () => average([linear(), tree(), constantBaseline()], { weights: [0.3, 0.5, 0.9] })],
  ['bag', () => bag(tree(), { times: 3 })],
])('%s: the same after save and load, bit for bit', async (_, make) => {
  const model = await make().fit(train, { target });
  const path = join(temporaryFolder(), 'model.json');
  await model.save(path);
  const again = await loadTabularModel(path);
  expect(again).toBeInstanceOf(AverageModel);
  expect(await again.predictProbabilities(others)).toEqual(await model.predictProbabilities(others));
  expect(await again.explain(others.slice(0, 2))).toEqual(await model.explain(others.slice(0, 2)));
});

test('bagged trees are better than one that is grown out, and the same under a seed', async () => {
  const grown = decisionTree({ maxDepth: 12 });
  const [train400, test400] = [lineAndStep(400, 3), lineAndStep(400, 4)];
  const one = await score(await grown.fit(train400, { target: 'y' }), test400);
  const bagged = await bag(grown, { times: 15 }).fit(train400, { target: 'y' });
  const many = await score(bagged, test400);
  expect(many).toMatchObject({ kind: 'regression' });
  expect('rmse' in many && many.rmse).toBeLessThan('rmse' in one ? one.rmse : 0);
  const again = await bag(grown, { times: 15 }).fit(train400, { target: 'y' });
  expect(await again.predict(test400)).toEqual(await bagged.predict(test400));
  const other = await bag(grown, { times: 15, seed: 1 }).fit(train400, { target: 'y' });
  expect(await other.predict(test400)).not.toEqual(await bagged.predict(test400));
});

test('a draw gives as many rows, with the weights they have', async () => {
  const inner = watched(tree());
  const weights = Float64Array.from({ length: train.rowCount }, (_, row) => row + 1);
  const numbered = train.with(numeric('row', weights));
  await bag(inner, { times: 2 }).fit(numbered, { target, weights });
  for (const { train: drawn, options } of inner.fits) {
    expect(drawn.rowCount).toBe(300);
    expect(options.weights).toEqual(drawn.numeric('row').values);
    expect(new Set(drawn.numeric('row').values).size).toBeLessThan(230);
  }
});

test('a class that one model never saw counts as 0 there', async () => {
  const known = new Table([numeric('x', [0, 0, 1, 1]), categorical('y', ['a', 'b', 'a', 'b'])]);
  const all = new Table([numeric('x', [0, 0, 1, 1]), categorical('y', ['a', 'b', 'c', 'b'])]);
  const two = await constantBaseline().fit(known, { target: 'y' });
  const three = await constantBaseline().fit(all, { target: 'y' });
  const model = new AverageModel('Both', three.task, [two, three], [0.5, 0.5], all.drop('y'));
  expect((await model.predictProbabilities(all)).map((of) => of[0])).toEqual([0.375, 0.5, 0.125]);
  const why = await model.explain(all, { class: 'c' });
  expect(why.base).toBeCloseTo(0.125, 12);
});

test('stopped between fits, it is the average of those there are; where one fails, the others are disposed', async () => {
  const stopper = new AbortController();
  const inner = watched(constantBaseline());
  const error = await average([inner, inner, inner])
    .fit(train, {
      target,
      signal: stopper.signal,
      onProgress: ({ done, total }) => {
        if (done * 3 >= 2 * total) stopper.abort();
      },
    })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect(error.model.models.length).toBe(2);
  expect(error.model.weights).toEqual([0.5, 0.5]);

  const failing = { name: 'Fails', settings: {}, fit: () => Promise.reject(new Error('no luck')) };
  const first = watched(constantBaseline());
  await expect(average([first, failing]).fit(train, { target })).rejects.toThrow('no luck');
  expect(first.disposed).toEqual(first.models);
  const whole = watched(constantBaseline());
  (await average([whole, whole]).fit(train, { target })).dispose();
  expect(whole.disposed.length).toBe(2);
});

test('goes on from an average of as many', async () => {
  const inner = watched(linear());
  const first = await average([inner, inner]).fit(train, { target });
  await average([inner, inner]).fit(train, { target, startFrom: first });
  expect(inner.fits.slice(2).map(({ options }) => options.startFrom)).toEqual(first.models);
  await expect(average([inner]).fit(train, { target, startFrom: first })).rejects.toThrow(
    'Average goes on from an average of 1 models, not from Average.',
  );
});

test('a damaged file is named with what is wrong', async () => {
  const model = await average([tree()]).fit(train, { target });
  const json = model.toJSON();
  const read = (changed: object) => modelFromJson({ ...json, ...changed });
  await expect(read({ models: [] })).rejects.toThrow("The ensemble 'Average' is damaged: it has no models.");
  await expect(read({ weights: [] })).rejects.toThrow('it has no weight for each model');
  await expect(read({ background: 1 })).rejects.toThrow("The background of 'Average': not a saved table.");
});

test('wrong settings are named', () => {
  expect(() => average([])).toThrow('average: give at least one estimator.');
  expect(() => average([tree()], { weights: [1, 2] })).toThrow('average: 2 weights for 1 estimators. Give one each.');
  expect(() => average([tree()], { weights: [-1] })).toThrow(/average: wrong options: weights.0 is -1/);
  expect(() => bag(tree(), { times: 0 })).toThrow(/bag: wrong options: times is 0/);
});
