// Against Python's catboost: the same forests where nothing is random, and equally good ones where something is.

import { describe, expect, test } from 'vitest';
import { logLoss } from '../../../src/metrics/probability.js';
import { orderedBoosting } from '../../../src/tabular/ordered-boosting/ordered-boosting.js';
import { greedyLogSumBorders } from '../../../src/tabular/ordered-boosting/quantise.js';
import { categoriesTable, exactTable, fixture } from './fixture.js';

// CatBoost keeps borders and the learning rate as 32-bit floats.
const TOLERANCE = 1e-6;

describe('without anything random, the same as catboost', () => {
  const nothingRandom = { randomStrength: 0, bootstrapType: 'No', oneHotMaxSize: 10 } as const;

  test.each(fixture.exact.fits)('$name', async (fit) => {
    const table = exactTable(fit.task);
    const estimator = orderedBoosting({ ...nothingRandom, ...fit.options });
    const model = await estimator.fit(table, {
      target: 'target',
      ...(fit.weighted ? { weights: fixture.exact.weights } : {}),
    });
    const raw = model.rawScores(table);
    expect(raw.length).toBe(fit.raw.length);
    fit.raw.forEach((scores, k) => {
      const largest = Math.max(...scores.map((score, row) => Math.abs(score - (raw[k]?.[row] as number))));
      expect(largest).toBeLessThan(TOLERANCE);
    });
  });

  test.each(fixture.exact.fits)('SHAP values and importances: $name', async (fit) => {
    const table = exactTable(fit.task);
    const model = await orderedBoosting({ ...nothingRandom, ...fit.options }).fit(table, {
      target: 'target',
      ...(fit.weighted ? { weights: fixture.exact.weights } : {}),
    });
    model.featureImportances().forEach(({ importance }, feature) => {
      expect(importance).toBeCloseTo(fit.importance[feature] as number, 4);
    });
    const classes = fit.task === 'multiclass' ? ['0', '1', '2'] : [undefined];
    for (const [k, name] of classes.entries()) {
      const { contributions, base } = await model.explain(table, name === undefined ? {} : { class: name });
      fit.shap.forEach((row, i) => {
        const expected = (name === undefined ? row : row[k]) as readonly number[];
        for (const [feature, value] of [...contributions.map((values) => values[i] as number), base].entries())
          expect(value).toBeCloseTo(expected[feature] as number, 6);
      });
    }
  });

  test('questions and leaf values of one tree', async () => {
    const fit = fixture.exact.fits[0];
    const table = exactTable('binary');
    const model = await orderedBoosting({ ...nothingRandom, ...fit?.options }).fit(table, { target: 'target' });
    const tree = model.forest.trees[0];
    const borders = tree?.splits.map((split) => {
      const grid = split.kind === 'number' ? model.forest.grids[split.feature] : undefined;
      return split.kind === 'number' && grid?.kind === 'numeric' ? grid.borders[split.border] : undefined;
    });
    fit?.firstTree.borders.forEach((border, level) => {
      expect(borders?.[level]).toBeCloseTo(border as number, 6);
    });
    fit?.firstTree.leafValues.forEach((value, leaf) => {
      expect(tree?.values[0]?.[leaf]).toBeCloseTo(value, 6);
    });
  });

  test.each(Object.entries(fixture.borders.byCount))('borders: at most %s', (count, expected) => {
    const borders = greedyLogSumBorders(Float64Array.from(fixture.borders.values), Number(count));
    expect(borders.length).toBe(expected.length);
    expected.forEach((border, i) => {
      expect(borders[i]).toBeCloseTo(border, 5);
    });
  });
});

test('with target statistics in random orders, as good as catboost', async () => {
  const { train, test: others } = categoriesTable();
  const truth = Float64Array.from(others.categorical('bought').codes);
  const losses: number[] = [];
  for (const seed of [1, 2, 3, 4, 5]) {
    const model = await orderedBoosting({ rounds: 200, learningRate: 0.05, depth: 4, seed }).fit(train, {
      target: 'bought',
    });
    losses.push(logLoss(truth, await model.predictProbabilities(others)));
  }
  const mean = losses.reduce((total, loss) => total + loss, 0) / losses.length;
  expect(Math.abs(mean / fixture.categories.logLoss - 1)).toBeLessThan(0.02); // catboost's own seeds lie within 1%
});
