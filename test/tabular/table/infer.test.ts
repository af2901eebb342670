// What kind of column texts are, and how they are read. test/tabular/table/csv.test.ts has whole files.

import { expect, test } from 'vitest';
import { inferColumn, type ReadOptions, readColumn, readNumber } from '../../../src/tabular/table/infer.js';

const infer = (texts: readonly string[], options?: ReadOptions) => {
  const { kind, format, reason } = inferColumn('c', texts, options);
  return `${format ?? kind}: ${reason}`;
};
const read = (texts: readonly string[], options: ReadOptions = {}) =>
  readColumn(inferColumn('c', texts, options), texts, (row) => row + 2, options);

test.each([
  ['12', 12],
  ['-1.5e3', -1500],
  ['+.5', 0.5],
  ['7.', 7],
  ['1,5', undefined],
  ['0x10', undefined],
  ['1 000', undefined],
  ['Infinity', undefined],
  ['', undefined],
  ['.', undefined],
])('%j as a number: %s', (text, number) => {
  expect(readNumber(text)).toBe(number);
});

test('decimal commas', () => {
  expect(readNumber('1,5', ',')).toBe(1.5);
  expect(readNumber('1.5', ',')).toBeUndefined();
  expect(infer(['1,5', '2'], { decimal: ',' })).toBe('numeric: 2 of 2 values are numbers; 0 missing');
});

test('one text that is no number makes categories, and is named', () => {
  expect(infer(['1', '2', 'many', ''])).toBe(
    "categorical: texts (2 of 3 values are numbers; 'many' is none); 1 missing",
  );
});

test('codes keep their zeros; 0, 0.5 and -0 are numbers', () => {
  expect(infer(['007', '12'])).toBe('categorical: numbers with leading zeros, which are codes; 0 missing');
  expect(infer(['0', '0.5', '-0'])).toBe('numeric: 3 of 3 values are numbers; 0 missing');
});

test('dates that may be read in two ways stay as they are until somebody says how', () => {
  expect(infer(['03/04/2026'])).toContain('dates that can be read as day/month/year or month/day/year');
  expect(infer(['03/04/2026', '13/04/2026'])).toBe(
    'day/month/year: 2 of 2 values are dates, day/month/year; 0 missing',
  );
});

test('missing values: the usual texts, or those named, which may look like values', () => {
  expect(read(['1', ' NA ', 'null', '?', '', '2'])).toMatchObject({
    values: Float64Array.of(1, ...Array<number>(4).fill(Number.NaN), 2),
  });
  expect(read(['1', '-999'], { missing: ['-999'] })).toMatchObject({ values: Float64Array.of(1, Number.NaN) });
  expect(read(['2026-01-31', '1900-01-01'], { missing: ['1900-01-01'] })).toMatchObject({
    kind: 'date',
    values: Float64Array.of(Date.UTC(2026, 0, 31), Number.NaN),
  });
});

test('categories sorted, texts trimmed, flags in any case', () => {
  expect(read(['plus', 'basic', ' plus', ''])).toMatchObject({
    categories: ['basic', 'plus'],
    codes: Int32Array.of(1, 0, 1, -1),
  });
  expect(read(['TRUE', 'true', 'NA'])).toMatchObject({ categories: ['false', 'true'], codes: Int32Array.of(1, 1, -1) });
});

test('a value that does not fit is an error with its line, or told and missing', () => {
  const type = { name: 'age', kind: 'numeric', reason: '' } as const;
  expect(() => readColumn(type, ['1', 'old'], (row) => row + 2)).toThrow("line 3, column 'age': 'old' is no number");
  const told: unknown[] = [];
  const column = readColumn(
    type,
    ['1', 'old'],
    (row) => row + 2,
    {},
    (value) => told.push(value),
  );
  expect(column).toMatchObject({ values: Float64Array.of(1, Number.NaN) });
  expect(told).toEqual([{ line: 3, column: 'age', text: 'old' }]);
});
