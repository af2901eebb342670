// Every table that comes with the package, and files of one's own.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTable, TABLES } from '../../src/tabular/load-table.js';
import { missingOf } from '../../src/tabular/table/column.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tables-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** Columns as `name kind missing`. */
const facts = async (name: string) => {
  const table = await loadTable(name);
  return [table.rowCount, ...table.columns.map((column) => `${column.name} ${column.kind} ${missingOf(column)}`)];
};

test('penguins: the full stop among the sexes is a missing value', async () => {
  expect(await facts('penguins')).toEqual([
    344,
    'species categorical 0',
    'island categorical 0',
    'bill_length_mm numeric 2',
    'bill_depth_mm numeric 2',
    'flipper_length_mm numeric 2',
    'body_mass_g numeric 2',
    'sex categorical 11',
  ]);
  expect((await loadTable('penguins')).categorical('sex').categories).toEqual(['female', 'male']);
});

test('cars, with the year as a number', async () => {
  expect(await facts('cars')).toEqual([
    406,
    'name categorical 0',
    'miles_per_gallon numeric 8',
    'cylinders numeric 0',
    'displacement_cu_in numeric 0',
    'horsepower numeric 6',
    'weight_lb numeric 0',
    'acceleration_s numeric 0',
    'model_year numeric 0',
    'origin categorical 0',
  ]);
});

test('movies: titles that are numbers are texts, release dates are dates', async () => {
  const movies = await loadTable('movies');
  expect(movies.rowCount).toBe(3201);
  expect(movies.categorical('title').categories).toContain('1776');
  expect(movies.row(0)).toMatchObject({
    title: 'The Land Girls',
    us_gross_usd: 146_083,
    release_date: new Date('1998-06-12'),
    running_time_min: undefined,
  });
  expect(missingOf(movies.column('rotten_tomatoes_percent'))).toBe(880);
});

test('weather: 1,461 days in each of two cities', async () => {
  const weather = await loadTable('weather');
  expect(weather.row(0)).toEqual({
    location: 'Seattle',
    date: new Date('2012-01-01'),
    precipitation_mm: 0,
    temp_max_c: 12.8,
    temp_min_c: 5,
    wind_m_s: 4.7,
    weather: 'drizzle',
  });
  expect(weather.filter(({ location }) => location === 'New York').rowCount).toBe(1461);
});

test('churn and fraud, drawn when asked for', async () => {
  expect((await loadTable('churn')).rowCount).toBe(10_000);
  expect((await loadTable('fraud')).rowCount).toBe(50_000);
});

test('files of one’s own, by their ending', async () => {
  const csv = join(folder, 'people.csv');
  await writeFile(csv, 'age,plan\n31,basic\n,plus\n');
  const jsonl = join(folder, 'people.jsonl');
  await writeFile(jsonl, '{"age": 31, "plan": "basic"}\n{"age": null, "plan": "plus"}\n');
  const json = join(folder, 'people.json');
  await writeFile(json, '[{"age": 31, "plan": "basic"}, {"plan": "plus"}]');
  for (const path of [csv, jsonl, json])
    expect((await loadTable(path)).records()).toEqual([
      { age: 31, plan: 'basic' },
      { age: undefined, plan: 'plus' },
    ]);
  expect((await loadTable(csv, { maxRows: 1 })).rowCount).toBe(1);
});

test('what cannot be loaded is said', async () => {
  await expect(loadTable('pengiuns')).rejects.toThrow(
    `there is no table and no file 'pengiuns'. Tables are ${Object.keys(TABLES).join(', ')}`,
  );
  await expect(loadTable('cars', { maxRows: 3 })).rejects.toThrow("loadTable('cars') takes no options");
  await expect(loadTable('x.csv', { rows: 3 } as object)).rejects.toThrow('loadTable: wrong options');
});
