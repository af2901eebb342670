// Tables from records: what the values are decides, unless types says otherwise.

import { expect, test } from 'vitest';
import { tableFrom } from '../../../src/tabular/table/records.js';

test('numbers, dates and the rest; null, undefined, NaN and absent keys are missing', () => {
  const day = new Date('2026-01-31');
  const table = tableFrom([
    { age: 31, plan: 'basic', joined: day, ok: true, big: 5n },
    { age: null, plan: undefined, joined: null, ok: false, extra: Number.NaN },
  ]);
  expect(table.columns.map(({ name, kind }) => `${name}: ${kind}`)).toEqual([
    'age: numeric',
    'plan: categorical',
    'joined: date',
    'ok: categorical',
    'big: numeric',
    'extra: numeric',
  ]);
  expect(table.records()).toEqual([
    { age: 31, plan: 'basic', joined: day, ok: 'true', big: 5, extra: undefined },
    { age: undefined, plan: undefined, joined: undefined, ok: 'false', big: undefined, extra: undefined },
  ]);
});

test('types make categories of numbers, and read numbers and dates that are texts', () => {
  const records = [{ zip: 1067, price: ' 12.5 ', day: '2026-02-01', seen: '03/04/2026' }];
  const types = { zip: 'categorical', price: 'numeric', day: 'date', seen: 'month/day/year' } as const;
  expect(tableFrom(records, { types }).row(0)).toEqual({
    zip: '1067',
    price: 12.5,
    day: new Date('2026-02-01'),
    seen: new Date('2026-03-04'),
  });
  expect(tableFrom(records).row(0)).toMatchObject({ price: ' 12.5 ', day: '2026-02-01' });
});

test('records come back as they were', () => {
  const records = [
    { x: 0.1, c: 'b' },
    { x: -0, c: undefined },
  ];
  expect(tableFrom(records).records()).toEqual(records);
});

test('what does not fit is named', () => {
  expect(() => tableFrom([{ a: 1 }, { a: 'x' }], { types: { a: 'numeric' } })).toThrow(
    `tableFrom: record 1, 'a': "x" does not fit a numeric column.`,
  );
  expect(() => tableFrom([{ a: '31/12/2026' }], { types: { a: 'date' } })).toThrow('does not fit a date column');
  expect(() => tableFrom([{ a: [1] }])).toThrow(`record 0, 'a': [1] does not fit a categorical column`);
  expect(() => tableFrom([{ a: 1 }], { types: { b: 'numeric' } })).toThrow("types names a column 'b'");
});
