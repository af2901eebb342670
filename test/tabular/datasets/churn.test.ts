import { expect, test } from 'vitest';
import { rocAuc } from '../../../src/metrics/ranking.js';
import { churn } from '../../../src/tabular/datasets/churn.js';
import { missingOf } from '../../../src/tabular/table/column.js';
import { meanWhere, tableHash } from './table-hash.js';

const { table, truth } = churn();
const left = table.categorical('churned').codes;
const rate = (of: (row: number) => boolean): number => meanWhere(table.rowCount, (row) => left[row] as number, of);

test('the same rows on every machine, others for another seed', () => {
  expect(tableHash(table)).toBe('5df5c9d4c1e5f4d5');
  expect(tableHash(churn({ rows: 500, seed: 8 }).table)).not.toBe(tableHash(churn({ rows: 500 }).table));
  // Fewer rows are the first of more.
  expect(churn({ rows: 100 }).table.records()).toEqual(table.slice(0, 100).records());
});

test('10,000 customers, of whom a fifth to a quarter leave', () => {
  expect(table.rowCount).toBe(10_000);
  expect(table.names).toEqual([
    ...['customer_since', 'tenure_months', 'age', 'town', 'channel', 'contract', 'months_left', 'plan', 'monthly_fee'],
    ...['auto_pay', 'router', 'devices', 'usage_gb', 'usage_change', 'outages', 'support_calls', 'satisfaction'],
    ...['discount', 'churned'],
  ]);
  expect(rate(() => true)).toBeGreaterThan(0.2);
  expect(rate(() => true)).toBeLessThan(0.25);
  expect(table.categorical('town').categories).toHaveLength(64);
  const missing = table.columns.filter((column) => missingOf(column) > 0).map(({ name }) => name);
  expect(missing).toEqual(['age', 'usage_gb', 'satisfaction']);
});

test('the terms add up to the log-odds, and rows of a probability leave as often as it says', () => {
  for (const row of [0, 17, 9999]) {
    const logOdds = truth.terms.reduce((sum, { values }) => sum + (values[row] as number), truth.intercept);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(truth.probabilities[row] as number, 12);
  }
  for (const { columns } of truth.terms) for (const name of columns) expect(table.has(name)).toBe(true);
  for (const [low, high] of [
    [0, 0.1],
    [0.1, 0.3],
    [0.3, 0.6],
    [0.6, 1],
  ] as const) {
    const within = (row: number) =>
      (truth.probabilities[row] as number) >= low && (truth.probabilities[row] as number) < high;
    const said = meanWhere(table.rowCount, (row) => truth.probabilities[row] as number, within);
    expect(Math.abs(rate(within) - said)).toBeLessThan(0.03);
  }
});

test('no column alone comes near the best possible', () => {
  expect(truth.best.rocAuc).toBeCloseTo(rocAuc(left, truth.probabilities), 12);
  expect(truth.best.rocAuc).toBeGreaterThan(0.85);
  expect(truth.best.rocAuc).toBeLessThan(0.88);
  for (const column of table.columns) {
    if (column.kind === 'categorical') continue;
    const values = column.values.map((value) => (Number.isNaN(value) ? 0 : value));
    expect(Math.abs(rocAuc(left, values) - 0.5)).toBeLessThan(0.15);
  }
});

test('a discount helps three times as much as it looks, as it is given to those who are leaving', () => {
  const discount = table.categorical('discount').codes;
  const seen = rate((row) => discount[row] === 1) - rate((row) => discount[row] === 0);
  const [effect] = truth.effects;
  expect(effect).toMatchObject({ treatment: 'discount', from: 'no', to: 'yes' });
  expect(seen).toBeCloseTo(-0.034, 2);
  expect(effect?.average).toBeCloseTo(-0.1, 2);
  expect(Math.max(...(effect?.perRow ?? []))).toBeLessThan(0); // it drives nobody away
});

test('outages drive customers away also through what follows from them', () => {
  const effect = truth.effects[1];
  expect(effect).toMatchObject({ treatment: 'outages', from: 0, to: 3 });
  expect(effect?.average).toBeCloseTo(0.267, 2);
  expect(Math.min(...(effect?.perRow ?? []))).toBeGreaterThan(-0.2); // one call more than none helps a few
});

test('unhappy customers answer the survey least', () => {
  const satisfaction = table.numeric('satisfaction').values;
  expect(rate((row) => Number.isNaN(satisfaction[row]))).toBeGreaterThan(
    rate((row) => (satisfaction[row] as number) > 4) + 0.03,
  );
});

test('the leaky column gives the target away and is there only when asked for', () => {
  const leaky = churn({ leaky: true });
  expect(rocAuc(left, leaky.table.numeric('retention_calls').values)).toBeGreaterThan(0.95);
  expect(tableHash(leaky.table.drop('retention_calls'))).toBe(tableHash(table));
  const known = churn({ rows: 50, trueProbability: true });
  expect(known.table.numeric('true_probability').values).toEqual(known.truth.probabilities);
});

test('errors name what is wrong', () => {
  expect(() => churn({ rows: 0 })).toThrow('churn: rows must be a whole number from 1 to 5,000,000, not 0');
  expect(() => churn({ row: 5 } as object)).toThrow(
    "churn: there is no option 'row'. The options are rows, seed, leaky",
  );
});
