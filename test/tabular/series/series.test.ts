// Series out of tables: order, frequency, gaps, and what is refused.
import { describe, expect, it } from 'vitest';
import { loadTable } from '../../../src/tabular/load-table.js';
import { calendarNames, calendarOf, cyclesOf } from '../../../src/tabular/series/calendar.js';
import { inferFrequency, stepsBetween, timeAfter } from '../../../src/tabular/series/frequency.js';
import { timeSeries } from '../../../src/tabular/series/series.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { daily, day, heat } from './made.js';

const utc = (text: string): number => Date.parse(`${text}Z`);
const table = (times: string[], values: (number | null)[]) =>
  new Table([
    date('at', times.map(utc)),
    numeric('value', values),
    numeric('wind', values),
    categorical('sky', values.map(String)),
  ]);

describe('timeSeries', () => {
  it('puts rows in order and says how far apart they are', () => {
    const series = timeSeries(table(['2026-01-03', '2026-01-01', '2026-01-02'], [3, 1, 2]), {
      time: 'at',
      value: 'value',
      others: ['wind'],
    });
    expect([...series.values]).toEqual([1, 2, 3]);
    expect(series.frequency).toEqual({ every: 1, unit: 'day' });
    expect(series.others[0]?.values).toEqual(series.values);
    expect([...series.timesAfter(2)]).toEqual([utc('2026-01-04'), utc('2026-01-05')]);
  });

  it('reads four years of real weather', async () => {
    const series = await heat(['wind_m_s']);
    expect([series.length, series.name, series.frequency]).toEqual([1461, 'temp_max_c', { every: 1, unit: 'day' }]);
    expect(series.before(new Date('2015-01-01')).length).toBe(1096);
    expect(series.from(new Date('2015-01-01')).length).toBe(365);
  });

  const gapped = table(['2026-01-01', '2026-01-02', '2026-01-05', '2026-01-06'], [1, 2, 5, null]);
  const read = (gaps?: 'previous' | 'interpolate') =>
    timeSeries(gapped, { time: 'at', value: 'value', ...(gaps ? { gaps } : {}) });

  it('names gaps and missing values, or fills them', () => {
    expect(() => read()).toThrow(
      "'value' has no value at 2026-01-03, 2026-01-04, 2026-01-06. Fill gaps with { gaps: 'previous' }",
    );
    expect([...read('previous').values]).toEqual([1, 2, 2, 2, 5, 5]);
    expect([...read('interpolate').values]).toEqual([1, 2, 3, 4, 5, 5]);
    const first = table(['2026-01-01', '2026-01-02'], [null, 2]);
    expect(() => timeSeries(first, { time: 'at', value: 'value', gaps: 'previous' })).toThrow(
      'no value at its first time, 2026-01-01',
    );
  });

  it.each([
    [['2026-01-01', '2026-01-01'], {}, 'the time 2026-01-01 is there twice'],
    [
      ['2026-01-01', '2026-01-02T06:00'],
      { frequency: 'day' },
      'with a value every day from 2026-01-01 on, 2026-01-02T06:00Z lies between two',
    ],
    [['2026-01-01', '2026-01-02'], { value: 'sky' }, "The column 'sky' is categorical"],
    [['2026-01-01', '2026-01-02'], { time: 'value' }, "the column 'value' is numeric; times are a date column"],
    [['2026-01-01', '2026-01-02'], { frequenzy: 'day' }, 'frequenzy'],
    [['2026-01-01', 'x'], {}, "the time 'at' of row 1 is missing"],
  ] as const)('refuses %j with %j', (times, options, message) => {
    const call = () => timeSeries(table([...times], [1, 2]), { time: 'at', value: 'value', ...options } as never);
    expect(call).toThrow(message);
  });
});

describe('frequency', () => {
  it.each([
    ['seconds', ['2026-01-01T00:00:00', '2026-01-01T00:00:30'], { every: 30, unit: 'second' }],
    [
      'minutes, with a gap',
      ['2026-01-01T00:00', '2026-01-01T00:15', '2026-01-01T01:15'],
      { every: 15, unit: 'minute' },
    ],
    ['hours', ['2026-01-01T23:00', '2026-01-02T00:00'], { every: 1, unit: 'hour' }],
    ['weeks', ['2026-01-01', '2026-01-08', '2026-01-22'], { every: 1, unit: 'week' }],
    ['months', ['2026-01-01', '2026-02-01', '2026-03-01'], { every: 1, unit: 'month' }],
    ['ends of months', ['2026-01-31', '2026-02-28', '2026-03-31'], { every: 1, unit: 'month', monthEnd: true }],
    ['quarters', ['2026-01-01', '2026-04-01', '2026-07-01'], { every: 3, unit: 'month' }],
    ['years', ['2023-01-01', '2024-01-01', '2025-01-01'], { every: 1, unit: 'year' }],
  ] as const)('sees %s, and counts in them', (_, times, frequency) => {
    const all = times.map(utc);
    expect(inferFrequency(all)).toEqual(frequency);
    const [first, second] = all as [number, number];
    expect(timeAfter(first, frequency, 1)).toBe(second);
    expect(stepsBetween(first, second, frequency)).toBe(1);
    expect(stepsBetween(first, second + 1000, frequency) % 1).not.toBe(0);
  });

  it('ends a February where it ends', () => {
    const frequency = { every: 1, unit: 'month', monthEnd: true } as const;
    expect(
      [1, 2, 13].map((steps) => new Date(timeAfter(utc('2023-01-31'), frequency, steps)).toISOString().slice(0, 10)),
    ).toEqual(['2023-02-28', '2023-03-31', '2024-02-29']);
  });

  it('has no frequency of one time', () => {
    expect(() => inferFrequency([0])).toThrow('give it');
  });
});

it('the calendar has the cycles that values can follow, and comes back after each', () => {
  expect(cyclesOf({ every: 1, unit: 'hour' })).toEqual(['day', 'week', 'year']);
  expect(cyclesOf({ every: 1, unit: 'day' })).toEqual(['week', 'year']);
  expect(cyclesOf({ every: 1, unit: 'month' })).toEqual(['year']);
  expect(cyclesOf({ every: 1, unit: 'year' })).toEqual([]);
  expect(calendarNames(['week'])).toEqual(['week_sin', 'week_cos']);
  const [monday, next] = [utc('2026-11-23'), utc('2026-11-30')].map((time) => calendarOf(time, ['week']));
  expect(monday?.[1]).toBeCloseTo(1, 10);
  expect(next?.[0]).toBeCloseTo(monday?.[0] as number, 10);
});

it('places one below the other are told to be taken one by one', async () => {
  const both = await loadTable('weather');
  expect(() => timeSeries(both, { time: 'date', value: 'temp_max_c' })).toThrow(
    'the time 2012-01-01 is there twice. A series has one value a time: take the rows of one place or thing, or average them first.',
  );
});

it('a part of a series is a copy', () => {
  const series = daily([1, 2, 3], { wind: [4, 5, 6] });
  const part = series.slice(1);
  part.values[0] = 99;
  expect([...series.values]).toEqual([1, 2, 3]);
  expect([...(part.others[0]?.values ?? [])]).toEqual([5, 6]);
  expect(part.times[0]).toBe((series.times[0] as number) + day);
  expect([...series.followedBy(4).values]).toEqual([1, 2, 3, 4]);
});
