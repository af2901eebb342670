// CSV files become typed tables; what cannot be read is named with its line.

import { spawnSync } from 'node:child_process';
import { createWriteStream } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { packagePath } from '../../../src/hub/package-root.js';
import { type ReadTable, readCsvTable, streamTable } from '../../../src/tabular/table/csv.js';
import type { Table } from '../../../src/tabular/table/table.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-'));
});
afterAll(() => rm(folder, { recursive: true }));

/** A file of these lines. */
async function file(...lines: readonly string[]): Promise<string> {
  const path = join(folder, 'table.csv');
  await writeFile(path, lines.join('\r\n'));
  return path;
}

test('kinds are found out, and why is stated', async () => {
  const table = await readCsvTable(
    await file(
      '\ufeffprice,day,zip,open,kind,empty',
      '12.5,2026-01-31,01067,true,a,',
      ',2026-02-01,10115,FALSE,b,',
      '-1e3,NA,?,,a,',
    ),
  );
  expect(table.records()).toEqual([
    { price: 12.5, day: new Date('2026-01-31'), zip: '01067', open: 'true', kind: 'a', empty: undefined },
    { price: undefined, day: new Date('2026-02-01'), zip: '10115', open: 'false', kind: 'b', empty: undefined },
    { price: -1000, day: undefined, zip: undefined, open: undefined, kind: 'a', empty: undefined },
  ]);
  expect(table.types.map(({ name, kind, reason }) => `${name}: ${kind}, ${reason}`)).toEqual([
    'price: numeric, 2 of 2 values are numbers; 1 missing',
    'day: date, 2 of 2 values are dates, year-month-day; 1 missing',
    'zip: categorical, numbers with leading zeros, which are codes; 1 missing',
    'open: categorical, every value is true or false; 1 missing',
    'kind: categorical, texts; 0 missing',
    'empty: numeric, no value at all; 3 missing',
  ]);
});

test('quoted fields keep delimiters, quotes and line ends', async () => {
  const table = await readCsvTable(await file('name,note', '"Smith, J.","said ""no""', 'and left"', 'Li,fine'));
  expect(table.row(0)).toEqual({ name: 'Smith, J.', note: 'said "no"\nand left' });
  expect(table.rowCount).toBe(2);
});

test('dates in many orders; where two are possible they stay texts and the reason says so', async () => {
  const read = async (...days: readonly string[]) => {
    const table = await readCsvTable(await file('day', ...days));
    return [table.types[0]?.reason, table.row(0).day];
  };
  const day = new Date('2026-04-03');
  expect(await read('03/04/2026', '25/04/2026')).toEqual(['2 of 2 values are dates, day/month/year; 0 missing', day]);
  expect(await read('04/03/2026', '04/25/2026')).toEqual(['2 of 2 values are dates, month/day/year; 0 missing', day]);
  expect(await read('03/04/2026')).toEqual([
    'dates that can be read as day/month/year or month/day/year: say which in types; 0 missing',
    '03/04/2026',
  ]);
  expect((await read('3.4.2026'))[1]).toEqual(day);
  expect((await read('Apr 3 2026'))[1]).toEqual(day);
  expect((await read('3 April 2026'))[1]).toEqual(day);
  expect((await read('2026-04-03T02:00:00+02:00'))[1]).toEqual(day);
  expect((await read('2026-04-03 00:00', '2026-02-30 00:00'))[1]).toBe('2026-04-03 00:00'); // there is no 30 February
});

test('types, missing texts, decimal commas and delimiters can be said', async () => {
  const path = await file('zip;price;day', '1067;1,5;03/04/2026', '10115;-;04/04/2026');
  const types = { zip: 'categorical', day: 'month/day/year' } as const;
  const table = await readCsvTable(path, { delimiter: ';', decimal: ',', missing: ['-'], types });
  expect(table.records()).toEqual([
    { zip: '1067', price: 1.5, day: new Date('2026-03-04') },
    { zip: '10115', price: undefined, day: new Date('2026-04-04') },
  ]);
});

test('bad rows are named by line, or left out and told', async () => {
  const path = await file('a,b', '1,2', '1,2,3', '"x', 'y",4', '7');
  await expect(readCsvTable(path)).rejects.toThrow(
    '2 bad rows (line 3: 3 fields where the header has 2; line 6: 1 fields where the header has 2).',
  );
  const table = await readCsvTable(path, { badRows: 'skip' });
  expect(table.rowCount).toBe(2);
  expect(table.skipped).toEqual([
    { line: 3, problem: '3 fields where the header has 2' },
    { line: 6, problem: '1 fields where the header has 2' },
  ]);
});

test.each([
  [['a,a', '1,2'], "line 1: the header has the column 'a' twice"],
  [['a,,c', '1,2,3'], 'line 1: column 2 has no name'],
  [['a;b', '1;2'], 'Pass { delimiter: ";" }'],
  [['a,b'], 'there is a header and no rows'],
  [[''], 'the file is empty'],
  [['a,b', '1,"2'], 'a double quote is opened and never closed'],
])('%j: %s', async (lines, message) => {
  await expect(readCsvTable(await file(...lines))).rejects.toThrow(message);
});

test('options that do not fit are named', async () => {
  const path = await file('age', 'young');
  await expect(readCsvTable(path, { types: { age: 'numeric' } })).rejects.toThrow(
    "line 2, column 'age': 'young' is no number. Its type is numeric",
  );
  await expect(readCsvTable(path, { types: { size: 'numeric' } })).rejects.toThrow("types names a column 'size'");
  await expect(readCsvTable(path, { decimals: ',' } as object)).rejects.toThrow('readCsvTable: wrong options');
  await expect(readCsvTable(join(folder, 'none.csv'))).rejects.toThrow('there is no such file');
  await expect(readCsvTable(folder)).rejects.toThrow('this is a folder');
  await writeFile(join(folder, 'latin.csv'), Buffer.from('name\nJos\xe9\n', 'latin1'));
  await expect(readCsvTable(join(folder, 'latin.csv'))).rejects.toThrow('not UTF-8');
});

test('a stream gives tables with the types of the first rows, and names a later value that does not fit', async () => {
  const path = await file('n', '1', '2', '3', 'four', '5');
  const seen: Table[] = [];
  const all = async () => {
    for await (const part of streamTable(path, { batchRows: 2 })) seen.push(part);
  };
  await expect(all()).rejects.toThrow("line 5, column 'n': 'four' is no number");
  expect(seen.map((part) => [...part.numeric('n').values])).toEqual([[1, 2]]);
  const parts = streamTable(path, { batchRows: 2, types: { n: 'categorical' } });
  for await (const part of parts) seen.push(part);
  expect(seen.slice(1).map((part) => part.rowCount)).toEqual([2, 2, 1]);
});

test('values that do not fit can be missing, and are told; a flag is never anything but false or true', async () => {
  const path = await file('n,open', '1,true', '2,false', 'three,maybe', '4,TRUE');
  const types = { n: 'numeric' } as const;
  const whole = await readCsvTable(path, { types, unfit: 'missing' });
  expect(whole.records().map(({ n }) => n)).toEqual([1, 2, undefined, 4]);
  expect(whole.unfit).toEqual([{ line: 4, column: 'n', text: 'three' }]);
  const read = async (unfit: 'error' | 'missing') => {
    const parts: ReadTable[] = [];
    for await (const part of streamTable(path, { batchRows: 2, unfit })) parts.push(part);
    return parts;
  };
  await expect(read('error')).rejects.toThrow("line 4, column 'n': 'three' is no number");
  const last = (await read('missing')).at(-1);
  expect(last?.records()).toEqual([
    { n: undefined, open: undefined },
    { n: 4, open: 'true' },
  ]);
  expect(last?.unfit.map(({ text }) => text)).toEqual(['three', 'maybe']);
});

test('a stream of 15 MB is read in flat memory', async () => {
  const path = join(folder, 'long.csv');
  const out = createWriteStream(path);
  const lines = Array.from(
    { length: 1000 },
    (_, i) => `${i},category ${i % 7},2026-01-${String((i % 28) + 1).padStart(2, '0')},${i / 7}\n`,
  );
  out.write('id,kind,day,value\n');
  const block = lines.join('');
  const blocks = Math.ceil(15e6 / block.length);
  for (let i = 0; i < blocks; i++)
    if (!out.write(block)) await new Promise<void>((go) => out.once('drain', () => go()));
  await new Promise<void>((go) => out.end(go));
  // In a process of its own, with less heap than half of the file as JavaScript strings would take.
  const url = pathToFileURL(packagePath('dist', 'src', 'tabular', 'table', 'csv.js')).href;
  const program = `
    const { streamTable } = await import(${JSON.stringify(url)});
    let rows = 0, first, most = 0;
    for await (const part of streamTable(${JSON.stringify(path)})) {
      rows += part.rowCount;
      first ??= process.memoryUsage().rss;
      most = Math.max(most, process.memoryUsage().rss);
    }
    console.log(JSON.stringify({ rows, grownMB: (most - first) / 1e6 }));`;
  const { stdout, stderr } = spawnSync(
    process.execPath,
    ['--max-old-space-size=20', '--max-semi-space-size=2', '--input-type=module', '-e', program],
    { encoding: 'utf8' },
  );
  const { rows, grownMB } = JSON.parse(stdout || '{}');
  expect(rows, stderr).toBe(blocks * 1000);
  expect(grownMB).toBeLessThan(30); // after the first 10,000 rows; alone it is about 5
}, 60_000);
