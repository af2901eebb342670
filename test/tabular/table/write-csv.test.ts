// What is written is read back the same.

import { spawnSync } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTable } from '../../../src/tabular/load-table.js';
import { type ColumnKind, categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { readCsvTable } from '../../../src/tabular/table/csv.js';
import { Table } from '../../../src/tabular/table/table.js';
import { writeCsvTable } from '../../../src/tabular/table/write-csv.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'write-csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function writtenAndRead(table: Table): Promise<Table> {
  const path = join(folder, 'some', 'table.csv');
  await writeCsvTable(table, path);
  const types: Record<string, ColumnKind> = Object.fromEntries(table.columns.map(({ name, kind }) => [name, kind]));
  return new Table((await readCsvTable(path, { types })).columns);
}

test('commas, quotes, line ends, gaps, every digit, days and times', async () => {
  const table = new Table([
    categorical('a "name", quoted', ['Smith, J.', 'said "no"', 'two\nlines', '木村', null]),
    numeric('x', [0.1 + 0.2, null, -1e-300, 2 ** 60, -0]),
    date('day', [new Date('2026-01-31'), null, 0, new Date('1899-12-31'), new Date('0099-01-01')]),
    date('at', [new Date('2026-01-31T12:30:05.007Z'), null, 0, 1, 2]),
    categorical('code', ['007', '7', null, '2026-01-31', 'true']),
  ]);
  expect(await writtenAndRead(table)).toEqual(table);
  expect((await readFile(join(folder, 'some', 'table.csv'), 'utf8')).split('\r\n').slice(0, 3)).toEqual([
    '"a ""name"", quoted",x,day,at,code',
    '"Smith, J.",0.30000000000000004,2026-01-31,2026-01-31T12:30:05.007Z,007',
    '"said ""no""",,,,7',
  ]);
  expect(await readdir(join(folder, 'some'))).toEqual(['table.csv']); // nothing left beside it
});

test('missing values alone in a line', async () => {
  const table = new Table([numeric('x', [1, null, null, 2, null])]);
  expect(await writtenAndRead(table)).toEqual(table);
});

test.each(['penguins', 'cars', 'weather', 'churn'])('%s', async (name) => {
  const table = await loadTable(name);
  expect((await writtenAndRead(table)).records()).toEqual(table.records());
});

test('pandas reads it too, where there is one', async () => {
  const path = join(folder, 'movies.csv');
  const movies = await loadTable('movies');
  await writeCsvTable(movies, path);
  const program = `import pandas; t = pandas.read_csv(${JSON.stringify(path)}); print(len(t), t.us_gross_usd.count())`;
  const { status, stdout } = spawnSync('python3', ['-c', program], { encoding: 'utf8' });
  if (status === 0) expect(stdout).toBe('3201 3194\n');
});

test.each([
  [new Table([]), 'has no columns'],
  [new Table([numeric(' x', [1])]), "the column name ' x'"],
  [new Table([numeric('x', [1, Number.NEGATIVE_INFINITY])]), "'x', row 1 is -Infinity"],
  [new Table([categorical('x', ['NA', 'a'])]), "'x' has the category 'NA'"],
  [new Table([categorical('x', ['a '])]), "'x' has the category 'a '"],
  [new Table([date('x', [9e15])]), "'x', row 0: a date beyond"],
])('what CSV cannot say is named: %#', async (table, message) => {
  await expect(writeCsvTable(table, join(folder, 'other', 'table.csv'))).rejects.toThrow(message);
  await expect(readdir(join(folder, 'other')).catch(() => [])).resolves.toEqual([]);
});
