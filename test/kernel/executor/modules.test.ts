import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

function write(files: Readonly<Record<string, string>>): void {
  for (const [name, text] of Object.entries(files)) {
    const path = join(executor.folder, name);
    mkdirSync(dirname(path), { recursive: true });
    writeFileSync(path, text);
  }
}

/** A cell that imports names, as the compiler writes it, and prints an expression of them. */
async function use(specifier: string, names: string, expression = names, options = ''): Promise<string> {
  const bindings = names.split(',').map((name) => `$.bind("${name}", m, "${name}", ${JSON.stringify(specifier)});`);
  const isName = (word: string) => names.split(',').includes(word);
  const written = expression.includes('$.box')
    ? expression
    : expression.replaceAll(/\w+/g, (word) => (isName(word) ? `$.box("${word}").v` : word));
  const context = executor.start(`
    const m = await $.import(${JSON.stringify(specifier)}${options && `, ${options}`}); ${bindings.join('')}
    console.log(${written});`);
  const outcome = await executor.done(context);
  return outcome.error ? `${outcome.error.ename}: ${outcome.error.evalue}` : executor.text(context).trimEnd();
}

/** What a variable is by now. */
async function value(name: string): Promise<string> {
  const context = executor.start(`console.log($.box("${name}").v);`);
  const { error } = await executor.done(context);
  return `${executor.text(context, 'stderr')}${error?.evalue ?? executor.text(context).trimEnd()}`;
}

describe('packages', () => {
  it('load from the notebook’s folder: ES modules, CommonJS, built-in ones', async () => {
    write({
      'node_modules/esm-only/package.json': '{"type":"module","exports":{"import":"./index.js"}}',
      'node_modules/esm-only/index.js': 'export const a = 1; export default 2;',
      'node_modules/common/package.json': '{}',
      'node_modules/common/index.js': 'const all = { hidden: 3 }; module.exports = all;',
      'node_modules/data/package.json': '{"version":"1.2.3"}',
    });
    expect(await use('esm-only', 'a,default', '$.box("a").v, $.box("default").v')).toBe('1 2');
    expect(await use('common', 'hidden')).toBe('3');
    expect(await use('node:path', 'basename', 'basename("/a/b")')).toBe('b');
    expect(await use('data/package.json', 'version')).toBe('1.2.3');
  });

  it('are not found with Node’s own words', async () => {
    expect(await use('no-such-package', 'x')).toMatch(/^Error: Cannot find package 'no-such-package' imported from/);
    expect(await use('./no-such-file', 'x')).toMatch(/^Error: Cannot find module/);
  });

  it('may lack a name, which is told where it is used as a value', async () => {
    const outcome = await executor.run(`
      const m = await $.import("esm-only"); $.bind("OnlyAType", m, "OnlyAType", "esm-only"); $.result = "loaded"`);
    expect(outcome.error).toBeUndefined();
    expect(await value('OnlyAType')).toBe(
      "The module 'esm-only' has no export named 'OnlyAType' that is a value. It exports a.",
    );
  });

  it('whole, as default, and by import() in code that no compiler saw', async () => {
    const context = executor.start(`
      const m = await $.import("esm-only"); $.bind("all", m, "*", "esm-only");
      console.log($.box("all").v.a, (await (0, eval)('import("esm-only")')).a, require("common").hidden);`);
    expect((await executor.done(context)).error).toBeUndefined();
    expect(executor.text(context)).toBe('1 1 3\n');
    expect(executor.native.stderr).toBe('');
  });
});

describe('the notebook’s own modules', () => {
  it('are found as TypeScript writes them', async () => {
    write({
      'a.ts':
        'import { b } from "./b.js"; import { c } from "./folder"; import type { T } from "./b"; export const a: string = b + c; export type A = T;',
      'b.ts': 'export type T = 1; export enum E { X = 5 } export const b: number = E.X;',
      'folder/index.tsx':
        'const h = (tag: string, props: object, ...rest: string[]) => tag + rest; /** @jsx h */ export const c = <p>x</p> as unknown as string;',
      'm.mts': 'export const m = import.meta.dirname ?? "";',
      'c.cts': 'const value: number = 8; export = { value };',
      'plain.js': 'export const plain = new URL("./x", import.meta.url).pathname;',
      'old.cjs': 'exports.old = require("./older.cjs").older;',
      'older.cjs': 'exports.older = 9;',
      'data.json': '{"k": [1, 2]}',
    });
    expect(await use('./a', 'a')).toBe('5px');
    expect(await use('./b.js', 'b')).toBe('5');
    expect(await use('./folder', 'c')).toBe('px');
    expect(await use('./m.mjs', 'm')).toBe(executor.folder);
    expect(await use('./c.cjs', 'value')).toBe('8');
    expect(await use('./plain', 'plain')).toBe(join(executor.folder, 'x'));
    expect(await use('./old.cjs', 'old')).toBe('9');
    expect(await use('./data.json', 'k')).toBe('[ 1, 2 ]');
    expect(await use('./data.json', 'default', '$.box("default").v.k', '{ with: { type: "json" } }')).toBe('[ 1, 2 ]');
    expect(await use(join(executor.folder, 'b.ts'), 'b')).toBe('5');
  });

  it('follow the nearest tsconfig.json in what concerns their running', async () => {
    write({
      'config/tsconfig.json':
        '{ // with a comment\n "extends": "./base.json", "compilerOptions": { "experimentalDecorators": true, } }',
      'config/base.json': '{ "compilerOptions": { "jsx": "react", "jsxFactory": "make" } }',
      'config/view.tsx': 'const make = (tag: string) => "made " + tag; export const view = <b/>;',
      'config/old.ts':
        'function mark(target: object, key: string) { (target as any).marked = key; } class A { @mark f() {} } export const marked = (new A() as any).marked;',
    });
    expect(await use('./config/view', 'view')).toBe('made b');
    expect(await use('./config/old', 'marked')).toBe('f');
  });

  it('are loaded afresh when they change, with all that import them', async () => {
    write({
      'deep.ts': 'export const deep = "deep 1";',
      'middle.ts': 'export { deep } from "./deep"; export const state = Math.random();',
      'top.ts': 'import { deep } from "./middle"; export const top = () => "top of " + deep;',
      'apart.ts': 'export const apart = Math.random();',
    });
    expect(await use('./top', 'top', 'top()')).toBe('top of deep 1');
    const apart = await use('./apart', 'apart');
    write({ 'deep.ts': 'export const deep = "deep 2";' });
    const context = executor.start('console.log($.box("top").v());');
    await executor.done(context);
    expect(executor.text(context)).toBe('top of deep 2\n');
    expect(await use('./middle', 'deep')).toBe('deep 2');
    expect(await value('apart')).toBe(apart);
  });

  it('stay as they were while a change does not load', async () => {
    write({ 'mend.ts': 'export const mend = 1;' });
    expect(await use('./mend', 'mend')).toBe('1');
    write({ 'mend.ts': 'export const mend = ;' });
    const told = await value('mend');
    expect(told).toContain(
      'mend.ts has changed but does not load; the version before stays in use.\nSyntaxError: Unexpected ";"',
    );
    expect(told).toContain('  export const mend = ;\n                      ^');
    expect(told.endsWith('\n1')).toBe(true);
    // Told once. A cell that imports it fails.
    expect(await value('mend')).toBe('1');
    expect(await use('./mend', 'mend')).toMatch(/^SyntaxError: Unexpected ";"/);
    write({ 'mend.ts': 'export const mend = 33;' });
    expect(await value('mend')).toBe('33');
  });

  it('may be mended when they never loaded at all', async () => {
    write({ 'broken.ts': 'export const broken = 1; throw new Error("not yet");' });
    expect(await use('./broken', 'broken')).toBe('Error: not yet');
    write({ 'broken.ts': 'export const broken = 2;' });
    expect(await use('./broken', 'broken')).toBe('2');
  });

  it('change too where they are JSON, JavaScript or CommonJS, imported or required', async () => {
    write({
      'v.json': '{"v": 1}',
      'w.js': 'export const w = 1;',
      'x.cjs': 'exports.x = require("./y.cjs").y;',
      'y.cjs': 'exports.y = 1;',
    });
    expect(await use('./v.json', 'v')).toBe('1');
    expect(await use('./w.js', 'w')).toBe('1');
    expect(await use('./x.cjs', 'x')).toBe('1');
    write({ 'v.json': '{"v": 22}', 'w.js': 'export const w = 22;', 'y.cjs': 'exports.y = 22;' });
    expect(await value('v')).toBe('22');
    expect(await value('w')).toBe('22');
    expect(await value('x')).toBe('22');
    write({ 'y.cjs': 'exports.y = 333;' });
    const context = executor.start('console.log(require("./x.cjs").x, require("./y.cjs").y);');
    await executor.done(context);
    expect(executor.text(context)).toBe('333 333\n');
  });

  it('may be required, in TypeScript', async () => {
    write({ 'required.ts': 'export const required: number = 4;' });
    await use('./b', 'b');
    const context = executor.start('console.log(require("./required").required);');
    expect((await executor.done(context)).error).toBeUndefined();
    expect(executor.text(context)).toBe('4\n');
  });

  it('show their own lines in traces', async () => {
    write({
      'thrower.ts':
        'interface A { a: 1 }\n\nexport function thrower(): never {\n  throw new Error("from a module");\n}\n',
    });
    await use('./thrower', 'thrower', '1');
    const outcome = await executor.run('\n(0, $.box("thrower").v)();');
    expect(outcome.error?.traceback).toEqual([
      'Error: from a module',
      '    at thrower (thrower.ts:4:9)',
      '',
      '        3 | export function thrower(): never {',
      '      > 4 |   throw new Error("from a module");',
      '          |         ^',
      '        5 | }',
      '',
      expect.stringMatching(/^ {4}at Cell \d+, line 2, column \d+$/),
    ]);
  });
});

describe('the notebook', () => {
  it('knows where it is', async () => {
    const context = executor.start(`
      console.log($.meta.dirname, $.meta.filename, $.meta.url, __dirname, __filename);
      console.log($.meta.resolve("./x.js"), $.meta.resolve("common"), $.meta.resolve("fs"), $.meta.resolve("node:os"));`);
    await executor.done(context);
    const { folder } = executor;
    const file = join(folder, 'notebook.ipynb');
    expect(executor.text(context)).toBe(
      `${folder} ${file} file://${file} ${folder} ${file}\nfile://${folder}/x.cjs file://${folder}/node_modules/common/index.js node:fs node:os\n`.replace(
        'x.cjs',
        'x.js',
      ),
    );
  });

  it('has the name that Jupyter’s server tells', async () => {
    const other = await Executor.start({ env: { JPY_SESSION_NAME: 'lessons/01-text.ipynb' } });
    expect((await other.run('$.result = $.meta.filename')).result?.data['text/plain']).toContain('01-text.ipynb');
    await other.close();
  });
});
