import { expect, test } from 'vitest';
import { Edits } from '../../../src/kernel/language/rewrite-edits.js';
import { FreshNames, plainMessage } from '../../../src/kernel/language/rewrite-names.js';
import { MiniNotebook } from './compile-notebook.js';

test('edits: what is inside ends first, what is outside begins first', () => {
  const edits = new Edits('f(x)');
  edits.open(0, '<');
  edits.open(0, '(');
  edits.replace(0, 1, 'g');
  edits.close(4, ')');
  edits.close(4, '>');
  expect(edits.apply().text).toBe('<(g(x))>');
});

test('edits: every position leads to its new place and back', () => {
  const edits = new Edits('one two\nthree');
  edits.open(4, '(');
  edits.close(7, ')');
  edits.replace(8, 13, 'THREE!');
  edits.surround('head ', ' tail');
  const edited = edits.apply();
  expect(edited.text).toBe('head one (two)\nTHREE! tail');
  expect([0, 4, 5, 8].map((offset) => edited.text.slice(edited.placeOf(offset)).slice(0, 2))).toEqual([
    'on',
    '(t',
    'wo',
    'TH',
  ]);
  for (let offset = 0; offset < 8; offset++) expect(edited.originOf(edited.placeOf(offset))).toBe(offset);
  expect(edited.originOf(0)).toBe(0);
  expect(edited.originOf(edited.text.length)).toBe(13);
});

test('edits: a range that is removed leaves its line breaks', () => {
  const edits = new Edits('a\nb\nc');
  edits.remove(0, 4);
  expect(edits.apply().text).toBe('\n\nc');
});

test('fresh names are new', () => {
  const fresh = new FreshNames(['a$', 'b']);
  expect([fresh.take('a$'), fresh.take('b'), fresh.take('c'), fresh.take('c')]).toEqual(['a$$', 'b$', 'c', 'c$']);
});

test('messages of V8 speak of the cell', async () => {
  expect(plainMessage('(0 , total$.v) is not a function')).toBe('total is not a function');
  expect(plainMessage('(0 , $.late.total) is not a function')).toBe('total is not a function');
  expect(plainMessage('total$.v.size is not a function or its return value is not iterable')).toBe(
    'total.size is not a function or its return value is not iterable',
  );
  expect(plainMessage('cost is $5.v and a$.vat stays')).toBe('cost is $5.v and a$.vat stays');
  const notebook = new MiniNotebook();
  await notebook.run('let f: any = 1, größe: any = {}, $x: any = 2, none: any');
  const messages = [];
  for (const cell of [
    'f()',
    'größe.x.y',
    'größe.x()',
    'new f()',
    'for (const q of f) ;',
    'const [z] = f',
    'const { a: { b } } = none',
    '$x()',
    'f`a`',
    'JSO()',
    'größe.a.b()',
    'await f()',
    'f.x.y.z',
    '[...f]',
    '({ ...f, q: f() })',
    'f?.()',
  ]) {
    messages.push(await notebook.run(cell).catch((error: Error) => plainMessage(error.message)));
  }
  expect(messages).toEqual([
    'f is not a function',
    "Cannot read properties of undefined (reading 'y')",
    'größe.x is not a function',
    'f is not a constructor',
    'f is not iterable',
    expect.stringContaining('is not iterable'),
    "Cannot destructure property 'a' of 'none' as it is undefined.",
    '$x is not a function',
    'f is not a function',
    'JSO is not defined',
    "Cannot read properties of undefined (reading 'b')",
    'f is not a function',
    "Cannot read properties of undefined (reading 'y')",
    expect.stringMatching(/^(Spread syntax requires|f is not iterable|number 1 is not iterable)/),
    'f is not a function',
    'f is not a function',
  ]);
});
