// The baseline against scikit-learn's (test/python/make_bag_of_words.py), and on our own data sets.

import { readFile } from 'node:fs/promises';
import { describe, expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { bagOfWords } from '../../src/tasks/bag-of-words.js';
import { termsOf } from '../../src/tasks/tf-idf.js';

interface Case {
  readonly name: string;
  readonly labelCount: number;
  readonly C: number;
  readonly train: { text: string; label: number }[];
  readonly test: { text: string; label: number }[];
  readonly termCount: number;
  readonly probabilities: number[][];
  readonly strongest: { word: string; weight: number }[];
}
const fixture = new URL('../fixtures/bag-of-words.json', import.meta.url);
const cases = JSON.parse(await readFile(fixture, 'utf8')) as Case[];

describe.each(cases)('as scikit-learn: $name', (known) => {
  const labels = Array.from({ length: known.labelCount }, (_, i) => `label ${i}`);
  const ours = bagOfWords(known.train, labels, { C: known.C, tolerance: 1e-7 });

  test('as many parameters', () => {
    expect(ours.parameters).toBe((known.termCount + 1) * known.labelCount);
  });

  test('the probability of every label of every text, to 1e-5', () => {
    for (const [i, prediction] of ours.predict(known.test.map((row) => row.text)).entries()) {
      for (const [label, chance] of prediction.probabilities.entries()) {
        expect(Math.abs(chance - (known.probabilities[i]?.[label] as number))).toBeLessThan(1e-5);
      }
    }
  });

  test('the same accuracy, with the default tolerance too', () => {
    const right = known.test.filter((row, i) => {
      const chances = known.probabilities[i] as number[];
      return chances.indexOf(Math.max(...chances)) === row.label;
    });
    expect(ours.evaluate(known.test).accuracy).toBeCloseTo(right.length / known.test.length, 12);
    expect(bagOfWords(known.train, labels, { C: known.C }).evaluate(known.test).accuracy).toBe(
      ours.evaluate(known.test).accuracy,
    );
  });

  test('the strongest word of each label', () => {
    for (const [i, { word, weight }] of known.strongest.entries()) {
      const [strongest] = ours.strongestWords(`label ${i}`, 1);
      expect(strongest?.word).toBe(word);
      expect(strongest?.weight).toBeCloseTo(weight, 4);
    }
  });
});

test('words are lower-cased, of two characters or more, alone and in pairs', () => {
  expect(termsOf("Not good! I don't")).toEqual(['not', 'good', 'don', 'not good', 'good don']);
  expect(termsOf('दक्षिण कोरिया')).toEqual(['दक्षिण', 'कोरिया', 'दक्षिण कोरिया']);
});

test('a prediction names the label and how sure it is; a text of unknown words gets the bias', () => {
  const rows = [
    { text: 'good food', label: 1 },
    { text: 'good room', label: 1 },
    { text: 'bad food', label: 0 },
    { text: 'bad room', label: 0 },
  ];
  const baseline = bagOfWords(rows, ['negative', 'positive']);
  const [good, unknown] = baseline.predict(['Good staff', 'xyzzy']);
  expect(good?.label).toBe('positive');
  expect(good?.labelIndex).toBe(1);
  expect(good?.score).toBe(good?.probabilities[1]);
  expect(good?.probabilities.reduce((sum, chance) => sum + chance)).toBeCloseTo(1, 12);
  expect(unknown?.score).toBeCloseTo(0.5, 6);
  expect(baseline.strongestWords('negative', 1)).toEqual([{ word: 'bad', weight: expect.any(Number) }]);
});

test.each(['reviews', 'intents', 'topics', 'languages'])(
  'on %s it is above chance, and every run is the same',
  async (name) => {
    const data = await loadDataset(name);
    const baseline = bagOfWords(data.train, data.labels);
    const { accuracy } = baseline.evaluate([...data.validation, ...data.test]);
    expect(accuracy).toBeGreaterThan(1 / data.labels.length);
    const again = bagOfWords(data.train, data.labels);
    expect(again.predict(data.test.map((row) => row.text))).toEqual(baseline.predict(data.test.map((row) => row.text)));
  },
);

test('errors name what is wrong', () => {
  const row = { text: 'good', label: 0 };
  expect(() => bagOfWords([], ['a', 'b'])).toThrow('there are no rows');
  expect(() => bagOfWords([row], ['a'])).toThrow('give at least 2 labels, not 1');
  expect(() => bagOfWords([row, { text: 'bad', label: 2 }], ['a', 'b'])).toThrow(
    'label of row 1 is 2; with 2 labels it is 0 to 1',
  );
  expect(() => bagOfWords([{ text: '!', label: 0 }], ['a', 'b'])).toThrow('no word of two characters');
  expect(() => bagOfWords([row], ['a', 'b'], { C: 0 })).toThrow('C must be a number above 0, not 0');
  expect(() => bagOfWords([row], ['a', 'b']).strongestWords('c')).toThrow("no label 'c'. The labels are a, b");
});
