import { describe, expect, it } from 'vitest';
import { lineStarts, offsetAt, positionAt, wordAt } from '../../../src/kernel/language/positions.js';

describe('places in a text', () => {
  const text = 'a🙂b\r\nc\u0301d\rlast\n';

  it('count lines by \\n, \\r\\n and \\r, columns in UTF-16 units', () => {
    expect(lineStarts(text)).toEqual([0, 6, 10, 15]);
    expect(positionAt(text, 3)).toEqual({ line: 0, character: 3 });
    expect(positionAt(text, 5)).toEqual({ line: 0, character: 5 });
    expect(positionAt(text, 8)).toEqual({ line: 1, character: 2 });
    expect(positionAt(text, 99)).toEqual({ line: 3, character: 0 });
  });

  it('lead there and back', () => {
    for (let offset = 0; offset <= text.length; offset++) expect(offsetAt(text, positionAt(text, offset))).toBe(offset);
    expect(offsetAt(text, { line: 9, character: 1 })).toBe(text.length);
    expect(offsetAt(text, { line: -1, character: 1 })).toBe(0);
  });

  it('have words around them', () => {
    expect(wordAt('this.#priv + 1', 8)).toEqual({ start: 5, end: 10 });
    expect(wordAt('𝛼𝛽 + naïve', 2)).toEqual({ start: 0, end: 4 });
    expect(wordAt('𝛼𝛽 + naïve', 9)).toEqual({ start: 7, end: 12 });
    expect(wordAt('a + b', 2)).toEqual({ start: 2, end: 2 });
  });
});
