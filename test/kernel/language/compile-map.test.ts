// Where an error was thrown: the line and column as the cell was typed, whatever the compiler made of it.
// The place is marked by « in the cell, which is taken out before it runs.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are text in which these are meant literally

import { describe, expect, test } from 'vitest';
import { readMap, writeMap } from '../../../src/kernel/language/compile-map.js';
import { MiniNotebook } from './compile-notebook.js';

const earlier =
  'const fail = (why = "failed") => { throw new Error(why) };\nlet nothing: any = null; let f: any = 5; class Base { constructor(public x: any) {} }';

const cells: readonly (readonly [title: string, cell: string])[] = [
  ['first line', 'throw «new Error("x")'],
  ['a later line', 'const a = 1;\n\n  throw «new Error("x")'],
  [
    'behind types',
    'const a: Map<string, number[]> = new Map(); type T = { a: string }; throw «new Error(`${a as unknown}`)',
  ],
  [
    'behind an interface of many lines',
    'interface A {\n  a: string;\n  b: number;\n}\n\nenum E { A }\nthrow «new Error("x")',
  ],
  ['behind imports', "import { sep } from 'node:path';\nimport {\n  join,\n} from 'node:path';\nthrow «new Error(sep)"],
  ['a property of null', 'const x = 1;\nnothing.«foo.bar'],
  ['a call of what is no function', 'let a = 1;\na = «f(a)'],
  ['a method that is missing', 'const o: any = {};\no.«missing(1)'],
  ['a function of an earlier cell', 'const a = 1;\n«fail()'],
  ['in an argument', 'console.log(1, 2 +\n  «fail() + 1)'],
  [
    'in a function',
    'function g(n: number): number {\n  if (n > 0) return g(n - 1);\n  throw «new Error("deep")\n}\ng(3)',
  ],
  ['in an arrow without braces', 'const g = (xs: number[]) => xs.map((x) => x > 1 ? «fail() : x);\ng([1, 2])'],
  ['in a loop without braces', 'for (const x of [1, 2])\n  if (x === 2) «fail();'],
  ['in a method', 'class A extends Base {\n  private y = 1;\n  m(): never { throw «new Error("m") }\n}\nnew A(1).m()'],
  ['in a constructor', 'class A { constructor(readonly a: number) { «fail() } }\nnew A(1)'],
  ['in a class field', 'class A { a = «fail() }\nnew A()'],
  ['in a getter', 'const o = {\n  get a() { return «fail() } };\no.a'],
  ['in a template', 'const s = `a ${1}\n  ${«fail()}`'],
  ['in a default', 'const g = (a = «fail()) => a;\ng()'],
  ['in destructuring', 'const { a: «{ b } } = nothing'],
  ['in a declaration of several', 'const a = 1, b = a + 1, c = «fail()'],
  ['in a switch', 'switch (1 as number) {\n  case 1: {\n    «fail()\n  }\n}'],
  ['in a catch', 'try { fail() } catch (e) {\n  throw «new TypeError("again")\n}'],
  ['after an await', 'await 1;\n  «fail()'],
  ['in an awaited expression', 'const x = await Promise.resolve(1);\nconst y = await Promise.resolve(«fail());'],
  ['in an async function', 'const g = async () => {\n  await 1;\n  throw «new Error("async") };\nawait g()'],
  ['in a generator', 'function* g() {\n  yield 1;\n  «fail() }\n[...g()]'],
  ['in an enum', 'enum E {\n  A = «fail() as never }'],
  ['in a namespace', 'namespace N {\n  export const a = «fail() }'],
  ['in a string alone before', "'abc'; «fail()"],
  ['behind letters outside ASCII', 'const größe = "😀😀 ñ"; /* 日本 */ «fail(größe)'],
  ['in an exported declaration', 'export const a = «fail()'],
  ['in a default export', 'export default «fail()'],
  ['in an object', 'const o = {\n  a: 1,\n  b: «fail(),\n}'],
  ['in a shorthand of a name that nobody knows', 'const a = 1;\n({ a, «nobody })'],
  ['a name that nobody knows', 'const a = 1;\n  «nobody + a'],
  ['a name that nobody knows, called', 'const a = 1;\n  «nobody(a)'],
  ['assigning to a constant', 'const a = 1;\n(«a as number) = 2'],
  ['beneath using', 'using x = { [Symbol.dispose]() {} };\nconst y: number = 1;\n«fail()'],
  ['beneath a decorator', 'const d = (v: any, _: any) => v;\n@d class A { @d m(): void { «fail() } }\nnew A().m()'],
];

describe('an error is placed', () => {
  test.each(cells)('%s', async (_, marked) => {
    const notebook = new MiniNotebook();
    const symbols = Symbol as unknown as Record<string, symbol>;
    symbols.dispose ??= Symbol.for('Symbol.dispose');
    await notebook.run(earlier);
    const at = marked.indexOf('«');
    const before = marked.slice(0, at).split('\n');
    const error = await notebook.run(marked.replace('«', '')).then(
      () => undefined,
      (thrown: unknown) => thrown,
    );
    expect(error).toBeInstanceOf(Error);
    expect(notebook.place(error)).toBe(`${before.length}:${(before.at(-1) as string).length + 1}`);
  });

  test('an import that fails, at the import', async () => {
    const notebook = new MiniNotebook();
    const cell = "const a = 1;\nimport 'node:fs';\n  import { b } from 'no-such-package-at-all';";
    await expect(notebook.run(cell)).rejects.toThrow();
    // The frame of the await is where an asynchronous trace would have it.
    const map = notebook.cell?.map;
    if (!map) throw new Error('no map');
    const at = notebook.cell?.code.indexOf('$.import("no-such') as number;
    const nearest = readMap(map).findLast((segment) => segment.line === 0 && segment.column <= at);
    expect(nearest).toMatchObject({ sourceLine: 2, sourceColumn: 2 });
  });
});

test('maps are written as they are read', () => {
  const segments = [
    { line: 0, column: 3, sourceLine: 0, sourceColumn: 0 },
    { line: 0, column: 40, sourceLine: 5, sourceColumn: 1000 },
    { line: 3, column: 0, sourceLine: 2, sourceColumn: 7 },
    { line: 3, column: 1, sourceLine: 70_000, sourceColumn: 0 },
  ];
  const map = writeMap(segments, 'cell 1', 'text');
  expect(map).toMatchObject({ version: 3, sources: ['cell 1'], sourcesContent: ['text'] });
  expect(readMap(map)).toEqual(segments);
});

test('helpers that esbuild adds are nowhere in the cell', async () => {
  const notebook = new MiniNotebook();
  await notebook.run('const d = (v: any, _: any) => v;\n@d class A {}');
  const map = notebook.cell?.map;
  if (!map) throw new Error('no map');
  const [first] = readMap(map);
  const helpers = notebook.cell?.code
    .split('\n')
    .findLastIndex((line) => line.startsWith('var __decorateElement')) as number;
  expect(first?.line).toBeGreaterThan(helpers);
});
