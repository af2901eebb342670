import { existsSync } from 'node:fs';
import { isAbsolute } from 'node:path';
import { expect, test } from 'vitest';
import { kernelspec } from '../../src/setup/kernelspec.mjs';

test('the kernel is started by absolute paths that exist, so that PATH decides nothing', () => {
  const { argv, display_name, language, interrupt_mode } = kernelspec();
  const paths = argv.filter((word) => isAbsolute(word));
  expect(paths[0]).toBe(process.execPath);
  expect(argv[0]).toBe(process.execPath);
  expect(paths).toHaveLength(2);
  for (const path of paths) expect(existsSync(path)).toBe(true);
  expect(argv.at(-1)).toBe('{connection_file}');
  expect({ display_name, language, interrupt_mode }).toEqual({
    display_name: 'TypeScript',
    language: 'typescript',
    interrupt_mode: 'signal',
  });
});
