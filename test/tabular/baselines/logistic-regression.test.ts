// Ours against scikit-learn's coefficients.

import { expect, test } from 'vitest';
import { logisticRegression } from '../../../src/tabular/baselines/logistic-regression.js';
import { FitInterrupted } from '../../../src/tabular/estimator.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { cases, expectNear, expectSameAfterSaving, expectToAddUp, trainingTable } from './cases.js';

test.each(cases.logistic)('as scikit-learn: $name', async (known) => {
  const train = trainingTable(known, true);
  const model = await logisticRegression({ C: known.C }).fit(train, {
    target: 'y',
    ...(known.weights === null ? {} : { weights: known.weights }),
  });
  for (const [k, theirs] of known.coefficients.entries()) {
    const name = known.coefficients.length === 1 ? '1' : String(k);
    expectNear(Object.values(model.coefficientsOf(name)), theirs, 1e-4);
  }
  const probabilities = await model.predictProbabilities(train);
  for (const [k, theirs] of known.probabilities.entries()) expectNear(probabilities[k] as Float64Array, theirs, 1e-5);
});

const caseOf = (classes: number) => cases.logistic.find(({ probabilities }) => probabilities.length === classes);
const two = trainingTable(caseOf(2) as (typeof cases.logistic)[number], true);
const three = trainingTable(caseOf(3) as (typeof cases.logistic)[number], true);

test('contributions and the base add up to the log-odds', async () => {
  const model = await logisticRegression().fit(two, { target: 'y' });
  const [first, second] = (await model.predictProbabilities(two)) as [Float64Array, Float64Array];
  const logOdds = second.map((p, row) => Math.log(p / (first[row] as number)));
  await expectToAddUp(model, two, logOdds);
  await expectToAddUp(
    model,
    two,
    logOdds.map((value) => -value),
    '0',
  );
  const explanation = await model.explain(two);
  expect(explanation).toMatchObject({ unit: 'log-odds', class: '1', features: ['x0', 'x1', 'x2', 'x3'] });
  expect(model.coefficients).toEqual(model.coefficientsOf('1'));
  expectNear(
    Object.values(model.coefficientsOf('0')),
    Object.values(model.coefficients).map((value) => -value),
    0,
  );
  expect(model.parameters).toBe(5);
});

test('with more classes one must be named', async () => {
  const model = await logisticRegression().fit(three, { target: 'y' });
  expect(() => model.coefficients).toThrow('Say which class to explain');
  await expect(model.explain(three)).rejects.toThrow('Say which class to explain');
  expect((await model.explain(three, { class: '2' })).class).toBe('2');
  expect(() => model.coefficientsOf('4')).toThrow("There is no class '4'");
  const [a, b, c] = (await model.predictProbabilities(three)) as [Float64Array, Float64Array, Float64Array];
  expectNear(
    a.map((p, row) => p + (b[row] as number) + (c[row] as number)),
    new Float64Array(80).fill(1),
    1e-12,
  );
  expect(model.parameters).toBe(15);
});

test('is the same after saving', async () => {
  await expectSameAfterSaving(await logisticRegression().fit(two, { target: 'y' }), two);
  const model = await logisticRegression().fit(three, { target: 'y' });
  const path = model.toJSON();
  expect(JSON.parse(JSON.stringify(path))).toEqual(path);
});

test('goes on from another, and finds the same in fewer steps', async () => {
  const steps = { first: 0, again: 0 };
  const model = await logisticRegression().fit(two, { target: 'y', onProgress: ({ done }) => (steps.first = done) });
  const again = await logisticRegression().fit(two, {
    target: 'y',
    startFrom: model,
    onProgress: ({ done }) => (steps.again = done),
  });
  expect(steps.first).toBeGreaterThan(3);
  expect(steps.again).toBeLessThan(2);
  expectNear(Object.values(again.coefficients), Object.values(model.coefficients), 1e-6);
  await expect(logisticRegression().fit(three, { target: 'y', startFrom: model })).rejects.toThrow(
    'goes on from a logistic',
  );
});

test('classes that a line parts have finite coefficients', async () => {
  const table = new Table([numeric('x', [1, 2, 3, 4]), categorical('y', ['no', 'no', 'yes', 'yes'])]);
  const model = await logisticRegression({ C: 1e6 }).fit(table, { target: 'y' });
  expect(Number.isFinite(model.coefficients.x)).toBe(true);
  expect([...(await model.predict(table))]).toEqual([0, 0, 1, 1]);
});

test('is stopped by a signal, and holds what was learnt', async () => {
  const stop = new AbortController();
  const fit = logisticRegression().fit(two, { target: 'y', signal: stop.signal, onProgress: () => stop.abort() });
  const error = (await fit.then(
    () => undefined,
    (reason) => reason,
  )) as FitInterrupted;
  expect(error).toBeInstanceOf(FitInterrupted);
  expect(await error.model?.predict(two)).toHaveLength(80);
});

test('errors name the setting, and a number to predict is refused', async () => {
  expect(() => logisticRegression({ C: 0 })).toThrow(/logisticRegression.*C is 0/);
  const numbers = two.with(numeric('y', two.categorical('y').codes));
  await expect(logisticRegression().fit(numbers, { target: 'y' })).rejects.toThrow('which is for linearRegression()');
  const classes = await logisticRegression().fit(numbers, { target: 'y', task: 'classification' });
  expect(classes.task).toMatchObject({ classes: ['0', '1'] });
});
