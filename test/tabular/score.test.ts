import { describe, expect, test, vi } from 'vitest';
import { accuracy, balancedAccuracy, f1, macroF1 } from '../../src/metrics/classification.js';
import { brier, brierMulticlass, logLoss } from '../../src/metrics/probability.js';
import { averagePrecision, rocAuc, rocAucOneVsRest } from '../../src/metrics/ranking.js';
import { mae, r2, rmse } from '../../src/metrics/regression.js';
import { constantBaseline } from '../../src/tabular/baselines/constant.js';
import { decisionTree } from '../../src/tabular/baselines/decision-tree.js';
import { churn } from '../../src/tabular/datasets/churn.js';
import { score, scoreClassifier, scoreDifference, scoreRegressor } from '../../src/tabular/score.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';

const customers = churn({ rows: 1200 }).table.drop('customer_since');
const [train, test1] = [customers.slice(0, 800), customers.slice(800)];

describe('two classes', async () => {
  const model = await decisionTree({ maxDepth: 5 }).fit(train, { target: 'churned' });
  const truth = test1.categorical('churned').codes;
  const [first, second] = (await model.predictProbabilities(test1)) as [Float64Array, Float64Array];
  const labels = await model.predict(test1);

  test('every metric is that of src/metrics', async () => {
    const result = await scoreClassifier(model, test1);
    expect(result.kind).toBe('classification');
    expect(result.rows).toBe(400);
    expect(result.millisecondsPerRow).toBeGreaterThan(0);
    expect(result.intervals).toEqual({});
    expect(result.accuracy).toBeCloseTo(accuracy(truth, labels), 12);
    expect(result.balancedAccuracy).toBeCloseTo(balancedAccuracy(truth, labels), 12);
    expect(result.f1).toBeCloseTo(f1(truth, labels), 12);
    expect(result.rocAuc).toBeCloseTo(rocAuc(truth, second), 12);
    expect(result.prAuc).toBeCloseTo(averagePrecision(truth, second), 12);
    expect(result.logLoss).toBeCloseTo(logLoss(truth, [first, second]), 12);
    expect(result.brier).toBeCloseTo(brier(truth, second), 12);
  });

  test('every metric has an interval around it, the same for the same seed', async () => {
    const result = await scoreClassifier(model, test1, { bootstrap: 200, seed: 3 });
    for (const [name, interval] of Object.entries(result.intervals)) {
      expect(interval.value, name).toBe(result[name as keyof typeof result.intervals]);
      expect(interval.low, name).toBeLessThan(interval.value);
      expect(interval.high, name).toBeGreaterThan(interval.value);
    }
    expect(Object.keys(result.intervals)).toHaveLength(7);
    const again = await scoreClassifier(model, test1, { bootstrap: 200, seed: 3 });
    expect(again.intervals).toEqual(result.intervals);
    const other = await scoreClassifier(model, test1, { bootstrap: 200, seed: 4 });
    expect(other.intervals).not.toEqual(result.intervals);
    // The accuracy of 400 rows has a standard error of sqrt(p (1 - p) / 400).
    const { low, high } = result.intervals.accuracy as { low: number; high: number };
    const error = Math.sqrt((result.accuracy * (1 - result.accuracy)) / 400);
    expect((high - low) / (2 * 1.96 * error)).toBeCloseTo(1, 0);
  });

  test('a difference to another model is measured on the same draws', async () => {
    const least = await constantBaseline().fit(train, { target: 'churned' });
    const by = await scoreDifference(model, least, test1, { bootstrap: 300 });
    const [ours, theirs] = [await scoreClassifier(model, test1), await scoreClassifier(least, test1)];
    expect(by.rocAuc?.value).toBeCloseTo(ours.rocAuc - theirs.rocAuc, 12);
    expect(by.rocAuc?.low).toBeGreaterThan(0); // surely better than nothing
    const nothing = await scoreDifference(model, model, test1, { bootstrap: 20 });
    expect(nothing.logLoss).toEqual({ value: 0, low: 0, high: 0 });
    const age = await constantBaseline().fit(
      train.filter(({ age }) => age !== undefined),
      { target: 'age' },
    );
    await expect(scoreDifference(model, age, test1)).rejects.toThrow(
      "Decision tree and Constant cannot be compared: one predicts 'churned' (no, yes), the other 'age'",
    );
  });

  test('where only one class occurs, what needs both is not a number', async () => {
    const staying = test1.filter(({ churned }) => churned === 'no');
    const result = await scoreClassifier(model, staying, { bootstrap: 10 });
    expect([result.rocAuc, result.prAuc]).toEqual([Number.NaN, Number.NaN]);
    expect(Object.keys(result.intervals).sort()).toEqual(['accuracy', 'balancedAccuracy', 'brier', 'f1', 'logLoss']);
  });

  test('errors name what is wrong', async () => {
    await expect(score(model, test1.drop('churned'))).rejects.toThrow("There is no column 'churned'");
    await expect(score(model, test1.slice(0, 0))).rejects.toThrow('There are no rows to score');
    await expect(score(model, test1, { bootstrap: 1.5 })).rejects.toThrow(
      'samples must be a whole number from 1, not 1.5',
    );
    await expect(scoreRegressor(model, test1)).rejects.toThrow('Use scoreClassifier');
    const odd = test1.with(categorical('churned', test1.categorical('churned').codes));
    await expect(score(model, odd)).rejects.toThrow('is not among its categories (no, yes)');
  });

  test('in the quick form only some rows are scored', async () => {
    vi.stubEnv('MODEL_TYPES_QUICK', '1');
    try {
      expect((await score(model, customers)).rows).toBe(400);
    } finally {
      vi.unstubAllEnvs();
    }
  });
});

test('a metric that no draw defines has no interval, and the others keep theirs', async () => {
  const few = new Table([numeric('x', [1, 2, 3]), categorical('y', ['a', 'b', 'a'])]);
  const model = await constantBaseline().fit(few, { target: 'y' });
  const without: number[] = [];
  for (let seed = 0; seed < 20; seed++) {
    const { rocAuc: auc, intervals } = await scoreClassifier(model, few, { bootstrap: 1, seed });
    expect(auc).toBe(0.5);
    expect(intervals.logLoss).toBeDefined();
    if (intervals.rocAuc === undefined) without.push(seed);
  }
  expect(without.length).toBeGreaterThan(0);
  expect(without.length).toBeLessThan(20);
});

test('three classes', async () => {
  const model = await decisionTree({ maxDepth: 5 }).fit(train, { target: 'contract' });
  const result = await scoreClassifier(model, test1, { bootstrap: 50 });
  const truth = test1.categorical('contract').codes;
  const labels = await model.predict(test1);
  const probabilities = await model.predictProbabilities(test1);
  expect(result.accuracy).toBeCloseTo(accuracy(truth, labels), 12);
  expect(result.f1).toBeCloseTo(macroF1(truth, labels), 12);
  expect(result.rocAuc).toBeCloseTo(rocAucOneVsRest(truth, probabilities), 12);
  expect(result.brier).toBeCloseTo(brierMulticlass(truth, probabilities), 12);
  expect(result.logLoss).toBeCloseTo(logLoss(truth, probabilities), 12);
  expect(Object.keys(result.intervals)).toHaveLength(7);
});

test('a number', async () => {
  const model = await decisionTree({ maxDepth: 5 }).fit(train.drop('churned'), { target: 'monthly_fee' });
  const result = await scoreRegressor(model, test1, { bootstrap: 50 });
  const truth = test1.numeric('monthly_fee').values;
  const values = await model.predict(test1);
  expect(result.rmse).toBeCloseTo(rmse(truth, values), 12);
  expect(result.mae).toBeCloseTo(mae(truth, values), 12);
  expect(result.r2).toBeCloseTo(r2(truth, values), 12);
  expect(Object.keys(result.intervals)).toEqual(['rmse', 'mae', 'r2']);
  await expect(scoreClassifier(model, test1)).rejects.toThrow('Use scoreRegressor');
  const one = await scoreRegressor(model, test1.slice(0, 1));
  expect([one.rows, one.r2]).toEqual([1, Number.NaN]);
});
