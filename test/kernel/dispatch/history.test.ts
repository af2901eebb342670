// History over several sessions, several kernels at once, and files that are torn, full or not writable.

import { spawn } from 'node:child_process';
import { once } from 'node:events';
import {
  appendFileSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { homedir, tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { build } from 'esbuild';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { History, wildcard } from '../../../src/kernel/dispatch/history.js';
import { HistoryFile } from '../../../src/kernel/dispatch/history-file.js';
import { historyPath } from '../../../src/kernel/dispatch/history-place.js';

let folder: string;
let path: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'history-'));
  path = join(folder, 'deep', 'history.jsonl');
});

afterEach(() => rmSync(folder, { recursive: true, force: true }));

const form = { output: false, raw: true };
const tail = (history: History, n: number) => history.request({ ...form, hist_access_type: 'tail', n });
const range = (history: History, session: number, start = 1, stop: number | null = null) =>
  history.request({ ...form, hist_access_type: 'range', session, start, stop });
const search = (history: History, pattern: string, options: { n?: number; unique?: boolean } = {}) =>
  history.request({
    ...form,
    hist_access_type: 'search',
    pattern,
    n: options.n ?? null,
    unique: options.unique ?? false,
  });

/** Two sessions of the past and the one that runs. */
function threeSessions(): History {
  const first = new History({ path });
  first.add(1, 'const a = 1');
  first.add(2, 'a + 1', '2');
  const second = new History({ path });
  second.add(1, 'const b = 2');
  const third = new History({ path });
  third.add(1, 'a + 1', '2');
  third.add(2, 'b\nb', '2');
  return third;
}

describe('requests', () => {
  test('the tail goes back over sessions', () => {
    expect(tail(threeSessions(), 3)).toEqual([
      [2, 1, 'const b = 2'],
      [3, 1, 'a + 1'],
      [3, 2, 'b\nb'],
    ]);
    expect(tail(threeSessions(), 0)).toEqual([]);
  });

  test('a range is of one session: 0 is this one, negative ones count back', () => {
    const history = threeSessions();
    expect(range(history, 0)).toEqual([
      [0, 1, 'a + 1'],
      [0, 2, 'b\nb'],
    ]);
    expect(range(history, 0, 2)).toEqual([[0, 2, 'b\nb']]);
    expect(range(history, 1, 1, 2)).toEqual([[1, 1, 'const a = 1']]);
    expect(range(history, -1)).toEqual([[2, 1, 'const b = 2']]);
    expect(range(history, -2, 2)).toEqual([[1, 2, 'a + 1']]);
    expect(range(history, -7)).toEqual([]);
  });

  test('a session that has run nothing counts back from the number it will have', () => {
    threeSessions();
    expect(range(new History({ path }), -3, 1, 2)).toEqual([[1, 1, 'const a = 1']]);
  });

  test('search finds whole texts by * and ?, several lines too', () => {
    const history = threeSessions();
    expect(search(history, '? + 1')).toEqual([
      [1, 2, 'a + 1'],
      [3, 1, 'a + 1'],
    ]);
    expect(search(history, '? + 1', { unique: true })).toEqual([[3, 1, 'a + 1']]);
    expect(search(history, 'const*', { n: 1 })).toEqual([[2, 1, 'const b = 2']]);
    expect(search(history, 'b*b')).toEqual([[3, 2, 'b\nb']]);
    expect(search(history, '+')).toEqual([]);
  });

  test('with output, each input comes with the text of its result or null', () => {
    const history = threeSessions();
    expect(
      history.request({ output: true, raw: true, hist_access_type: 'range', session: 1, start: 1, stop: 3 }),
    ).toEqual([
      [1, 1, ['const a = 1', null]],
      [1, 2, ['a + 1', '2']],
    ]);
  });
});

describe('wildcards', () => {
  test.each([
    ['*', '', true],
    ['a*c', 'abbc', true],
    ['a*c', 'abbcd', false],
    ['?', '𝛼', true],
    ['[a]', 'a', false],
    ['*b*b*', 'abb', true],
    ['**', 'x', true],
    ['', 'x', false],
  ])('%s against %s: %s', (pattern, text, matched) => expect(wildcard(pattern)(text)).toBe(matched));

  test('a pattern made to take for ever does not', () => {
    const started = performance.now();
    expect(wildcard(`${'*a'.repeat(50)}b`)('a'.repeat(20_000))).toBe(false);
    expect(performance.now() - started).toBeLessThan(1000);
  });
});

describe('the file', () => {
  test('a torn line is passed over, and the next one does not run into it', () => {
    new History({ path }).add(1, 'whole');
    appendFileSync(path, '{"session":1,"line":2,"inp');
    const history = new History({ path });
    history.add(1, 'after');
    expect(tail(history, 9)).toEqual([
      [1, 1, 'whole'],
      [2, 1, 'after'],
    ]);
  });

  test('lines that mean nothing are passed over', () => {
    mkdirSync(join(folder, 'deep'));
    writeFileSync(path, 'null\n[]\n7\n{"session":"x"}\n{"sessions":4}\n');
    const history = new History({ path });
    history.add(1, 'x');
    expect(tail(history, 9)).toEqual([[5, 1, 'x']]);
  });

  test('only its owner can read it', () => {
    new History({ path }).add(1, 'secret');
    if (process.platform !== 'win32') expect(statSync(path).mode & 0o777).toBe(0o600);
  });

  test('a file grown too long is shortened at the next session: newest cells stay, numbers go on', () => {
    for (let session = 1; session <= 4; session++) {
      const history = new History({ path, limit: 4000 });
      for (let line = 1; line <= 20; line++) history.add(line, `${session}.${line} ${'x'.repeat(40)}`);
    }
    const history = new History({ path, limit: 4000 });
    history.add(1, 'last');
    expect(statSync(path).size).toBeLessThan(4000);
    expect(tail(history, 2).map(([session, line]) => [session, line])).toEqual([
      [4, 20],
      [5, 1],
    ]);
    expect(readdirSync(join(folder, 'deep'))).toEqual(['history.jsonl']);
  });

  test('a lock that was left behind does not keep the file long for ever, a fresh one does', () => {
    const history = new History({ path, limit: 100 });
    history.add(1, 'x'.repeat(200));
    writeFileSync(`${path}.lock`, '');
    new History({ path, limit: 100 }).add(1, 'y');
    expect(statSync(path).size).toBeGreaterThan(200);
  });

  test('another kernel that shortens the file takes nothing from us', () => {
    const ours = new History({ path, limit: 2000 });
    ours.add(1, 'before');
    for (let line = 1; line <= 20; line++) ours.add(line + 1, 'x'.repeat(100));
    const other = new HistoryFile(path, { limit: 2000 });
    other.begin();
    ours.add(99, 'after');
    expect(tail(new History({ path }), 1)).toEqual([[1, 99, 'after']]);
    // What was dropped from the file is still known here.
    expect(search(ours, 'before')).toEqual([[1, 1, 'before']]);
  });

  test('kernels that append at once lose nothing and share no number', async () => {
    const compiled = join(folder, 'history.mjs');
    const source = fileURLToPath(new URL('../../../src/kernel/dispatch/history.ts', import.meta.url));
    await build({ entryPoints: [source], bundle: true, platform: 'node', format: 'esm', outfile: compiled });
    const program = `
      const { History } = await import(${JSON.stringify(pathToFileURL(compiled).href)});
      const history = new History({ path: ${JSON.stringify(path)}, limit: 60_000 });
      for (let line = 1; line <= 200; line++) history.add(line, process.argv[1] + ' ' + line + ' ' + 'x'.repeat(50));`;
    const kernels = ['a', 'b', 'c', 'd'].map((name) =>
      spawn(process.execPath, ['--input-type=module', '-e', program, name], { stdio: 'inherit' }),
    );
    await Promise.all(kernels.map((kernel) => once(kernel, 'exit')));
    const all = tail(new History({ path }), 10_000);
    for (const name of ['a', 'b', 'c', 'd']) {
      const mine = all.filter(([, , input]) => String(input).startsWith(`${name} `));
      expect(mine.map(([, line]) => line)).toEqual(Array.from({ length: 200 }, (_, index) => index + 1));
      expect(new Set(mine.map(([session]) => session)).size).toBe(1);
    }
    expect(new Set(all.map(([session]) => session)).size).toBe(4);
    expect(readFileSync(path, 'utf8').endsWith('\n')).toBe(true);
  });
});

describe('without a file', () => {
  test('one that cannot be written: kept in memory, said once', () => {
    writeFileSync(join(folder, 'deep'), 'a file where a folder should be');
    const said: string[] = [];
    const history = new History({ path, warn: (text) => said.push(text) });
    history.add(1, 'one');
    history.add(2, 'two');
    expect(tail(history, 5)).toEqual([
      [1, 1, 'one'],
      [1, 2, 'two'],
    ]);
    expect(range(history, 0, 2)).toEqual([[0, 2, 'two']]);
    expect(said).toHaveLength(1);
    expect(said[0]).toContain(path);
    expect(said[0]).toContain('MODEL_TYPES_KERNEL_HISTORY');
  });

  test('switched off: kept in memory, nothing said', () => {
    const said: string[] = [];
    const history = new History({ path: undefined, warn: (text) => said.push(text) });
    history.add(1, 'one');
    expect(tail(history, 5)).toEqual([[1, 1, 'one']]);
    expect(range(history, -1)).toEqual([]);
    expect(said).toEqual([]);
  });
});

test('the file is in Jupyter’s data folder, unless another is named', () => {
  const file = join('model-types-kernel', 'history.jsonl');
  expect(historyPath({ JUPYTER_DATA_DIR: '/data' }, 'linux')).toBe(join('/data', file));
  expect(historyPath({}, 'linux')).toBe(join(homedir(), '.local', 'share', 'jupyter', file));
  expect(historyPath({ XDG_DATA_HOME: '/xdg' }, 'linux')).toBe(join('/xdg', 'jupyter', file));
  expect(historyPath({}, 'darwin')).toBe(join(homedir(), 'Library', 'Jupyter', file));
  expect(historyPath({ APPDATA: '/roaming' }, 'win32')).toBe(join('/roaming', 'jupyter', file));
  expect(historyPath({ MODEL_TYPES_KERNEL_HISTORY: '/elsewhere/h' }, 'linux')).toBe('/elsewhere/h');
  expect(historyPath({ MODEL_TYPES_KERNEL_HISTORY: 'off' }, 'linux')).toBeUndefined();
});
