// The promises of datasets/reviews/README.md, checked against the rows.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { nearDuplicates } from './leakage.js';

/** No two reviews may share this much of their 5-character pieces (Jaccard). The closest pair today: 0.22. */
const NEARLY_THE_SAME = 0.3;

const reviews = await loadDataset('reviews');
const splits = { train: reviews.train, validation: reviews.validation, test: reviews.test };
const rows = Object.values(splits).flat();

test('at least 1,200 reviews, every field filled', () => {
  expect(rows.length).toBeGreaterThanOrEqual(1200);
  for (const row of rows) {
    expect(row).toEqual({
      text: expect.stringMatching(/\S/),
      label: expect.any(Number),
      subject: expect.stringMatching(/\S/),
      kind: expect.stringMatching(/\S/),
    });
  }
});

test.each(Object.entries(splits))('%s holds as many negative as positive reviews', (_name, split) => {
  expect(reviews.labels).toEqual(['negative', 'positive']);
  const positive = split.filter((row) => row.label === 1).length;
  expect(Math.abs(split.length - 2 * positive)).toBeLessThanOrEqual(split.length * 0.02);
});

test('every kind of review is in every split, on both sides', () => {
  const kinds = [...new Set(rows.map((row) => row.kind))];
  expect(kinds).toEqual(expect.arrayContaining(['plain', 'irony', 'negation', 'mixed']));
  for (const kind of kinds) {
    for (const split of Object.values(splits)) {
      expect(new Set(split.filter((row) => row.kind === kind).map((row) => row.label)).size).toBe(2);
    }
  }
});

test('the splits have the same mixture of kinds and labels', () => {
  for (const kind of new Set(rows.map((row) => row.kind))) {
    for (const label of [0, 1]) {
      const share = (split: readonly (typeof rows)[number][]) =>
        split.filter((row) => row.kind === kind && row.label === label).length / split.length;
      for (const split of Object.values(splits)) expect(Math.abs(share(split) - share(rows))).toBeLessThan(0.015);
    }
  }
});

test('more than half say what they mean, and there are at least 80 of each hard kind to show', () => {
  const plain = rows.filter((row) => row.kind === 'plain').length;
  expect(plain).toBeGreaterThan(rows.length / 2);
  for (const kind of ['negation', 'mixed', 'comparison', 'irony', 'understatement']) {
    expect(rows.filter((row) => row.kind === kind).length).toBeGreaterThanOrEqual(80);
  }
});

test('no opening gives the label away', () => {
  const openings = new Map<string, number>();
  for (const { text } of rows) {
    const opening = text.toLowerCase().replaceAll(',', '').split(/\s+/).slice(0, 2).join(' ');
    openings.set(opening, (openings.get(opening) ?? 0) + 1);
  }
  expect(Math.max(...openings.values())).toBeLessThanOrEqual(7);
});

test('no review is nearly another, in the same split or across', () => {
  const pairs = nearDuplicates(
    rows.map((row) => row.text),
    NEARLY_THE_SAME,
  );
  expect(pairs).toEqual([]);
});

test('many subjects, mixed lengths', () => {
  expect(new Set(rows.map((row) => row.subject)).size).toBeGreaterThanOrEqual(500);
  const words = rows.map((row) => row.text.split(/\s+/).length).sort((a, b) => a - b);
  expect(words[0]).toBeLessThanOrEqual(4);
  expect(words.at(-1)).toBeGreaterThan(60);
  expect(words[Math.floor(words.length * 0.1)]).toBeLessThan(12);
  expect(words[Math.floor(words.length * 0.9)]).toBeGreaterThan(18);
});

test('the README counts what is there', async () => {
  const readme = await readFile(new URL('../../datasets/reviews/README.md', import.meta.url), 'utf8');
  for (const [name, split] of Object.entries(splits)) {
    expect(readme).toMatch(new RegExp(`^\\|\\s*\`?${name}(\\.csv)?\`?\\s*\\|.*\\b${split.length}\\b`, 'm'));
  }
  for (const kind of new Set(rows.map((row) => String(row.kind)))) expect(readme).toContain(kind);
});
