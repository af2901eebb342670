// The promises of datasets/topics/README.md, checked against the rows.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { nearDuplicates } from './leakage.js';

/** No two texts may share this much of their 5-character pieces (Jaccard). The closest pair today: 0.11. */
const NEARLY_THE_SAME = 0.2;
const TOPICS = ['business', 'culture', 'health', 'politics', 'science', 'sport'];
const KINDS = ['crossover', 'metaphor', 'no-keywords', 'plain'];

const topics = await loadDataset('topics');
const splits = { train: topics.train, validation: topics.validation, test: topics.test };
const rows = Object.values(splits).flat();

test('at least 640 texts on 6 topics, every field filled', () => {
  expect(rows.length).toBeGreaterThanOrEqual(640);
  expect(topics.labels).toEqual(TOPICS);
  for (const row of rows) {
    expect(row).toEqual({ text: expect.stringMatching(/\S/), label: expect.any(Number), kind: expect.any(String) });
  }
});

test('the header is text, label, kind', async () => {
  for (const name of Object.keys(splits)) {
    const file = await readFile(new URL(`../../datasets/topics/${name}.csv`, import.meta.url), 'utf8');
    expect(file.slice(0, file.indexOf('\n')).trim()).toBe('text,label,kind');
  }
});

test.each(Object.entries(splits))('%s holds as many texts on each topic, give or take 2', (_name, split) => {
  const counts = TOPICS.map((_topic, label) => split.filter((row) => row.label === label).length);
  expect(Math.min(...counts)).toBeGreaterThan(0);
  expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(2);
});

test('every kind is in every split, on every topic; a quarter of the texts are hard', () => {
  expect([...new Set(rows.map((row) => row.kind))].sort()).toEqual(KINDS);
  for (const split of Object.values(splits)) {
    for (const kind of KINDS) {
      const labels = new Set(split.filter((row) => row.kind === kind).map((row) => row.label));
      expect(labels.size).toBe(TOPICS.length);
    }
    const hard = split.filter((row) => row.kind !== 'plain').length / split.length;
    expect(hard).toBeGreaterThan(0.2);
    expect(hard).toBeLessThan(0.31);
  }
});

test('texts have 25 to 70 words', () => {
  for (const { text } of rows) {
    const words = text.split(/\s+/).length;
    expect(words, text).toBeGreaterThanOrEqual(25);
    expect(words, text).toBeLessThanOrEqual(70);
  }
});

test('no text is nearly another, in the same split or across', () => {
  const pairs = nearDuplicates(
    rows.map((row) => row.text),
    NEARLY_THE_SAME,
  );
  expect(pairs).toEqual([]);
});

test('texts begin in many ways', () => {
  const openings = new Map<string, number>();
  for (const { text } of rows) {
    const opening = text.toLowerCase().split(/\s+/).slice(0, 2).join(' ');
    openings.set(opening, (openings.get(opening) ?? 0) + 1);
  }
  expect(Math.max(...openings.values())).toBeLessThanOrEqual(4);
});

test('no word gives a topic away: what occurs nearly only there occurs in few of its texts', () => {
  const textsWith = new Map<string, number[]>();
  for (const { text, label } of rows) {
    for (const word of new Set(text.toLowerCase().match(/\p{L}+/gu))) {
      const counts = textsWith.get(word) ?? TOPICS.map(() => 0);
      counts[label] = (counts[label] as number) + 1;
      textsWith.set(word, counts);
    }
  }
  for (const [word, counts] of textsWith) {
    const most = Math.max(...counts);
    const all = counts.reduce((sum, count) => sum + count);
    if (most > all * 0.7) expect(most / (rows.length / TOPICS.length), word).toBeLessThan(0.2);
  }
});

test('the README counts what is there', async () => {
  const readme = await readFile(new URL('../../datasets/topics/README.md', import.meta.url), 'utf8');
  for (const [name, split] of Object.entries(splits)) {
    expect(readme).toMatch(new RegExp(`^\\| ${name} \\| ${split.length} \\|`, 'm'));
  }
  for (const kind of KINDS) {
    const of = Object.values(splits).map((split) => split.filter((row) => row.kind === kind).length);
    const counts = [...of, of.reduce((sum, count) => sum + count)].join(' \\| ');
    expect(readme).toMatch(new RegExp(`^\\| \`${kind}\` \\|.*\\| ${counts} \\|$`, 'm'));
  }
});
