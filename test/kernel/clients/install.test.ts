// What the installer writes is what Jupyter itself finds, and starts from anywhere.

import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { inRoot } from '../../../src/setup/paths.mjs';
import {
  clientEnvironment,
  readNotebook,
  runModule,
  skipped,
  textOf,
  why,
  workFolder,
  writeNotebook,
} from './clients.js';

interface Found {
  readonly kernelspecs: Record<
    string,
    { readonly resource_dir: string; readonly spec: { readonly display_name: string } }
  >;
}

describe.skipIf(skipped)(`jupyter kernelspec${why}`, () => {
  const folder = workFolder();
  const command = (...args: string[]) =>
    spawnSync(process.execPath, [inRoot('dist', 'src', 'kernel', 'cli.js'), ...args], {
      env: clientEnvironment(folder),
      encoding: 'utf8',
    });
  const found = async (): Promise<Found['kernelspecs']> => {
    const { words } = await runModule(folder, 'jupyter', ['kernelspec', 'list', '--json']);
    return (JSON.parse(words.slice(words.indexOf('{'))) as Found).kernelspecs;
  };

  test('--user, with Node flags and variables: Jupyter lists it, and a cell runs with them', async () => {
    const installed = command(
      'install',
      '--user',
      '--name',
      'roomy',
      '--node-option=--max-old-space-size=777',
      '--env',
      'WHO=Ada',
    );
    expect(installed.status, installed.stderr).toBe(0);
    const { roomy } = await found();
    expect(installed.stdout).toContain(roomy?.resource_dir);
    expect(roomy?.spec.display_name).toBe('TypeScript (roomy)');
    writeNotebook(join(folder, 'heap.ipynb'), [
      "import { getHeapStatistics } from 'node:v8';\ngetHeapStatistics().heap_size_limit < 1.1e9",
      'process.env.WHO',
    ]);
    const { code, words } = await runModule(folder, 'nbconvert', [
      ...['--to', 'notebook', '--execute', '--inplace', '--ExecutePreprocessor.kernel_name=roomy', 'heap.ipynb'],
    ]);
    expect(code, words).toBe(0);
    const { cells } = await readNotebook(join(folder, 'heap.ipynb'));
    expect(cells.map(({ outputs }) => textOf(outputs))).toEqual(['true', "'Ada'"]);
  });

  test('list shows what Jupyter shows; uninstall takes it away again', async () => {
    expect(command('list').stdout).toMatch(/^roomy +TypeScript \(roomy\) .*\(ours\)$/m);
    expect(command('uninstall', '--name', 'roomy').status).toBe(0);
    expect(await found()).not.toHaveProperty('roomy');
  });

  test('--sys-prefix finds the environment by the jupyter on PATH', () => {
    const { stdout } = command('install', '--sys-prefix', '--name', 'of-path');
    expect(stdout).toContain(
      `the prefix of the jupyter at ${join(process.env.KERNEL_CLIENTS ?? '', 'bin', 'jupyter')}`,
    );
    expect(command('uninstall', '--sys-prefix', '--name', 'of-path').status).toBe(0);
  });
});
