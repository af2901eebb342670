// Records of files longer than what is read at a time: quoted line ends, their lines, and what is wrong with them.

import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { type CsvRecord, openCsv } from '../../../src/tabular/table/csv-records.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'csv-records-'));
});
afterAll(() => rm(folder, { recursive: true }));

async function recordsOf(text: string): Promise<CsvRecord[]> {
  const path = join(folder, 'records.csv');
  await writeFile(path, text);
  const { records } = await openCsv(path);
  const all: CsvRecord[] = [];
  for await (const some of records) all.push(...some);
  return all;
}

test.each(['\n', '\r\n', '\r'])(
  '30,000 rows, every 7th over three lines, with blank lines between, ends %j',
  async (end) => {
    let text = `n,note${end}`;
    let line = 2;
    const expected: CsvRecord[] = [];
    for (let n = 0; n < 30_000; n++) {
      const quoted = n % 7 === 0;
      expected.push({ line, fields: [String(n), quoted ? `a "note"\n\nof ${n}, é` : `plain ${n}`] });
      text += quoted ? `${n},"a ""note""${end}${end}of ${n}, é"${end}` : `${n},plain ${n}${end}`;
      line += quoted ? 3 : 1;
      if (n % 1000 === 0) {
        text += end;
        line++;
      }
    }
    expect(text.length).toBeGreaterThan(2 * 2 ** 18); // three pieces
    expect(await recordsOf(text)).toEqual(expected);
  },
);

test('one record longer than a piece, and no line end after the last', async () => {
  const long = 'word\n'.repeat(100_000);
  expect(await recordsOf(`a,b\n1,"${long}"\n2,x`)).toEqual([
    { line: 2, fields: ['1', long] },
    { line: 100_003, fields: ['2', 'x'] },
  ]);
});

test('quotes that do not fit are named with their line', async () => {
  const rows = '1,x\n'.repeat(99);
  await expect(recordsOf(`a,b\n${rows}2,5" wide\n${rows}3,7" wide\n`)).rejects.toThrow(
    'line 101 or after: a quote stands inside a field that does not begin with one',
  );
  await expect(recordsOf(`a,b\n${rows}2,"x\n${rows}`)).rejects.toThrow('a double quote is opened and never closed');
  const huge = '1,"x\n'.repeat(1) + '1,x\n'.repeat(4_500_000);
  await expect(recordsOf(`a,b\n${huge}`)).rejects.toThrow('more than 16 million characters in one row');
});
