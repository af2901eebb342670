"""TypeScript as cells are written in: what the compiler, the checker and the executor make of it together."""

import json
import os
import time

from kernel import Kernel, case, holds, main, same


def write(kernel, name, text):
    """A file in the notebook's folder; its time moves on, however fast two edits follow each other."""
    path = os.path.join(kernel.cwd, name)
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w") as file:
        file.write(text)
    write.clock += 2
    os.utime(path, (time.time() + write.clock, time.time() + write.clock))


write.clock = 0


def package(kernel, name, manifest, files):
    """A package in the notebook's node_modules."""
    write(kernel, f"node_modules/{name}/package.json", json.dumps({"name": name, "version": "1.0.0", **manifest}))
    for path, text in files.items():
        write(kernel, f"node_modules/{name}/{path}", text)


def refused(kernel, code, *words):
    """The cell must not run, and say why."""
    result = kernel.execute("console.log('ran');\n" + code)
    same(result.status, "error")
    same(result.stdout, "")
    text = "\n".join(result.error["traceback"])
    for word in words:
        assert word in text, f"{word!r} is missing in {text}"
    return text


@case("await at the top level, in loops and in for await")
def top_level_await(kernel):
    same(kernel.value("const early = await Promise.resolve(20); early + 1"), "21")
    code = """
async function* numbers() { yield 1; yield await Promise.resolve(2); }
let sum = 0;
for await (const n of numbers()) sum += n;
for (const n of [3, 4]) sum += await Promise.resolve(n);
sum"""
    same(kernel.value(code), "10")


@case("everything can be declared again: variables of another type, functions, classes, types, enums, imports")
def redeclaration(kernel):
    for code in (
        "const a = 1; let b: string = 'x'; var c = true;",
        "const a: string = 'one'; let b = [1, 2]; let c = 5;",
        "function f(): number { return 1 } class K { x = 1 } enum E { A } interface I { p: number } type T = 'a'; import { join as j } from 'node:path';",
        "function f(): string { return 'one' } class K { y = 'why' } enum E { B = 'b' } interface I { q: string } type T = 'b'; import { resolve as j } from 'node:path';",
    ):
        same(kernel.execute(code).status, "ok")
    code = "const t: T = 'b'; const i: I = { q: f() }; [a.length, b.length, c + 1, i.q, new K().y, E.B, typeof j, t].join()"
    same(kernel.value(code), "'3,2,6,one,why,b,function,b'")
    refused(kernel, "const i2: I = { p: 1 }", "TS2353")


@case("a function of an earlier cell sees the newest value, as in Python and in the browser's console")
def live(kernel):
    kernel.execute("let count = 1; const double = () => count * 2; function bump() { count++ }")
    kernel.execute("count = 10; bump();")
    same(kernel.value("[count, double()]"), "[ 11, 22 ]")
    kernel.execute("let count = 100;")
    same(kernel.value("bump(); double()"), "202")


@case("a list that starts empty in one cell grows in the next")
def growing(kernel):
    same(kernel.execute("const losses = []; let best = null;").status, "ok")
    same(kernel.value("losses.push(0.5, 0.25); best = losses[1]; [losses, best]"), "[ [ 0.5, 0.25 ], 0.25 ]")


@case("variables of earlier cells in shorthand properties, patterns, templates and closures")
def references(kernel):
    kernel.execute("const settings = { epochs: 3 }; let rate = 0.5; const f2 = (x: number) => x + 1;")
    same(kernel.value("({ settings, rate })"), "{ settings: { epochs: 3 }, rate: 0.5 }")
    same(kernel.value("[rate, settings.epochs] = [0.25, 9]; `${rate} ${settings.epochs} ${[1].map(f2)}`"), "'0.25 9 2'")
    same(kernel.value("{ const rate = 7; rate } \n rate"), "0.25")


@case("a name of the notebook hides a global from the notebook alone")
def globals_stay(kernel):
    same(kernel.value("const process = 1, name = 'n', status = 2; process + status + name.length"), "4")
    same(kernel.value("const Map = 5; const fetch = 6; structuredClone({ a: Map + fetch })"), "{ a: 11 }")
    same(kernel.value("(await import('node:os')).EOL.length"), "1")


@case("packages: ESM only, CommonJS, with types behind `exports`, JSON, built-in")
def packages(kernel):
    package(kernel, "only-esm", {"type": "module", "exports": {".": {"types": "./t.d.ts", "default": "./m.js"}, "./sub": "./s.js"}},
            {"m.js": "export const answer = 42; export default () => 'default';", "t.d.ts": "export const answer: number; export default function (): string;",
             "s.js": "export const sub = 'sub';"})
    package(kernel, "only-cjs", {"main": "index.js", "types": "index.d.ts"},
            {"index.js": "const make = () => ({ half: (n) => n / 2 }); module.exports = make();", "index.d.ts": "export function half(n: number): number;"})
    write(kernel, "data.json", '{"rows": [1, 2, 3]}')
    code = """
import twice, { answer } from 'only-esm';
import { half } from 'only-cjs';
import data from './data.json';
import * as path from 'node:path';
import { readFileSync } from 'fs';
import type { Stats } from 'node:fs';
const s: Stats | undefined = undefined;
[twice(), half(answer), data.rows.length, path.basename('a/b'), typeof readFileSync]"""
    same(kernel.value(code), "[ 'default', 21, 3, 'b', 'function' ]")
    same(kernel.value("half(answer)"), "21")
    refused(kernel, "half('x')", "TS2345")
    refused(kernel, "import { nothing } from 'no-such-package'", "TS2307", "no-such-package")


@case("a package installed after the first try is found by the second")
def installed_later(kernel):
    refused(kernel, "import { late } from 'comes-late'", "TS2307")
    package(kernel, "comes-late", {"type": "module", "exports": {".": {"types": "./m.d.ts", "default": "./m.js"}}},
            {"m.js": "export const late = 'here';", "m.d.ts": "export const late: string;"})
    same(kernel.value("import { late } from 'comes-late'; late"), "'here'")


@case("local modules are loaded afresh when they change, and whatever imports them too")
def hot_reload(kernel):
    write(kernel, "lib/base.ts", "export const base: number = 1; export enum Kind { A = 'a' }")
    write(kernel, "lib/helper.ts", "import { base } from './base.ts'; export const twice = (): number => base * 2;")
    same(kernel.value("import { twice } from './lib/helper.ts'; import { base, Kind } from './lib/base'; [twice(), base, Kind.A]"), "[ 2, 1, 'a' ]")
    write(kernel, "lib/base.ts", "export const base: number = 21; export enum Kind { A = 'b' }")
    same(kernel.value("[twice(), base, Kind.A]"), "[ 42, 21, 'b' ]")
    write(kernel, "lib/base.ts", "export const base: string = 'text'; export enum Kind { A = 'b' }")
    refused(kernel, "const n: number = base;", "TS2322")
    write(kernel, "lib/base.ts", "export const base: number = 3; export enum Kind { A = 'c' }")
    same(kernel.value("[twice(), base, Kind.A]"), "[ 6, 3, 'c' ]")


@case("decorators, `using`, enums, namespaces, accessors, private fields, generics")
def modern(kernel):
    code = """
function logged<A extends unknown[], R>(f: (...args: A) => R, context: ClassMethodDecoratorContext) {
  return function (this: unknown, ...args: A): R { log.push(String(context.name)); return f.apply(this, args); };
}
const log: string[] = [];
class Model { #n = 1; accessor rate = 0.5; @logged train(by: number) { this.#n += by; return this.#n; } static { log.push('static'); } }
{ using file = { [Symbol.dispose]() { log.push('closed'); } }; log.push('open'); }
enum Split { Train, Test = 10 }
namespace Space { export const inner = Split.Test; }
const pick = <T,>(xs: T[]): T | undefined => xs[0];
[new Model().train(2), log.join(), Split[10], Space.inner, pick([7])]"""
    same(kernel.value(code), "[ 3, 'static,open,closed,train', 'Test', 10, 7 ]")


@case("without a tsconfig.json checking is strict; // @ts-nocheck turns it off for a cell")
def strict(kernel):
    text = refused(kernel, "function loose(a) { return a }", "TS7006", "function loose(a)")
    holds(text, "line 2")
    refused(kernel, "const s: string | undefined = process.env.X; s.length", "TS18048")
    same(kernel.value("// @ts-nocheck\nfunction loose(a) { return a }\nloose('any')"), "'any'")
    same(kernel.value("// @ts-expect-error wrong on purpose\nconst n: number = 'text'; n"), "'text'")


@case("the nearest tsconfig.json says how strict, also after it was edited; JSX where it configures JSX")
def tsconfig():
    kernel = Kernel()
    try:
        write(kernel, "tsconfig.json", '{ "compilerOptions": { "strict": false, /* comment */ "target": "esnext" } }')
        same(kernel.value("function loose(a) { return a }\nloose(1)"), "1")
        write(kernel, "tsconfig.json", '{ "compilerOptions": { "strict": true, "noUncheckedIndexedAccess": true } }')
        refused(kernel, "const first: number = [1][0];", "TS2322")
    finally:
        kernel.stop()
    kernel = Kernel()
    try:
        write(kernel, "tsconfig.json", '{ "compilerOptions": { "strict": true, "jsx": "react", "jsxFactory": "h" } }')
        code = """
declare global { namespace JSX { interface IntrinsicElements { b: { id: string } } type Element = string; } }
const h = (tag: string, props: object, ...children: string[]) => `<${tag} ${JSON.stringify(props)}>${children.join('')}`;
<b id="x">bold</b>"""
        same(kernel.value(code), "'<b {\"id\":\"x\"}>bold'")
    finally:
        kernel.stop()


@case("import.meta is the notebook's: its folder, and paths resolved from it")
def import_meta(kernel):
    same(kernel.value("import.meta.dirname"), repr(os.path.realpath(kernel.cwd)))
    holds(kernel.value("import.meta.resolve('./x.ts')"), "file://", "/x.ts")
    write(kernel, "lib/where.ts", "export const where = import.meta.dirname ?? new URL('.', import.meta.url).pathname;")
    holds(kernel.value("import { where } from './lib/where.ts'; where"), "/lib")


@case("what a failing cell declared before it failed can be used, what came after cannot, and the message says why")
def after_a_throw(kernel):
    code = "const reached = 1; class Reached {}\nif (reached) throw new Error('stop');\nconst never = 2;"
    same(kernel.execute(code).status, "error")
    same(kernel.value("new Reached(); reached"), "1")
    refused(kernel, "never", "never")


@case("frames name cell and line, causes and AggregateErrors are shown, our own frames are not")
def frames(kernel):
    defined = kernel.execute("enum Padding { A, B, C }\n\nfunction deep(n: number): never {\n  if (n > 0) deep(n - 1);\n  throw new TypeError('deep down');\n}")
    result = kernel.execute("// a line\ntry { deep(1) } catch (cause) {\n  throw new Error('wrapped', { cause });\n}")
    text = "\n".join(result.error["traceback"])
    first, second = (each.reply["content"]["execution_count"] for each in (defined, result))
    holds(text, "wrapped", "deep down", f"Cell {second}, line 3", f"Cell {first}, line 5", f"Cell {second}, line 2")
    assert "node:internal" not in text and "dist/src/kernel" not in text, text
    many = "\n".join(kernel.execute("throw new AggregateError([new Error('first of two'), new RangeError('second of two')], 'both')").error["traceback"])
    holds(many, "both", "first of two", "second of two")


@case("an error in a local module shows its TypeScript line")
def module_frames(kernel):
    write(kernel, "lib/fails.ts", "interface Padding {\n  a: number;\n}\n\nexport function fails(): never {\n  throw new Error('in the module');\n}\n")
    result = kernel.execute("import { fails } from './lib/fails.ts';\nfails()")
    holds("\n".join(result.error["traceback"]), "in the module", "fails.ts:6")


@case("a tslab notebook runs unchanged")
def tslab(kernel):
    code = """
import * as tslab from 'tslab';
tslab.display.html('<b>bold</b>');
tslab.display.markdown('# title');
tslab.display.png(new Uint8Array([137, 80, 78, 71]));
const d = tslab.newDisplay(); d.text('one'); d.text('two');
tslab.versions.node"""
    result = kernel.execute(code)
    same(result.status, "ok")
    shown = [sorted(each["data"]) for each in result.of("display_data")]
    assert ["text/html"] in shown and ["text/markdown"] in shown and ["image/png"] in shown, shown
    assert result.of("update_display_data"), result.kinds


@case("display and widgets come with the kernel, in every folder")
def own_modules(kernel):
    code = """
import { IntSlider } from 'model-types/widgets';
import { html } from 'model-types/display';
const slider = new IntSlider({ value: 3, max: 10 });
display(html`<b>${slider.value}</b>`);
slider"""
    result = kernel.execute(code)
    same(result.status, "ok")
    holds(result.of("display_data")[0]["data"]["text/html"], "<b>3</b>")
    assert "application/vnd.jupyter.widget-view+json" in result.of("execute_result")[0]["data"], result.kinds
    refused(kernel, "new IntSlider({ value: 'three' })", "TS2322")


@case("results of every kind: records as a table, a figure, a promise that is not awaited")
def rich(kernel):
    table = kernel.execute("[{ name: 'a', n: 1 }, { name: 'b', n: 2 }]").of("execute_result")[0]["data"]
    holds(table["text/html"], "<table", "name")
    figure = kernel.execute("({ [Symbol.for('Jupyter.display')]: () => ({ 'text/markdown': '**x**', 'text/plain': 'x' }) })")
    same(figure.of("execute_result")[0]["data"], {"text/markdown": "**x**", "text/plain": "x"})
    pending = kernel.execute("new Promise(() => {})", timeout=5)
    holds(pending.text, "Promise", "await")


if __name__ == "__main__":
    main()
