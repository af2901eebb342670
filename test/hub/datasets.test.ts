// How data sets are loaded: by name, from one file, from a folder; and what is said when a file is wrong.

import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { DATASETS, loadDataset, type TextDataset } from '../../src/hub/datasets.js';

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'model-types-datasets-'));
});
afterEach(() => rm(folder, { recursive: true }));

/** Writes a file into the test's folder and returns its path. */
async function file(name: string, content: string | Uint8Array): Promise<string> {
  await mkdir(join(folder, name, '..'), { recursive: true });
  await writeFile(join(folder, name), content);
  return join(folder, name);
}

/** A CSV file of `count` different mails for each of the teams. */
const mails = (count: number, teams = ['billing', 'support']) =>
  `text,label\n${teams.flatMap((team) => Array.from({ length: count }, (_, i) => `${team} mail ${i},${team}\n`)).join('')}`;

const allRows = (dataset: TextDataset) => [...dataset.train, ...dataset.validation, ...dataset.test];

describe('a data set of ours', () => {
  test('is found by name and says what it is', () => {
    for (const [name, entry] of Object.entries(DATASETS)) {
      expect(entry.name).toBe(name);
      expect(entry.description).toMatch(/\?$/);
      expect(entry.licence).toMatch(/^[A-Za-z0-9.-]+$/);
    }
  });

  test('an unknown name lists the known ones', async () => {
    await expect(loadDataset('reviewz')).rejects.toThrow("no data set 'reviewz'. There are reviews, languages");
  });

  test('takes no options', async () => {
    await expect(loadDataset('reviews', { seed: 1 })).rejects.toThrow('options are for files of your own');
  });
});

describe('one CSV file', () => {
  test('is split at random, each label alike: 70, 10 and 20 percent', async () => {
    const dataset = await loadDataset(await file('mails.csv', mails(50)));
    expect(dataset.name).toBe('mails');
    expect(dataset.labels).toEqual(['billing', 'support']);
    for (const label of [0, 1]) {
      const count = (split: 'train' | 'validation' | 'test') =>
        dataset[split].filter((row) => row.label === label).length;
      expect([count('train'), count('validation'), count('test')]).toEqual([35, 5, 10]);
    }
    expect(new Set(allRows(dataset).map((row) => row.text)).size).toBe(100);
  });

  test('the same seed gives the same split, another seed another', async () => {
    const path = await file('mails.csv', mails(20));
    expect(await loadDataset(path)).toEqual(await loadDataset(path, { seed: 42 }));
    expect((await loadDataset(path, { seed: 7 })).test).not.toEqual((await loadDataset(path)).test);
  });

  test('texts that occur twice stay on one side', async () => {
    const rows = Array.from({ length: 40 }, (_, i) => `mail ${i % 20},${i % 20 < 10 ? 'a' : 'b'}\n`).join('');
    const { train, test: held } = await loadDataset(await file('twice.csv', `text,label\n${rows}`));
    const learnt = new Set(train.map((row) => row.text));
    expect(held.filter((row) => learnt.has(row.text))).toEqual([]);
  });

  test('columns may have other names; further columns stay on the row', async () => {
    const path = await file('m.csv', '﻿body,team,from\r\n"Hello, you",A,Ann\r\n"two\r\nlines",B,Bob\r\n');
    const { train } = await loadDataset(path, { text: 'body', label: 'team', validation: 0, test: 0 });
    expect(train).toContainEqual({ text: 'Hello, you', label: 0, from: 'Ann' });
    expect(train).toContainEqual({ text: 'two\nlines', label: 1, from: 'Bob' });
  });

  test('number labels: sorted as numbers, or named by `labels`', async () => {
    const path = await file('n.csv', 'text,label\na,10\nb,9\n');
    const whole = { validation: 0, test: 0 };
    expect((await loadDataset(path, whole)).labels).toEqual(['9', '10']);
    const zeroOne = await file('z.csv', 'text,label\na,1\nb,0\n');
    const named = await loadDataset(zeroOne, { ...whole, labels: ['negative', 'positive'] });
    expect(named.train).toContainEqual({ text: 'a', label: 1 });
    expect(named.labels).toEqual(['negative', 'positive']);
  });

  test('tabs and semicolons', async () => {
    const whole = { validation: 0, test: 0 };
    expect((await loadDataset(await file('t.tsv', 'text\tlabel\na, b\tx\nc\ty\n'), whole)).train).toHaveLength(2);
    const semicolons = await file('s.csv', 'text;label\na;x\nc;y\n');
    expect((await loadDataset(semicolons, { ...whole, delimiter: ';' })).train).toHaveLength(2);
    await expect(loadDataset(semicolons)).rejects.toThrow('separated by ";". Pass { delimiter: ";" }');
  });
});

describe('a JSON Lines file', () => {
  test('labels may be strings, numbers or booleans', async () => {
    const path = await file('m.jsonl', '{"text": "a", "label": true}\n\n{"text": "b", "label": false, "stars": 2}\n');
    const dataset = await loadDataset(path, { validation: 0, test: 0 });
    expect(dataset.labels).toEqual(['false', 'true']);
    expect(dataset.train).toContainEqual({ text: 'b', label: 0, stars: 2 });
  });
});

describe('a folder', () => {
  test('with three files keeps their order', async () => {
    await file('d/train.csv', 'text,label\na,x\nb,y\n');
    await file('d/validation.jsonl', '{"text": "c", "label": "y"}');
    await file('d/test.csv', 'text,label\nd,x\n');
    const dataset = await loadDataset(join(folder, 'd'));
    expect(dataset.name).toBe('d');
    expect(dataset.train.map((row) => row.text)).toEqual(['a', 'b']);
    expect(dataset.validation).toEqual([{ text: 'c', label: 1 }]);
    expect(dataset.test).toEqual([{ text: 'd', label: 0 }]);
  });

  test('a split without a file is drawn from train', async () => {
    await file('d/train.csv', mails(20));
    await file('d/test.csv', mails(2));
    const dataset = await loadDataset(join(folder, 'd'));
    expect([dataset.train.length, dataset.validation.length, dataset.test.length]).toEqual([36, 4, 4]);
  });

  test('without a training file says what it holds', async () => {
    await file('d/notes.txt', 'x');
    await expect(loadDataset(join(folder, 'd'))).rejects.toThrow(
      'no train.csv or train.jsonl in this folder. It holds notes.txt',
    );
  });

  test('with two files for one split asks to keep one', async () => {
    await file('d/train.csv', mails(2));
    await file('d/val.csv', mails(2));
    await file('d/dev.csv', mails(2));
    await expect(loadDataset(join(folder, 'd'))).rejects.toThrow(/dev.csv and val.csv|val.csv and dev.csv/);
  });

  test('a label that training does not know', async () => {
    await file('d/train.csv', mails(2));
    await file('d/test.csv', 'text,label\na,billing\nb,sales\n');
    await expect(loadDataset(join(folder, 'd'))).rejects.toThrow(
      "test.csv, line 3, column 'label': unknown label 'sales'. The labels are billing, support",
    );
  });
});

describe('a file that is wrong: file, line and column are named', () => {
  const cases: [string, string, string | Uint8Array, RegExp][] = [
    [
      'no such column',
      'a.csv',
      'body,label\na,x\n',
      /a\.csv: no column 'text'\. Its columns are body, label\. .*\{ text: 'body'/,
    ],
    ['an empty text', 'a.csv', 'text,label\na,x\n  ,y\n', /a\.csv, line 3, column 'text': the text is empty/],
    ['no label', 'a.csv', 'text,label\n"two\nlines",x\nb,\n', /a\.csv, line 4, column 'label': the label is missing/],
    [
      'one label only',
      'a.csv',
      'text,label\na,x\nb,x\n',
      /column 'label': a classifier needs at least 2 labels, found 1 \(x\)/,
    ],
    [
      'a field too many',
      'a.csv',
      'text,label\na,x\n\nno, not good,y\n',
      /line 4: 3 fields where the header has 2 \(text, label\)/,
    ],
    [
      'a quote left open',
      'a.csv',
      'text,label\n"a\nb",x\n"c,y\nd,x\n',
      /line 4: a double quote is opened and never closed/,
    ],
    ['a quote inside', 'a.csv', 'text,label\na,x\nsay "hi",y\n', /line 3: unbalanced double quotes/],
    ['a column twice', 'a.csv', 'text,text\na,x\n', /the header has the column 'text' twice/],
    ['an empty file', 'a.csv', '\uFEFF\n\n', /a\.csv: the file is empty/],
    ['a header alone', 'a.csv', 'text,label\n', /a header but no rows/],
    [
      'Latin-1',
      'a.csv',
      Buffer.from('text,label\na,x\ncaf\xe9,y\n', 'latin1'),
      /line 3: not UTF-8 .*Save the file as UTF-8/,
    ],
    ['UTF-16', 'a.csv', Buffer.from('\uFEFFtext,label\n', 'utf16le'), /it looks like UTF-16/],
    ['bad JSON', 'a.jsonl', '{"text": "a", "label": 1}\n{"text": "b", label: 2}\n', /a\.jsonl, line 2: not valid JSON/],
    ['JSON, not an object', 'a.jsonl', '["a", 1]\n', /line 1: every line must be a JSON object/],
    [
      'a text that is a number',
      'a.jsonl',
      '{"text":"a","label":0}\n{"text":5,"label":1}',
      /line 2, column 'text': .*found 5/,
    ],
    ['a label that is a list', 'a.jsonl', '{"text":"a","label":["x"]}', /line 1, column 'label': .*found \["x"\]/],
    ['a text left out', 'a.jsonl', '{"text":"a","label":0}\n{"label":1}', /line 2, column 'text': the text is missing/],
    ['another kind of file', 'a.parquet', 'PAR1', /cannot read '\.parquet' files/],
  ];
  test.each(cases)('%s', async (_what, name, content, message) => {
    await expect(loadDataset(await file(name, content))).rejects.toThrow(message);
  });

  test('no such file', async () => {
    await expect(loadDataset('./nowhere/mails.csv')).rejects.toThrow(
      /\.\/nowhere\/mails\.csv: there is no such file or folder/,
    );
  });

  test('too few rows for a test', async () => {
    await expect(loadDataset(await file('a.csv', mails(2)))).rejects.toThrow(
      '4 rows are too few to set aside a share of 0.1',
    );
  });

  test('wrong options', async () => {
    const path = await file('a.csv', mails(2));
    await expect(loadDataset(path, { test: 1.5 })).rejects.toThrow(/wrong options \(test: /);
    await expect(loadDataset(path, { test: 0.5, validation: 0.5 })).rejects.toThrow('leave nothing to train on');
    await expect(loadDataset(path, { labels: ['a', 'a'] })).rejects.toThrow('a label occurs twice');
    // @ts-expect-error: a misspelt option is an error here too, for notebooks that do not check types
    await expect(loadDataset(path, { txt: 'body' })).rejects.toThrow(/txt/);
  });
});
