import { describe, expect, it } from 'vitest';
import { fitForm, isFixed, spell, valueAt } from '../../../src/engine/export/sizes.js';

const corners = [
  [5, 7],
  [13, 17],
] as const;
const atCorners = (f: (batch: number, length: number) => number) => [f(5, 13), f(7, 13), f(5, 17), f(7, 17)];

describe('fit', () => {
  it.each([
    ['a constant', () => 4, [4, 0, 0, 0], '4'],
    ['an axis', (b: number) => b, [0, 1, 0, 0], 'batch'],
    ['a product with an offset', (b: number, l: number) => b * (l + 8), [0, 8, 0, 1], 'batch * sequence + 8 * batch'],
    ['factors', (b: number, l: number) => 3 + 2 * b - l, [3, 2, -1, 0], '-1 * sequence + 2 * batch + 3'],
    ['nothing', () => 0, [0, 0, 0, 0], '0'],
  ] as const)('finds %s', (_, f, form, words) => {
    const found = fitForm(atCorners(f), corners);
    expect(found).toEqual(form);
    expect(valueAt(found, [11, 19])).toBe(f(11, 19));
    expect(isFixed(found)).toBe(form.slice(1).every((factor) => factor === 0));
    expect(spell(found, ['batch', 'sequence'])).toBe(words);
  });

  it('misses, at a size it has not seen, what is no sum of products', () => {
    expect(
      valueAt(
        fitForm(
          atCorners((_, l) => l * l),
          corners,
        ),
        [11, 19],
      ),
    ).not.toBe(19 * 19);
  });
});
