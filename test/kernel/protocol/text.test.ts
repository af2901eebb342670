// Positions in code points and in UTF-16 units.

import { expect, test } from 'vitest';
import { fromCodePoints, toCodePoints } from '../../../src/kernel/protocol/text.js';

const text = 'a𝛼b🙂c';

test.each([
  [0, 0],
  [1, 1],
  [2, 3],
  [3, 4],
  [4, 6],
  [5, 7],
])('code point %i is unit %i', (position, offset) => {
  expect(fromCodePoints(text, position)).toBe(offset);
  expect(toCodePoints(text, offset)).toBe(position);
});

test('positions past the end are the end, before the beginning the beginning', () => {
  expect(fromCodePoints(text, Number.MAX_SAFE_INTEGER)).toBe(text.length);
  expect(fromCodePoints(text, -1)).toBe(0);
  expect(toCodePoints(text, 100)).toBe(5);
});

test('the middle of a character counts as before it; half a pair counts as a character', () => {
  expect(toCodePoints(text, 2)).toBe(1);
  expect(fromCodePoints('\ud83dx', 1)).toBe(1);
  expect(toCodePoints('\ud83dx', 1)).toBe(1);
});
