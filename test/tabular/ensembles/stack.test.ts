// A model that learns how far to trust each of several others.

import { join } from 'node:path';
import { expect, test } from 'vitest';
import { constantBaseline } from '../../../src/tabular/baselines/constant.js';
import { decisionTree } from '../../../src/tabular/baselines/decision-tree.js';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import { logisticRegression } from '../../../src/tabular/baselines/logistic-regression.js';
import { stack } from '../../../src/tabular/ensembles/stack.js';
import { FitInterrupted } from '../../../src/tabular/estimator.js';
import { loadTabularModel } from '../../../src/tabular/model-file.js';
import { pipeline } from '../../../src/tabular/pipeline.js';
import { selectColumns } from '../../../src/tabular/preprocessing/choose-columns.js';
import { impute } from '../../../src/tabular/preprocessing/impute.js';
import { oneHot } from '../../../src/tabular/preprocessing/one-hot.js';
import { scoreRegressor } from '../../../src/tabular/score.js';
import { kFold } from '../../../src/tabular/splits.js';
import { temporaryFolder } from '../../references.js';
import { customers, lineAndStep } from '../made-tables.js';
import { watched } from '../watched.js';

const train = customers(300, 1);
const others = customers(50, 2);
const target = 'left';
const linear = () => pipeline([impute(), oneHot()], logisticRegression());
const tree = () => decisionTree({ maxDepth: 3 });

test('the final model learns from predictions out of fold, as kFold and fits by hand give them', async () => {
  const final = watched(logisticRegression());
  const model = await stack([linear(), tree()], final, { folds: 4, seed: 7 }).fit(train, { target });
  const read = final.fits[0]?.train;
  expect(read?.names).toEqual(['Logistic regression', 'Decision tree', 'left']);
  expect(read?.column(target)).toEqual(train.column(target));
  for (const [estimator, name] of [
    [linear(), 'Logistic regression'],
    [tree(), 'Decision tree'],
  ] as const) {
    const byHand = new Float64Array(train.rowCount);
    for (const { train: rows, test: held } of kFold(train, { folds: 4, seed: 7, stratify: target })) {
      const fitted = await estimator.fit(train.take(rows), { target });
      const [, yes = []] = await fitted.predictProbabilities(train.take(held));
      for (const [i, row] of held.entries()) byHand[row] = yes[i] as number;
    }
    expect(read?.numeric(name).values).toEqual(byHand);
  }
  // New rows are predicted by models that learnt from all training rows.
  const [, whole] = await (await tree().fit(train, { target })).predictProbabilities(others);
  expect((await model.inputs(others)).numeric('Decision tree').values).toEqual(whole);
});

test('better than the best alone where each knows half', async () => {
  const [rows, test400] = [lineAndStep(400, 3), lineAndStep(400, 4)];
  const estimators = [
    pipeline([selectColumns('slope')], linearRegression()),
    pipeline([selectColumns('jump')], decisionTree({ maxDepth: 4 })),
  ];
  const stacked = await stack(estimators, linearRegression()).fit(rows, { target: 'y' });
  const { rmse } = await scoreRegressor(stacked, test400);
  for (const estimator of estimators) {
    const alone = await scoreRegressor(await estimator.fit(rows, { target: 'y' }), test400);
    expect(rmse).toBeLessThan(0.5 * alone.rmse);
  }
  expect((await stacked.predict(test400)).length).toBe(400);
  await expect(stacked.predictProbabilities(test400)).rejects.toThrow();
});

test('no worse than the best alone where that is all there is', async () => {
  const stacked = await stack([linear(), constantBaseline()], logisticRegression({ C: 100 })).fit(train, { target });
  const best = await linear().fit(train, { target });
  const [, a = []] = await stacked.predictProbabilities(others);
  const [, b = []] = await best.predictProbabilities(others);
  const order = (values: ArrayLike<number>) =>
    [...Array.from(values).keys()].sort((i, j) => (values[i] as number) - (values[j] as number));
  expect(order(a)).toEqual(order(b));
});

test('more than two classes, a column each; with the features too', async () => {
  const plans = customers(200, 3).filter((row) => row.plan !== undefined && row.age !== undefined);
  const final = watched(decisionTree({ maxDepth: 3 }));
  const model = await stack([decisionTree({ maxDepth: 2 }), constantBaseline()], final, { passThrough: true }).fit(
    plans,
    {
      target: 'plan',
    },
  );
  expect(final.fits[0]?.train.names.slice(0, 3)).toEqual([
    'Decision tree: basic',
    'Decision tree: plus',
    'Decision tree: pro',
  ]);
  expect(final.fits[0]?.train.names.slice(6)).toEqual(['age', 'left', 'plan']);
  const sums = await model.predictProbabilities(plans);
  expect(sums.reduce((sum, of) => sum + (of[0] as number), 0)).toBeCloseTo(1, 9);
  const path = join(temporaryFolder(), 'model.json');
  await model.save(path);
  expect(await (await loadTabularModel(path)).predictProbabilities(plans)).toEqual(sums);
});

test('one file that predicts and explains the same, bit for bit; contributions add up', async () => {
  const model = await stack([linear(), linear(), tree()], logisticRegression(), { name: 'Three' }).fit(train, {
    target,
  });
  expect(model.final.features.map(({ name }) => name)).toEqual([
    'Logistic regression',
    'Logistic regression 2',
    'Decision tree',
  ]);
  const path = join(temporaryFolder(), 'model.json');
  await model.save(path);
  const again = await loadTabularModel(path);
  expect(again.name).toBe('Three');
  expect(again.parameters).toBe(model.parameters);
  const probabilities = await model.predictProbabilities(others);
  expect(await again.predictProbabilities(others)).toEqual(probabilities);
  const why = await again.explain(others.slice(0, 3));
  expect(why).toEqual(await model.explain(others.slice(0, 3)));
  expect(why.features).toEqual(['age', 'plan']);
  for (let row = 0; row < 3; row++)
    expect(why.contributions.reduce((sum, of) => sum + (of[row] as number), why.base)).toBeCloseTo(
      probabilities[1]?.[row] as number,
      9,
    );
});

test('options reach the fits: weights of their rows, validation rows predicted by all; progress rises to the end', async () => {
  const [inner, final] = [watched(tree()), watched(logisticRegression())];
  const weights = Float64Array.from({ length: train.rowCount }, (_, row) => 1 + (row % 3));
  const told: number[] = [];
  const model = await stack([inner, constantBaseline()], final, { folds: 3 }).fit(train, {
    target,
    weights,
    validation: others,
    onProgress: ({ done, total }) => told.push(done / total),
  });
  const [first] = kFold(train, { folds: 3, seed: 42, stratify: target });
  expect(inner.fits[0]?.options.weights).toEqual(
    Float64Array.from(first?.train ?? [], (row) => weights[row] as number),
  );
  expect(inner.fits.map(({ options }) => options.validation)).toEqual(new Array(4).fill(others));
  expect(final.fits[0]?.options.weights).toBe(weights);
  expect(final.fits[0]?.options.validation).toEqual((await model.inputs(others)).with(others.column(target)));
  expect(told.at(-1)).toBe(1);
  expect(told.every((share, i) => i === 0 || share >= (told[i - 1] as number))).toBe(true);
  // Three models of folds, which are gone, and the one that learnt from all rows.
  expect(inner.disposed).toEqual(inner.models.slice(0, 3));
  model.dispose();
  expect(inner.disposed).toEqual(inner.models);
});

test('a stopped final fit still leaves a stack, any other none', async () => {
  const partial = await logisticRegression().fit(
    (await (await stack([tree()], logisticRegression()).fit(train, { target })).inputs(train)).with(
      train.column(target),
    ),
    { target },
  );
  const halfway = {
    name: 'Half',
    settings: {},
    fit: async () => {
      throw new FitInterrupted('Half: stopped.', partial);
    },
  };
  const error = await stack([tree()], halfway)
    .fit(train, { target })
    .catch((thrown) => thrown);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect((await error.model.predict(others)).length).toBe(50);
  const early = await stack([halfway, tree()], tree())
    .fit(train, { target })
    .catch((thrown) => thrown);
  expect(early).toBeInstanceOf(FitInterrupted);
  expect(early.model).toBeUndefined();
});

test('wrong settings are named', async () => {
  expect(() => stack([], tree())).toThrow('stack: give at least one estimator.');
  expect(() => stack([tree()], tree(), { folds: 1 })).toThrow(/stack: wrong options: folds is 1/);
  const model = await tree().fit(train, { target });
  await expect(stack([tree()], tree()).fit(train, { target, startFrom: model })).rejects.toThrow(
    'Stack cannot go on from Decision tree: fit it anew, without startFrom.',
  );
});
