/** Which files make which split: as a README says, and as names tell; and READMEs that make no sense. */
import { describe, expect, test } from 'vitest';
import { readCard } from '../../src/hub/dataset-card.js';
import { configsOf, splitNamed } from '../../src/hub/dataset-files.js';
import { fits } from '../../src/hub/glob.js';
import { seededRandom } from '../../src/hub/random.js';
import { mutateJson } from '../fuzz/mutations.js';

/** The splits of each config, as plain objects. */
function configs(paths: string[], cardData?: unknown): Record<string, Record<string, readonly string[]>> {
  const found = configsOf(paths, readCard(cardData));
  return Object.fromEntries(found.map(({ name, splits }) => [name, Object.fromEntries(splits)]));
}

describe('a pattern', () => {
  test.each([
    ['data/train-00000-of-00002.parquet', 'data/train-*', true],
    ['data/sub/train-1.parquet', 'data/train-*', false],
    ['data/sub/train.csv', 'data/*.csv', false],
    ['data/sub/train.csv', 'data/**', true],
    ['data/sub/train.csv', '**/*.csv', true],
    ['train.csv', '**/*.csv', true],
    ['other-train.csv', '**/train.csv', false],
    ['data/a/b/train.csv', 'data/**/train.csv', true],
    ['data/train.csv', 'data/**/train.csv', true],
    ['a1.csv', 'a[0-9].csv', true],
    ['ab.csv', 'a[!0-9].csv', true],
    ['a/csv', 'a?csv', false],
    ['en.csv', '{en,fr}.csv', true],
    ['de.csv', '{en,fr}.csv', false],
    ['a+b(c).csv', 'a+b(c).csv', true],
    ['a.csv', 'a[.csv', false],
  ])('%s, %s: %s', (path, pattern, expected) => expect(fits(path, pattern)).toBe(expected));

  test('made to take for ever takes no time', () => {
    const began = performance.now();
    expect(fits('a'.repeat(1000), `${'*a'.repeat(500)}b`)).toBe(false);
    expect(fits('a'.repeat(200), '{a,b}'.repeat(50))).toBe(false);
    expect(fits('a', '**/'.repeat(2000))).toBe(false);
    expect(performance.now() - began).toBeLessThan(2000);
  });
});

describe('names', () => {
  test('shards in data/, and splits of any name', () => {
    const shards = [
      'data/train-00001-of-00002.parquet',
      'data/train-00000-of-00002.parquet',
      'data/unsupervised-00000-of-00001-ab12.parquet',
    ];
    expect(configs([...shards, 'README.md'])).toEqual({
      default: {
        train: ['data/train-00000-of-00002.parquet', 'data/train-00001-of-00002.parquet'],
        unsupervised: ['data/unsupervised-00000-of-00001-ab12.parquet'],
      },
    });
  });

  test('words for the splits, in the names of files or folders', () => {
    const expected = { default: { train: ['x_train.csv'], validation: ['my-dev-2.csv'], test: ['eval.csv'] } };
    expect(configs(['x_train.csv', 'my-dev-2.csv', 'eval.csv'])).toEqual(expected);
    expect(configs(['training/a.jsonl', 'val/b.jsonl', 'val/a.jsonl'])).toEqual({
      default: { train: ['training/a.jsonl'], validation: ['val/a.jsonl', 'val/b.jsonl'] },
    });
    expect(configs(['constraint.csv', 'latest.csv'])).toEqual({ default: { train: ['constraint.csv', 'latest.csv'] } });
  });

  test('parquet before CSV; hidden files and descriptions are none', () => {
    expect(configs(['train.csv', 'train.parquet', '.hidden/test.parquet', 'dataset_infos.json'])).toEqual({
      default: { train: ['train.parquet'] },
    });
    expect(configs(['dataset_infos.json', 'script.py', 'images.zip'])).toEqual({});
  });

  test('a split of ours by its name there', () => {
    expect(splitNamed(['Train', 'dev', 'test_matched'], 'train')).toBe('Train');
    expect(splitNamed(['Train', 'dev', 'test_matched'], 'validation')).toBe('dev');
    expect(splitNamed(['Train', 'dev', 'test_matched'], 'test')).toBeUndefined();
  });
});

describe('a README', () => {
  const info = (config_name: string, ...names: string[]) => ({
    config_name,
    features: [{ name: 'label', dtype: { class_label: { names: { ...names } } } }],
  });

  test('names files of each config, and what its labels mean', () => {
    const cardData = {
      configs: [
        { config_name: 'cola', data_files: [{ split: 'train', path: 'cola/train-*' }] },
        { config_name: 'folder', data_dir: './csv/' },
        { config_name: 'all', data_files: '*.jsonl' },
        { config_name: 'object', data_files: { train: ['a.jsonl'], test: 'b.jsonl' } },
        { config_name: 'none', data_files: 'nothing-*' },
      ],
      dataset_info: [info('cola', 'unacceptable', 'acceptable'), info('all', '1', '2', '3')],
    };
    const paths = ['cola/train-00000-of-00001.parquet', 'csv/train.csv', 'csv/test.csv', 'a.jsonl', 'b.jsonl'];
    expect(configs(paths, cardData)).toEqual({
      cola: { train: ['cola/train-00000-of-00001.parquet'] },
      folder: { train: ['csv/train.csv'], test: ['csv/test.csv'] },
      all: { train: ['a.jsonl', 'b.jsonl'] },
      object: { train: ['a.jsonl'], test: ['b.jsonl'] },
    });
    const card = readCard(cardData);
    expect(card.labelsOf('cola', 'label')).toEqual(['unacceptable', 'acceptable']);
    expect(card.labelsOf('all', 'label')).toEqual(['1', '2', '3']);
    expect(card.labelsOf('folder', 'label')).toBeUndefined();
    expect(card.labelsOf('cola', 'sentence')).toBeUndefined();
  });

  test('with a number left out names no labels', () => {
    const features = [{ name: 'label', dtype: { class_label: { names: { '0': 'a', '2': 'c' } } } }];
    expect(readCard({ dataset_info: { features } }).labelsOf('default', 'label')).toBeUndefined();
  });

  test('damaged at random, 500 times, is read as far as it makes sense', () => {
    const cardData = JSON.stringify({
      configs: [{ config_name: 'a', default: true, data_files: [{ split: 'train', path: ['data/train-*'] }] }],
      dataset_info: info('a', 'no', 'yes'),
    });
    for (let seed = 0; seed < 500; seed++) {
      let damaged: unknown;
      try {
        damaged = JSON.parse(mutateJson(cardData, seededRandom(seed)));
      } catch {
        continue; // it comes from the hub as JSON
      }
      const card = readCard(damaged);
      for (const { name } of configsOf(['data/train-0.csv', 'test.csv'], card)) expect(typeof name).toBe('string');
      expect(['undefined', 'object']).toContain(typeof card.labelsOf('a', 'label'));
    }
  });
});
