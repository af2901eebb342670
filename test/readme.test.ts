// The first result that the README promises, run as it is printed there (in its quick form).
import { spawnSync } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { packagePath } from '../src/hub/package-root.js';

it('the first result runs as the README prints it', () => {
  const code = /```ts\n([\s\S]*?)```/.exec(readFileSync(packagePath('README.md'), 'utf8'))?.[1] ?? '';
  expect(code).toContain("from 'model-types'");
  const folder = packagePath('out', 'readme');
  mkdirSync(folder, { recursive: true });
  const script = join(folder, 'first-result.mjs');
  writeFileSync(script, code.replace("'out/reviews'", "'out/readme/reviews'"));
  const { status, stdout, stderr } = spawnSync(process.execPath, [script], {
    cwd: packagePath(),
    env: { ...process.env, MODEL_TYPES_QUICK: '1', MODEL_TYPES_OFFLINE: '1' },
    encoding: 'utf8',
  });
  expect(stderr).toBe('');
  expect(status).toBe(0);
  expect(stdout).toMatch(/fine-tuned 0\.\d+ training 0\.00\d+ of the weights/);
  rmSync(folder, { recursive: true });
}, 120_000);
