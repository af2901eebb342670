// The queue of cells: one after the other, the rest aborted after a failure, and nothing run that did not compile or check.

import { expect, test } from 'vitest';
import { Execution, type ExecutionParts, type Job } from '../../../src/kernel/dispatch/execution.js';
import type { CompiledCell, Outcome } from '../../../src/kernel/executor/messages.js';
import { CellProblem } from '../../../src/kernel/language/language.js';

const cellOf = (code: string, name: string): CompiledCell => ({
  name,
  code,
  map: { version: 3, sources: [name], names: [], mappings: '' },
  declares: [],
});

function bed(overrides: Partial<ExecutionParts> = {}) {
  const log: string[] = [];
  const parts: ExecutionParts = {
    compile: async (source, name) => ({ cell: cellOf(source, name), names: { values: [], types: [] } }),
    check: async () => {},
    commit: (source) => log.push(`commit ${source}`),
    run: async ({ cell }) => {
      log.push(`run ${cell.code}`);
      return { defined: [], userExpressions: {} };
    },
    interrupt: () => log.push('interrupt'),
    ...overrides,
  };
  const execution = new Execution(parts);
  const submit = (source: string, options: Partial<Job> = {}) =>
    new Promise<Outcome | 'aborted'>((resolve) => {
      execution.add({
        context: source,
        source,
        name: `cell of ${source}`,
        silent: false,
        stopOnError: true,
        allowStdin: true,
        userExpressions: {},
        begin: () => log.push(`begin ${source}`),
        end: (outcome) => resolve(outcome),
        abort: () => resolve('aborted'),
        ...options,
      });
    });
  return { execution, submit, log };
}

const problem = new CellProblem({ ename: 'SyntaxError', evalue: 'no', traceback: ['no'] });

test('cells run in the order they were sent, each after the one before has ended', async () => {
  const { submit, log } = bed();
  await Promise.all([submit('a'), submit('b'), submit('c')]);
  expect(log).toEqual(['begin a', 'run a', 'commit a', 'begin b', 'run b', 'commit b', 'begin c', 'run c', 'commit c']);
});

test('a cell that does not compile is not run, and the cells sent with it are aborted', async () => {
  const { submit, log } = bed({
    compile: async (source, name) => {
      if (source === 'bad') throw problem;
      return { cell: cellOf(source, name), names: { values: [], types: [] } };
    },
  });
  const outcomes = await Promise.all([submit('bad'), submit('b'), submit('c')]);
  expect(outcomes[0]).toMatchObject({ error: { ename: 'SyntaxError' } });
  expect(outcomes.slice(1)).toEqual(['aborted', 'aborted']);
  expect(log).toEqual(['begin bad']);
  await submit('later');
  expect(log).toContain('run later');
});

test('without stop_on_error the next cells run', async () => {
  const { submit } = bed({ check: (source) => (source === 'bad' ? Promise.reject(problem) : Promise.resolve()) });
  const outcomes = await Promise.all([submit('bad', { stopOnError: false }), submit('b')]);
  expect(outcomes[1]).toEqual({ defined: [], userExpressions: {} });
});

test('a cell stopped while it is being checked never runs', async () => {
  let checked = () => {};
  const { execution, submit, log } = bed({ check: () => new Promise((resolve) => (checked = resolve)) });
  const outcome = submit('slow to check');
  execution.interrupt();
  checked();
  expect(await outcome).toMatchObject({ error: { ename: 'Interrupted' } });
  expect(log).toEqual(['begin slow to check']);
});

test('a cell is stopped also where its check never ends, and the next cell runs', async () => {
  const { execution, submit, log } = bed({
    check: (source) => (source === 'hangs' ? new Promise(() => {}) : Promise.resolve()),
  });
  const outcome = submit('hangs');
  execution.interrupt();
  expect(await outcome).toMatchObject({ error: { ename: 'Interrupted' } });
  await submit('b');
  expect(log).toEqual(['begin hangs', 'begin b', 'run b', 'commit b']);
});

test('an error of our own is told in the cell, and the next cell runs', async () => {
  const { submit } = bed({
    check: (source) => (source === 'a' ? Promise.reject(new Error('the language server is gone')) : Promise.resolve()),
  });
  expect(await submit('a')).toMatchObject({ error: { ename: 'KernelError', evalue: expect.stringContaining('gone') } });
  expect(await submit('b')).toEqual({ defined: [], userExpressions: {} });
});

test('an expression of user_expressions that does not compile fails alone', async () => {
  const { submit } = bed({
    compile: async (source, name) => {
      if (source === '1 +') throw problem;
      return { cell: cellOf(source, name), names: { values: [], types: [] } };
    },
    run: async ({ userExpressions }) => ({ defined: [], userExpressions: { ran: Object.keys(userExpressions) } }),
  });
  const outcome = await submit('a', { userExpressions: { good: '1 + 1', bad: '1 +' } });
  expect(outcome).toMatchObject({ userExpressions: { ran: ['good'], bad: { status: 'error', ename: 'SyntaxError' } } });
});
