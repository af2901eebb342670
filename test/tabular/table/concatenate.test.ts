// Tables one after another.

import { expect, test } from 'vitest';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { concatenate } from '../../../src/tabular/table/concatenate.js';
import { Table } from '../../../src/tabular/table/table.js';

const january = new Table([
  numeric('n', [1, null]),
  categorical('plan', ['plus', null]),
  date('day', [new Date('2026-01-31'), null]),
]);

test('rows follow one another, columns by name, categories of all', () => {
  const february = new Table([date('day', [0]), categorical('plan', ['basic']), numeric('n', [3])]);
  const both = concatenate([january, february]);
  expect(both.names).toEqual(['n', 'plan', 'day']);
  expect(both.records()).toEqual([...january.records(), ...february.records()]);
  expect(both.categorical('plan').categories).toEqual(['basic', 'plus']);
  expect(concatenate([january])).toBe(january);
});

test('a column without values fits any kind', () => {
  const empty = new Table(january.names.map((name) => numeric(name, [null])));
  for (const parts of [
    [january, empty],
    [empty, january],
  ]) {
    const both = concatenate(parts);
    expect(both.columns.map(({ kind }) => kind)).toEqual(['numeric', 'categorical', 'date']);
    expect(both.records()).toEqual(parts.flatMap((part) => part.records()));
  }
  expect(concatenate([empty, empty]).records()).toEqual([...empty.records(), ...empty.records()]);
});

test('what does not fit is named', () => {
  expect(() => concatenate([])).toThrow('there are no tables');
  expect(() => concatenate([january, january.drop('plan')])).toThrow("the column 'plan' is not in every table");
  const other = january.with(categorical('n', ['x', 'y']));
  expect(() => concatenate([january, other])).toThrow("'n' is numeric in one table and categorical in another");
});
