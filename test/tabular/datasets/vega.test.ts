// What the READMEs of the four tables from vega-datasets say of them is so.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { packagePath } from '../../../src/hub/package-root.js';
import { loadTable } from '../../../src/tabular/load-table.js';
import { type Column, missingOf } from '../../../src/tabular/table/column.js';
import type { Table } from '../../../src/tabular/table/table.js';

/** The columns as the table in a README has them: name, kind and missing values. */
async function described(name: string): Promise<string[]> {
  const text = await readFile(packagePath('datasets', name, 'README.md'), 'utf8');
  return text
    .split('\n')
    .map((line) => line.split('|').map((cell) => cell.trim()))
    .filter((cells) => cells.length === 7 && cells[1]?.startsWith('`'))
    .map(([, column, kind, , , missing]) => `${column?.slice(1, -1)} ${kind} ${missing?.replace(',', '')}`);
}

const facts = (column: Column) => `${column.name} ${column.kind} ${missingOf(column)}`;

test.each(['penguins', 'cars', 'movies', 'weather'])('%s: columns, kinds and missing values', async (name) => {
  const table = await loadTable(name);
  expect(await described(name)).toEqual(table.columns.map(facts));
});

/** How often each category occurs. */
function counts(table: Table, name: string): Record<string, number> {
  const { codes, categories } = table.categorical(name);
  return Object.fromEntries(categories.map((category, code) => [category, codes.filter((c) => c === code).length]));
}
const range = (table: Table, name: string) => {
  const values = table.numeric(name).values.filter((value) => !Number.isNaN(value));
  return [Math.min(...values), Math.max(...values)];
};

test('penguins', async () => {
  const penguins = await loadTable('penguins');
  expect(counts(penguins, 'species')).toEqual({ Adelie: 152, Chinstrap: 68, Gentoo: 124 });
  expect(counts(penguins, 'sex')).toEqual({ female: 165, male: 168 });
  expect(range(penguins, 'body_mass_g')).toEqual([2700, 6300]);
  const unmeasured = penguins.filter(({ body_mass_g }) => body_mass_g === undefined).records();
  for (const row of unmeasured) expect([row.bill_length_mm, row.sex]).toEqual([undefined, undefined]);
  expect(
    counts(
      penguins.filter(({ species }) => species === 'Gentoo'),
      'island',
    ),
  ).toMatchObject({ Biscoe: 124 });
});

test('cars: 1981 is not there', async () => {
  const cars = await loadTable('cars');
  const years = [...cars.numeric('model_year').values];
  expect([1980, 1981, 1982].map((year) => years.filter((other) => other === year).length)).toEqual([29, 0, 61]);
  expect(range(cars, 'miles_per_gallon')).toEqual([9, 46.6]);
  expect(cars.categorical('name').categories).toHaveLength(311);
});

test('movies: the faults are there to be found', async () => {
  const movies = await loadTable('movies');
  const late = movies.filter(({ release_date }) => (release_date as Date).getUTCFullYear() > 2011);
  expect(late.rowCount).toBe(22);
  expect(late.records().find(({ title }) => title === 'Gone with the Wind')?.release_date).toEqual(
    new Date('2039-12-15'),
  );
  expect(movies.filter(({ us_gross_usd }) => us_gross_usd === 0).rowCount).toBe(66);
  expect(movies.filter(({ worldwide_gross_usd }) => worldwide_gross_usd === 0).rowCount).toBe(47);
  expect(movies.categorical('title').categories).toEqual(expect.arrayContaining(['1776', '9', '2046']));
  expect(Object.values(counts(movies, 'title')).filter((count) => count > 1)).toEqual(Array(24).fill(2));
  expect(movies.filter((row) => Object.values(row).every((value) => value !== undefined)).rowCount).toBe(174);
  const sizes = ['title', 'distributor', 'source', 'major_genre', 'creative_type', 'director'];
  expect(sizes.map((name) => movies.categorical(name).categories.length)).toEqual([3176, 174, 18, 12, 9, 550]);
});

test('weather: every day of four years in both cities', async () => {
  const weather = await loadTable('weather');
  expect(counts(weather, 'location')).toEqual({ 'New York': 1461, Seattle: 1461 });
  expect(counts(weather, 'weather')).toEqual({ drizzle: 111, fog: 139, rain: 1087, snow: 119, sun: 1466 });
  expect(range(weather, 'wind_m_s')).toEqual([0.4, 16.2]);
  expect(range(weather, 'temp_min_c')).toEqual([-16, 26.7]);
  const wet = weather.filter(({ precipitation_mm }) => (precipitation_mm as number) > 0);
  expect(Object.keys(counts(wet, 'weather')).filter((word) => (counts(wet, 'weather')[word] as number) > 0)).toEqual([
    'rain',
    'snow',
  ]);
});
