// Dates as numbers, and which columns a model may see.

import { expect, test } from 'vitest';
import { dropColumns, selectColumns } from '../../../src/tabular/preprocessing/choose-columns.js';
import { dateParts } from '../../../src/tabular/preprocessing/date-parts.js';
import { transformerFromJson } from '../../../src/tabular/preprocessing/transformer-file.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { throughJson } from './known.js';

test('parts of dates, in UTC', async () => {
  const table = new Table([
    date('at', [new Date('2026-11-22T23:57:00Z'), new Date('2024-02-29'), null]),
    numeric('x', [1, 2, 3]),
  ]);
  const { fitted, train } = await dateParts({ parts: ['year', 'month', 'day', 'weekday', 'hour'] }).fitTransform(table);
  expect(train.names).toEqual(['at year', 'at month', 'at day', 'at weekday', 'at hour', 'x']);
  expect(Object.values(train.row(0))).toEqual([2026, 11, 22, 7, 23, 1]); // a Sunday
  expect(Object.values(train.row(1))).toEqual([2024, 2, 29, 4, 0, 2]); // a Thursday
  expect(train.row(2)).toEqual({ x: 3 });
  expect(throughJson(fitted).transform(table)).toEqual(train);
  expect(fitted.source('at hour')).toBe('at');
});

test('the year as a circle', async () => {
  const days = ['2026-01-01', '2026-07-02T12:00', '2025-12-31'].map(
    (day) => new Date(`${day}${day.includes('T') ? 'Z' : ''}`),
  );
  const { train } = await dateParts({ parts: ['yearSin', 'yearCos'] }).fitTransform(new Table([date('at', days)]));
  const [newYear, middle, eve] = train
    .records()
    .map((row) => [row['at yearSin'], row['at yearCos']] as [number, number]);
  expect(newYear).toEqual([0, 1]);
  expect(middle?.[1]).toBeCloseTo(-1, 9);
  expect(eve?.[0]).toBeCloseTo(-Math.sin((2 * Math.PI) / 365), 12);
  expect(() => dateParts({ parts: ['week' as 'year'] })).toThrow(/date-parts: wrong options: parts.0 is "week"/);
});

test('drops and selects columns, which a table to predict on need not have', async () => {
  const table = new Table([
    numeric('id', [1, 2]),
    numeric('a', [3, 4]),
    categorical('y', ['n', 'p']),
    numeric('b', [5, 6]),
  ]);
  const dropped = await dropColumns('id').fitTransform(table, 'y');
  expect(dropped.train.names).toEqual(['a', 'b', 'y']);
  expect(throughJson(dropped.fitted).transform(table.select('b', 'a')).names).toEqual(['a', 'b']);
  const selected = await selectColumns('b', 'a').fitTransform(table, 'y');
  expect(selected.train).toEqual(dropped.train);
  expect(throughJson(selected.fitted).features.map(({ name }) => name)).toEqual(['a', 'b']);
  await expect(dropColumns('y').fitTransform(table, 'y')).rejects.toThrow("'y' is the target");
  await expect(dropColumns('z').fitTransform(table, 'y')).rejects.toThrow("there is no column 'z'");
});

test('a damaged file is named', () => {
  expect(() => transformerFromJson({ kind: 'magic' })).toThrow("There is no kind of step 'magic'. The kinds are clip,");
  expect(() => transformerFromJson({ kind: 'standardize', features: [], columns: [{ name: 'x', state: {} }] })).toThrow(
    "The step 'standardize' is damaged: columns.0.state.shift",
  );
});
