import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { exercise } from '../../src/lessons/exercise.js';

let said: string[];
beforeEach(() => {
  said = [];
  vi.spyOn(console, 'log').mockImplementation((line: string) => void said.push(line));
});
afterEach(() => vi.restoreAllMocks());

describe('exercise says what differs', () => {
  it.each([
    [undefined, '… exercise 1: no answer yet. Hint: count both.'],
    [74_498, '✓ exercise 1: 74,498 is right.'],
    [74_500, '✗ exercise 1: got 74,500, close, but off by 2.0. Hint: count both.'],
    [37_249, '✗ exercise 1: got 37,249, which is 0.500 times what is expected. Hint: count both.'],
    [-3, '✗ exercise 1: got -3, which is too small. Hint: count both.'],
    [Number.NaN, '✗ exercise 1: got NaN, which is not a number. Hint: count both.'],
  ])('%s', (answer, line) => {
    exercise('1', answer, 74_498, 'count both.');
    expect(said).toEqual([line]);
  });

  it('takes a share that was rounded where the tolerance allows it', () => {
    exercise('2', 0.72, 0.7238, 'divide.', 0.01);
    expect(said).toEqual(['✓ exercise 2: 0.72 is right.']);
  });
});
