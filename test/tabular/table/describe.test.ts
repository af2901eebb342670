// Figures of columns, of a table and of a file that is read as a stream: the same.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { loadTable } from '../../../src/tabular/load-table.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { readCsvTable } from '../../../src/tabular/table/csv.js';
import { describe, summaries } from '../../../src/tabular/table/describe.js';
import { Table } from '../../../src/tabular/table/table.js';
import { writeCsvTable } from '../../../src/tabular/table/write-csv.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'describe-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('numbers as pandas describes them, categories by how often they occur, dates as dates', () => {
  const table = new Table([
    numeric('rain', [1.5, null, 2.25, 4, 0.5, 7, 3.25, null]),
    categorical('city', ['Rome', 'Oslo', 'Rome', 'Oslo', 'Rome', null, 'Bern', 'Ayr']),
    date(
      'day',
      ['2026-01-01', '2026-01-03', null, null, null, null, null, null].map((day) =>
        day === null ? day : new Date(day),
      ),
    ),
    numeric('empty', Array(8).fill(null)),
  ]);
  const none = undefined;
  expect(describe(table)).toEqual([
    {
      column: 'rain',
      kind: 'numeric',
      count: 6,
      missing: 2,
      distinct: 6,
      mean: expect.closeTo(3.0833333333333335, 14),
      deviation: expect.closeTo(2.284002335083453, 14),
      min: 0.5,
      median: 2.75,
      max: 7,
      top: none,
    },
    {
      column: 'city',
      kind: 'categorical',
      count: 7,
      missing: 1,
      distinct: 4,
      mean: none,
      deviation: none,
      min: none,
      median: none,
      max: none,
      top: 'Rome (3), Oslo (2), Ayr (1)',
    },
    {
      column: 'day',
      kind: 'date',
      count: 2,
      missing: 6,
      distinct: 2,
      mean: new Date('2026-01-02'),
      deviation: none,
      min: new Date('2026-01-01'),
      median: new Date('2026-01-02'),
      max: new Date('2026-01-03'),
      top: none,
    },
    {
      column: 'empty',
      kind: 'numeric',
      count: 0,
      missing: 8,
      distinct: 0,
      mean: none,
      deviation: none,
      min: none,
      median: none,
      max: none,
      top: none,
    },
  ]);
});

test('large numbers close together keep their deviation', () => {
  const [x] = describe(new Table([numeric('x', [1e9 + 4, 1e9 + 7, 1e9 + 13, 1e9 + 16])]));
  expect(x?.deviation).toBeCloseTo(Math.sqrt(30), 9);
});

test.each(['churn', 'weather'])(
  'a stream of %s gives the same, but for what needs all numbers at once',
  async (name) => {
    const path = join(folder, `${name}.csv`);
    await writeCsvTable(await loadTable(name), path);
    const whole = describe(await readCsvTable(path)).map(({ median: _, distinct, ...rest }) =>
      rest.kind === 'categorical' ? { ...rest, distinct } : { ...rest, distinct: undefined },
    );
    expect(await summaries(path, { batchRows: 999 })).toEqual(whole);
  },
);

test('more categories than fit are not counted, the other columns are', async () => {
  const path = join(folder, 'ids.csv');
  const rows = Array.from({ length: 100_500 }, (_, i) => `id${i},${i % 2 ? 'odd' : 'even'}`);
  await writeFile(path, ['id,parity', ...rows].join('\n'));
  const [id, parity] = await summaries(path);
  expect(id).toMatchObject({ count: 100_500, distinct: undefined, top: undefined });
  expect(parity?.top).toBe('even (50250), odd (50250)');
});

test('a file without rows is an error', async () => {
  const path = join(folder, 'empty.csv');
  await writeFile(path, 'a,b\n');
  await expect(summaries(path)).rejects.toThrow('there is a header and no rows');
});
