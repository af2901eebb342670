// Dates in the forms people write them, and texts that are none.

import { expect, test } from 'vitest';
import { type DateFormat, dateFormats, readDate } from '../../../src/tabular/table/dates.js';

const texts: Readonly<Record<DateFormat, readonly string[]>> = {
  'year-month-day': ['2026-01-31'],
  'year/month/day': ['2026/01/31', '2026/1/31'],
  'day.month.year': ['31.01.2026', '31.1.2026'],
  'day/month/year': ['31/01/2026', '31/1/2026'],
  'month/day/year': ['01/31/2026', '1/31/2026'],
  'month name day year': ['Jan 31 2026', 'January 31, 2026', 'jan. 31 2026'],
  'day month name year': ['31 Jan 2026', '31. January 2026'],
};

test.each(dateFormats)('%s', (format) => {
  for (const text of texts[format]) expect(readDate(text, format), text).toBe(Date.UTC(2026, 0, 31));
});

test.each([
  ['2026-01-31 12:30', '2026-01-31T12:30:00Z'],
  ['2026-01-31T12:30:05', '2026-01-31T12:30:05Z'],
  ['2026-01-31T12:30:05.1239Z', '2026-01-31T12:30:05.123Z'],
  ['2026-01-31 12:30 +02:00', '2026-01-31T10:30:00Z'],
  ['2026-01-31T12:30:05-0530', '2026-01-31T18:00:05Z'],
])('times: %s', (text, same) => {
  expect(readDate(text, 'year-month-day')).toBe(Date.parse(same));
});

test('years before 100 and leap days', () => {
  expect(readDate('0099-01-01', 'year-month-day')).toBe(Date.parse('0099-01-01'));
  expect(readDate('2024-02-29', 'year-month-day')).toBe(Date.parse('2024-02-29'));
  expect(readDate('2025-02-29', 'year-month-day')).toBeUndefined();
});

test.each([
  ['31/02/2026', 'day/month/year'],
  ['13/31/2026', 'month/day/year'],
  ['0/1/2026', 'day/month/year'],
  ['Jum 31 2026', 'month name day year'],
  ['2026-01-31T24:00', 'year-month-day'],
  ['2026-01-31T12:60', 'year-month-day'],
  ['2026-1-31', 'year-month-day'],
  ['26.1.31', 'day.month.year'],
  ['2026-01-31 or so', 'year-month-day'],
  ['', 'year-month-day'],
] as const)('%j is no %s', (text, format) => {
  expect(readDate(text, format)).toBeUndefined();
});
