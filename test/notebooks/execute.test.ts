// What `npm run lesson` does with notebooks that pass and with ones that must fail.

import { cp, mkdir, mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { inRoot, kernelName, tslabName } from '../../src/setup/paths.mjs';
import { runLesson } from './run.js';

const fixture = (name: string) => join('test', 'notebooks', 'fixtures', `${name}.ipynb`);
let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'execute-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('a notebook that only warns passes; the table has seconds and memory of each cell', async () => {
  const { code, words } = await runLesson([fixture('passing'), '--quick', '--out', folder]);
  expect(code, words).toBe(0);
  expect(words).toMatch(/\[2\/4\] +\d+\.\d s +\d+ MB {2}console\.warn/);
  const [, seconds, megabytes] = /^ all +(\d+\.\d) +(\d+) +4 cells$/m.exec(words) ?? [];
  expect(Number(seconds)).toBeGreaterThan(0);
  expect(Number(megabytes)).toBeGreaterThan(50);
  const executed = await readFile(join(folder, 'passing.ipynb'), 'utf8');
  expect(executed).toContain('quick: 1 offline: 1');
  expect(await readdir(folder)).toEqual(['passing.html', 'passing.ipynb']);
}, 120_000);

test.each([
  [kernelName, 'throwing', 'Cell 2 failed: RangeError: this cell must fail'],
  [kernelName, 'type-error', "TS2322: Type 'string' is not assignable to type 'number'."],
  [kernelName, 'stray-rejection', 'Cell 1 failed: Error: nobody awaits this'],
  [tslabName, 'throwing', 'Cell 2 failed: RangeError: this cell must fail'],
  [tslabName, 'type-error', "Cell 1 failed: 1:7 - Type 'string' is not assignable to type 'number'."],
  [tslabName, 'stray-rejection', 'Cell 1 failed: a promise that nobody awaited was rejected'],
])(
  'on the kernel %s, %s must fail, and names its cell',
  async (kernel, name, sentence) => {
    const out = join(folder, kernel, name);
    const { code, words } = await runLesson([fixture(name), '--kernel', kernel, '--out', out]);
    expect(code).toBe(1);
    expect(words).toContain(sentence);
    expect(words).not.toContain('this cell must not run\n');
    // A failed run never passes for a good page.
    expect(await readdir(out)).toEqual([`${name}.failed.html`, `${name}.failed.ipynb`]);
  },
  120_000,
);

test('a copy elsewhere in the clone imports model-types too', async () => {
  const elsewhere = inRoot('out', 'a copy', 'deep');
  await mkdir(elsewhere, { recursive: true });
  await cp(inRoot(fixture('passing')), join(elsewhere, 'mine.ipynb'));
  const { code, words } = await runLesson([join(elsewhere, 'mine.ipynb'), '--out', folder]);
  await rm(inRoot('out', 'a copy'), { recursive: true });
  expect(code, words).toBe(0);
}, 120_000);

test('an error is shown with the cell and the line it happened in', async () => {
  const { words } = await runLesson([fixture('throwing'), '--out', join(folder, 'frames')]);
  expect(words).toContain('Cell 2, line 1');
}, 120_000);

test.each([
  [['no-such-lesson'], 'No lesson is called “no-such-lesson”'],
  [['text', '--kernel', 'julia'], 'There is no kernel “julia”, only typescript and tslab'],
])('%j is told before anything is set up', async (args, sentence) => {
  const { code, words } = await runLesson(args);
  expect(code).toBe(1);
  expect(words.trim().startsWith(sentence)).toBe(true);
});
