// The programs that the README promises, run as they are printed there (in their quick form).
import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagePath } from '../src/hub/package-root.js';

/** Runs the first program that the README prints after a heading; what it saves goes to a folder that is removed. */
function run(heading: string): string {
  const text = readFileSync(packagePath('README.md'), 'utf8');
  const code = /```ts\n([\s\S]*?)```/.exec(text.slice(text.indexOf(`## ${heading}\n`)))?.[1] ?? '';
  expect(code).toContain("from 'model-types'");
  mkdirSync(packagePath('out'), { recursive: true });
  const folder = mkdtempSync(packagePath('out', 'readme-'));
  try {
    const script = join(folder, 'program.mjs');
    writeFileSync(script, code.replaceAll("'out/", `'${folder}/`));
    const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
      cwd: packagePath(),
      env: { ...process.env, MODEL_TYPES_QUICK: '1', MODEL_TYPES_OFFLINE: '1' },
      encoding: 'utf8',
    });
    expect(stderr).toBe('');
    expect(status).toBe(0);
    return stdout;
  } finally {
    rmSync(folder, { recursive: true });
  }
}

it('the first result', () => {
  expect(run('A first result')).toMatch(/fine-tuned 0\.\d+ training 0\.00\d+ of the weights/);
}, 120_000);

it('a table', () => {
  expect(run('Tables')).toMatch(/rocAuc: 0\.\d+/);
}, 60_000);
