import { describe, expect, it } from 'vitest';
import { flatten, mapTree } from '../../src/engine/tree.js';

const isNumber = (value: unknown): value is number => typeof value === 'number';

describe('flatten', () => {
  it('lists leaves with their paths, in the order they were written', () => {
    expect(flatten({ b: 1, a: { c: [2, 3], 'd.e': 4 } }, isNumber)).toEqual([
      ['b', 1],
      ['a.c.0', 2],
      ['a.c.1', 3],
      ['a.d.e', 4],
    ]);
  });

  it('takes a leaf alone, and trees without leaves', () => {
    expect(flatten(5, isNumber)).toEqual([['', 5]]);
    expect(flatten({ a: [], b: {} }, isNumber)).toEqual([]);
  });

  it.each([
    ['a string', { a: { b: 'text' } }, 'at "a.b"; got string text'],
    ['null', { a: [1, null] }, 'at "a.1"; got null'],
    ['nothing', { a: undefined }, 'at "a"; got undefined'],
    ['a typed array', { a: new Float32Array(2) }, 'at "a"; got object 0,0'],
    ['a string alone', 'text', 'at "(top)"; got string text'],
  ])('refuses %s and says where it is', (_, tree, message) => {
    expect(() => flatten(tree, isNumber)).toThrow(TypeError);
    expect(() => flatten(tree, isNumber)).toThrow(message);
    expect(() => mapTree(tree, isNumber, (n) => n)).toThrow(message);
  });
});

describe('mapTree', () => {
  it('replaces each leaf, keeps the shape of the tree, and leaves the original alone', () => {
    const tree = { a: 1, b: [2, { c: 3 }] };
    expect(mapTree(tree, isNumber, (n, path) => `${path}=${n}`)).toEqual({ a: 'a=1', b: ['b.0=2', { c: 'b.1.c=3' }] });
    expect(tree).toEqual({ a: 1, b: [2, { c: 3 }] });
  });
});
