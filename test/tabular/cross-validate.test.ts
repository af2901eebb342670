// Scores and predictions of rows that were not learnt from, and that nothing of them leaks.

import { expect, test } from 'vitest';
import { seededRandom } from '../../src/hub/random.js';
import { rocAuc } from '../../src/metrics/ranking.js';
import { constantBaseline } from '../../src/tabular/baselines/constant.js';
import { linearRegression } from '../../src/tabular/baselines/linear-regression.js';
import { logisticRegression } from '../../src/tabular/baselines/logistic-regression.js';
import { crossValidate } from '../../src/tabular/cross-validate.js';
import { FitInterrupted } from '../../src/tabular/estimator.js';
import { pipeline } from '../../src/tabular/pipeline.js';
import { impute } from '../../src/tabular/preprocessing/impute.js';
import { oneHot } from '../../src/tabular/preprocessing/one-hot.js';
import { standardize } from '../../src/tabular/preprocessing/scale.js';
import { targetEncode } from '../../src/tabular/preprocessing/target-encode.js';
import type { Transformer } from '../../src/tabular/preprocessing/transformer.js';
import { scoreClassifier } from '../../src/tabular/score.js';
import { kFold } from '../../src/tabular/splits.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { customers, lineAndStep } from './made-tables.js';
import { watched } from './watched.js';

const table = customers(300, 1);
const target = 'left';
const leaving = () => pipeline([impute(), standardize(), oneHot()], logisticRegression());

test('as fitting and scoring each fold by hand', async () => {
  const result = await crossValidate(leaving(), table, { target });
  const splits = kFold(table, { folds: 5, seed: 42, stratify: target });
  expect(result.splits).toEqual(splits);
  expect(result.task).toEqual({ kind: 'classification', target, classes: ['no', 'yes'] });
  const aucs: number[] = [];
  for (const [fold, { train, test: held }] of splits.entries()) {
    const model = await leaving().fit(table.take(train), { target });
    const { rows, millisecondsPerRow, intervals, kind, ...metrics } = await scoreClassifier(model, table.take(held));
    expect(result.scores[fold]).toEqual(metrics);
    aucs.push(metrics.rocAuc);
    const [, yes] = await model.predictProbabilities(table.take(held));
    const labels = await model.predict(table.take(held));
    expect(held.map((row) => (result.probabilities?.[1]?.[row] ?? -1) * 1e9)).toEqual(
      Int32Array.from(yes ?? [], (p) => p * 1e9),
    );
    expect(Float64Array.from(held, (row) => result.predictions[row] as number)).toEqual(labels);
  }
  const mean = aucs.reduce((sum, auc) => sum + auc, 0) / 5;
  expect(result.mean.rocAuc).toBeCloseTo(mean, 12);
  const variance = aucs.reduce((sum, auc) => sum + (auc - mean) ** 2, 0) / 4;
  expect(result.standardDeviation.rocAuc).toBeCloseTo(Math.sqrt(variance), 12);
});

test('a regression: values out of fold, scores in its unit', async () => {
  const result = await crossValidate(linearRegression(), lineAndStep(200, 3), { target: 'y', folds: 4 });
  expect(result.scores.length).toBe(4);
  expect(Object.keys(result.mean).sort()).toEqual(['mae', 'r2', 'rmse']);
  expect(result.probabilities).toBeUndefined();
  expect(result.predictions.some(Number.isNaN)).toBe(false);
  expect(result.mean.r2).toBeGreaterThan(0.3);
});

test('rows that no split tests have no prediction, and models are disposed', async () => {
  const inner = watched(leaving());
  const split = { train: Int32Array.from({ length: 200 }, (_, row) => row), test: Int32Array.from([250, 299]) };
  const weights = Float64Array.from({ length: 300 }, (_, row) => row);
  const result = await crossValidate(inner, table, { target, weights, splits: [split], score: () => ({ mine: 7 }) });
  expect(result.scores).toEqual([{ mine: 7 }]);
  expect(result.standardDeviation.mine).toBeNaN();
  expect([...result.predictions.keys()].filter((row) => !Number.isNaN(result.predictions[row]))).toEqual([250, 299]);
  expect(result.probabilities?.[0]?.[0]).toBeNaN();
  expect(inner.disposed).toEqual(inner.models);
  expect(inner.fits[0]?.options.weights).toEqual(weights.slice(0, 200));
});

test('a split may not learn from a row it tests', async () => {
  const leaky = { train: Int32Array.from([0, 1, 2]), test: Int32Array.from([2, 3]) };
  await expect(crossValidate(leaving(), table, { target, splits: [leaky] })).rejects.toThrow(
    'A split learns from row 2 and tests on it too',
  );
});

test('a class that a fold does not learn from has probability 0 there', async () => {
  const three = new Table([numeric('x', [0, 1, 0, 1, 0, 1]), categorical('y', ['a', 'b', 'a', 'b', 'c', 'c'])]);
  const split = { train: Int32Array.from([0, 1, 2, 3]), test: Int32Array.from([4, 5]) };
  const result = await crossValidate(logisticRegression(), three, { target: 'y', splits: [split] });
  expect(result.probabilities?.[2]?.slice(4)).toEqual(new Float64Array(2));
  expect(result.mean.accuracy).toBe(0);
});

// What must not happen: an id that says nothing about the target is encoded by the target of all rows, test rows among them.
const random = seededRandom(5);
const left = Array.from({ length: 500 }, () => (random() < 0.4 ? 'yes' : 'no'));
const ids = new Table([
  categorical(
    'id',
    left.map((_, row) => `id-${row}`),
  ),
  categorical(target, left),
]);
const truth = left.map((text) => Number(text === 'yes'));

test('leak-proof: an encoded random id predicts nothing, where encoding all rows first makes it predict everything', async () => {
  const honest = await crossValidate(pipeline([targetEncode({ smoothing: 1 })], logisticRegression()), ids, { target });
  expect(Math.abs((honest.mean.rocAuc as number) - 0.5)).toBeLessThan(0.05);
  expect(Math.abs(rocAuc(truth, honest.probabilities?.[1] ?? []) - 0.5)).toBeLessThan(0.06);

  const { fitted } = await targetEncode({ smoothing: 1 }).fitTransform(ids, target);
  const leaky = await crossValidate(logisticRegression(), fitted.transform(ids), { target });
  expect(leaky.mean.rocAuc).toBeGreaterThan(0.99);
});

test('leak-proof: steps see the training rows of their fold alone, and transform never sees a target', async () => {
  const numbered = table.with(
    numeric(
      'row',
      Array.from({ length: table.rowCount }, (_, row) => row),
    ),
  );
  const learnt: number[][] = [];
  const transformed: string[][] = [];
  const recorder: Transformer = {
    name: 'recorder',
    settings: {},
    async fitTransform(train, y) {
      learnt.push([...train.numeric('row').values]);
      const features = train.drop(y ?? '').columns.map(({ name, kind }) => ({ name, kind }));
      const transform = (rows: Table) => {
        transformed.push(rows.names);
        return rows;
      };
      return {
        fitted: { name: 'recorder', features, transform, source: (name) => name, toJSON: () => ({ kind: '' }) },
        train,
      };
    },
  };
  const { splits } = await crossValidate(pipeline([recorder, impute(), oneHot()], logisticRegression()), numbered, {
    target,
  });
  for (const [fold, { train, test: held }] of splits.entries()) {
    expect(learnt[fold]).toEqual([...train]);
    expect(held.some((row) => learnt[fold]?.includes(row))).toBe(false);
  }
  expect(transformed).toEqual(splits.map(() => ['age', 'plan', 'row']));
});

test('tells its progress as hundredths of a fit, and stops between folds', async () => {
  const told: { done: number; total: number; fold: number }[] = [];
  const stopper = new AbortController();
  const stopped = crossValidate(constantBaseline(), table, {
    target,
    folds: 4,
    signal: stopper.signal,
    onProgress: ({ done, total, fold }) => {
      told.push({ done, total, fold });
      if (done === 200) stopper.abort();
    },
  });
  const error = await stopped.catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect(error.message).toMatch(/stopped after 2 of 4 folds/);
  expect(told.at(-1)).toEqual({ done: 200, total: 400, fold: 1 });
  expect(told.every(({ done }, i) => i === 0 || done >= (told[i - 1]?.done as number))).toBe(true);
});

test('part of a fold is no result: a stopped fit leaves no model', async () => {
  const inner = await leaving().fit(table, { target });
  const halfway = watched({
    name: 'Half',
    settings: {},
    fit: async () => {
      throw new FitInterrupted('Half: stopped after 3 of 10 rounds.', inner);
    },
  });
  const error = await crossValidate(halfway, table, { target }).catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect(error).toMatchObject({ message: 'Half: stopped after 3 of 10 rounds.', model: undefined });
});

test('groups stay together, and time is never learnt from the future', async () => {
  const grouped = table.with(
    categorical(
      'house',
      Array.from({ length: 300 }, (_, row) => `h${row % 30}`),
    ),
  );
  const byHouse = await crossValidate(leaving(), grouped, { target, group: 'house', folds: 3 });
  for (const { train, test: held } of byHouse.splits) {
    const houses = new Set([...train].map((row) => row % 30));
    expect([...held].some((row) => houses.has(row % 30))).toBe(false);
  }
  const timed = table.with(
    numeric(
      'day',
      Array.from({ length: 300 }, (_, row) => 300 - row),
    ),
  );
  const byDay = await crossValidate(leaving(), timed, { target, time: 'day', folds: 3 });
  const day = timed.numeric('day').values;
  for (const { train, test: held } of byDay.splits)
    expect(Math.max(...[...train].map((row) => day[row] as number))).toBeLessThan(
      Math.min(...[...held].map((row) => day[row] as number)),
    );
});
