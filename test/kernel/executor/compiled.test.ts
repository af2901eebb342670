// The executor with cells as the compiler makes them.

import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { compile } from '../../../src/kernel/language/compile.js';
import { Executor } from './harness.js';

let executor: Executor;
let known = new Set<string>();
let count = 0;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

async function start(source: string): Promise<{ readonly context: string; readonly name: string }> {
  const name = `cell ${++count}`;
  const { cell } = await compile(source, name, known);
  return { context: executor.start(cell), name };
}

/** Runs a cell as it is typed; gives what it printed, or its error. */
async function run(source: string) {
  const { context } = await start(source);
  const outcome = await executor.done(context);
  known = new Set([...known, ...outcome.defined]);
  return { ...outcome, context, text: executor.text(context), value: outcome.result?.data['text/plain'] };
}

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(executor.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

describe('a compiled cell', () => {
  it('shares everything it declares', async () => {
    await run(
      'let n: number = 1; const add = (by: number) => { n += by; }; enum Size { S = 1, L } class A { constructor(public x = n) {} }',
    );
    await run('add(4); n++; const [first, { deep = 7 }] = [n, {} as { deep?: number }];');
    expect((await run('console.log(n, first, deep, Size.L, Size[1], new A().x)')).text).toBe('6 6 7 2 S 6\n');
  });

  it('declares anew what was declared', async () => {
    await run('const a = 1; function f() { return a; }');
    await run('const a = 2; class f { static x = a; }');
    expect((await run('console.log(a, f.x)')).text).toBe('2 2\n');
  });

  it('imports, and goes on importing what changed', async () => {
    write({
      'helper.ts': 'export interface Shape { a: number } export const helper = (): string => "one"; export default 3;',
    });
    const first = await run(
      "import three, { helper, type Shape } from './helper'; import * as path from 'node:path'; console.log(helper(), three, path.basename('/x/y'));",
    );
    expect(first.error).toBeUndefined();
    expect(first.text).toBe('one 3 y\n');
    write({ 'helper.ts': 'export const helper = (): string => "another"; export default 4;' });
    expect((await run('console.log(helper(), three)')).text).toBe('another 4\n');
    expect((await run('console.log((await import("./helper")).default, import.meta.dirname)')).text).toBe(
      `4 ${executor.folder}\n`,
    );
  });

  it('is pointed at by its errors, line and column', async () => {
    await run(
      'interface Long {\n  a: string;\n}\n\nasync function thrower(value: Long) {\n  await null;\n  throw new TypeError(value.a);\n}',
    );
    const { error } = await run('// a comment\n\nconst x: number = 1;\n  await thrower({ a: "bad" });');
    expect(error?.traceback).toEqual([
      'TypeError: bad',
      expect.stringMatching(/^ {4}at thrower \(Cell \d+, line 7, column 9\)$/),
      '',
      '        6 |   await null;',
      '      > 7 |   throw new TypeError(value.a);',
      '          |         ^',
      '        8 | }',
      '',
      expect.stringMatching(/^ {4}at async Cell \d+, line 4, column 3$/),
    ]);
  });

  it('is where the notebook is, which modules are not told', async () => {
    const { text } = await run(
      'console.log(__dirname, require("node:path").basename(__filename), typeof (globalThis as any).require);',
    );
    expect(text).toBe(`${executor.folder} notebook.ipynb undefined\n`);
    const { error } = await run('const before = 1; null!.x;');
    expect(error?.traceback[1]).toMatch(/^ {4}at Cell \d+, line 1, column 2\d$/);
  });

  it('is pointed at in each kind of frame', async () => {
    await run(
      'class Point {\n  get x(): number { return this.fail(); }\n  fail(): never { throw new Error("x"); }\n  static make() { return new Point().x; }\n}',
    );
    const { error } = await run('const list = [1].map((n) => {\n  return Point.make() + n;\n});');
    expect(
      error?.traceback.filter((line) => line.startsWith('    at')).map((line) => line.replace(/Cell \d+/, 'Cell')),
    ).toEqual([
      '    at Point.fail (Cell, line 3, column 25)',
      '    at get x (Cell, line 2, column 33)',
      '    at Point.make (Cell, line 4, column 38)',
      '    at Cell, line 2, column 16',
      '    at Array.map (<anonymous>)',
      '    at Cell, line 1, column 18',
    ]);
  });
});

describe('Stop ends a compiled cell', () => {
  const cells: Record<string, string> = {
    while: 'while (true);',
    'do while': 'do {} while (true)',
    for: 'for (let i = 0; ; i++) if (i < 0) break;',
    'for of': 'function* all() { while (true) yield 1; } for (const x of all()) x;',
    'an arrow that calls itself':
      'const again = (n: number): number => (n > 0 ? again(n - 1) + again(n - 1) : 0); again(60);',
    'array methods': 'for (;;) [1, 2, 3].map((x) => x + 1).filter(Boolean);',
    'a loop after an await': 'await new Promise((resolve) => setTimeout(resolve, 1)); while (true) {}',
    'a loop of awaits': 'while (true) await null;',
    'a loop of timers': 'while (true) await new Promise((resolve) => setTimeout(resolve, 3));',
    'a pending promise': 'await new Promise(() => {})',
    'Promise.all of pending ones': 'await Promise.all([new Promise(() => {}), 1]);',
    'for await of a generator':
      'async function* g() { for (;;) { await null; yield 1; } } for await (const x of g()) x;',
    'a pending await in a nested function':
      'const nested = async () => { await new Promise(() => {}); }; await (async () => { await nested(); })();',
    'a method': 'class Spin { run() { for (;;) {} } } new Spin().run();',
    'a getter': 'const spin = { get x() { for (;;) {} } }; spin.x;',
    'a static block': 'class S { static { for (;;) {} } }',
    'an initializer': 'class I { x = (() => { for (;;) {} })(); } new I();',
  };
  for (const [name, source] of Object.entries(cells)) {
    it(name, async () => {
      const { context } = await start(`console.log("on");\n${source}`);
      await executor.first('stream', (message) => message.context === context);
      await new Promise((resolve) => setTimeout(resolve, 10));
      const before = performance.now();
      executor.interrupt();
      expect((await executor.done(context)).error).toMatchObject({ ename: 'Interrupted' });
      expect(performance.now() - before).toBeLessThan(500);
    });
  }

  it('shows where it was', async () => {
    const { context } = await start('function busy() {\n  while (true) {\n  }\n}\nconsole.log("on");\nbusy();');
    await executor.first('stream', (message) => message.context === context);
    await new Promise((resolve) => setTimeout(resolve, 20));
    executor.interrupt();
    const text = (await executor.done(context)).error?.traceback.join('\n');
    expect(text).toMatch(/^Interrupted: The cell was stopped\.\n {4}at busy \(Cell \d+, line 2, column \d+\)/);
    expect(text).toContain('> 2 |   while (true) {');
  });
});
