import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

describe('a cell', () => {
  it('prints, and gives the value of its last expression', async () => {
    const context = executor.start('console.log("hello"); $.result = 1 + 1;');
    const outcome = await executor.done(context);
    expect(outcome.error).toBeUndefined();
    expect(outcome.result?.data['text/plain']).toBe('2');
    expect(executor.text(context)).toBe('hello\n');
  });

  it('shows no result where it is silent, or undefined', async () => {
    expect((await executor.run('$.result = 1;', { silent: true })).result).toBeUndefined();
    expect((await executor.run('$.result = undefined;')).result).toBeUndefined();
  });

  it('shares its variables, and each reader sees the newest value', async () => {
    const first = executor.cell('const n$ = $.box("n"); $.define("n", 1); $.define("read", () => n$.v);', [
      'n',
      'read',
      'never',
    ]);
    expect((await executor.run(first)).defined).toEqual(['n', 'read']);
    await executor.run('$.box("n").v++;');
    expect((await executor.run('$.result = $.box("read").v();')).result?.data['text/plain']).toBe('2');
  });

  it('keeps what was defined before it threw', async () => {
    const cell = executor.cell('$.define("kept", 5);\nthrow new TypeError("no further");', ['kept', 'lost']);
    const outcome = await executor.run(cell);
    expect(outcome.defined).toEqual(['kept']);
    expect(outcome.error).toMatchObject({ ename: 'TypeError', evalue: 'no further' });
    expect(outcome.error?.traceback).toContain('    at Cell 7, line 2, column 1');
    expect((await executor.run('$.result = $.box("kept").v;')).result?.data['text/plain']).toBe('5');
  });

  it('finds names late: in the notebook, in globalThis, or not at all', async () => {
    await executor.run('$.define("late", () => $.late.later);');
    const missing = await executor.run('$.late.late();');
    expect(missing.error).toMatchObject({ ename: 'ReferenceError', evalue: 'later is not defined' });
    await executor.run('$.define("later", 3);');
    expect(
      (await executor.run('$.result = [$.late.late(), $.late.parseInt("4"), "nothing" in $.late];')).result?.data,
    ).toEqual({
      'text/plain': '[ 3, 4, false ]',
    });
  });

  it('evaluates user expressions after it', async () => {
    const { userExpressions } = await executor.run('$.define("u", 20);', {
      userExpressions: {
        good: executor.cell('$.result = $.box("u").v + 1'),
        bad: executor.cell('$.result = $.late.unknown'),
      },
    });
    expect(userExpressions).toMatchObject({
      good: { status: 'ok', data: { 'text/plain': '21' }, metadata: {} },
      bad: { status: 'error', ename: 'ReferenceError', evalue: 'unknown is not defined' },
    });
  });

  it('fails, and nothing else does, where its value cannot leave the process', async () => {
    const outcome = await executor.run(
      '$.result = { [Symbol.for("Jupyter.display")]: () => ({ "application/json": { f() {} } }) };',
    );
    expect(outcome.error?.ename ?? 'shown as text').toBeTypeOf('string');
    expect((await executor.run('$.result = 1')).result?.data['text/plain']).toBe('1');
  });
});

describe('the process', () => {
  it('is where the notebook is, and has an empty standard input', async () => {
    const outcome = await executor.run(
      'let n = 0; for await (const chunk of process.stdin) n += chunk.length; $.result = [process.cwd(), n];',
    );
    expect(outcome.result?.data['text/plain']).toContain(executor.folder);
    expect(outcome.result?.data['text/plain']).toContain('0');
  });

  it('ends with process.exit, after all that was printed', async () => {
    const other = await Executor.start();
    const context = other.start('for (let i = 0; i < 1000; i++) console.log("line", i); process.exit(7);');
    expect(await other.ended()).toEqual({ code: 7, signal: null });
    expect(other.text(context)).toContain('line 999\n');
    await other.close();
  });

  it('dies of abort, after all that was printed', async () => {
    const other = await Executor.start();
    const context = other.start('console.log("before"); process.abort();');
    expect((await other.ended()).signal).toBe('SIGABRT');
    expect(other.text(context)).toBe('before\n');
    await other.close();
  });

  it('runs out of memory alone', async () => {
    const other = await Executor.start({ nodeOptions: ['--max-old-space-size=32'] });
    const context = other.start(
      'console.log("before"); const all = []; for (;;) all.push(new Array(10000).fill(Math.random()));',
    );
    const { code, signal } = await other.ended();
    expect(code ?? signal).not.toBe(0);
    expect(other.text(context)).toBe('before\n');
    await other.close();
  });

  it.each([
    ['waits', ''],
    ['spins', 'for (;;);'],
  ])('ends when the protocol process has gone, also where its cell %s', async (_, code) => {
    const program = new URL('../../../dist/src/kernel/executor/executor-process.js', import.meta.url).href;
    const parent = spawn(process.execPath, [
      '--input-type=module',
      '--eval',
      `import { ExecutorProcess } from ${JSON.stringify(program)};
      const listener = { message: (m) => m.type === 'stream' && console.log(m.text), native() {}, exited() {} };
      const cell = { name: 'cell 1', code: 'async () => { console.log(process.pid); ${code} }', map: {}, declares: [] };
      new ExecutorProcess({ directory: '/' }, listener)
        .send({ type: 'run', context: 'c', cell, allowStdin: false, silent: true, userExpressions: {} });`,
    ]);
    const pid = Number(String((await once(parent.stdout, 'data'))[0]));
    parent.kill('SIGKILL');
    const gone = () => {
      try {
        return !process.kill(pid, 0);
      } catch {
        return true;
      }
    };
    while (!gone()) await new Promise((resolve) => setTimeout(resolve, 50));
  });
});
