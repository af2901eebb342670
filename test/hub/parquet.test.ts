/** What pyarrow wrote is what we read, in every compression and encoding; a damaged file is an error that names it. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { ParquetFile } from '../../src/hub/parquet.js';
import { seededRandom } from '../../src/hub/random.js';
import { Judge } from '../fuzz/judge.js';
import { mutateBytes } from '../fuzz/mutations.js';

const fixtures = fileURLToPath(new URL('../fixtures/parquet/', import.meta.url));

/** All of a file's columns as `{ name: values }`, as pyarrow's `to_pydict` gives them. */
async function read(path: string, columns?: string[]): Promise<Record<string, unknown[]>> {
  const file = await ParquetFile.open(path);
  try {
    const wanted = columns ?? file.columns.filter(({ kind }) => kind !== 'other').map(({ name }) => name);
    const values: Record<string, unknown[]> = Object.fromEntries(wanted.map((name) => [name, []]));
    for await (const { fields } of file.records(wanted)) for (const name of wanted) values[name]?.push(fields[name]);
    return values;
  } finally {
    await file.close();
  }
}

describe('a file by pyarrow', async () => {
  const ways = (await readdir(fixtures)).filter((name) => /^ways-.*\.parquet$/.test(name));
  const expected = JSON.parse(await readFile(join(fixtures, 'ways.json'), 'utf8'));

  test.each(ways)('%s', async (name) => {
    expect(await read(join(fixtures, name))).toEqual(expected);
  });

  test('its columns, its rows, and what kinds of values they hold', async () => {
    const file = await ParquetFile.open(join(fixtures, 'kinds.parquet'));
    expect(Object.fromEntries(file.columns.map(({ name, kind }) => [name, kind]))).toEqual({
      large_text: 'string',
      category: 'string',
      big: 'integer',
      unsigned: 'integer',
      tiny: 'integer',
      unsigned_small: 'integer',
      float: 'float',
      half: 'float',
      list: 'other',
      struct: 'other',
      bytes: 'other',
      time: 'other',
      decimal: 'other',
      after: 'string',
    });
    expect(file.rows).toBe(3);
    await file.close();
    expect(await read(join(fixtures, 'kinds.parquet'))).toEqual({
      large_text: ['x', '\ufeffy', null],
      category: ['b', 'a', 'b'],
      big: [2n ** 62n, -(2n ** 62n), 5],
      unsigned: [2n ** 64n - 1n, 0, 7],
      tiny: [-128, 127, null],
      unsigned_small: [2 ** 32 - 1, 0, 1],
      float: [0.5, null, -1.5],
      half: [0.5, 2, -1.5],
      after: ['last', 'of', 'all'],
    });
  });

  test('without rows', async () => {
    expect(await read(join(fixtures, 'no-rows.parquet'), ['after'])).toEqual({ after: [] });
  });

  test('is read a row group at a time, and of that the columns asked for', async () => {
    const file = await ParquetFile.open(join(fixtures, 'ways-plain-v1.parquet'));
    expect(file.rowGroups).toBe(3);
    const rows = file.records(['score']);
    const read: number[] = [];
    for (let row = 1; row <= 250; row++) {
      expect((await rows.next()).value).toMatchObject({ line: row, fields: { score: (row - 1) / 8 } });
      if (read.at(-1) !== file.bytesRead) read.push(file.bytesRead);
    }
    await file.close();
    // Three steps of 100, 100 and 50 numbers of 8 bytes, and some for the pages' headers.
    expect(read.map((bytes) => Math.floor(bytes / 800))).toEqual([1, 2, 2]);
  });

  test('a column it has not, or that is a list', async () => {
    await expect(read(join(fixtures, 'kinds.parquet'), ['sentence'])).rejects.toThrow(
      /kinds\.parquet: the column 'sentence' is missing\. Its columns are large_text, category/,
    );
    await expect(read(join(fixtures, 'kinds.parquet'), ['list'])).rejects.toThrow("'list' is not of plain values");
  });

  test('strings that are not UTF-8', async () => {
    await expect(read(join(fixtures, 'not-utf-8.parquet'))).rejects.toThrow(
      /not-utf-8\.parquet, column 'text', row group 1: not sound parquet \(a string in it is not UTF-8\)/,
    );
  });
});

describe('a damaged file', () => {
  let folder: string;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'parquet-'));
  });
  afterAll(() => rm(folder, { recursive: true }));

  async function damaged(bytes: Uint8Array): Promise<string> {
    const path = join(folder, 'damaged.parquet');
    await writeFile(path, bytes);
    return path;
  }

  test('cut short, empty, of another kind, encrypted', async () => {
    const whole = await readFile(join(fixtures, 'ways-snappy-v1.parquet'));
    await expect(read(await damaged(whole.subarray(0, -5)))).rejects.toThrow('does not end with PAR1');
    await expect(read(await damaged(whole.subarray(3000)))).rejects.toThrow(/damaged\.parquet.*: not sound parquet/);
    await expect(read(await damaged(Buffer.alloc(0)))).rejects.toThrow('0 bytes are too short for parquet');
    await expect(read(await damaged(Buffer.from('text,label\na,b\n')))).rejects.toThrow('does not end with PAR1');
    await expect(read(await damaged(Buffer.concat([whole, Buffer.from('PARE')])))).rejects.toThrow('it is encrypted');
    const huge = Buffer.from(whole);
    huge.writeUInt32LE(0xffffffff, huge.length - 8);
    await expect(read(await damaged(huge))).rejects.toThrow('its metadata of 4294967295 bytes reaches beyond');
  });

  test('a run of a billion values is refused before it becomes an array', async () => {
    const bytes = await readFile(join(fixtures, 'ways-none-v1.parquet'));
    // The levels of a column without nulls: 4 bytes for their length, a run of 100 (0xc8 0x01), the level 1.
    const at = bytes.indexOf(Buffer.from([3, 0, 0, 0, 0xc8, 1, 1]));
    expect(at).toBeGreaterThan(0);
    bytes.set([7, 0, 0, 0, 0xfe, 0xff, 0xff, 0xff, 0x0f, 1], at);
    await expect(read(await damaged(bytes))).rejects.toThrow('a run of 2147483647 values where 100 are left');
  });

  test.each(['none-v1', 'plain-v1', 'delta-v1', 'delta-v2', 'zstd-v2', 'gzip-v1', 'lz4-v1'])(
    '60 times, at random: %s',
    async (way) => {
      const whole = await readFile(join(fixtures, `ways-${way}.parquet`));
      const judge = new Judge(/damaged\.parquet/);
      for (let seed = 0; seed < 60; seed++) {
        const path = await damaged(mutateBytes(whole, seededRandom(seed)));
        await judge.judge(`seed ${seed}`, () => read(path));
      }
      judge.conclude();
    },
  );
});
