// Tables and their columns: made, read, cut and joined, never changed.

import { expect, test } from 'vitest';
import {
  categorical,
  date,
  lengthOf,
  missingOf,
  numeric,
  takeColumn,
  valueAt,
} from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';

const age = numeric('age', [31, null, 58, Number.NaN]);
const plan = categorical('plan', ['plus', 'basic', undefined, 'plus']);
const joined = date('joined', [new Date('2026-01-31'), null, 0, undefined]);
const people = new Table([age, plan, joined]);

test('columns hold typed arrays; missing values are NaN or the code -1', () => {
  expect(age.values).toEqual(Float64Array.of(31, Number.NaN, 58, Number.NaN));
  expect(plan).toMatchObject({ codes: Int32Array.of(1, 0, -1, 1), categories: ['basic', 'plus'] });
  expect(joined.values).toEqual(Float64Array.of(Date.UTC(2026, 0, 31), Number.NaN, 0, Number.NaN));
  expect([age, plan, joined].map(lengthOf)).toEqual([4, 4, 4]);
  expect([age, plan, joined].map(missingOf)).toEqual([2, 1, 2]);
  expect([age, plan, joined].map((column) => valueAt(column, 0))).toEqual([31, 'plus', new Date('2026-01-31')]);
});

test('categories may be given, in an order and beyond those that occur', () => {
  const size = categorical('size', ['small', 'large'], ['small', 'medium', 'large']);
  expect(size.codes).toEqual(Int32Array.of(0, 2));
  expect(() => categorical('size', ['huge'], ['small'])).toThrow(
    "Column 'size', row 0: 'huge' is not among its categories (small)",
  );
  expect(categorical('n', [10, 9, true]).categories).toEqual(['10', '9', 'true']);
});

test('rows in any order, more than once', () => {
  expect(takeColumn(age, [2, 0, 2]).kind === 'numeric' && people.take([2, 0, 2]).numeric('age').values).toEqual(
    Float64Array.of(58, 31, 58),
  );
  expect(people.take([2]).records()).toEqual([{ age: 58, plan: undefined, joined: new Date(0) }]);
  expect(people.slice(1, -1).rowCount).toBe(2);
  expect(people.filter(({ plan }) => plan === 'plus').numeric('age').values).toEqual(Float64Array.of(31, Number.NaN));
  expect(() => people.take([4])).toThrow('There is no row 4: the table has 4 rows, counted from 0.');
  expect(() => people.row(0.5)).toThrow(RangeError);
});

test('columns chosen, dropped, renamed, replaced and added; the table itself stays', () => {
  expect(people.select('plan', 'age').names).toEqual(['plan', 'age']);
  expect(people.drop('plan').names).toEqual(['age', 'joined']);
  expect(people.rename({ age: 'years' }).names).toEqual(['years', 'plan', 'joined']);
  const filled = people.with(numeric('age', [1, 2, 3, 4])).with(numeric('size', [1, 2, 3, 4]));
  expect(filled.names).toEqual(['age', 'plan', 'joined', 'size']);
  expect(filled.numeric('age').values[1]).toBe(2);
  expect(people.names).toEqual(['age', 'plan', 'joined']);
  expect(people.drop('plan').column('age')).toBe(age); // shared, not copied
  expect([people.has('age'), people.has('size')]).toEqual([true, false]);
});

test.each([
  [() => people.column('years'), "There is no column 'years'. The columns are age, plan, joined."],
  [() => people.drop('years'), "no column 'years'"],
  [() => people.rename({ years: 'age' }), "no column 'years'"],
  [() => people.rename({ plan: 'age' }), "'age' is there twice"],
  [() => people.numeric('plan'), "The column 'plan' is categorical, not numeric."],
  [() => people.categorical('joined'), "The column 'joined' is date, not categorical."],
  [() => people.with(numeric('size', [1])), "'age' has 4 values, 'size' 1"],
])('mistakes are named: %#', (mistake, message) => {
  expect(mistake).toThrow(message);
});

test('no columns, no rows', () => {
  expect(new Table([])).toMatchObject({ rowCount: 0, names: [] });
  expect(people.take([]).records()).toEqual([]);
});
