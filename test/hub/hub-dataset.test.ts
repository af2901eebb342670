/** Data sets of a hub on this machine, in the layouts of well-known ones: splits, columns, label names, and what goes wrong. */
import { mkdtemp, readdir, readFile, rm, truncate } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { loadDataset, streamDataset, type TextDataset, type TextRow } from '../../src/hub/datasets.js';
import { COMMIT, LocalHub } from './local-hub.js';

const fixtures = fileURLToPath(new URL('../fixtures/parquet/', import.meta.url));
const fixture = (path: string): Promise<Buffer> => readFile(join(fixtures, path));
/** What pyarrow wrote into a fixture: its columns by split. */
const written = async (name: string): Promise<Record<string, Record<string, unknown[]>>> =>
  JSON.parse(await readFile(join(fixtures, name, 'rows.json'), 'utf8'));

let root: string;
let hub: LocalHub;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hub-dataset-'));
  vi.stubEnv('HF_HUB_CACHE', join(root, 'cache'));
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'no-token'));
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub?.stop();
  await rm(root, { recursive: true });
});

async function serve(id: string, files: Record<string, string | Buffer>, cardData?: unknown): Promise<void> {
  hub = await LocalHub.start(id, { '.gitattributes': '', 'README.md': '# A data set', ...files }, 'dataset');
  hub.cardData = cardData;
  vi.stubEnv('HF_ENDPOINT', hub.url);
}

const classLabel = (...names: string[]) => ({ class_label: { names: { ...names } } });
const asRows = (texts: unknown[] = [], labels: unknown[] = []): unknown[] =>
  texts.map((text, i) => ({ text, label: labels[i] }));
const texts = (rows: readonly TextRow[]): string[] => rows.map(({ text }) => text);
const sizes = ({ train, validation, test: held }: TextDataset) => [train.length, validation.length, held.length];
const csv = (...rows: string[]) => ['text,label', ...rows].join('\n');
const mails = (count: number, word = 'mail') =>
  csv(...Array.from({ length: count }, (_, i) => `${word} ${i},${i % 2 ? 'spam' : 'ham'}`));

describe('like stanfordnlp/sst2: parquet with label names, and a test split without labels', () => {
  const id = 'stanfordnlp/sst2';
  beforeEach(async () => {
    await serve(
      id,
      Object.fromEntries(
        await Promise.all(
          ['train', 'validation', 'test'].map(async (split) => [
            `data/${split}-00000-of-00001.parquet`,
            await fixture(`sst2/${split}.parquet`),
          ]),
        ),
      ),
    );
  });

  test('the validation split serves as test, and validation is drawn from train', async () => {
    const dataset = await loadDataset(id);
    const { train, validation, test: hidden } = await written('sst2');
    expect(dataset).toMatchObject({ name: id, labels: ['negative', 'positive'], revision: COMMIT });
    expect(dataset.notes).toEqual([
      'The test split has no labels: its validation split serves as test.',
      'validation is 10% of train, drawn with seed 42.',
    ]);
    expect(dataset.test).toEqual(asRows(validation?.sentence, validation?.label));
    expect(sizes(dataset)).toEqual([108, 12, 30]);
    const drawn = [...dataset.train, ...dataset.validation].sort((a, b) => (a.text < b.text ? -1 : 1));
    const all = asRows(train?.sentence, train?.label) as TextRow[];
    expect(drawn).toEqual(all.sort((a, b) => (a.text < b.text ? -1 : 1)));
    expect(texts(dataset.test)).not.toContain(hidden?.sentence?.[0]);
    expect((await loadDataset(id, { seed: 7 })).validation).not.toEqual(dataset.validation);
  });

  test('a second time it comes from the cache, without a request and without a network', async () => {
    const first = await loadDataset(id);
    hub.requests.length = 0;
    expect(await loadDataset(id)).toEqual(first);
    expect(hub.requests).toEqual([]);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect(await loadDataset(id)).toEqual(first);
    expect(await loadDataset(id, { revision: COMMIT })).toEqual(first);
    await expect(loadDataset(id, { revision: 'v2' })).rejects.toThrow(
      /The data set stanfordnlp\/sst2 \(revision v2\) is not available offline: .*run this once with a network and without/,
    );
  });

  test('lies in the cache as Python would lay it: its splits, its README, and nothing else', async () => {
    hub.files['data/extra-00000-of-00001.parquet'] = Buffer.from('a split nobody asked for');
    hub.files['notes.pdf'] = Buffer.from('not wanted');
    await loadDataset(id);
    const folder = join(root, 'cache', 'datasets--stanfordnlp--sst2');
    expect((await readdir(join(folder, 'snapshots', COMMIT), { recursive: true })).sort()).toEqual([
      'README.md',
      'data',
      'data/test-00000-of-00001.parquet',
      'data/train-00000-of-00001.parquet',
      'data/validation-00000-of-00001.parquet',
    ]);
    expect(await readFile(join(folder, 'refs', 'main'), 'utf8')).toBe(COMMIT);
  });

  test('at a pinned revision', async () => {
    const commit = '1234abcd'.repeat(5);
    hub.branches.set('v1', { commit, files: { 'train.csv': Buffer.from(mails(40)) } });
    const pinned = await loadDataset(id, { revision: commit });
    expect(pinned).toMatchObject({ revision: commit, labels: ['ham', 'spam'] });
    expect((await loadDataset(id, { revision: 'v1' })).revision).toBe(commit);
    expect((await loadDataset(id)).revision).toBe(COMMIT);
  });

  test('maxRows takes the first rows of each split', async () => {
    const { train, validation } = await written('sst2');
    const dataset = await loadDataset(id, { maxRows: 20, validation: 0 });
    expect(dataset.train).toEqual(asRows(train?.sentence?.slice(0, 20), train?.label));
    expect(dataset.test).toEqual(asRows(validation?.sentence?.slice(0, 20), validation?.label));
  });

  test('a download cut short is carried on', async () => {
    const file = 'data/train-00000-of-00001.parquet';
    hub.mishaps.set(`/content/${file}`, ['truncate']);
    const seen: number[] = [];
    await loadDataset(id, { onProgress: ({ file: name, loaded }) => name === file && seen.push(loaded) });
    expect(seen.at(-1)).toBe(hub.files[file]?.length);
    expect(hub.requests.filter((request) => /content.*train.* bytes=\d+/.test(request))).toHaveLength(1);
  });

  test('a stream reads a split by its own name, as often as one likes', async () => {
    const { train, test: hidden } = await written('sst2');
    const stream = await streamDataset(id);
    expect(stream).toMatchObject({ labels: ['negative', 'positive'], revision: COMMIT, name: id });
    for (let round = 0; round < 2; round++) {
      const rows: TextRow[] = [];
      for await (const row of stream) rows.push(row);
      expect(rows).toEqual(asRows(train?.sentence, train?.label));
    }
    for await (const row of stream) {
      expect(row.text).toBe(train?.sentence?.[0]);
      break; // closes the file
    }
    await expect(streamDataset(id, { split: 'dev' })).rejects.toThrow(
      "no split 'dev'. Its splits are test, train, validation",
    );
    const unlabelled = await streamDataset(id, { split: 'test', label: 'idx', labels: ['0', '1'], maxRows: 2 });
    const seen: string[] = [];
    for await (const { text } of unlabelled) seen.push(text);
    expect(seen).toEqual(hidden?.sentence?.slice(0, 2));
  });

  test('a file that is damaged in the cache is named', async () => {
    await loadDataset(id);
    const file = 'data/train-00000-of-00001.parquet';
    await truncate(join(root, 'cache', 'datasets--stanfordnlp--sst2', 'snapshots', COMMIT, file), 1000);
    await expect(loadDataset(id)).rejects.toThrow(`${id}/${file}: not sound parquet (it does not end with PAR1)`);
  });

  test('stops when asked to', async () => {
    const stop = new AbortController();
    const loading = loadDataset(id, { signal: stop.signal, onProgress: () => stop.abort(new Error('enough')) });
    await expect(loading).rejects.toThrow('enough');
  });
});

describe('like fancyzhx/ag_news: label names in the README', () => {
  const id = 'fancyzhx/ag_news';
  const card = {
    dataset_info: {
      features: [
        { name: 'text', dtype: 'string' },
        { name: 'label', dtype: classLabel('World', 'Sports', 'Business', 'Sci/Tech') },
      ],
    },
    configs: [
      {
        config_name: 'default',
        data_files: [
          { split: 'train', path: 'data/train-*' },
          { split: 'test', path: 'data/test-*' },
        ],
      },
    ],
  };
  beforeEach(async () => {
    await serve(
      id,
      {
        'data/test-00000-of-00001.parquet': await fixture('ag_news/test.parquet'),
        'data/train-00000-of-00002.parquet': await fixture('ag_news/train.parquet'),
        'data/train-00001-of-00002.parquet': await fixture('imdb/test.parquet'),
      },
      card,
    );
  });

  test('both shards make the train split', async () => {
    const { train, test: held } = await written('ag_news');
    const { test: second } = await written('imdb');
    const dataset = await loadDataset(id, { validation: 0 });
    expect(dataset.labels).toEqual(['World', 'Sports', 'Business', 'Sci/Tech']);
    expect(dataset.train).toEqual([...asRows(train?.text, train?.label), ...asRows(second?.text, second?.label)]);
    expect(dataset.test).toEqual(asRows(held?.text, held?.label));
    expect(dataset.notes).toEqual([]);
    vi.stubEnv('MODEL_TYPES_OFFLINE', '1');
    expect(await loadDataset(id, { validation: 0 })).toEqual(dataset);
  });

  test('maxRows fetches no more shards than it takes', async () => {
    await loadDataset(id, { maxRows: 40 });
    expect(hub.requests.some((request) => request.includes('train-00001'))).toBe(false);
    expect((await loadDataset(id, { validation: 0 })).train).toHaveLength(120);
    expect(hub.requests.some((request) => request.includes('train-00001'))).toBe(true);
  });

  test('without names, the numbers that occur', async () => {
    hub.cardData = { configs: card.configs };
    expect((await loadDataset(id)).labels).toEqual(['0', '1', '2', '3']);
    expect((await streamDataset(id)).labels).toEqual(['0', '1', '2', '3']);
    const named = await loadDataset(id, { labels: ['a', 'b', 'c', 'd'], validation: 0 });
    expect(named).toMatchObject({ labels: ['a', 'b', 'c', 'd'] });
    expect(named.train[0]?.label).toBe((await written('ag_news')).train?.label?.[0]);
  });

  test('other names are as many as there are', async () => {
    expect((await loadDataset(id, { labels: ['Welt', 'Sport', 'Wirtschaft', 'Technik'] })).labels[0]).toBe('Welt');
    await expect(loadDataset(id, { labels: ['a', 'b'] })).rejects.toThrow(
      'has the 4 labels World, Sports, Business, Sci/Tech, and { labels } names 2',
    );
  });

  test('a card that makes no sense counts as none', async () => {
    for (const nonsense of [
      null,
      7,
      [],
      { configs: 'x', dataset_info: [7, { features: {} }] },
      { configs: [{ data_files: 3 }] },
    ]) {
      await rm(join(root, 'cache'), { recursive: true, force: true });
      hub.cardData = nonsense;
      expect((await loadDataset(id)).labels).toEqual(['0', '1', '2', '3']);
    }
  });
});

describe('like stanfordnlp/imdb: sorted by label, with a split of no labels', () => {
  const id = 'stanfordnlp/imdb';
  beforeEach(async () => {
    const file = (split: string) => fixture(`imdb/${split}.parquet`);
    await serve(id, {
      'plain_text/train-00000-of-00001.parquet': await file('train'),
      'plain_text/test-00000-of-00001.parquet': await file('test'),
      'plain_text/unsupervised-00000-of-00001.parquet': await file('unsupervised'),
    });
  });

  test('train and test are read, unsupervised is not fetched', async () => {
    const dataset = await loadDataset(id);
    expect(sizes(dataset)).toEqual([53, 7, 40]);
    expect(dataset.labels).toEqual(['neg', 'pos']);
    expect(hub.requests.some((request) => request.includes('unsupervised'))).toBe(false);
  });

  test('its first rows alone would be of one label', async () => {
    await expect(loadDataset(id, { maxRows: 10 })).rejects.toThrow(
      'No row of train has the label pos, of the first 10: it may be sorted by label. Raise maxRows, or leave it out.',
    );
  });

  test('rows without a label are refused, or left out', async () => {
    const stream = await streamDataset(id, { split: 'unsupervised' });
    await expect(stream[Symbol.asyncIterator]().next()).rejects.toThrow(
      "unsupervised-00000-of-00001.parquet, row 1, column 'label': the label is missing. Pass { skipMissing: true }",
    );
    const { train } = await written('imdb');
    hub.files['plain_text/train-00001-of-00002.parquet'] = hub.files['plain_text/unsupervised-00000-of-00001.parquet']!;
    await rm(join(root, 'cache'), { recursive: true });
    const dataset = await loadDataset(id, { skipMissing: true, validation: 0 });
    expect(dataset.train).toEqual(asRows(train?.text, train?.label));
    expect(dataset.notes?.[0]).toMatch(
      /^30 rows of train have no text or no label and are left out \(first: stanfordnlp\/imdb\/plain_text\/.*, row 1\)/,
    );
  });
});

describe('CSV and JSON Lines', () => {
  test('train.csv, dev.csv and test.csv', async () => {
    await serve('org/mails', { 'train.csv': mails(20), 'dev.csv': mails(6), 'test.csv': mails(4) });
    const dataset = await loadDataset('org/mails');
    expect(sizes(dataset)).toEqual([20, 6, 4]);
    expect(dataset.train[1]).toEqual({ text: 'mail 1', label: 1 });
    expect(dataset).toMatchObject({ labels: ['ham', 'spam'], notes: [], revision: COMMIT });
  });

  test('one file of another name is all training data, split at random', async () => {
    await serve('org/mails', { 'all.tsv': mails(60).replaceAll(',', '\t') });
    const dataset = await loadDataset('org/mails');
    expect(sizes(dataset)).toEqual([42, 6, 12]);
    expect(dataset.notes).toHaveLength(2);
  });

  test('JSON Lines in folders, with columns that have to be named', async () => {
    const line = (i: number) =>
      JSON.stringify({ body: `b ${i}`, subject: `s ${i}`, team: i % 2 ? 'x' : 'y', tags: ['a'] });
    const lines = (count: number) => Array.from({ length: count }, (_, i) => line(i)).join('\n');
    await serve('org/mails', { 'train/a.jsonl': lines(10), 'train/b.jsonl': lines(4), 'test/a.jsonl': lines(3) });
    await expect(loadDataset('org/mails')).rejects.toThrow(
      "The data set org/mails: it is not clear which column holds the label. Its columns are body (string), subject (string), team (string), tags (other). Say which to read, such as { text: 'body', label: 'tags' }.",
    );
    const dataset = await loadDataset('org/mails', { text: 'subject', label: 'team', validation: 0 });
    expect(sizes(dataset)).toEqual([14, 0, 3]);
    expect(dataset.train[0]).toEqual({ text: 's 0', label: 1 });
    await expect(loadDataset('org/mails', { label: 'tags' })).rejects.toThrow("'tags' has no single label a row");
    await expect(loadDataset('org/mails', { text: 'title' })).rejects.toThrow("no column 'title'");
  });

  test('JSON: a list of objects, or lines', async () => {
    const list = [0, 1, 2].map((i) => ({ text: `t ${i}`, label: i % 2 }));
    const lines = list.map((row) => JSON.stringify(row)).join('\n');
    await serve('org/json', { 'train.json': JSON.stringify(list, null, 2), 'test.json': lines });
    const dataset = await loadDataset('org/json', { validation: 0 });
    expect(dataset.train).toEqual(list);
    expect(dataset.test).toEqual(list);
    hub.files['test.json'] = Buffer.from('[{"text": "a"}, 7]');
    await rm(join(root, 'cache'), { recursive: true });
    await expect(loadDataset('org/json')).rejects.toThrow('org/json/test.json: not a list of JSON objects');
  });

  test('an error names the file and the line', async () => {
    await serve('org/mails', { 'train.csv': `${mails(20)}\nlast,`, 'test.csv': csv('a,ham', 'b,eggs') });
    await expect(loadDataset('org/mails')).rejects.toThrow(
      "org/mails/train.csv, line 22, column 'label': the label is missing",
    );
    await expect(loadDataset('org/mails', { skipMissing: true })).rejects.toThrow(
      "org/mails/test.csv, line 3, column 'label': unknown label 'eggs'. The labels are ham, spam",
    );
  });

  test('two texts a row are refused, unless one is named', async () => {
    await serve('org/pairs', { 'train.csv': `sentence1,sentence2,label\n${'a,b,0\nc,d,1\n'.repeat(9)}` });
    await expect(loadDataset('org/pairs')).rejects.toThrow(
      'two texts a row, sentence1 and sentence2, and we classify one',
    );
    expect((await loadDataset('org/pairs', { text: 'sentence1', test: 0, validation: 0 })).train[0]?.text).toBe('a');
  });

  test('a test split without a label column', async () => {
    await serve('org/mails', { 'train.csv': mails(20), 'valid.csv': mails(4), 'test.csv': 'text\nhidden\n' });
    const dataset = await loadDataset('org/mails');
    expect(sizes(dataset)).toEqual([18, 2, 4]);
    expect(dataset.notes?.[0]).toBe('The test split has no labels: its validation split serves as test.');
  });

  test('numbers to predict are no labels', async () => {
    await serve('org/scores', { 'train.jsonl': '{"text":"a","score":0.5}\n{"text":"b","score":1.5}' });
    await expect(loadDataset('org/scores')).rejects.toThrow(
      "org/scores/train.jsonl, line 1, column 'score': 0.5 is no class",
    );
  });
});

describe('several configs', () => {
  const files = { 'a/train.csv': mails(20, 'a'), 'b/train.csv': mails(20, 'b'), 'b/dev.csv': mails(4, 'b') };
  const configs = [
    { config_name: 'first', data_dir: 'a' },
    {
      config_name: 'second',
      data_files: [
        { split: 'train', path: ['b/train.csv'] },
        { split: 'validation', path: 'b/d*.csv' },
      ],
    },
  ];

  test('one is named, or the README names one', async () => {
    await serve('org/both', files, { configs });
    await expect(loadDataset('org/both')).rejects.toThrow(
      "The data set org/both has several configs: first, second. Say which, such as { config: 'first' }.",
    );
    await expect(loadDataset('org/both', { config: 'third' })).rejects.toThrow("no config 'third': first, second");
    expect((await loadDataset('org/both', { config: 'first' })).train[0]?.text).toMatch(/^a /);
    const second = await loadDataset('org/both', { config: 'second' });
    expect(second.test[0]?.text).toBe('b 0');
    expect(second.notes?.[0]).toBe('There is no test split: its validation split serves as test.');
  });

  test('the default', async () => {
    await serve('org/both', files, { configs: [configs[0], { ...configs[1], default: true }] });
    expect((await loadDataset('org/both')).train[0]?.text).toMatch(/^b /);
  });
});

describe("the hub's own copy in parquet", () => {
  const id = 'org/scripted';
  const converted = 'feed0000'.repeat(5);

  test('serves where a script makes the data', async () => {
    await serve(id, { 'scripted.py': 'import os' });
    await expect(loadDataset(id)).rejects.toThrow(
      /has no parquet, CSV or JSON Lines files: it holds README.md, scripted.py. Its script scripted.py makes the data, and scripts of others are not run here. Nor is there a copy .* it has no such revision of this data set \(404\)/,
    );
    hub.branches.set('refs/convert/parquet', {
      commit: converted,
      files: {
        'default/train/0000.parquet': await fixture('ag_news/train.parquet'),
        'default/partial-test/0000.parquet': await fixture('ag_news/test.parquet'),
        'other/train/0000.parquet': await fixture('ag_news/test.parquet'),
      },
    });
    const dataset = await loadDataset(id, { validation: 0 });
    expect(sizes(dataset)).toEqual([80, 0, 20]);
    expect(dataset.revision).toBe(converted);
    expect(dataset.notes).toEqual(["Read from the hub's own copy in parquet, revision refs/convert/parquet."]);
    expect((await loadDataset(id, { config: 'other', validation: 0, test: 0 })).train).toHaveLength(20);
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect(await loadDataset(id, { validation: 0 })).toEqual(dataset);
  });
});

describe('what cannot be had', () => {
  beforeEach(() => serve('org/mails', { 'train.csv': mails(20) }));

  test('a data set that does not exist, and is no path either', async () => {
    await expect(loadDataset('org/nothing')).rejects.toThrow(
      /The data set org\/nothing \(revision main\) could not be found: the cache has no .*datasets--org--nothing; the hub http.* it has no such data set or file \(404\)\. Check its id .*There is no file or folder .*org\/nothing either/,
    );
  });

  test('a private one', async () => {
    hub.mishaps.set('/revision/main', [{ status: 401 }]);
    await expect(loadDataset('org/mails')).rejects.toThrow(
      'it refuses access (401): the data set does not exist, is private, or its terms must be accepted on its page; set HF_TOKEN',
    );
  });

  test('no network', async () => {
    vi.stubEnv('MODEL_TYPES_OFFLINE', '1');
    await expect(loadDataset('org/mails')).rejects.toThrow(
      /The data set org\/mails \(revision main\) is not available offline: the cache has no .*; run this once with a network/,
    );
    expect(hub.requests).toEqual([]);
  });

  test('no train split', async () => {
    hub.files = { 'test.csv': Buffer.from(mails(4)) };
    await expect(loadDataset('org/mails')).rejects.toThrow(
      "has no train split: its splits are test. Read one with streamDataset('org/mails', { split: 'test' })",
    );
  });

  test('options that are none', async () => {
    await expect(loadDataset('org/mails', { maxRows: 0 })).rejects.toThrow(/wrong options \(maxRows: /);
    // @ts-expect-error: misspelt
    await expect(loadDataset('org/mails', { revison: 'main' })).rejects.toThrow(/revison/);
    await expect(loadDataset('org/mails', { revision: '../x' })).rejects.toThrow('is no revision');
  });

  test('a path is no id', async () => {
    await expect(loadDataset('./org/mails')).rejects.toThrow('there is no such file or folder');
    await expect(loadDataset('org/mails.csv')).rejects.toThrow('there is no such file or folder');
    expect(hub.requests).toEqual([]);
  });
});
