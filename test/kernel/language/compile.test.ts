// Each row: what it shows, the cells, and the result of the last one.
// biome-ignore-all lint/suspicious/noTemplateCurlyInString: cells are text in which these are meant literally

import { describe, expect, test } from 'vitest';
import { captured, MiniNotebook } from './compile-notebook.js';

type Row = readonly [title: string, cells: readonly string[], result: unknown];

async function runAll(cells: readonly string[], notebook = new MiniNotebook()): Promise<unknown> {
  let result: unknown;
  for (const cell of cells) result = await notebook.run(cell);
  return result;
}

function table(name: string, rows: readonly Row[]): void {
  describe(name, () => {
    test.each(rows)('%s', async (_, cells, result) => {
      expect(await runAll(cells)).toEqual(result);
    });
  });
}

table('results', [
  ['the last expression', ['1; 2; 1 + 2'], 3],
  ['an empty cell has none', [''], undefined],
  ['blanks and comments have none', ['  // just words\n/* and more */\n'], undefined],
  ['a string alone, which would be a directive', ["'abc'"], 'abc'],
  ['the last of several strings', ["'a';\n'b'"], 'b'],
  ["'use strict' in front", ["'use strict'; 5"], 5],
  ['a string and then a statement', ["'abc'\nconst x = 1"], undefined],
  ['an object in parentheses', ['({ a: 1 })'], { a: 1 }],
  ['an array', ['[1, 2]'], [1, 2]],
  ['an await', ["await Promise.resolve('ok')"], 'ok'],
  ['a sequence', ['(1, 2)'], 2],
  ['a sequence without parentheses', ['1, 2'], 2],
  ['a type assertion', ['({ a: 1 }) as { a: number }'], { a: 1 }],
  ['satisfies', ['[1] satisfies number[]'], [1]],
  ['a comment behind it', ['7 // seven'], 7],
  ['a comment behind it and a semicolon on the next line', ['7 // seven\n;'], 7],
  ['empty statements behind it', ['8;;;'], 8],
  ['an assignment', ['let a = 1', 'a = 5'], 5],
  ['a declaration has none', ['1; const a = 2'], undefined],
  ['a function has none', ['1; function f() {}'], undefined],
  ['a class has none', ['1; class A {}'], undefined],
  ['a block has none', ['1; { 2 }'], undefined],
  ['a loop has none', ['for (const x of [1]) x'], undefined],
  ['a namespace has none', ['namespace N { export const a = 1 }'], undefined],
  ['an enum has none', ['enum E { A }'], undefined],
  ['a type behind it hides it', ['1; type T = string'], undefined],
  ['an immediately called function', ['(() => 4)()'], 4],
  ['a function expression in parentheses', ['(function () { return 3 })()'], 3],
  ['a template', ['`a${1 + 1}b`'], 'a2b'],
  ['a regular expression', ["/[(]/.test('(')"], true],
  ['undefined', ['undefined'], undefined],
  ['export default', ['export default 6'], 6],
  ['a constant enum, which esbuild inlines', ['const enum E { A = 4 }\nE.A'], 4],
]);

table('variables live on', [
  ['const', ['const a = 1', 'a + 1'], 2],
  ['let, assigned by a later cell', ['let a = 1', 'a = 2', 'a'], 2],
  ['several in one declaration, each using the one before', ['const a = 1, b = a + 1, c = () => a + b', 'c()'], 3],
  [
    'objects taken apart',
    ['const { a, b: { c = 3 }, ...rest } = { a: 1, b: {} as { c?: number }, d: 4 }', '[a, c, rest]'],
    [1, 3, { d: 4 }],
  ],
  ['arrays taken apart', ['const [a, , b = 2, ...rest] = [1, 0, undefined, 4, 5]', '[a, b, rest]'], [1, 2, [4, 5]]],
  ['a default that uses its neighbour', ['const { a, b = a + 1 } = { a: 1 } as { a: number; b?: number }', 'b'], 2],
  ['a computed key', ["const key = 'k'", 'const { [key]: value } = { k: 9 }', 'value'], 9],
  ['no value', ['let a: number | undefined', 'typeof a'], 'undefined'],
  ['var', ['var a = 1', 'a'], 1],
  ['var in a block', ['if (true) { var a = 1 }', 'a'], 1],
  ['var without braces', ['if (true) var a = 1', 'a'], 1],
  ['var in a loop', ['for (var i = 0, j = 9; i < 3; i++) { var last = i }', '[i, j, last]'], [3, 9, 2]],
  ['var of a for-of', ['for (var x of [1, 2]);', 'x'], 2],
  ['var of a for-of, taken apart', ['for (var [x, { y }] of [[1, { y: 2 }]] as const) x', '[x, y]'], [1, 2]],
  ['var of a for-in', ['for (var k in { a: 1, b: 2 }) {}', 'k'], 'b'],
  [
    'var in try, catch, switch and label',
    [
      'try { var a = 1; throw 0 } catch { var b = 2 } finally { var c = 3 }\nswitch (1) { case 1: var d = 4 }\nl: { var e = 5 }',
      '[a, b, c, d, e]',
    ],
    [1, 2, 3, 4, 5],
  ],
  ['var twice', ['var a = 1; var a; a'], 1],
  ['var that never gets a value', ['if (false) { var a = 1 }', 'a'], undefined],
  ['var again is new', ['var a = 1', 'var a; a'], undefined],
  ['functions', ['function f(a: number) { return a + 1 }', 'f(1)'], 2],
  ['functions, called above their declaration', ['const a = f(); function f() { return 7 }', 'a'], 7],
  ['async functions', ['async function f() { return await Promise.resolve(3) }', 'await f()'], 3],
  ['generators', ['function* g() { yield 1; yield* [2, 3] }', '[...g()]'], [1, 2, 3]],
  [
    'async generators',
    [
      'async function* g() { yield 1; yield 2 }',
      'const got: number[] = []; for await (const x of g()) got.push(x); got',
    ],
    [1, 2],
  ],
  [
    'overloads',
    ['function f(a: string): string; function f(a: number): number; function f(a: unknown) { return a }', 'f(1)'],
    1,
  ],
  ['classes', ['class A { #x = 1; get x() { return this.#x } }', 'new A().x'], 1],
  [
    "classes that extend an earlier cell's",
    ['class A { a = 1 }', 'class B extends A { b = 2 }', '({ ...new B() })'],
    { a: 1, b: 2 },
  ],
  [
    'abstract classes and parameter properties',
    [
      'abstract class A { constructor(protected a: number) {} abstract f(): number }\nclass B extends A { f() { return this.a } }',
      'new B(4).f()',
    ],
    4,
  ],
  [
    'static members that mention the class',
    ['class A { static one = new A(); static { A.one } m() { return A } }', 'A.one.m() === A'],
    true,
  ],
  ['enums', ["enum E { A, B = 'b', C = 5 }", '[E.A, E.B, E[5]]'], [0, 'b', 'C']],
  ['enums in two parts', ['enum E { A }\nenum E { B = 3 }', '[E.A, E.B]'], [0, 3]],
  ['constant enums', ['const enum E { A = 2 }', 'E.A'], 2],
  ['namespaces', ['namespace N { export const a = 1; export function f() { return a + 1 } }', 'N.f()'], 2],
  ['nested namespaces', ['namespace A.B { export const c = 1 }', 'A.B.c'], 1],
  [
    'a namespace beside a function',
    ['function f() { return f.extra }\nnamespace f { export let extra = 5 }', 'f()'],
    5,
  ],
  [
    'a namespace beside a class',
    ['class C {}\nnamespace C { export const x = 5 }', '[C.x, new C() instanceof C]'],
    [5, true],
  ],
  ['a function that uses an enum of its cell', ['enum E { A = 1 }\nconst f = () => E.A', 'f()'], 1],
  [
    'types leave nothing',
    [
      'interface A { a: string }\ntype B = A; declare const c: number; declare function d(): void; namespace T { export type X = 1 }\n1',
      '[typeof A, typeof B]',
    ],
    ['undefined', 'undefined'],
  ],
  [
    'exported declarations',
    [
      'export const a = 1; export let b = 2; export function f() { return 3 }; export class C {}; export enum E { A }; export { a as z }; export type T = 1; export interface I {}',
      '[a, b, f(), typeof C, E.A]',
    ],
    [1, 2, 3, 'function', 0],
  ],
  ['a default-exported function', ['export default function f() { return 1 }', 'f()'], 1],
  ['a default-exported class without a name', ['export default class {}\n1'], 1],
  ['a default-exported function without a name, then more', ['export default function () {}\n2'], 2],
  ["an alias of a namespace's member", ['namespace N { export const a = 1 }\nimport b = N.a', 'b'], 1],
  ['an exported alias', ['namespace N { export const a = 1 }\nexport import b = N.a; import type C = N.a', 'b'], 1],
  ['default-exported types leave nothing', ['export default interface A {}\n1'], 1],
  ['names from other alphabets', ['const größe = 1, 名前 = 2, $ = 3, _ = 4', 'größe + 名前 + $ + _'], 10],
]);

table('redeclaring', [
  ['const', ['const a = 1', 'const a = 2', 'a'], 2],
  ['const by itself', ['const xs = [1, 2, 3]', 'const xs = xs.filter((x) => x > 1)', 'xs'], [2, 3]],
  [
    'const as function, function as class, class as enum',
    ['const a = 1', 'function a() {}', 'class a {}', 'enum a { b }', 'a.b'],
    0,
  ],
  ['an import', ["import { sep as a } from 'node:path'", 'const a = 1', 'a'], 1],
  ['by an import', ['const sep = 1', "import { sep } from 'node:path'", 'sep === "/" || sep === "\\\\"'], true],
  [
    'an import by the same import',
    ["import { sep } from 'node:path'", "import { sep } from 'node:path'", 'typeof sep'],
    'string',
  ],
  ['an enum afresh, not merged', ['enum E { A }', 'enum E { B }', "'A' in E"], false],
  [
    'a namespace afresh',
    ['namespace N { export const a = 1 }', 'namespace N { export const b = 1 }', "'a' in N"],
    false,
  ],
  [
    'functions of earlier cells see the new one',
    ['function a() { return 1 }\nconst b = () => a()', 'function a() { return 2 }', 'b()'],
    2,
  ],
  [
    'objects of the old class stay what they are',
    ['class A { v = 1 }\nconst old = new A()', 'class A { v = 2 }', '[old.v, new A().v, old instanceof A]'],
    [1, 2, false],
  ],
  [
    'the same cell twice',
    ['let n = 1; n++; function f() { return n }', 'let n = 1; n++; function f() { return n }', 'f()'],
    2,
  ],
]);

table('one binding for all', [
  ['a function counts up, a cell reads', ['let n = 0; function up() { n++ }', 'up(); up(); n'], 2],
  ['a cell sets, a function reads', ['let n = 0; const read = () => n', 'n = 5', 'read()'], 5],
  [
    'functions of one cell made in another',
    ['const make = () => () => n; let n = 1', 'const read = make(); n = 3', 'read()'],
    3,
  ],
  ['a name that comes later', ['const f = () => later + typeof later', 'const later = 1', 'f()'], '1number'],
  ['a function that comes later', ['const f = () => g(2)', 'function g(a: number) { return a * 2 }', 'f()'], 4],
  ['a class that comes later', ['const f = () => new Later().x', 'class Later { x = 1 }', 'f()'], 1],
  [
    'all kinds of assignment',
    [
      'let a = 1, b: number | null = null, c = 2',
      'a += 1; a *= 3; a **= 2; a <<= 1; b ??= 4; c &&= 7; a--; ++a; [a, b, c]',
    ],
    [72, 4, 7],
  ],
  ['what an update gives', ['let a = 1', '[a++, a, ++a, a--, a]'], [1, 2, 3, 3, 2]],
  ['swapping', ['let a = 1, b = 2', '[a, b] = [b, a]; [a, b]'], [2, 1]],
  [
    'taking apart into variables',
    [
      'let a = 0, b = 0, c = 0, o = { p: 0 }, rest: unknown',
      '({ a, x: b, c = 3, y: o.p, ...rest } = { a: 1, x: 2, y: 4, z: 5 } as never); [a, b, c, o.p, rest]',
    ],
    [1, 2, 3, 4, { z: 5 }],
  ],
  [
    'taking apart with nested defaults',
    ['let a = 0, b: number[] = []', '({ n: { a = 7 } = {}, m: [...b] } = { m: [1, 2] } as never); [a, b]'],
    [7, [1, 2]],
  ],
  ['loops over variables', ['let x = 0, k = ""', 'for (x of [1, 2]); for (k in { q: 1 }); [x, k]'], [2, 'q']],
  ['loops over patterns', ['let a = 0, b = 0', 'for ([a, { b }] of [[1, { b: 2 }]] as never[]) {}\n[a, b]'], [1, 2]],
  [
    'shorthand',
    ['const settings = 1, f = () => 2', '({ settings, f, other: settings }).f() + ({ settings }).settings'],
    3,
  ],
  [
    'shorthand of a name that is not known yet',
    ['const f = () => ({ later })', 'const later = 3', 'f()'],
    { later: 3 },
  ],
  [
    'delete, in, instanceof',
    ['const o: { a?: number } = { a: 1 }; class K {}', "delete o.a; ['a' in o, new K() instanceof K]"],
    [false, true],
  ],
  [
    'optional chains',
    [
      'const o = { f: () => 1, n: null as null | { x: number } }, no = undefined as undefined | (() => 1)',
      '[o?.f?.(), o.n?.x, no?.(), o?.["f"]()]',
    ],
    [1, undefined, undefined, 1],
  ],
  [
    'spread',
    ['const xs = [1, 2], o = { a: 1 }, f = (...all: number[]) => all.length', '[f(...xs), [...xs], { ...o }]'],
    [2, [1, 2], { a: 1 }],
  ],
  [
    'computed members and keys',
    ["const k = 'x'", '({ [k]: 1, [`${k}y`]() { return 2 }, get [k + "z"]() { return 3 } }).xz'],
    3,
  ],
  ['typeof of what nobody knows', ['typeof nobodyKnows'], 'undefined'],
  ['typeof in parentheses', ['const a = 1', 'typeof (a)'], 'number'],
  ['void, !, -, +', ['const a = 1', '[void a, !a, -a, +a, ~a]'], [undefined, false, -1, 1, -2]],
  ['templates', ['const a = 1', '`${a}${`${a}`}`'], '11'],
  [
    'new with and without arguments',
    ['class A { constructor(public a = 1) {} }', '[new A, new A(2), new (A)(3)].map((x) => x.a)'],
    [1, 2, 3],
  ],
  ['new on a member', ['const ns = { A: class { x = 1 } }', 'new ns.A().x'], 1],
]);

table('calls have no this but their own', [
  ['a function', ['function f(this: unknown) { return this }', 'f()'], undefined],
  ['in parentheses', ['function f(this: unknown) { return this }', '(f)()'], undefined],
  ['optional', ['function f(this: unknown) { return this }', 'f?.()'], undefined],
  ['a tag', ['function f(this: unknown, s: TemplateStringsArray) { return [this, s[0]] }', 'f`x`'], [undefined, 'x']],
  ['not known yet', ['const g = () => f()', 'function f(this: unknown) { return this }', 'g()'], undefined],
  ['imported', ["import { strictEqual } from 'node:assert'", 'strictEqual(1, 1)'], undefined],
  ['a method keeps its object', ['const o = { a: 1, m() { return this.a } }', 'o.m() + (o.m)()'], 2],
  ['this at the top', ['this'], undefined],
  ['this in an arrow at the top', ['(() => this)()'], undefined],
  [
    'this elsewhere',
    [
      'class A { a = () => this; static s = this; m() { return [this instanceof A, A.s === A, this.a() === this] } }',
      'new A().m()',
    ],
    [true, true, true],
  ],
  ['this in a computed key', ['const o = { k: 1, m() { return { [typeof this]: 1 } } }', 'o.m()'], { object: 1 }],
  ['arguments', ['function f(..._: unknown[]) { return arguments.length }', 'f(1, 2)'], 2],
  ['new.target', ['function F(this: unknown) { return new.target === F }', 'F()'], false],
]);

table('what shadows a variable', [
  ['a parameter', ['const x = 1', '((x: number) => x)(2)'], 2],
  [
    'a parameter taken apart',
    ['const x = 1, y = 2', '(({ x, z: [y = x] }: { x: number; z: number[] }) => [x, y])({ x: 3, z: [] })'],
    [3, 3],
  ],
  ['a rest parameter', ['const x = 1', '((...x: number[]) => x)(2)'], [2]],
  ['a default that means the outer one', ['const x = 1', '((y = x) => { const x = 5; return [x, y] })()'], [5, 1]],
  ['a default that means a parameter', ['const x = 1', '((x: number, y = x) => y)(4)'], 4],
  ['a default that is a function', ['let x = 1', 'const f = (y = () => x) => y(); x = 2; f()'], 2],
  ['a block', ['const x = 1', 'let y; { const x = 2; y = x }; [x, y]'], [1, 2]],
  ['a loop', ['const i = 9', 'for (let i = 0; i < 3; i++); i'], 9],
  ['a for-of', ['const x = 9', 'let sum = 0; for (const x of [1, 2]) sum += x; sum + x'], 12],
  [
    'closures of a loop',
    ['const fs: (() => number)[] = []; for (let i = 0; i < 3; i++) fs.push(() => i)', 'fs.map((f) => f())'],
    [0, 1, 2],
  ],
  ['catch', ['const e = 1', 'let got; try { throw 2 } catch (e) { got = e }\n[e, got]'], [1, 2]],
  [
    'catch taken apart',
    [
      'const message = 1',
      'let got; try { throw new Error("m") } catch ({ message }: any) { got = message }\n[message, got]',
    ],
    [1, 'm'],
  ],
  ['switch', ['const x = 1', 'let got; switch (1 as number) { case 1: let x = 5; got = x }\n[x, got]'], [1, 5]],
  [
    "a class's own name",
    ['const K = 1', 'const L = class K { static me() { return K } }; [K, L.me() === L]'],
    [1, true],
  ],
  [
    "a function expression's own name",
    ['const f = 1', 'const g = function f(n: number): number { return n ? f(n - 1) : 42 }; [f, g(2)]'],
    [1, 42],
  ],
  [
    'a function in a function, before its declaration',
    ['const h = () => 1', '(() => { return h(); function h() { return 2 } })()'],
    2,
  ],
  [
    'a function in a block',
    ['const h = () => 1', 'let got; { got = h(); function h() { return 2 } }\n[got, h()]'],
    [2, 1],
  ],
  [
    'a var further down',
    ['const v = 1', '(() => { const before = v; if (true) { var v = 2 } return [before, v] })()'],
    [undefined, 2],
  ],
  ['a label', ['const outer = 1', 'outer: for (const a of [1, 2]) { for (;;) continue outer }\nouter'], 1],
  ['a property of the same name', ['const a = 1', '({ a: 2 }).a + a'], 3],
  ['a method of the same name', ['const m = 1', 'new (class { m() { return m } })().m()'], 1],
  [
    'a private name',
    [
      'const x = 1',
      'class P { #x = 2; has(o: object) { return #x in o ? this.#x + x : 0 } }\nconst p = new P(); p.has(p)',
    ],
    3,
  ],
  [
    'names that esbuild gives anew',
    ['const x = 1, y = 2', '(() => { const x = 3; const y = () => x; { const x = 4; return [x, y(), y.name] } })()'],
    [4, 3, 'y'],
  ],
]);

table('names of functions stay', [
  ['const', ['const f = () => 1', 'f.name'], 'f'],
  [
    'let, var, class, function expression',
    ['let a = function () {}, b = class {}; var c = async () => {}', '[a.name, b.name, c.name]'],
    ['a', 'b', 'c'],
  ],
  ['declared', ['function f() {} class C {}', '[f.name, C.name]'], ['f', 'C']],
  [
    'assigned',
    ['let f: { name: string }, g: { name: string } | undefined', 'f = () => {}; g ??= class {}; [f.name, g.name]'],
    ['f', 'g'],
  ],
  ['assigned in parentheses', ['let f: { name: string }', 'f = (function () {}); f.name'], 'f'],
  [
    'defaults',
    [
      'let f: any, g: any',
      '[f = () => {}] = []; ({ g = () => {} } = {}); const { h = () => {} } = {} as any; [f.name, g.name, h.name]',
    ],
    ['f', 'g', 'h'],
  ],
  ['a named one keeps its name', ['let f: any', 'f = function other() {}; f.name'], 'other'],
  ['inner ones', ['const make = () => { const inner = () => {}; return inner }', 'make().name'], 'inner'],
  [
    'an inner one that shadows',
    [
      'const add = 1',
      'const make = () => { const add = () => {}; function make() {} return [add.name, make.name] }',
      'make()',
    ],
    ['add', 'make'],
  ],
  ['fields and methods', ['class A { f = () => {}; m() {} }', '[new A().f.name, new A().m.name]'], ['f', 'm']],
]);

table('names of globals', [
  ['const process', ['const process = 1', '[process, typeof globalThis.process]'], [1, 'object']],
  ['const console', ['const console = { log: () => 3 }', 'console.log()'], 3],
  ['let name, status, event', ["let name = 'n', status = 1, event = 2", '[name, status, event]'], ['n', 1, 2]],
  ['function fetch', ['function fetch() { return 1 }', 'fetch()'], 1],
  ['class Map', ['class Map {}', 'new Map() instanceof globalThis.Map'], false],
  ['import { URL }', ["import { URL } from 'node:url'", 'URL === globalThis.URL'], true],
  ['globals otherwise', ['[typeof Math, typeof setTimeout, typeof structuredClone, NaN, Infinity].length'], 5],
  ['a global made by hand', ['(globalThis as any).handMade = 4', 'handMade'], 4],
  [
    'names the compiler uses',
    ['const $ = 1, $stop = 2, $1 = 3, a$ = 4, a = 5, $module = 6', '$ + $stop + $1 + a$ + a + $module'],
    21,
  ],
]);

table('statements', [
  [
    'loops without braces',
    [
      'let n = 0',
      'for (let i = 0; i < 3; i++) n++;\nfor (const x of [1, 2]) n += x;\nfor (const k in { a: 1 }) n += k.length;\nwhile (n < 10) n++;\ndo n++; while (n < 12)\nn',
    ],
    12,
  ],
  [
    'loops in loops without braces',
    ['let n = 0', 'for (const a of [1, 2]) for (const b of [1, 2]) if (a === b) n++; else n += 10\nn'],
    22,
  ],
  [
    'loops that do nothing',
    ['for (const x of [1]);\nfor (let i = 0; i < 2; i++);\nlet i = 0; while (i++ < 3);\ndo ; while (i++ < 5)\ni'],
    6,
  ],
  [
    'labels',
    [
      'let n = 0',
      'outer: for (const a of [1, 2, 3]) { inner: for (const b of [1, 2, 3]) { if (b === 2) continue outer; if (a === 3) break outer; n++; continue inner } }\nn',
    ],
    2,
  ],
  ['a labelled loop without braces', ['let n = 0', 'a: for (;;) b: for (;;) { n++; break a }\nn'], 1],
  ['for await over promises', ['let n = 0', 'for await (const x of [Promise.resolve(1), 2]) n += x;\nn'], 3],
  ['if without braces', ['let n = 0', 'if (n) n = 1; else if (!n) n = 2; else n = 3\nn'], 2],
  ['switch that falls through', ['let n = 0', 'switch (1) { case 1: n++; case 2: n++; break; default: n = 9 }\nn'], 2],
  [
    'try, catch, finally',
    [
      'const log: number[] = []',
      'try { log.push(1); throw new Error() } catch { log.push(2) } finally { log.push(3) }\nlog',
    ],
    [1, 2, 3],
  ],
  [
    'getters, setters, methods, statics',
    [
      'class A { static #n = 1; static get n() { return A.#n } static set n(v) { A.#n = v } async *g() { yield 1 } static { A.n = 5 } }',
      'A.n++; A.n',
    ],
    6,
  ],
  [
    'constructors of derived classes',
    [
      'class A { constructor(public a: number) {} }\nclass B extends A { constructor() { super(1) } }\nclass C extends B { c = this.a + 1 }',
      'new C().c',
    ],
    2,
  ],
  [
    'super',
    [
      'const base = { hi() { return "hi" } }',
      'const o = { __proto__: base, hi() { return super.hi() + "!" } } as any; o.hi()',
    ],
    'hi!',
  ],
  [
    'arrows that give objects, sequences, functions',
    [
      'const a = () => ({ x: 1 }), b = () => (1, 2), c = () => () => 3, d = async () => ({ y: 4 })',
      '[a(), b(), c()(), await d()]',
    ],
    [{ x: 1 }, 2, 3, { y: 4 }],
  ],
  ['arrows with a single parameter and a condition', ['const f = x => x ? (y => y + x)(1) : 0', 'f(2)'], 3],
  ['directives in functions', ["function f() { 'use strict'; return 1 }", 'f()'], 1],
  [
    'await inside everything',
    [
      'const p = (v: number) => Promise.resolve(v)',
      '[await p(1), (await p({ a: 2 } as any)).a, `${await p(3)}`, await (await p(p as any))(4), [...(await p([5] as any))], await (p(6), p(7)), -(await p(8))]',
    ],
    [1, 2, '3', 4, [5], 7, -8],
  ],
  ['destructuring an await', ["const { sep } = await import('node:path')", 'typeof sep'], 'string'],
  ['comma and semicolon-free style', ['const a = 1\nconst b = [a]\n;[b] \n;(() => b)()'], [1]],
  ['a semicolon that is not there', ['let a = 1\na\n++\na\na'], 2],
  ['big integers, separators, exponents, v flag', ['[1_000n, 2 ** 3, /[\\p{L}--[a-z]]/v.test("A")]'], [1000n, 8, true]],
  ['__proto__ as a shorthand', ['const __proto__ = 1', 'Object.keys({ __proto__ })'], ['__proto__']],
]);

describe('imports', () => {
  test('in all forms', async () => {
    const notebook = new MiniNotebook();
    await notebook.run(`
      import path, { join as j, type ParsedPath } from 'node:path';
      import * as os from 'node:os';
      import type { Stats } from 'node:fs';
      import { type URL as U } from 'no-such-package-of-types';
      import 'node:fs';
      import { default as assert } from 'node:assert';
      import {
        sep,
        delimiter,
      } from 'node:path';`);
    expect(notebook.defined).toEqual(['path', 'j', 'os', 'assert', 'sep', 'delimiter']);
    expect(notebook.imported.map(([specifier]) => specifier)).toEqual([
      'node:path',
      'node:os',
      'node:fs',
      'node:assert',
      'node:path',
    ]);
    expect(await notebook.run('[path.join === j, typeof os.cpus, typeof assert, typeof sep]')).toEqual([
      true,
      'function',
      'function',
      'string',
    ]);
  });

  test('come before everything else of their cell', async () => {
    expect(await runAll(["const a = sep;\nimport { sep } from 'node:path'\na === sep"])).toBe(true);
  });

  test('of JSON, with and without the attribute', async () => {
    const notebook = new MiniNotebook();
    notebook.modules['./data.json'] = { default: [1] };
    expect(await notebook.run("import data from './data.json'\ndata")).toEqual([1]);
    expect(await notebook.run("import more from './data.json' with { type: 'json' }\nmore")).toEqual([1]);
    expect(await notebook.run("(await import('./data.json')).default")).toEqual([1]);
    expect(notebook.imported.map(([, options]) => options)).toEqual(Array(3).fill({ with: { type: 'json' } }));
  });

  test('of tslab', async () => {
    const notebook = new MiniNotebook();
    notebook.modules.tslab = { display: { html: (text: string) => text } };
    expect(await notebook.run("import * as tslab from 'tslab';\ntslab.display.html('<b>')")).toBe('<b>');
  });

  test('see what the module has now', async () => {
    const notebook = new MiniNotebook();
    notebook.modules.counter = { count: 1 };
    await notebook.run(
      "import { count } from 'counter'; import * as all from 'counter'; const read = () => count + all.count",
    );
    notebook.modules.counter.count = 2;
    expect(await notebook.run('read()')).toBe(4);
  });

  test('that only pass something on are loaded', async () => {
    const notebook = new MiniNotebook();
    await notebook.run(
      "export { sep } from 'node:path'; export * from 'node:os'; export type { Stats } from 'node:fs'; export * as x from 'node:url'",
    );
    expect(notebook.imported.map(([specifier]) => specifier)).toEqual(['node:path', 'node:os', 'node:url']);
  });

  test('require', async () => {
    (globalThis as { require?: unknown }).require ??= (name: string) => ({ required: name });
    expect(await runAll(["import fs = require('node:fs')", 'typeof fs'])).toBe('object');
  });

  test('import.meta and import() in functions', async () => {
    expect(
      await runAll(['const f = async () => [import.meta.dirname, typeof (await import("node:os")).cpus]', 'await f()']),
    ).toEqual(['/notebooks', 'function']);
  });
});

describe('disposal', () => {
  const open =
    'const log: string[] = []; const open = (n: string) => ({ n, [Symbol.dispose]() { log.push(n) }, async [Symbol.asyncDispose]() { log.push(`${n} async`) } })';

  test('using at the top ends with its cell, and the cell has its result', async () => {
    const symbols = Symbol as unknown as Record<string, symbol>;
    symbols.dispose ??= Symbol.for('Symbol.dispose');
    symbols.asyncDispose ??= Symbol.for('Symbol.asyncDispose');
    const notebook = new MiniNotebook();
    await notebook.run(open);
    const cell =
      "using a = open('a'); await using b = open('b');\nconst c = () => a.n; let d; let e = 1; class K { static me = K }; function f() { return e }\ne++; c() + b.n + log.length";
    expect(await notebook.run(cell)).toBe('ab0');
    expect(await notebook.run('[log, c.name, c(), d, e, f(), K.me === K]')).toEqual([
      ['b async', 'a'],
      'c',
      'a',
      undefined,
      2,
      2,
      true,
    ]);
  });

  test('in loops and functions', async () => {
    expect(
      await runAll([
        open,
        "for (using x of [open('1'), open('2')]) log.push('in ' + x.n);\nfunction f() { using y = open('y'); return y.n }\nf(); log",
      ]),
    ).toEqual(['in 1', '1', 'in 2', '2', 'y']);
  });
});

describe('decorators', () => {
  test('of the standard', async () => {
    const result = await runAll([
      'const seen: string[] = []; const note = (value: any, context: any) => { seen.push(context.kind + " " + String(context.name)); return value }; const noteField = (_: undefined, context: any) => { seen.push(context.kind + " " + String(context.name)) }',
      '@note class A { @note m() { return A } @noteField f = 1; @((v: any) => v) accessor x = 2; static make() { return new A() } }',
      'const a = A.make(); [seen.sort(), a.m() === A, a.f, a.x, A.name]',
    ]);
    expect(result).toEqual([['class A', 'field f', 'method m'], true, 1, 2, 'A']);
  });

  test('of before, with experimentalDecorators', async () => {
    const notebook = new MiniNotebook({ experimentalDecorators: true });
    const result = await runAll(
      [
        'const seen: unknown[] = []; const cls = (c: any) => { seen.push(c.name); return class extends c { added = 1 } as any }; const field = (_: any, key: string) => { seen.push(key) }; const param = (_: any, key: any, index: number) => { seen.push([key, index]) }',
        '@cls class A { @field x = 1; m(@param a: string) { return new A() } }',
        '[seen, (new A() as any).added, new A().m() instanceof A]',
      ],
      notebook,
    );
    expect(result).toEqual([['x', ['m', 0], 'A'], 1, true]);
  });
});

test('decorators are told types, with emitDecoratorMetadata', async () => {
  const notebook = new MiniNotebook({ experimentalDecorators: true, emitDecoratorMetadata: true });
  const result = await runAll(
    [
      'const told: unknown[] = []; const d = (..._: any[]): any => {}; (Reflect as any).metadata = (key: string, value: any) => (target: any, name: any) => { told.push([name ?? target.name, key.slice(7), Array.isArray(value) ? value.map((each) => each?.name) : value?.name]) }; class Engine {} namespace Parts { export class Wheel {} } interface Shape {}',
      'export @d class Car { @d name: string; @d sizes?: readonly number[] | null; @d shape: Shape; @d wheel: Parts.Wheel; @d kind: "a" | "b" = "a"; @d accessor on: boolean = true; @d made: Date; constructor(private engine: Engine, other: Map<string, number>, n = 1) {} @d go(this: Car, far: number, ...to: string[]): Promise<void> { return Promise.resolve() } @d get x(): bigint { return 1n } plain(@d a: Function) {} }',
      'delete (Reflect as any).metadata; Object.fromEntries(told.map(([name, key, value]: any) => [`${name} ${key}`, value]))',
    ],
    notebook,
  );
  expect(result).toEqual({
    'name type': 'String',
    'sizes type': 'Array',
    'shape type': 'Object',
    'wheel type': 'Wheel',
    'kind type': 'String',
    'on type': 'Boolean',
    'made type': 'Date',
    'go type': 'Function',
    'go paramtypes': ['Number', 'String'],
    'go returntype': 'Promise',
    'x type': 'BigInt',
    'x paramtypes': [],
    'plain type': 'Function',
    'plain paramtypes': ['Function'],
    'plain returntype': undefined,
    'Car paramtypes': ['Engine', 'Map', 'Object'],
  });
});

describe('JSX, as the tsconfig says', () => {
  const h =
    'const h = (tag: any, props: any, ...children: any[]) => typeof tag === "function" ? tag({ ...props, children }) : { tag, props, children }';

  test('by a function', async () => {
    const notebook = new MiniNotebook({ jsx: 'react', jsxFactory: 'h' });
    const result = await runAll(
      [h, 'const Box = ({ a, children }: any) => <b id={a}>{children}</b>', '<Box a="1">x{1 + 1}</Box>'],
      notebook,
    );
    expect(result).toEqual({ tag: 'b', props: { id: '1' }, children: [['x', 2]] });
  });

  test('by a runtime that is imported', async () => {
    const notebook = new MiniNotebook({ jsx: 'react-jsx', jsxImportSource: 'mini' });
    const jsx = (tag: unknown, props: object) => ({ tag, props });
    notebook.modules['mini/jsx-runtime'] = { jsx, jsxs: jsx, Fragment: 'fragment' };
    expect(await runAll(['const jsx = 1; const C = "c"', '<><C/>text</>', '<i>{jsx}</i>'], notebook)).toEqual({
      tag: 'i',
      props: { children: 1 },
    });
  });

  test('generic arrows and assertions beside it', async () => {
    const notebook = new MiniNotebook({ jsx: 'preserve', jsxImportSource: 'mini' });
    expect(await runAll(['const id = <T,>(x: T) => x; id(1 as unknown as string)'], notebook)).toBe(1);
  });
});

test('class fields without define, with useDefineForClassFields: false', async () => {
  const cell = 'let seen = 0; class A { set x(v: number) { seen = v } }\nclass B extends A { x = 5 }\nnew B(); seen';
  expect(await runAll([cell], new MiniNotebook({ useDefineForClassFields: false }))).toBe(5);
  expect(await runAll([cell])).toBe(0);
});

test('what was declared before a throw stays, what comes after it does not', async () => {
  const notebook = new MiniNotebook();
  await expect(
    notebook.run(
      'const a = 1, b = fail(), c = 3; function f() { return a }\nfunction fail(): never { throw new Error("x") }',
    ),
  ).rejects.toThrow('x');
  expect(notebook.defined).toEqual(['f', 'fail', 'a']);
  expect(await notebook.run('f() + typeof c')).toBe('1undefined');
});

test('assigning to a constant of the cell throws', async () => {
  await expect(new MiniNotebook().run('const a = 1; const f = () => { (a as number) = 2 }; f()')).rejects.toThrow(
    /Assignment to constant variable/,
  );
  await expect(new MiniNotebook().run('const a = 1; [(a as any)] = [2]')).rejects.toThrow(
    /Assignment to constant variable/,
  );
});

test('long cells: sums of a thousand terms, chains of conditions, much data', async () => {
  const terms = Array.from({ length: 500 }, (_, at) => `n + ${at}`).join(' + ');
  expect(await runAll(['const n = 1', `${terms}`])).toBe(500 + (499 * 500) / 2);
  expect(await runAll(['const n = 1', `let got; ${'if (n === 0) got = n; else '.repeat(500)} got = 2; got`])).toBe(2);
  const rows = Array.from({ length: 2000 }, (_, id) => ({ id, name: `row ${id}` }));
  expect(await runAll([`const rows = ${JSON.stringify(rows)}`, 'rows'])).toEqual(rows);
  await expect(runAll([Array(100_000).fill('1').join('+')])).rejects.toThrow(/nested too deeply/);
});

test('lines that end as on Windows', async () => {
  const notebook = new MiniNotebook();
  const error = await notebook
    .run('const a = 1;\r\nconst b = `x\r\ny`;\r\n  throw new Error(b)')
    .catch((thrown) => thrown);
  expect(notebook.place(error)).toBe('4:9');
});

test('cells are strict', async () => {
  await expect(new MiniNotebook().run('nobodyKnows = 1')).rejects.toThrow(ReferenceError);
  await expect(new MiniNotebook().run('(Object.freeze({ a: 1 }) as any).a = 2')).rejects.toThrow(TypeError);
});

test('a name nobody knows is a ReferenceError', async () => {
  await expect(new MiniNotebook().run('nobodyKnows + 1')).rejects.toThrow('nobodyKnows is not defined');
  await expect(new MiniNotebook().run('nobodyKnows()')).rejects.toThrow('nobodyKnows is not defined');
});

describe('Stop', () => {
  const spins: readonly (readonly [string, string])[] = [
    ['while', 'while (true) {}'],
    ['while without braces', 'while (true);'],
    ['for', 'for (;;);'],
    ['for with a body', 'for (;;) { 1 }'],
    ['do', 'do {} while (true)'],
    ['do without braces', 'do ; while (true)'],
    ['labelled', 'a: for (;;) b: for (;;) continue a'],
    ['for-of over an endless generator', 'function* g() { for (;;) yield 1 }\nfor (const x of g()) ;'],
    ['for-in in while', 'while (true) for (const k in { a: 1 }) k'],
    ['recursion through arrows', 'const f = (n: number): number => n > 9 ? 0 : f(n + 1); for (;;) f(0)'],
    ['an arrow called by a library', 'Array.from({ length: 1e9 }, () => 1)'],
    ['a getter', 'const o = { get x(): number { return 1 } }; for (;;) o.x'],
    ['after an await', 'await 1; while (true) {}'],
    ['in a function', 'function f() { while (true) {} }\nf()'],
    ['in an async function', 'const f = async () => { for (;;) await 1 }\nawait f()'],
    ['in a constructor', 'class A { constructor() { for (;;); } }\nnew A()'],
    ['in a static block', 'class A { static { for (;;); } }'],
  ];
  test.each(spins)('%s', async (_, cell) => {
    const notebook = new MiniNotebook();
    notebook.stop[0] = 1;
    await expect(notebook.run(cell)).rejects.toThrow('Interrupted');
  });

  test('awaits and asynchronous loops go through the runtime', async () => {
    const notebook = new MiniNotebook();
    await notebook.run(
      'const f = async () => { await 1; for await (const x of [1]) x; await (2, 3) }; await f(); for await (const y of [1]) y',
    );
    expect(notebook.cell?.code.match(/await \$\.wait\(/g)).toHaveLength(3);
    expect(notebook.cell?.code.match(/of \$\.iterate\(/g)).toHaveLength(2);
  });
});

test('declares lists what lives on', async () => {
  const notebook = new MiniNotebook();
  await notebook.run(
    "import { sep } from 'node:path'; const a = 1; let { b } = { b: 2 }; class C {} enum D { X } function e() {} interface F {} if (a) { var g = 1; let h = 2 } export const i = 1",
  );
  expect([...(notebook.cell?.declares ?? [])].sort()).toEqual(['C', 'D', 'a', 'b', 'e', 'g', 'i', 'sep']);
  expect([...notebook.defined].sort()).toEqual(expect.arrayContaining(['C', 'D', 'a', 'b', 'e', 'g', 'i', 'sep']));
});

test('output and order of evaluation', async () => {
  const out = await captured(() =>
    runAll([
      'const log = (x: unknown) => { console.log(x); return x }',
      'const { [log("key") as string]: a = log("default") } = log({}) as any, b = log("b")',
      'log(a); log([b].map((x) => log(x)))',
    ]),
  );
  expect(out).toBe("{}\nkey\ndefault\nb\ndefault\nb\n[ 'b' ]\n");
});

test('a cell of fifty lines compiles in a few milliseconds', async () => {
  const cell = Array.from({ length: 10 }, (_, at) => [
    `const values${at} = [1, 2, 3].map((value) => value * ${at});`,
    `function mean${at}(xs: readonly number[]): number {`,
    '  let sum = 0;',
    '  for (const x of xs) sum += x;',
    '  return sum / xs.length; }',
  ])
    .flat(2)
    .join('\n');
  const notebook = new MiniNotebook();
  const { createCompiler } = await import('../../../src/kernel/language/compile.js');
  const compile = createCompiler({});
  for (let turn = 0; turn < 30; turn++) await compile(cell, 'cell 1', notebook.known);
  const times: number[] = [];
  for (let turn = 0; turn < 30; turn++) {
    const start = performance.now();
    await compile(cell, 'cell 1', notebook.known);
    times.push(performance.now() - start);
  }
  times.sort((a, b) => a - b);
  const median = times[15] as number;
  console.log(`a cell of 50 lines: ${median.toFixed(1)} ms to compile (median of 30)`);
  // Wide enough for a busy machine; the aim is 6 ms.
  expect(median).toBeLessThan(60);
});
