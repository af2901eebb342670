// Which Python environment is meant, found in folders made for the purpose; no Python is started.

import { chmod, mkdir, mkdtemp, realpath, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { findPrefix, requirePrefix } from '../../../src/kernel/install/python-prefix.js';

let folder: string;
beforeEach(async () => {
  folder = await realpath(await mkdtemp(join(tmpdir(), 'prefix-')));
});
afterEach(() => rm(folder, { recursive: true }));

const place = (env: Record<string, string>) => ({ platform: 'linux' as const, home: '/home/ada', env });

async function program(path: string, text: string): Promise<void> {
  await mkdir(join(path, '..'), { recursive: true });
  await writeFile(path, text);
  await chmod(path, 0o755);
}

test('an active environment comes before anything on PATH', () => {
  expect(findPrefix(place({ VIRTUAL_ENV: '/venv', CONDA_PREFIX: '/conda' }))?.folder).toBe('/venv');
  expect(findPrefix(place({ CONDA_PREFIX: '/conda', CONDA_DEFAULT_ENV: 'base' }))).toEqual({
    folder: '/conda',
    from: 'CONDA_PREFIX',
    isEnvironment: false,
  });
});

test('a jupyter on PATH that another tool linked there belongs to the Python its first line names', async () => {
  const env = join(folder, 'pipx', 'jupyterlab');
  await mkdir(join(env, 'bin'), { recursive: true });
  await writeFile(join(env, 'pyvenv.cfg'), '');
  await program(join(env, 'bin', 'jupyter'), `#!${join(env, 'bin', 'python')}\nimport sys\n`);
  await mkdir(join(folder, 'bin'));
  await symlink(join(env, 'bin', 'jupyter'), join(folder, 'bin', 'jupyter'));
  expect(findPrefix(place({ PATH: join(folder, 'bin') }))).toEqual({
    folder: env,
    from: `the jupyter at ${join(folder, 'bin', 'jupyter')}`,
    isEnvironment: true,
  });
});

test('a python on PATH counts where a library of Python lies beside it; a shim is passed over', async () => {
  await program(join(folder, 'shims', 'python3'), '#!/usr/bin/env bash\nexec pyenv exec python3\n');
  await program(join(folder, 'usr', 'bin', 'python3'), 'ELF');
  await mkdir(join(folder, 'usr', 'lib', 'python3.12'), { recursive: true });
  const PATH = [join(folder, 'shims'), join(folder, 'usr', 'bin')].join(':');
  expect(findPrefix(place({ PATH }))?.folder).toBe(join(folder, 'usr'));
});

test('without any, what to do is said', () => {
  expect(() => requirePrefix(place({ PATH: folder }))).toThrow('--prefix DIR, or leave it out: --user');
});
