import { expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { checkIcu } from '../../src/hub/languages.js';

test('labels are language codes, with their English names beside them', async () => {
  const languages = await loadDataset('languages');
  expect(languages.labels).toContain('fr');
  expect(languages.languageNames[languages.labels.indexOf('fr')]).toBe('French');
  expect(languages.languageNames).toHaveLength(languages.labels.length);
});

test('the same rows in the same order every time', async () => {
  expect(await loadDataset('languages')).toEqual(await loadDataset('languages'));
});

test('texts are lists in the language itself', async () => {
  const { train, labels } = await loadDataset('languages');
  const german = train.filter((row) => labels[row.label] === 'de').map((row) => row.text);
  expect(german.filter((text) => text.includes(' und ')).length).toBeGreaterThan(german.length / 2);
});

test('a Node without full ICU is told what to do', () => {
  expect(() => checkIcu(['en', 'de'])).toThrow(/no names in ar, cs, .*full ICU.*full-icu/s);
});
