import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

async function fail(code: string) {
  const { error } = await executor.run(executor.cell(code, [], 'cell 9'));
  if (!error) throw new Error('The cell did not fail.');
  return error;
}

describe('an error', () => {
  it('is shown with its cell, line, column, and the line itself', async () => {
    const { ename, evalue, traceback } = await fail('const a = 1;\nconst b = null.x;\nconst c = 3;');
    expect(ename).toBe('TypeError');
    expect(evalue).toBe("Cannot read properties of null (reading 'x')");
    expect(traceback).toEqual([
      "TypeError: Cannot read properties of null (reading 'x')",
      '    at Cell 9, line 2, column 1',
      '',
      '        1 | const a = 1;',
      '      > 2 | const b = null.x;',
      '          | ^',
      '        3 | const c = 3;',
      '',
    ]);
  });

  it('shows who called whom across cells and awaits, and none of the kernel’s own frames', async () => {
    await executor.run(
      executor.cell(
        '$.define("inner", async function inner() { await $.wait(null);\nthrow new RangeError("deep"); });\n' +
          '$.define("outer", async function outer() {\nawait $.wait((0, $.box("inner").v)()); });',
        [],
        'cell 4',
      ),
    );
    const { traceback } = await fail('await $.wait((0, $.box("outer").v)());');
    expect(traceback.filter((line) => line.startsWith('    at'))).toEqual([
      expect.stringMatching(/^ {4}at inner \(Cell 4, line 2, column 1\)$/),
      expect.stringMatching(/^ {4}at async outer \(Cell 4, line 4, column 1\)$/),
      '    at async Cell 9, line 1, column 1',
    ]);
  });

  it('has its trace for programs too: error.stack', async () => {
    const context = executor.start(
      executor.cell(
        'try { f(); } catch (error) { console.log(error.stack); }\nfunction f() {\nthrow new Error("x"); }',
        [],
        'cell 8',
      ),
    );
    await executor.done(context);
    expect(executor.text(context)).toBe(
      'Error: x\n    at f (Cell 8, line 3, column 1)\n    at Cell 8, line 1, column 1\n',
    );
  });

  it('shows its causes, once each', async () => {
    const { traceback } = await fail(
      'const a = new Error("a"); const b = new TypeError("b", { cause: a }); a.cause = b; throw new Error("c", { cause: b });',
    );
    const text = traceback.join('\n');
    expect(text).toMatch(/^Error: c\n/);
    expect(text).toContain('\nCaused by TypeError: b\n');
    expect(text).toContain('\nCaused by Error: a\n');
    expect(text).toContain('\nCaused by an error already shown above');
    expect((await fail('throw new Error("x", { cause: "a string" })')).traceback.join('\n')).toContain(
      "\nCaused by Uncaught 'a string'",
    );
  });

  it('shows its parts: AggregateError, SuppressedError', async () => {
    const all = await fail('await Promise.any([Promise.reject(new Error("one")), Promise.reject(2)]);');
    expect(all).toMatchObject({ ename: 'AggregateError', evalue: 'All promises were rejected' });
    expect(all.traceback.join('\n')).toMatch(/1 of 2: Error: one[\s\S]*2 of 2: Uncaught 2/);
    const { traceback } = await fail(
      'class SuppressedError extends Error { error = new Error("last"); suppressed = new Error("first"); } throw new SuppressedError("two");',
    );
    expect(traceback.join('\n')).toMatch(
      /SuppressedError: two[\s\S]*Thrown last: Error: last[\s\S]*It hid this one: Error: first/,
    );
  });

  it('shows what else it carries', async () => {
    const { evalue, traceback } = await fail('(await $.import("node:fs")).readFileSync("/no/such/file")');
    expect(evalue).toContain('ENOENT');
    expect(traceback.join('\n')).toContain("code: 'ENOENT'");
    const text = (await fail('throw Object.assign(new Error("x"), { response: { status: 404 } })')).traceback.join(
      '\n',
    );
    expect(text).toContain('{ response: { status: 404 } }');
  });

  it('has the name of its class where it gave itself none', async () => {
    expect(await fail('class OwnError extends Error {} throw new OwnError("x")')).toMatchObject({ ename: 'OwnError' });
    expect((await fail('new URL("x")')).traceback[0]).toBe('TypeError [ERR_INVALID_URL]: Invalid URL');
    expect(await fail('throw new DOMException("gone", "AbortError")')).toMatchObject({
      ename: 'AbortError',
      evalue: 'gone',
    });
  });

  it('may be deep', async () => {
    const { ename, traceback } = await fail('function f() { return f() + 1; }\nf();');
    expect(ename).toBe('RangeError');
    expect(traceback.length).toBeLessThan(15);
    expect(traceback.join('\n')).toMatch(/at f \(Cell 9, line 1, column 1\), \d+ times/);
  });

  it('may be no error at all', async () => {
    expect(await fail('throw "text"')).toMatchObject({ ename: 'Uncaught', evalue: "'text'" });
    expect(await fail('throw undefined')).toMatchObject({ ename: 'Uncaught', evalue: 'undefined' });
    expect(await fail('throw { code: 5 }')).toMatchObject({ ename: 'Uncaught', evalue: '{ code: 5 }' });
    expect(await fail('throw Object.create(null)')).toMatchObject({ ename: 'Uncaught' });
    expect((await fail('throw "text"')).traceback).toEqual([
      "Uncaught 'text'",
      '    (a string, not an error, was thrown: there is no trace)',
    ]);
    expect((await fail('throw { code: 5 }')).traceback[1]).toContain('(an object, not an error, was thrown');
  });

  it('may resist being looked at', async () => {
    const hostile = [
      'throw Object.defineProperty(new Error("x"), "message", { get() { throw new Error("no") } })',
      'throw Object.defineProperty(new Error("x"), "stack", { get() { throw new Error("no") } })',
      'throw Object.defineProperty(new Error("x"), "name", { get() { throw new Error("no") }, enumerable: true })',
      'throw new Proxy(new Error("x"), { get() { throw new Error("no") } })',
      'throw new Proxy({}, { getPrototypeOf() { throw new Error("no") }, get() { throw new Error("no") } })',
      'throw { [Symbol.for("nodejs.util.inspect.custom")]() { throw new Error("no") } }',
      'const e = new Error("x"); e.message = { toString() { throw new Error("no") } }; throw e',
      'const e = new Error("x"); e.stack = 5; throw e',
      'const e = new Error("x"); e.name = 5; throw e',
      'const e = new AggregateError([]); e.errors = [e]; throw e',
      'Error.prepareStackTrace = () => { throw new Error("no") }; try { null.x } finally { }',
    ];
    for (const code of hostile) {
      const { ename, traceback } = await fail(code);
      expect(ename).toBeTypeOf('string');
      expect(traceback.length).toBeGreaterThan(0);
    }
  });

  it('may have a trace that somebody else wrote', async () => {
    const other = await Executor.start();
    const { error } = await other.run(
      'const e = new Error("x"); e.stack = "Error: x\\n    at somewhere (over/the:1:2)\\n    at y (node:internal/z:1:1)"; throw e;',
    );
    expect(error?.traceback).toEqual(['Error: x', '    at somewhere (over/the:1:2)']);
    await other.close();
  });

  it('is coloured unless NO_COLOR is set', async () => {
    const other = await Executor.start({ env: { NO_COLOR: '' } });
    expect((await other.run('throw new Error("x")')).error?.traceback[0]).toBe('\u001b[1;31mError\u001b[0m: x');
    await other.close();
  });
});
