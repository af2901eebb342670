// The promises of datasets/languages/README.md, checked against the rows.

import { readFile } from 'node:fs/promises';
import { expect, test } from 'vitest';
import { loadDataset, type TextRow } from '../../src/hub/datasets.js';
import { nearDuplicates } from './leakage.js';

const languages = await loadDataset('languages');
const { train, validation, test: held } = languages;
const rows = [...train, ...validation, ...held];
const plain = (text: string) => text.normalize('NFD').replace(/\p{M}/gu, '').toLowerCase();

test('at least 20 languages in at least 4 scripts', () => {
  const scripts = ['Latin', 'Greek', 'Cyrillic', 'Arabic', 'Hebrew', 'Devanagari', 'Katakana', 'Hangul', 'Han'];
  const written = scripts.filter((script) =>
    rows.some((row) => new RegExp(`\\p{Script=${script}}`, 'u').test(row.text)),
  );
  expect(languages.labels.length).toBeGreaterThanOrEqual(20);
  expect(written).toEqual(scripts);
});

test.each([
  ['train', train, 60],
  ['validation', validation, 10],
  ['test', held, 20],
] as const)('%s has the same number of rows of each language, as the README says', async (name, split, each) => {
  for (const label of languages.labels.keys()) expect(split.filter((row) => row.label === label)).toHaveLength(each);
  const readme = await readFile(new URL('../../datasets/languages/README.md', import.meta.url), 'utf8');
  expect(readme).toContain(`| ${name} | ${split.length} | ${each} |`);
  for (const language of languages.languageNames) expect(readme).toContain(language);
});

test('no text occurs twice, in one language, split or another, not even without accents', () => {
  expect(new Set(rows.map((row) => plain(row.text))).size).toBe(rows.length);
});

test('no text is nearly one of another split', () => {
  // West African CFA Franc and Central African CFA Franc, the closest pair, are different things: 0.56.
  const splitOf = new Map<string, readonly TextRow[]>(
    [train, validation, held].flatMap((s) => s.map((r) => [r.text, s])),
  );
  const pairs = nearDuplicates(
    rows.map((row) => row.text),
    0.7,
  );
  expect(pairs.filter(({ first, second }) => splitOf.get(first) !== splitOf.get(second))).toEqual([]);
});

test('text of every length: some of one name, some of three', () => {
  const lengths = rows.map((row) => row.text.length);
  expect(Math.min(...lengths)).toBeLessThan(5);
  expect(Math.max(...lengths)).toBeGreaterThan(60);
  expect(Math.max(...lengths)).toBeLessThan(130);
});
