// Every lesson on both kernels, executed in its quick form as `npm run lesson -- NAME --quick` does, with nothing but this
// machine to talk to.

import { existsSync } from 'node:fs';
import { mkdtemp, readFile, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { lessonsIn } from '../../src/setup/lesson-files.mjs';
import { kernelName, notebooks, out as ours, tslabName } from '../../src/setup/paths.mjs';
import { runLesson, socketGuard } from './run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'lessons-'));
});
afterAll(() => rm(folder, { recursive: true }));

const lessons = lessonsIn(notebooks).map((name) => basename(name, '.ipynb'));

const runs = lessons.flatMap((name) => [kernelName, tslabName].map((kernel) => [name, kernel] as const));

test.each(runs)(
  '%s on the kernel %s runs through, opens no socket beyond this machine, and is exported',
  async (name, kernel) => {
    const log = join(folder, `${name}.${kernel}.sockets`);
    // The pages of our own kernel stay, to be looked at.
    const out = kernel === kernelName ? ours : join(folder, kernel);
    const { code, words } = await runLesson([name, '--quick', '--kernel', kernel, '--out', out], {
      ...socketGuard(log),
      MODEL_TYPES_OFFLINE: '1',
      HF_HUB_OFFLINE: '1',
    });
    expect(code, words).toBe(0);
    expect(existsSync(log) ? await readFile(log, 'utf8') : '').toBe('');
    expect((await stat(join(out, `${name}.html`))).size).toBeGreaterThan(100_000);
  },
  900_000,
);

test.each(lessons)('%s is kept without outputs, for the TypeScript kernel', async (name) => {
  const notebook = JSON.parse(await readFile(join(notebooks, `${name}.ipynb`), 'utf8'));
  expect(notebook.metadata.kernelspec).toMatchObject({ name: 'typescript', language: 'typescript' });
  for (const cell of notebook.cells) {
    if (cell.cell_type !== 'code') continue;
    expect(cell.outputs, cell.source.join('')).toEqual([]);
    expect(cell.execution_count).toBeNull();
  }
});
