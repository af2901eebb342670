// Runs a Python program of this folder, and reports each of its cases as a test of ours.

import { spawn, spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { createInterface } from 'node:readline';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { jupyterEnvironment } from '../../../src/setup/jupyter.mjs';
import { inRoot, pythonOf, venv } from '../../../src/setup/paths.mjs';

interface Verdict {
  readonly case: string;
  readonly ok: boolean;
  readonly words: string;
}

const env = {
  ...jupyterEnvironment(),
  MODEL_TYPES_OFFLINE: '1',
  PYTHONDONTWRITEBYTECODE: '1',
  TEST_NODE: process.execPath,
};

/** @param program for instance `execute.py`; it tells its cases with --list, and one line of JSON for each when it runs */
export function wireTests(program: string): void {
  const python = pythonOf(venv);
  const path = inRoot('test', 'kernel', 'wire', program);
  const listed = spawnSync(python, [path, '--list'], { env, encoding: 'utf8' });
  if (listed.status !== 0) throw new Error(listed.stderr);
  const cases = JSON.parse(listed.stdout) as string[];

  const verdicts = new Map<string, Verdict>();
  const waiting = new Map<string, () => void>();
  let ended: string | undefined;
  let child: ReturnType<typeof spawn> | undefined;

  beforeAll(() => {
    if (!existsSync(inRoot('dist', 'src', 'kernel', 'main.js'))) throw new Error('There is no dist/: npm run build.');
    const started = spawn(python, [path], { env, stdio: ['ignore', 'pipe', 'pipe'] });
    child = started;
    let words = '';
    started.stderr.on('data', (chunk: Buffer) => {
      words = (words + chunk).slice(-4000);
    });
    createInterface({ input: started.stdout }).on('line', (line) => {
      if (!line.startsWith('{"case"')) return;
      const verdict = JSON.parse(line) as Verdict;
      verdicts.set(verdict.case, verdict);
      waiting.get(verdict.case)?.();
    });
    started.once('close', (code) => {
      ended = `${program} ended (${code}) before this case: ${words}`;
      for (const wake of waiting.values()) wake();
    });
  });

  afterAll(() => {
    child?.kill();
  });

  for (const name of cases) {
    test(name, async () => {
      if (!verdicts.has(name) && ended === undefined) {
        await new Promise<void>((resolve) => waiting.set(name, resolve));
      }
      const verdict = verdicts.get(name);
      expect(verdict?.ok, verdict?.words ?? ended).toBe(true);
    }, 120_000);
  }
}
