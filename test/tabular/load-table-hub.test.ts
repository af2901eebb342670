// Tables of a hub on this machine: several files as one table, kinds, splits, revisions, and what is not there.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { packagePath } from '../../src/hub/package-root.js';
import { loadTable } from '../../src/tabular/load-table.js';
import { LocalHub } from '../hub/local-hub.js';

let root: string;
let hub: LocalHub;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hub-table-'));
  vi.stubEnv('HF_HUB_CACHE', join(root, 'cache'));
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'no-token'));
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
  await rm(root, { recursive: true });
});

async function serve(files: Record<string, string | Buffer>): Promise<void> {
  hub = await LocalHub.start('census/people', { 'README.md': '# People', ...files }, 'dataset');
  vi.stubEnv('HF_ENDPOINT', hub.url);
}

test('CSV files of a split are one table, fetched once', async () => {
  await serve({
    'train-00000-of-00002.csv': 'age,work,income\n39,State-gov,<=50K\n?,Private,>50K\n',
    'train-00001-of-00002.csv': 'age,work,income\n28,,<=50K\n',
    'test-00000-of-00001.csv': 'age,work,income\n50,Private,>50K\n',
  });
  const table = await loadTable('census/people');
  expect(table.records()).toEqual([
    { age: 39, work: 'State-gov', income: '<=50K' },
    { age: undefined, work: 'Private', income: '>50K' },
    { age: 28, work: undefined, income: '<=50K' },
  ]);
  expect(table.categorical('income').categories).toEqual(['<=50K', '>50K']);
  expect((await loadTable('census/people', { split: 'test' })).row(0)).toMatchObject({ age: 50 });
  expect((await loadTable('census/people', { maxRows: 1 })).rowCount).toBe(1);
  const typed = await loadTable('census/people', { types: { age: 'categorical' } });
  expect(typed.categorical('age').categories).toEqual(['28', '39']);
  const before = hub.requests.filter((line) => line.includes('/resolve/')).length;
  await loadTable('census/people');
  expect(hub.requests.filter((line) => line.includes('/resolve/'))).toHaveLength(before);
});

test('a revision is another table', async () => {
  await serve({ 'train.csv': 'n\n1\n' });
  const commit = '0123456789'.repeat(4);
  hub.branches.set('v2', { commit, files: { 'README.md': Buffer.from(''), 'train.csv': Buffer.from('n\n2\n') } });
  expect((await loadTable('census/people')).row(0)).toEqual({ n: 1 });
  expect((await loadTable('census/people', { revision: 'v2' })).row(0)).toEqual({ n: 2 });
});

test('parquet: kinds as the file has them, label names in place of their numbers', async () => {
  const folder = packagePath('test', 'fixtures', 'parquet', 'sst2');
  await serve({ 'data/train-00000-of-00001.parquet': await readFile(join(folder, 'train.parquet')) });
  const rows = JSON.parse(await readFile(join(folder, 'rows.json'), 'utf8')).train;
  const table = await loadTable('census/people');
  expect(table.columns.map(({ name, kind }) => [name, kind])).toEqual([
    ['idx', 'numeric'],
    ['sentence', 'categorical'],
    ['label', 'categorical'],
  ]);
  const names = ['negative', 'positive'];
  expect(table.row(3)).toEqual({ idx: rows.idx[3], sentence: rows.sentence[3], label: names[rows.label[3]] });
});

test('JSON Lines: types as told', async () => {
  await serve({ 'train.jsonl': '{"day": "2026-01-31", "n": 1}\n{"day": null, "n": 2}\n' });
  const table = await loadTable('census/people', { types: { day: 'date' } });
  expect(table.records()).toEqual([
    { day: new Date('2026-01-31'), n: 1 },
    { day: undefined, n: 2 },
  ]);
});

test('what is not there is named; files must agree', async () => {
  await serve({
    'train-00000-of-00002.csv': 'n\n1\n',
    'train-00001-of-00002.csv': 'n\none\n',
  });
  await expect(loadTable('census/people', { split: 'test' })).rejects.toThrow(
    "has no split 'test'. Its splits are train",
  );
  await expect(loadTable('census/people')).rejects.toThrow(
    "do not make one table. concatenate: the column 'n' is numeric in one table and categorical in another",
  );
  await expect(loadTable('census/nobody')).rejects.toThrow('census/nobody');
});
