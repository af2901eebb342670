import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { kernelspec } from '../../src/kernel/install/kernelspec.js';
import { kernels, tslabKernelspec } from '../../src/setup/kernelspec.mjs';
import { kernelName, tslabName } from '../../src/setup/paths.mjs';

test.each([
  ['ours', kernelspec(), { display_name: 'TypeScript', interrupt_mode: 'message' }],
  ['tslab', tslabKernelspec(), { display_name: 'TypeScript (tslab)', interrupt_mode: 'signal' }],
])('%s is started by absolute paths that exist, so that PATH decides nothing', (_name, spec, words) => {
  const paths = spec.argv.filter((word) => isAbsolute(word));
  expect(spec.argv[0]).toBe(process.execPath);
  expect(paths).toHaveLength(2);
  for (const path of paths) expect(existsSync(path), path).toBe(true);
  expect(spec.argv.at(-1)).toBe('{connection_file}');
  expect(spec).toMatchObject({ ...words, language: 'typescript' });
});

test('the two have names of their own, and are there after set-up', async () => {
  expect(kernelName).not.toBe(tslabName);
  expect(await kernels.isDone()).toBe(true);
});
