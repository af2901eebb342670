import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { pythonOf } from '../../src/setup/paths.mjs';
import { venvStep } from '../../src/setup/venv.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'venv-'));
});
afterAll(() => rm(folder, { recursive: true }));

test('an environment is there whole, or made anew', async () => {
  const requirements = join(folder, 'requirements.txt');
  await writeFile(requirements, '# nothing to install, hence no network needed\n');
  const venv = join(folder, 'venv');
  const step = venvStep(venv, requirements, { name: 'a venv', doing: 'making it', bytes: 1e6 });

  // Left by an interrupted run: files, but no stamp.
  await mkdir(join(venv, 'bin'), { recursive: true });
  await writeFile(join(venv, 'half-made'), '');
  expect(await step.isDone()).toBe(false);

  await step.run();
  expect(await step.isDone()).toBe(true);
  expect(existsSync(pythonOf(venv))).toBe(true);
  expect(existsSync(join(venv, 'half-made'))).toBe(false);

  await writeFile(requirements, '# other requirements\n');
  expect(await step.isDone()).toBe(false);
});
