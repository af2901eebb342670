import { expect, test } from 'vitest';
import { fraud } from '../../../src/tabular/datasets/fraud.js';
import { missingOf } from '../../../src/tabular/table/column.js';
import { meanWhere, tableHash } from './table-hash.js';

const { table, truth } = fraud();
const stolen = table.categorical('fraud').codes;
const rate = (of: (row: number) => boolean): number => meanWhere(table.rowCount, (row) => stolen[row] as number, of);

test('the same rows on every machine, others for another seed', () => {
  expect(tableHash(table)).toBe('d14a6085ea991d70');
  expect(tableHash(fraud({ rows: 500, seed: 12 }).table)).not.toBe(tableHash(fraud({ rows: 500 }).table));
});

test('50,000 payments in the order of time, one in 200 a fraud', () => {
  expect(table.rowCount).toBe(50_000);
  expect(table.names).toEqual([
    ...['time', 'hour', 'card', 'merchant', 'category', 'country', 'entry', 'verified', 'amount', 'usual_amount'],
    ...['distance_km', 'device_known', 'minutes_since_last', 'payments_24h', 'new_merchant', 'card_months', 'fraud'],
  ]);
  expect(rate(() => true)).toBeCloseTo(0.005, 3);
  const time = table.column('time');
  expect(
    time.kind === 'date' && time.values.every((value, row) => row === 0 || value >= (time.values[row - 1] as number)),
  ).toBe(true);
  expect(table.categorical('card').categories).toHaveLength(2500);
  expect(table.categorical('merchant').categories).toHaveLength(392);
  const missing = table.columns.filter((column) => missingOf(column) > 0).map(({ name }) => name);
  expect(missing).toEqual(['distance_km', 'device_known', 'minutes_since_last']);
});

test('what is counted over a card is what its rows before say', () => {
  const card = table.categorical('card').codes;
  const [time, recent, since] = ['time', 'payments_24h', 'minutes_since_last'].map((name) => {
    const column = table.column(name);
    return column.kind === 'categorical' ? new Float64Array() : column.values;
  }) as [Float64Array, Float64Array, Float64Array];
  for (const row of [1000, 20_001, 49_999]) {
    const before = [...card.keys()].filter((other) => other < row && card[other] === card[row]);
    const age = (other: number) => ((time[row] as number) - (time[other] as number)) / 60_000;
    expect(recent[row]).toBe(before.filter((other) => age(other) < 1440).length);
    expect(since[row]).toBe(before.length === 0 ? Number.NaN : Math.min(...before.map(age)));
  }
});

test('the terms add up to the log-odds, and rows of a probability are fraud as often as it says', () => {
  for (const row of [0, 17, 49_999]) {
    const logOdds = truth.terms.reduce((sum, { values }) => sum + (values[row] as number), truth.intercept);
    expect(1 / (1 + Math.exp(-logOdds))).toBeCloseTo(truth.probabilities[row] as number, 12);
  }
  for (const { columns } of truth.terms) for (const name of columns) expect(table.has(name)).toBe(true);
  const expected = truth.probabilities.reduce((sum, p) => sum + p, 0);
  const came = stolen.reduce((sum, label) => sum + label, 0);
  expect(Math.abs(came - expected)).toBeLessThan(3 * Math.sqrt(expected));
  const likely = (row: number) => (truth.probabilities[row] as number) > 0.3;
  expect(rate(likely)).toBeCloseTo(
    meanWhere(table.rowCount, (row) => truth.probabilities[row] as number, likely),
    1,
  );
});

test('even the best possible model misses many', () => {
  expect(truth.best.prAuc).toBeGreaterThan(0.5);
  expect(truth.best.prAuc).toBeLessThan(0.65);
});

test('verifying seems to prevent more than it does, as careful merchants ask for it', () => {
  const verified = table.categorical('verified').codes;
  const entry = table.categorical('entry');
  const online = (row: number) => entry.categories[entry.codes[row] as number] === 'online';
  const seen = rate((row) => online(row) && verified[row] === 1) - rate((row) => online(row) && verified[row] === 0);
  const [effect] = truth.effects;
  expect(effect).toMatchObject({ treatment: 'verified', from: 'no', to: 'yes' });
  expect(seen).toBeCloseTo(-0.0103, 4);
  expect(meanWhere(table.rowCount, (row) => effect?.perRow[row] as number, online)).toBeCloseTo(-0.0085, 4);
  expect(
    meanWhere(
      table.rowCount,
      (row) => effect?.perRow[row] as number,
      (row) => !online(row),
    ),
  ).toBe(0);
});

test('the true probabilities are there only when asked for', () => {
  const known = fraud({ rows: 50, trueProbability: true });
  expect(known.table.numeric('true_probability').values).toEqual(known.truth.probabilities);
});

test('errors name what is wrong', () => {
  expect(() => fraud({ rows: 1.5 })).toThrow('fraud: rows must be a whole number from 1 to 5,000,000, not 1.5');
  expect(() => fraud({ leaky: true } as object)).toThrow("fraud: there is no option 'leaky'");
});
