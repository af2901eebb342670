// Most cells here are text in which ${ } is meant literally.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: see above
import { expect, test } from 'vitest';
import { isComplete } from '../../../src/kernel/language/complete-code.js';

const complete = [
  '',
  '  \n',
  '1',
  'const a = 1;',
  'function f() { return 1 }',
  'type T = { a: number }',
  'await 1',
  "/[(]/.test('(')",
  '// a comment',
  '/* closed */',
  'if (a) {}',
  'for (const x of [1, 2]) console.log(x)',
  '`a ${`b ${1}`}`',
  '`a\nb`',
  'interface A { b: string }',
  'enum E { A }',
  'namespace N { export const x = 1 }',
  'declare const x: number',
  'declare function f(a: number): string',
  'function f(a: string): void; function f(a: unknown) {}',
  'class A<T extends object> { #x = 1; @d m() {} accessor y = 2 }',
  '@dec class A {}',
  'class A { m(@inject a: string) {} }',
  'const f = <T,>(x: T) => x',
  'const x = y as unknown as string[]',
  'const x = y satisfies Record<string, number>',
  'using x = open()',
  'import a, { type B } from "c" with { type: "json" }',
  'import fs = require("fs")',
  'export const a = 1',
  'export default 3',
  'label: for (;;) break label',
  'try {} finally {}',
  'do x(); while (y)',
  'switch (x) { case 1: }',
  'a = b / c / d',
  '"\\u{1f600}"',
  '"abc\\\ndef"',
  'x < y',
  'foo<string>(1)',
  'async () => {}',
  '({ a: 1 })',
  '{ }',
];

const incomplete: readonly (readonly [string, string])[] = [
  ['function f() {', '  '],
  ['const x = `abc', ''],
  ['[1,2,', '  '],
  ['interface A {', '  '],
  ['foo(', '  '],
  ['/* open', ''],
  ['/** open', ' * '],
  ['if (x)', '  '],
  ['if (x) {', '  '],
  ['if (x) {\n    a()\n', '    '],
  ['if (x) {\n\ta()\n\tif (y) {', '\t\t'],
  ['if (x) { a } else', '  '],
  ['while (true)', '  '],
  ['for (const x of xs)', '  '],
  ['for (const x of', '  '],
  ['a +', '  '],
  ['a +\n  b +', '  '],
  ['a.', '  '],
  ['a\n  .b(', '    '],
  ['foo(bar)\n  .', '    '],
  ['@dec', ''],
  ['@dec()\n', ''],
  ['class A', ''],
  ['class A extends', '  '],
  ['class A {\n  x = 1;\n  m() {', '    '],
  ['class A {\n  @dec', '  '],
  ['try {}', ''],
  ['try {} catch', ''],
  ['do x()', ''],
  ['switch (x) {\n  case 1:', '    '],
  ['const x', ''],
  ['const x =', '  '],
  ['const { a', '  '],
  ['const f = (x: number', '  '],
  ['const f = (x: number): string', ''],
  ['const f = (x: number): string =>', '  '],
  ['const f = async <T>(x: T) =>', '  '],
  ['const f = <T,>(x: T', '  '],
  ['function f(a: number)', ''],
  ['function f<T', ''],
  ['export function f(a: number): Promise<string>', ''],
  ['type T =', '  '],
  ['type T = |', '  '],
  ['type T = Array<', '  '],
  ['type T = { a: string', '  '],
  ['let x: Map<string,', ''],
  ['x ? y', ''],
  ['x ? y :', '  '],
  ['x as', '  '],
  ['enum E {', '  '],
  ['namespace N {', '  '],
  ['abstract class A {', '  '],
  ['import {', '  '],
  ['import { a } from', '  '],
  ['import a', ''],
  ['export {', '  '],
  ['`a ${', ''],
  ['`a ${b}', ''],
  ['`a ${[1, 2].map((x) => {', ''],
  ["'abc\\", ''],
  ["'abc\\\n", ''],
  ['({ a: 1', '  '],
  ['x = { a: [', '  '],
  ['it("x", () => {\n  a();\n}', ''],
  ['Promise.all([\n  a(),', '  '],
  ['await', '  '],
  ['label:', '  '],
  ['throw', '  '],
  ['using x =', '  '],
  ['let', ''],
].map(([source, indent]) => [source as string, indent as string] as const);

const invalid = [
  'const = 3',
  'for for',
  'let 1a = 2',
  '}',
  ')',
  'foo(]',
  '(a, b))',
  '"abc',
  "'abc",
  "'abc\n'",
  "let s = 'it's'",
  '/abc',
  '/[',
  'a b',
  '1 2',
  'return 5',
  'break',
  'let x = 1\nlet x = 2',
  '0x',
  '/a/gg',
  'const a: = 3',
  'type T = }',
  'else',
  'case 1:',
  'function (',
  'import x from "y',
  'await = 1',
  'class A { constructor() { super( } }',
  'if (x) }',
  '#',
  '{ a: 1, b: 2 }',
];

test.each(complete)('complete: %j', (source) => {
  expect(isComplete(source)).toEqual({ status: 'complete' });
});

test.each(incomplete)('incomplete: %j, next line indented by %j', (source, indent) => {
  const found = isComplete(source);
  expect(found.status).toBe('incomplete');
  if (!/^`a \$\{/.test(source)) expect(found).toEqual({ status: 'incomplete', indent });
});

test.each(invalid)('invalid: %j', (source) => {
  expect(isComplete(source)).toEqual({ status: 'invalid' });
});

test('JSX, where the notebook has it', () => {
  for (const source of [
    '<div>',
    '<div',
    '<div a=',
    '<div>{',
    '<div>{a',
    '<div>\n  text',
    '<div>a</',
    '<>',
    'f(<b>x</b>',
    '<a {...b',
  ]) {
    expect([source, isComplete(source, true).status]).toEqual([source, 'incomplete']);
  }
  for (const source of ['<div>a</div>', '<A b={1} {...c} />', 'const f = <T,>(x: T) => <b>{x}</b>']) {
    expect([source, isComplete(source, true).status]).toEqual([source, 'complete']);
  }
  expect(isComplete('<div>a</b>', true).status).toBe('invalid');
});

test('any beginning of a valid cell is complete or incomplete, but for strings and words cut in two', () => {
  const cell = [
    'import { a, type B } from "m";',
    'export abstract class Model<T extends object = {}> extends Base<T> {',
    '  readonly #weights: Map<string, T[]> = new Map();',
    '  constructor(private name: string, public size = 3) { super(); }',
    '  async *rows(from?: number): AsyncGenerator<T> {',
    '    for await (const row of this.source?.(from ?? 0) ?? []) {',
    '      if (row === undefined) continue;',
    '      yield { ...row, text: `a ${row} b` };',
    '    }',
    '  }',
    '}',
    'const f = async <T,>(x: T, [y, { z = 1 }]: [number, { z?: number }]): Promise<T> => await (x as T);',
  ].join('\n');
  for (const { index } of cell.matchAll(/[\s([{}\]),;]/g)) {
    const begun = cell.slice(0, index);
    if ((begun.split('\n').at(-1) ?? '').split('"').length % 2 === 0) continue;
    expect([begun.slice(-40), isComplete(begun).status !== 'invalid']).toEqual([begun.slice(-40), true]);
  }
});
