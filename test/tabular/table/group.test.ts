// Groups as pandas 3.1.1 has them: df.groupby(keys, observed=True)['rain'].agg(['mean', 'sum', ...]).

import { expect, test } from 'vitest';
import { loadTable } from '../../../src/tabular/load-table.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { groupBy } from '../../../src/tabular/table/group.js';
import { Table } from '../../../src/tabular/table/table.js';

const cities = ['Oslo', 'Rome', 'Bern', 'Paris'];
const weather = new Table([
  categorical('city', ['Rome', 'Oslo', 'Rome', 'Oslo', 'Rome', null, 'Oslo', 'Bern'], cities),
  numeric('year', [2025, 2025, 2026, 2026, 2026, 2025, 2025, 2025]),
  numeric('rain', [1.5, null, 2.25, 4, 0.5, 7, 3.25, null]),
]);
const figures = ['mean', 'sum', 'count', 'min', 'max', 'median', 'std', 'missing'] as const;
const none = undefined;

/** Figures of each group, in the order of `figures`. */
const rows = (keys: string | readonly string[]) => {
  const table = groupBy(weather, keys, { rain: figures });
  return table.records().map((row) => figures.map((figure) => row[`rain_${figure}`]));
};

test('one key: in the order of the categories, without missing values, missing keys and categories that do not occur', () => {
  expect(groupBy(weather, 'city', { rain: 'mean' }).records()).toEqual([
    { city: 'Oslo', rain_mean: 3.625 },
    { city: 'Rome', rain_mean: 1.4166666666666667 },
    { city: 'Bern', rain_mean: none },
  ]);
  const [oslo, rome, bern] = rows('city');
  expect(oslo).toEqual([3.625, 7.25, 2, 3.25, 4, 3.625, expect.closeTo(0.5303300858899106, 15), 1]);
  expect(rome).toEqual([1.4166666666666667, 4.25, 3, 0.5, 2.25, 1.5, expect.closeTo(0.8779711460710616, 15), 0]);
  expect(bern).toEqual([none, 0, 0, none, none, none, none, 1]);
});

test('two keys', () => {
  expect(groupBy(weather, ['city', 'year'], {}).records()).toEqual([
    { city: 'Oslo', year: 2025 },
    { city: 'Oslo', year: 2026 },
    { city: 'Rome', year: 2025 },
    { city: 'Rome', year: 2026 },
    { city: 'Bern', year: 2025 },
  ]);
  expect(rows(['city', 'year'])).toEqual([
    [3.25, 3.25, 1, 3.25, 3.25, 3.25, none, 1],
    [4, 4, 1, 4, 4, 4, none, 0],
    [1.5, 1.5, 1, 1.5, 1.5, 1.5, none, 0],
    [1.375, 2.75, 2, 0.5, 2.25, 1.375, expect.closeTo(1.2374368670764582, 15), 0],
    [none, 0, 0, none, none, none, none, 1],
  ]);
});

test('figures of categories and dates', () => {
  const table = new Table([
    categorical('g', ['a', 'a', 'b']),
    categorical('plan', ['x', null, 'y']),
    date('day', [new Date('2026-01-01'), new Date('2026-01-03'), null]),
  ]);
  const wanted = { plan: ['count', 'missing'], day: ['min', 'mean', 'count'] } as const;
  expect(groupBy(table, 'g', wanted).records()).toEqual([
    {
      g: 'a',
      plan_count: 1,
      plan_missing: 1,
      day_min: new Date('2026-01-01'),
      day_mean: new Date('2026-01-02'),
      day_count: 2,
    },
    { g: 'b', plan_count: 1, plan_missing: 0, day_min: none, day_mean: none, day_count: 0 },
  ]);
});

test('penguins', async () => {
  const table = groupBy(await loadTable('penguins'), 'species', { body_mass_g: ['mean', 'count', 'missing'] });
  expect(table.records()).toEqual([
    {
      species: 'Adelie',
      body_mass_g_mean: expect.closeTo(3700.662, 3),
      body_mass_g_count: 151,
      body_mass_g_missing: 1,
    },
    {
      species: 'Chinstrap',
      body_mass_g_mean: expect.closeTo(3733.088, 3),
      body_mass_g_count: 68,
      body_mass_g_missing: 0,
    },
    {
      species: 'Gentoo',
      body_mass_g_mean: expect.closeTo(5076.016, 3),
      body_mass_g_count: 123,
      body_mass_g_missing: 1,
    },
  ]);
});

test('no rows, no groups', () => {
  expect(groupBy(weather.take([]), 'city', { rain: 'max' }).rowCount).toBe(0);
});

test.each([
  [() => groupBy(weather, 'town', { rain: 'mean' }), "no column 'town'. The columns are city, year, rain"],
  [() => groupBy(weather, 'city', { snow: 'mean' }), "no column 'snow'"],
  [() => groupBy(weather, [], { rain: 'mean' }), 'name at least one column'],
  [
    () => groupBy(weather, 'city', { rain: 'average' as 'mean' }),
    "'rain' asks for 'average'. Figures are count, missing",
  ],
  [() => groupBy(weather, 'year', { city: 'mean' }), "'city' is categorical and has no mean. Ask for 'count'"],
  [
    () => groupBy(new Table([numeric('g', [1]), date('d', [1])]), 'g', { d: 'std' }),
    "'d' holds dates, which have no std",
  ],
])('mistakes are named: %#', (group, message) => {
  expect(group).toThrow(message);
});
