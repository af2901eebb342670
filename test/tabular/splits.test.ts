// Splits and folds: shares, strata, groups and time are kept, and what cannot be is said.

import { expect, test } from 'vitest';
import { kFold, splitTable } from '../../src/tabular/splits.js';
import { categorical, date, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';

const count = 200;
const rows = Array.from({ length: count }, (_, row) => row);
const visits = new Table([
  numeric('row', rows),
  categorical(
    'ill',
    rows.map((row) => (row % 10 === 0 ? 'yes' : 'no')),
  ),
  categorical(
    'patient',
    rows.map((row) => `patient ${row % 40}`),
  ),
  date(
    'day',
    rows.map((row) => Date.UTC(2026, 0, 1 + ((row * 7) % 50))),
  ),
  numeric(
    'cost',
    rows.map((row) => (row * 37) % 200),
  ),
]);
const rowsOf = (part: Table) => [...part.numeric('row').values];
const share = (part: Table, name: string, value: string) =>
  part.filter((row) => row[name] === value).rowCount / part.rowCount;

test('every row is in one part, the shares are met, and the seed decides', () => {
  const { train, validation, test: held } = splitTable(visits, { validation: 0.1, test: 0.2, seed: 1 });
  expect([train.rowCount, validation.rowCount, held.rowCount]).toEqual([140, 20, 40]);
  expect([...rowsOf(train), ...rowsOf(validation), ...rowsOf(held)].sort((a, b) => a - b)).toEqual(rows);
  expect(rowsOf(splitTable(visits, { seed: 1 }).test)).toEqual(rowsOf(held));
  expect(rowsOf(splitTable(visits, { seed: 2 }).test)).not.toEqual(rowsOf(held));
});

test('stratified parts have the same share of each class; of a number, rows from all its range', () => {
  const parts = splitTable(visits, { stratify: 'ill', validation: 0.25, test: 0.25 });
  for (const part of Object.values(parts)) expect(share(part, 'ill', 'yes')).toBeCloseTo(0.1, 10);
  const { test: held } = splitTable(visits, { stratify: 'cost', validation: 0, test: 0.1 });
  const tenths = rowsOf(held).map((row) => Math.floor(((row * 37) % 200) / 20));
  expect(tenths.sort((a, b) => a - b)).toEqual([0, 0, 1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 7, 7, 8, 8, 9, 9]);
});

test('a rare class is in every part where it can be; numbers of few rows are dealt in fewer parts', () => {
  for (let seed = 0; seed < 20; seed++) {
    const rare = visits.with(
      categorical(
        'ill',
        rows.map((row) => (row % 67 === 0 ? 'very' : 'no')),
      ),
    ); // 3 rows
    const parts = splitTable(rare, { stratify: 'ill', seed });
    for (const part of Object.values(parts)) expect(part.filter(({ ill }) => ill === 'very').rowCount).toBe(1);
    const folds = kFold(rare, { stratify: 'ill', folds: 3, seed });
    for (const { test: held } of folds) expect(rare.take(held).filter(({ ill }) => ill === 'very').rowCount).toBe(1);
  }
  const few = kFold(visits.slice(0, 30), { stratify: 'cost', folds: 5 });
  expect(few.map(({ test: held }) => held.length)).toEqual([6, 6, 6, 6, 6]);
});

test('a group is never in two parts', () => {
  const { train, validation, test: held } = splitTable(visits, { group: 'patient', validation: 0.2, test: 0.2 });
  const patients = [train, validation, held].map((part) => new Set(part.records().map(({ patient }) => patient)));
  expect(patients.map((set) => set.size)).toEqual([24, 8, 8]);
  expect(new Set(patients.flatMap((set) => [...set])).size).toBe(40);
});

test('by time, later parts hold later rows, and equal times stay together', () => {
  const { train, validation, test: held } = splitTable(visits, { time: 'day', validation: 0.13, test: 0.21 });
  const span = (part: Table) => {
    const days = part.column('day');
    if (days.kind !== 'date') throw new Error('not a date');
    return [Math.min(...days.values), Math.max(...days.values)] as const;
  };
  expect(span(train)[1]).toBeLessThan(span(validation)[0]);
  expect(span(validation)[1]).toBeLessThan(span(held)[0]);
  expect(train.rowCount + validation.rowCount + held.rowCount).toBe(count);
});

test('each row is tested in one fold, and strata and groups hold in folds too', () => {
  const stratified = kFold(visits, { folds: 4, stratify: 'ill' });
  expect(stratified.flatMap(({ test: held }) => [...held]).sort((a, b) => a - b)).toEqual(rows);
  for (const { train, test: held } of stratified) {
    expect(share(visits.take(held), 'ill', 'yes')).toBeCloseTo(0.1, 10);
    expect([...train, ...held].sort((a, b) => a - b)).toEqual(rows);
  }
  for (const { train, test: held } of kFold(visits, { folds: 4, group: 'patient' })) {
    const known = new Set([...train].map((row) => row % 40));
    expect([...held].some((row) => known.has(row % 40))).toBe(false);
  }
});

test('folds in time learn from the past alone', () => {
  const day = (row: number) => (row * 7) % 50;
  const folds = kFold(visits, { folds: 4, time: 'day' });
  expect(folds.map(({ train, test: held }) => [train.length, held.length])).toEqual([
    [40, 40],
    [80, 40],
    [120, 40],
    [160, 40],
  ]);
  for (const { train, test: held } of folds)
    expect(Math.max(...[...train].map(day))).toBeLessThan(Math.min(...[...held].map(day)));
});

test('what cannot be split is said', () => {
  const gaps = visits.with(categorical('patient', Array(count).fill(undefined)));
  expect(() => splitTable(gaps, { group: 'patient' })).toThrow("'patient' is missing in 200 rows");
  expect(() => splitTable(visits, { group: 'patient', time: 'day' })).toThrow('group and time cannot be asked for');
  expect(() => splitTable(visits, { test: 1 })).toThrow('splitTable: wrong options: test is 1');
  expect(() => splitTable(visits, { validation: 0.6, test: 0.5 })).toThrow('leave nothing to train on');
  expect(() => splitTable(visits, { stratify: 'sick' })).toThrow("There is no column 'sick'");
  expect(() => splitTable(visits, { time: 'ill' })).toThrow("'ill' is categorical");
  expect(() => splitTable(visits.slice(0, 2), {})).toThrow('no row is left for');
  expect(() => kFold(visits, { folds: 21, stratify: 'ill' })).toThrow(
    "21 folds need at least 21 rows with 'ill' = yes; there are 20. Use fewer folds.",
  );
  expect(() => kFold(visits, { folds: 60, time: 'day' })).toThrow('at least 61 different values');
});
