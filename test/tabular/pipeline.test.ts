// Steps and an estimator as one.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { linearRegression } from '../../src/tabular/baselines/linear-regression.js';
import { logisticRegression } from '../../src/tabular/baselines/logistic-regression.js';
import { FitInterrupted } from '../../src/tabular/estimator.js';
import { loadTabularModel } from '../../src/tabular/model-file.js';
import { PipelineModel, pipeline } from '../../src/tabular/pipeline.js';
import { dropColumns } from '../../src/tabular/preprocessing/choose-columns.js';
import { hashEncode } from '../../src/tabular/preprocessing/hash-encode.js';
import { impute } from '../../src/tabular/preprocessing/impute.js';
import { oneHot } from '../../src/tabular/preprocessing/one-hot.js';
import { ordinalEncode } from '../../src/tabular/preprocessing/ordinal-encode.js';
import { minMax, standardize } from '../../src/tabular/preprocessing/scale.js';
import { targetEncode } from '../../src/tabular/preprocessing/target-encode.js';
import type { Transformer } from '../../src/tabular/preprocessing/transformer.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { temporaryFolder } from '../references.js';
import { customers } from './made-tables.js';
import { watched } from './watched.js';

const train = customers(300, 1);
const others = customers(100, 2);
const target = 'left';
const steps = () => [impute({ indicators: true }), standardize(), oneHot()];

test.each<[string, Transformer]>([
  ['one-hot', oneHot({ dropFirst: true })],
  ['target-encode', targetEncode()],
  ['hash', hashEncode({ buckets: 4 })],
  ['ordinal', ordinalEncode()],
])('%s: one file that predicts the same, bit for bit', async (_, encode) => {
  const estimator = pipeline([impute({ indicators: true }), encode, standardize(), minMax()], logisticRegression());
  const model = await estimator.fit(train, { target });
  expect(estimator.name).toBe('Logistic regression');
  expect(model.features.map(({ name }) => name)).toEqual(['age', 'plan']);
  expect(model.parameters).toBe(model.model.parameters);
  const path = join(temporaryFolder(), 'model.json');
  await model.save(path);
  const again = await loadTabularModel(path);
  expect(await again.predict(others)).toEqual(await model.predict(others));
  expect(await again.predictProbabilities(others)).toEqual(await model.predictProbabilities(others));
  expect(await again.explain(others)).toEqual(await model.explain(others));
});

test('an unknown category and columns that training did not have change nothing else', async () => {
  const model = await pipeline(steps(), logisticRegression()).fit(train, { target });
  const odd = new Table([
    categorical('plan', ['gold', 'basic']),
    numeric('height', [180, 170]),
    numeric('age', [30, 30]),
  ]);
  const [, leave] = await model.predictProbabilities(odd);
  expect(leave?.[1]).toBeGreaterThan(leave?.[0] as number);
  await expect(model.predict(odd.drop('age'))).rejects.toThrow("column 'age', which the table lacks");
});

test('rows to predict on are transformed without their target', async () => {
  const columns: string[][] = [];
  const spy: Transformer = {
    name: 'spy',
    settings: {},
    async fitTransform(rows) {
      const { fitted } = await dropColumns().fitTransform(rows, target);
      const transform = (table: Table) => {
        columns.push(table.names);
        return fitted.transform(table);
      };
      const { name, features } = fitted;
      return {
        fitted: { name, features, transform, source: (output) => output, toJSON: () => fitted.toJSON() },
        train: rows,
      };
    },
  };
  const model = await pipeline([spy, ...steps()], logisticRegression()).fit(train, { target });
  const values = await model.predict(others);
  expect(columns).toEqual([['age', 'plan']]);
  expect(await model.predict(others.drop(target))).toEqual(values);
});

test('validation rows go through the fitted steps; other options reach the estimator', async () => {
  const inner = watched(logisticRegression());
  const weights = new Float64Array(train.rowCount).fill(2);
  const model = await pipeline(steps(), inner).fit(train, { target, validation: others, weights });
  const { validation, ...options } = inner.fits[0]?.options ?? { target };
  expect(validation).toEqual(model.transform(others).with(others.column(target)));
  expect(options).toEqual({ target, weights });
  expect(inner.fits[0]?.train.names).toEqual([
    'age',
    'age missing',
    'plan=basic',
    'plan=plus',
    'plan=pro',
    'plan missing',
    'left',
  ]);
});

test('goes on from another pipeline', async () => {
  const inner = watched(logisticRegression());
  const first = await pipeline(steps(), inner).fit(train, { target });
  await pipeline(steps(), inner).fit(train, { target, startFrom: first });
  expect(inner.fits[1]?.options.startFrom).toBe(first.model);
  await expect(pipeline([], inner).fit(train, { target, startFrom: first.model })).rejects.toThrow(
    'A pipeline goes on from a pipeline, not from Logistic regression alone.',
  );
});

test("contributions of a category's columns add up to those of its column", async () => {
  const model = await pipeline(steps(), logisticRegression()).fit(train, { target });
  const why = await model.explain(others, { background: train });
  const inner = await model.model.explain(model.transform(others), { background: model.transform(train) });
  expect(why).toMatchObject({ features: ['age', 'plan'], base: inner.base, unit: 'log-odds', class: 'yes' });
  const own = (row: number, names: string[]) =>
    inner.features.reduce(
      (sum, name, i) => sum + (names.includes(name) ? (inner.contributions[i]?.[row] as number) : 0),
      0,
    );
  const [, leave] = await model.predictProbabilities(others);
  for (let row = 0; row < others.rowCount; row++) {
    expect(why.contributions[0]?.[row]).toBeCloseTo(own(row, ['age', 'age missing']), 12);
    expect(why.contributions[1]?.[row]).toBeCloseTo(
      own(row, ['plan=basic', 'plan=plus', 'plan=pro', 'plan missing']),
      12,
    );
    const output = why.contributions.reduce((sum, of) => sum + (of[row] as number), why.base);
    expect(1 / (1 + Math.exp(-output))).toBeCloseTo(leave?.[row] as number, 9);
  }
});

/** One column of all: their sum. */
const summed: Transformer = {
  name: 'sum',
  settings: {},
  async fitTransform(rows, y = '') {
    const transform = (table: Table) => {
      const columns = table.names.filter((name) => name !== y).map((name) => table.numeric(name).values);
      const sum = numeric(
        'sum',
        Float64Array.from(columns[0] ?? [], (_, row) => columns.reduce((s, c) => s + (c[row] as number), 0)),
      );
      return new Table(table.has(y) ? [sum, table.column(y)] : [sum]);
    };
    const features = rows.drop(y).columns.map(({ name, kind }) => ({ name, kind }));
    const fitted = { name: 'sum', features, transform, source: () => undefined, toJSON: () => ({ kind: 'sum' }) };
    return { fitted, train: transform(rows) };
  },
};

test('where a step makes one column of several, Shapley values of the whole are sampled', async () => {
  const table = new Table([numeric('a', [1, 2, 3, 4]), numeric('b', [1, 0, 1, 0]), numeric('y', [4, 4, 8, 8])]);
  const model = await pipeline([summed], linearRegression()).fit(table, { target: 'y' });
  const why = await model.explain(table, { background: table });
  expect(why).toMatchObject({ features: ['a', 'b'], method: 'sampled Shapley values', unit: 'y' });
  for (const [row, value] of (await model.predict(table)).entries())
    expect(why.contributions.reduce((sum, of) => sum + (of[row] as number), why.base)).toBeCloseTo(value, 9);
});

test('a stopped fit keeps the steps with what was learnt behind them', async () => {
  const stopper = new AbortController();
  const inner = await logisticRegression().fit(pipelineInput(), { target });
  const halfway = {
    name: 'Half',
    settings: {},
    fit: async () => {
      throw new FitInterrupted('Half: stopped after 3 of 10 rounds.', inner);
    },
  };
  const error = await pipeline([impute(), oneHot()], halfway)
    .fit(train, { target })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect(error.message).toBe('Half: stopped after 3 of 10 rounds.');
  expect(error.model).toBeInstanceOf(PipelineModel);
  expect((await error.model.predict(others)).length).toBe(others.rowCount);

  stopper.abort();
  const stopped = pipeline(steps(), logisticRegression()).fit(train, { target, signal: stopper.signal });
  await expect(stopped).rejects.toThrow("Logistic regression: stopped after the step 'impute' was fitted.");
});

/** What comes out of `impute` and `oneHot`: the columns 'age' and three of 'plan'. */
function pipelineInput(): Table {
  const number = (name: string, value: (row: number) => number) =>
    numeric(
      name,
      Array.from({ length: train.rowCount }, (_, row) => value(row)),
    );
  const plans = ['basic', 'plus', 'pro'].map((plan, i) => number(`plan=${plan}`, (row) => Number(row % 3 === i)));
  return new Table([number('age', (row) => row), ...plans, train.column(target)]);
}

test('a step that loses rows is refused; dispose reaches the model', async () => {
  const dropping: Transformer = {
    name: 'drop-missing',
    settings: {},
    async fitTransform(rows) {
      const { fitted } = await dropColumns().fitTransform(rows, target);
      return { fitted, train: rows.filter((row) => row.age !== undefined) };
    },
  };
  await expect(pipeline([dropping], logisticRegression()).fit(train, { target })).rejects.toThrow(
    /The step 'drop-missing' made \d+ rows of 300: a step keeps all rows./,
  );
  const inner = watched(logisticRegression());
  (await pipeline(steps(), inner).fit(train, { target })).dispose();
  expect(inner.disposed.length).toBe(1);
});

test('a damaged file is named with what is wrong', async () => {
  const path = join(temporaryFolder(), 'model.json');
  await (await pipeline(steps(), logisticRegression()).fit(train, { target })).save(path);
  const json = JSON.parse(await readFile(path, 'utf8'));
  json.steps[1].kind = 'magic';
  await writeFile(path, JSON.stringify(json));
  await expect(loadTabularModel(path)).rejects.toThrow("model.json: There is no kind of step 'magic'.");
  await writeFile(path, JSON.stringify({ ...json, steps: undefined }));
  await expect(loadTabularModel(path)).rejects.toThrow("The pipeline 'Logistic regression' is damaged");
});
