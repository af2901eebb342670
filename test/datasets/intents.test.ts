// The promises of datasets/intents/README.md, checked against the rows.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { nearDuplicates } from './leakage.js';

/** No two requests may share this much of their 5-character pieces (Jaccard). The closest pair today: 0.26. */
const NEARLY_THE_SAME = 0.3;

const intents = await loadDataset('intents');
const splits = { train: intents.train, validation: intents.validation, test: intents.test };
const rows = Object.values(splits).flat();
const kinds = ['plain', 'indirect', 'two-in-one', 'misleading'];

test('at least 1,060 requests over 12 intents, with text, label and kind', () => {
  expect(intents.labels).toEqual([
    'ask_product',
    'ask_refund',
    'cancel_order',
    'change_delivery',
    'exchange_item',
    'payment_problem',
    'report_damage',
    'report_missing',
    'return_item',
    'store_visit',
    'talk_to_human',
    'track_order',
  ]);
  expect(rows.length).toBeGreaterThanOrEqual(1060);
  for (const row of rows) {
    expect(row).toEqual({
      text: expect.stringMatching(/\S/),
      label: expect.any(Number),
      kind: expect.toBeOneOf(kinds),
    });
  }
});

test.each(Object.entries(splits))('%s holds as many requests of each intent', (_name, split) => {
  for (const label of intents.labels.keys()) {
    expect(split.filter((row) => row.label === label)).toHaveLength(split.length / 12);
  }
});

test('about 65% are for training, 12% for validation and 23% for the test', () => {
  expect(splits.train.length / rows.length).toBeCloseTo(0.65, 1);
  expect(splits.validation.length / rows.length).toBeCloseTo(0.12, 1);
  expect(splits.test.length / rows.length).toBeCloseTo(0.23, 1);
});

test('a fifth to a third are hard, and every kind occurs in every intent and split', () => {
  const hard = rows.filter((row) => row.kind !== 'plain').length / rows.length;
  expect(hard).toBeGreaterThan(0.2);
  expect(hard).toBeLessThan(0.33);
  for (const kind of kinds) {
    for (const split of Object.values(splits)) {
      expect(new Set(split.filter((row) => row.kind === kind).map((row) => row.label)).size).toBe(12);
    }
  }
});

test('no request is nearly another, in the same split or across', () => {
  const texts = rows.map((row) => row.text);
  expect(nearDuplicates(texts, NEARLY_THE_SAME)).toEqual([]);
});

test('fragments and stories: 2 to 40 words, and no beginning used too often', () => {
  const words = rows.map((row) => row.text.split(/\s+/).length).sort((a, b) => a - b);
  expect(words[0]).toBe(2);
  expect(words.at(-1)).toBeLessThanOrEqual(40);
  expect(words[Math.floor(words.length * 0.1)]).toBeLessThan(8);
  expect(words[Math.floor(words.length * 0.9)]).toBeGreaterThan(18);

  const beginnings = rows.map((row) => row.text.toLowerCase().split(/\s+/).slice(0, 2).join(' '));
  const counts = [...new Set(beginnings)].map((start) => beginnings.filter((other) => other === start).length);
  expect(Math.max(...counts)).toBeLessThan(rows.length * 0.03);
});

test('the README counts what is there', async () => {
  const readme = await readFile(new URL('../../datasets/intents/README.md', import.meta.url), 'utf8');
  for (const [name, split] of Object.entries(splits)) {
    expect(readme).toContain(`| ${name} | ${split.length} | ${split.length / 12} |`);
  }
  for (const kind of kinds) {
    const [train, validation, held] = Object.values(splits).map((s) => s.filter((row) => row.kind === kind).length);
    expect(readme).toMatch(new RegExp(`^\\| \`${kind}\` \\|.*\\| ${train} \\| ${validation} \\| ${held} \\|`, 'm'));
  }
  for (const label of intents.labels) expect(readme).toContain(`| \`${label}\` |`);
});
