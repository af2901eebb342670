// The same rows and parameters give the same trees as in Python: test/python/make_xgboost.py has written what they
// predict there.

import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Explanation } from '../../../src/tabular/estimator.js';
import { loadTabularModel } from '../../../src/tabular/model-file.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import type { XgboostModel } from '../../../src/tabular/xgboost/model.js';
import type { CustomObjective, XgboostOptions } from '../../../src/tabular/xgboost/options.js';
import { xgboost } from '../../../src/tabular/xgboost/xgboost.js';
import fixture from '../../fixtures/tabular/xgboost.json' with { type: 'json' };
import { customers, here, restFor, trainOn, why } from './here.js';

/** Predictions are about 1 to 100; the same library with the same threads gives the same bits. */
const tolerance = 1e-6;

const logLossByHand: CustomObjective = (margin, labels) => {
  const p = margin.map((value) => 1 / (1 + Math.exp(-value)));
  return {
    gradient: p.map((value, i) => value - (labels[i] as number)),
    hessian: p.map((value) => value * (1 - value)),
  };
};

/** The parameters of make_xgboost.py in our words. */
const options: Readonly<Record<string, XgboostOptions>> = {
  'two classes': { maxDepth: 3, learningRate: 0.2 },
  'three classes': { maxDepth: 2 },
  'regression with weights': { maxDepth: 4, lambda: 2, gamma: 0.1 },
  'categories split set from set': { maxDepth: 3, maxCatToOnehot: 1, minChildWeight: 4 },
  monotone: { monotoneConstraints: { age: 1, income: -1 } },
  'early stopping': { evalMetric: ['auc', 'logloss'], rounds: 100, earlyStoppingRounds: 5 },
  'custom objective': { maxDepth: 3, objective: logLossByHand },
  quantile: { objective: 'reg:quantileerror', quantileAlpha: 0.9, maxDepth: 3 },
  'rows and columns drawn': { subsample: 0.7, colsampleByTree: 0.5 },
};

const same = (ours: ArrayLike<number>, theirs: ArrayLike<number>) => {
  expect(ours.length).toBe(theirs.length);
  const furthest = Array.from(theirs, (value, i) => Math.abs(value - (ours[i] as number)));
  expect(Math.max(...furthest)).toBeLessThanOrEqual(tolerance);
};

/** What Python's predict gives: of two classes the probability of the second, of more all by row. */
async function predictionsOf(model: XgboostModel, table: Table): Promise<number[][]> {
  if (model.task.kind === 'regression') return Array.from(await model.predict(table), (value) => [value]);
  const probabilities = await model.predictProbabilities(table);
  const told = probabilities.length === 2 ? probabilities.slice(1) : probabilities;
  return Array.from({ length: table.rowCount }, (_, row) => told.map((values) => values[row] as number));
}

describe.skipIf(!here)(`as Python’s xgboost${why}`, () => {
  it.each(fixture.cases)('$name', async ({ name, target, weighted, rounds, ...expected }) => {
    const rest = restFor(target);
    const weights = weighted ? { weights: fixture.weights.slice(0, fixture.trainRows) } : {};
    const model = await xgboost({ rounds, numThreads: 2, ...options[name] }).fit(trainOn(target), {
      target,
      validation: rest,
      ...weights,
    });
    same((await predictionsOf(model, rest)).flat(), expected.predictions.flat());
    if (expected.bestRound !== null) expect(model.rounds).toBe(expected.bestRound + 1);

    for (const [rows, metrics] of Object.entries(expected.history))
      for (const [metric, scores] of Object.entries(metrics))
        same(model.history[rows]?.[metric] ?? [], scores as number[]);

    const { task } = model;
    const classes = task.kind === 'classification' && task.classes.length > 2 ? task.classes : [undefined];
    const explanations: Explanation[] = [];
    for (const name of classes) explanations.push(await model.explain(rest, name === undefined ? {} : { class: name }));
    const contributions = expected.contributions.map((_, row) =>
      explanations.map(({ contributions, base }) => [...contributions.map((values) => values[row] as number), base]),
    );
    same(contributions.flat(2), expected.contributions.flat(2) as number[]);

    const kinds = { gain: 'gain', weight: 'weight', cover: 'cover', total_gain: 'totalGain' } as const;
    for (const [theirs, ours] of Object.entries(kinds)) {
      const scores = expected.importances[theirs as keyof typeof kinds] as Readonly<Record<string, number | undefined>>;
      for (const { feature, importance } of model.featureImportances(ours))
        expect(importance).toBeCloseTo(scores[feature] ?? 0, 3);
    }
    model.dispose();
  });
});

describe.skipIf(!here)(`files that Python has written${why}`, () => {
  const open = (file: string) =>
    loadTabularModel(join(import.meta.dirname, '../../fixtures/tabular/xgboost', file)) as Promise<XgboostModel>;
  const theirs = (file: string) => fixture.files.find((entry) => entry.file === file)?.predictions ?? [];

  it.each(['with-categories.json', 'with-categories.ubj'])('%s: categories are known by name', async (file) => {
    const model = await open(file);
    expect(model.features).toEqual([
      { name: 'age', kind: 'numeric' },
      { name: 'income', kind: 'numeric' },
      { name: 'plan', kind: 'categorical', categories: ['basic', 'family', 'plus', 'student', 'trial'] },
      { name: 'calls', kind: 'numeric' },
    ]);
    expect(model.task).toEqual({ kind: 'classification', target: 'target', classes: ['0', '1'] });
    same((await predictionsOf(model, restFor('left'))).flat(), theirs(file));
    // In a table that counts them otherwise, and knows one more, they mean the same.
    const plan = restFor('left')
      .records()
      .map((row) => row.plan as string | undefined);
    const other = categorical('plan', plan, ['unheard of', 'trial', 'student', 'plus', 'family', 'basic']);
    same((await predictionsOf(model, restFor('left').with(other))).flat(), theirs(file));
    model.dispose();
  });

  it('without-names.json: columns are f0, f1; the most probable class is one of 0, 1, 2', async () => {
    const model = await open('without-names.json');
    expect(model.features.map(({ name }) => name)).toEqual(['f0', 'f1']);
    const rest = restFor('kind');
    const table = new Table([numeric('f0', rest.numeric('age').values), numeric('f1', rest.numeric('income').values)]);
    same(await model.predict(table), theirs('without-names.json'));
    const [row0 = 0, row1 = 0, row2 = 0] = (await model.predictProbabilities(table)).map((values) => values[0]);
    expect(row0 + row1 + row2).toBeCloseTo(1, 6);
    model.dispose();
  });

  it('with-codes.json: codes of categories are taken as they are', async () => {
    const model = await open('with-codes.json');
    expect(model.features[0]).toEqual({ name: 'f0', kind: 'categorical' });
    expect(model.task).toEqual({ kind: 'regression', target: 'target' });
    const rest = restFor('spend');
    const plan = { ...rest.categorical('plan'), name: 'f0' };
    const [age, income] = [rest.numeric('age').values, rest.numeric('income').values];
    same(await model.predict(new Table([plan, numeric('f1', age), numeric('f2', income)])), theirs('with-codes.json'));
    model.dispose();
  });

  it('stopped-early.json: predictions use the best round, as XGBClassifier’s do', async () => {
    const model = await open('stopped-early.json');
    expect(model.rounds).toBe((fixture.files.at(-1)?.bestRound as number) + 1);
    expect(model.allRounds).toBeGreaterThan(model.rounds);
    same((await predictionsOf(model, customers.slice(fixture.trainRows))).flat(), theirs('stopped-early.json'));
    model.dispose();
  });
});
