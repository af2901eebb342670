// What is offered while a cell is typed. The `|` is the cursor.

import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CheckedNotebook } from './checked-notebook.js';

let notebook: CheckedNotebook;
beforeAll(async () => {
  notebook = await new CheckedNotebook({ 'helper.ts': 'export const help = 1;' }).open();
  await notebook.run(`let counter = 1; const list = ['a']; function compute(n: number) { return n; }
class Counter { count = 1; #secret = 2; reveal() { return this.#secret; } } interface Countable { n: number }
const countries: { nested?: { deep: number } } = {}; const odd = { 'a b': 1, plain: 2 };
function paint(options: { colour: 'red' | 'dark-blue'; size?: number }) { return options; }`);
});
afterAll(() => notebook.close());

const texts = async (text: string) => (await notebook.complete(text)).map((each) => each.text);

describe('completion', () => {
  it('offers the names of earlier cells with their kinds, those as typed first', async () => {
    const found = await notebook.complete('Count|');
    expect(found.slice(0, 3).map(({ text, type }) => [text, type])).toEqual([
      ['Counter', 'class'],
      ['CountQueuingStrategy', 'variable'],
      ['counter', 'variable'],
    ]);
    expect(await notebook.complete('const n: Count|able')).toContainEqual({
      text: 'Countable',
      type: 'interface',
      start: 9,
      end: 18,
    });
    expect(await notebook.complete('comp|')).toContainEqual({ text: 'compute', type: 'function', start: 0, end: 4 });
    expect(await notebook.complete('const x = aw|')).toContainEqual(
      expect.objectContaining({ text: 'await', type: 'keyword' }),
    );
  });

  it('offers the members of a value, after . and ?. alike', async () => {
    expect(await notebook.complete('list.pu|')).toEqual([{ text: 'push', type: 'method', start: 5, end: 7 }]);
    expect(await texts('list?.le|')).toEqual(['length']);
    expect(await texts('list.|')).toContain('map');
    expect(await texts('countries.nested?.|')).toEqual(['deep']);
    expect(await texts('new Counter().|')).toEqual(['count', 'reveal']);
    expect(await texts('"text".toUpper|')).toContain('toUpperCase');
  });

  it('puts ?. and brackets where they are needed', async () => {
    expect(await notebook.complete('countries.nested.de|')).toEqual([
      { text: '?.deep', type: 'property', start: 16, end: 19 },
    ]);
    expect(await texts('odd.pl|')).toEqual(['plain']);
    expect(await texts('odd["|"]')).toEqual(['a b', 'plain']);
  });

  it('replaces the word that the cursor is in', async () => {
    expect(await notebook.complete('const s = "🙂"; list.pu|sh(1)')).toEqual([
      { text: 'push', type: 'method', start: 21, end: 25 },
    ]);
    expect((await notebook.complete('a;\r\nlist.pu|'))[0]).toMatchObject({ start: 9, end: 11 });
  });

  it('offers this and #private members', async () => {
    expect(await texts('class A { #hidden = 1; shown = 2; f() { this.|')).toEqual(
      expect.arrayContaining(['#hidden', 'shown', 'f']),
    );
    expect(await notebook.complete('class A { #hidden = 1; f() { this.#h| } }')).toEqual([
      { text: '#hidden', type: 'property', start: 34, end: 36 },
    ]);
  });

  it('offers modules, their files and what they export', async () => {
    expect(await notebook.complete("import x from 'node:fs/|';")).toEqual([
      expect.objectContaining({ text: 'node:fs/promises', type: 'module', start: 15, end: 23 }),
    ]);
    expect(await texts("import x from 'child_|'")).toEqual(['child_process']);
    expect(await texts("import x from '@tensorflow/tf|'")).toContain('tfjs');
    expect(await texts("import { h } from './|'")).toContain('helper.ts');
    expect(await texts("import { readFileS| } from 'node:fs'")).toEqual(['readFileSync']);
    expect(await texts("import * as fs from 'node:fs'; fs.existsS|")).toEqual(['existsSync']);
  });

  it('offers keys of object literals and literal types', async () => {
    expect(await texts('paint({ co| })')).toEqual(['colour']);
    expect(await notebook.complete("paint({ colour: 'da|' })")).toEqual([
      { text: 'dark-blue', type: 'constant', start: 17, end: 19 },
    ]);
    expect(await texts('const { coun| } = new Counter();')).toEqual(['count']);
  });

  it('works in text that does not parse', async () => {
    expect(await texts('function f( { if (list.pu|')).toEqual(['push']);
    expect(await texts('`${list.pu|')).toEqual(['push']);
    expect(await texts('const mine = 1; for (const x of mi|')).toContain('mine');
    expect(await texts('compute(coun|')).toContain('counter');
  });

  it('offers nothing of our own, and nothing in comments', async () => {
    for (const text of ['__|', 'import { x } from "./_|"', '$|']) {
      expect((await texts(text)).filter((each) => /cell|draft|globals|^\$/.test(each))).toEqual([]);
    }
    expect(await texts('// coun|')).toEqual([]);
    expect((await texts('|')).length).toBeLessThanOrEqual(300);
  });

  it('answers several at once, each from its own text', async () => {
    const [a, b, c] = await Promise.all([texts('list.pu|'), texts('list.po|'), texts('counter.toF|')]);
    expect([a, b, c]).toEqual([['push'], ['pop'], ['toFixed']]);
  });
});
