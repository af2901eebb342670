// What cells may say of each other: checked by TypeScript's own language server, nothing of it on disk.

import { readdirSync } from 'node:fs';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { isUnchecked } from '../../../src/kernel/language/cell-text.js';
import { CheckedNotebook } from './checked-notebook.js';

let notebook: CheckedNotebook;
beforeAll(async () => {
  notebook = await new CheckedNotebook().open();
});
afterAll(() => notebook.close());
beforeEach(() => notebook.restart());

describe('a cell by itself', () => {
  it('passes where its types fit', async () => {
    await notebook.run('const numbers = [1, 2, 3].map((n) => n * 2);\nconsole.log(numbers, process.argv, __dirname);');
  });

  it('fails where they do not, strictly', async () => {
    expect(await notebook.error('const n: number = "one";')).toBe(
      "TS2322: Type 'string' is not assignable to type 'number'. (line 1)",
    );
    expect(await notebook.error('function f(x) { return x; }')).toContain(
      "Parameter 'x' implicitly has an 'any' type.",
    );
    expect(await notebook.error('let s: string | undefined = process.env.HOME;\ns.length')).toContain('TS18048');
  });

  it('is a module: top-level await, static imports, import.meta', async () => {
    await notebook.run(`import { readFile } from 'node:fs/promises';
const text = await readFile(import.meta.dirname + '/a.txt', 'utf8');
for await (const x of [1]) console.log(x, text);
export const shared = 1; export default text;`);
    await notebook.run('shared.toFixed(); text.length');
  });

  it('finds no browser, but what the kernel gives', async () => {
    expect(await notebook.error('document.title')).toContain("Cannot find name 'document'");
    await notebook.run(`const name: string | null = prompt('Name?', 'Ada');
const sure: boolean = confirm('Sure?');
const secret: string | null = password();
display(name, { id: 'a' }).update(secret);`);
  });

  it('may hold unused names, decorators, using, enums, namespaces', async () => {
    await notebook.run(`const unused = 1;
function log<T>(target: T, context: DecoratorContext): T { console.log(String(context.name)); return target; }
class Greeter { @log greet() { return 'hi'; } accessor level = 1; }
{ using file = { [Symbol.dispose]() {} }; }
enum Colour { Red, Green }
namespace Tools { export const hammer = 1; }
let evolving; evolving = 1;`);
    await notebook.run('new Greeter().level + Colour.Green + Tools.hammer');
  });

  it('need not be checked', async () => {
    await notebook.run('// about this cell\n// @ts-nocheck\nconst n: number = "one"; nowhere();');
    await notebook.run('n.toFixed()');
    await notebook.run('// @ts-ignore\nconst m: number = "one";\n// @ts-expect-error\nconst k: number = "two";');
    expect(await notebook.error('// @ts-expect-error\nconst fine: number = 2;')).toContain('TS2578');
    expect(isUnchecked('/* @ts-nocheck */ x')).toBe(true);
    expect(isUnchecked('x; // @ts-nocheck')).toBe(false);
    expect(isUnchecked('const s = "// @ts-nocheck"')).toBe(false);
  });
});

describe('names of earlier cells', () => {
  it('come with their values, types and documentation', async () => {
    await notebook.run(`interface Point { x: number }
type Pair<T> = [T, T];
class Shape<T> { constructor(readonly of: T) {} #area = 1; }
/** Doubles. */ function double(n: number) { return n * 2; }
const numbers = new Map<string, number>();
enum Size { S, M }
namespace Geometry { export interface Plane { a: number } export const origin: Point = { x: 0 }; }
import * as path from 'node:path';
import type { Stats } from 'node:fs'; import os = require('node:os');`);
    await notebook.run(`const p: Point = { x: double(2) }; const pair: Pair<Point> = [p, p];
const shape: Shape<string> = new Shape('a'); const size: Size.M = Size.M;
const plane: Geometry.Plane = { a: Geometry.origin.x }; const joined: string = path.join(os.homedir());
function old(stats: Stats) { return stats.size; }`);
    expect(await notebook.error("numbers.get('a').toFixed()")).toContain('TS2532');
    expect(await notebook.error('const q: Point = { y: 1 };')).toContain("does not exist in type 'Point'");
    expect(await notebook.error('new Stats()')).toContain("'Stats' cannot be used as a value");
  });

  it('are assigned as their declaration allows', async () => {
    await notebook.run('let count = 1; var total = 2; const fixed = 3; function f() {} class K {} enum E { A }');
    await notebook.run('count = 2; total += count; count++; [count, total] = [total, count];');
    expect(await notebook.error('count = "two"')).toContain('TS2322');
    expect(await notebook.error('fixed = 4')).toBe(
      "TS2588: Cannot assign to 'fixed' because it is a constant. (line 1)",
    );
    expect(await notebook.error('f = 4')).toContain("TS2630: Cannot assign to 'f' because it is a function.");
    expect(await notebook.error('K = 4')).toContain("TS2629: Cannot assign to 'K' because it is a class.");
    expect(await notebook.error('E = 4')).toContain("TS2628: Cannot assign to 'E' because it is an enum.");
  });

  it('may be declared again, as anything else', async () => {
    await notebook.run('const a = 1; class B { one = 1 } interface C { c: number } function d() { return 1; }');
    await notebook.run('const keep = () => a;');
    await notebook.run('let a = "text"; class B { two = 2 } type C = string; const d = [1];');
    await notebook.run('a.length; new B().two; const c: C = "c"; d.push(2); keep().toFixed();');
    expect(await notebook.error('new B().one')).toContain('TS2339');
    await notebook.run("import a from 'node:path'; import { type Stats as C } from 'node:fs';");
    await notebook.run('a.join("x"); declare const c2: C; const size = (s: C) => s.size;');
  });

  it('a value and a type may share a name, in one cell or in two', async () => {
    await notebook.run('const User = { make: () => ({ name: "Ada" }) }; type User = { name: string };');
    await notebook.run('const u: User = User.make();');
    await notebook.run('const Item = { price: 1 }; let State = "on"; class Model { a = 1 }');
    await notebook.run('type Item = typeof Item; type State = "on" | "off"; interface Model2 extends Model {}');
    await notebook.run(
      'const item: Item = Item; const s: State = "off"; State = "off"; const m: Model2 = new Model();',
    );
    await notebook.run('interface Late { b: number }');
    await notebook.run('const Late = (b: number): Late => ({ b });');
    await notebook.run('const late: Late = Late(1);');
  });

  it('keep their earlier owner where a cell ended before defining them', async () => {
    await notebook.run('const value = 1;');
    await notebook.run('interface Kept { k: number } const before = 1; const value = "new"; const after = 2;', {
      defined: ['before'],
    });
    await notebook.run('value.toFixed(); before.toFixed(); const kept: Kept = { k: 1 };');
    expect(await notebook.error('after + 1')).toBe(
      "TS2304: Cannot find name 'after'. Cell 2 declares it, but ended before giving it a value. (line 1)",
    );
    await notebook.run('const after = 3;');
    await notebook.run('after.toFixed()');
  });

  it('are gone when the executor was replaced', async () => {
    await notebook.run('const a = 1;');
    notebook.restart();
    expect(await notebook.error('a')).toContain("Cannot find name 'a'");
  });

  it('stay right over a hundred cells, however often one is run', async () => {
    await notebook.run('const first = { a: 1 };');
    for (let i = 0; i < 100; i++) await notebook.run(`const x = ${i}; let y${i % 7} = first.a + x;`);
    await notebook.run('first.a + x + y1;');
    expect(await notebook.error('const s: string = y6;')).toContain('TS2322');
  });

  it('may add to global types and to those of modules', async () => {
    await notebook.run('declare global { interface Array<T> { second(): T } }\nArray.prototype.second = () => 2;');
    await notebook.run('[1].second().toFixed()');
  });
});

describe('a notebook folder', () => {
  it('gives cells its own files, in their newest state', async () => {
    notebook.write('helper.ts', "import { deep } from './lib/deep.js';\nexport const help = deep;");
    notebook.write('lib/deep.ts', 'export const deep = 1;');
    await notebook.run("import { help } from './helper.js';\nhelp.toFixed();");
    notebook.write('lib/deep.ts', 'export const deep = "text";');
    expect(await notebook.error('help.toFixed()')).toContain('TS2551');
    await notebook.run('help.trim()');
    notebook.write('data.json', '{ "rows": [1] }');
    await notebook.run("import data from './data.json' with { type: 'json' }; data.rows[0]?.toFixed()");
  });

  it('gives cells files that came after the first attempt', async () => {
    expect(await notebook.error("import { n } from './new.ts';")).toContain("Cannot find module './new.ts'");
    notebook.write('new.ts', 'export const n = 1;');
    await notebook.run("import { n } from './new.ts'; n.toFixed()");
  });

  it('never gets files written into it', () => {
    expect(readdirSync(notebook.folder).filter((name) => name.startsWith('__') || name === 'tsconfig.json')).toEqual(
      [],
    );
  });
});

describe('a notebook folder without packages', () => {
  it('knows Node.js and tslab all the same, and packages once they are installed', async () => {
    const bare = await new CheckedNotebook({}, { packages: false }).open();
    try {
      await bare.run(
        "import { readFileSync } from 'node:fs'; console.log(process.pid, Buffer.from('a'), readFileSync);",
      );
      await bare.run("import * as tslab from 'tslab'; tslab.display.html('<b>x</b>'); tslab.newDisplay().text('y');");
      expect(await bare.error("import { n } from 'pkg';")).toContain("Cannot find module 'pkg'");
      bare.write('node_modules/pkg/package.json', '{ "name": "pkg", "types": "index.d.ts" }');
      bare.write('node_modules/pkg/index.d.ts', 'export const n: number;');
      await bare.run("import { n } from 'pkg'; n.toFixed()");
    } finally {
      bare.close();
    }
  });
});
