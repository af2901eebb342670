// nbval: a notebook is a test; its outputs must come again.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { runModule, skipped, why, workFolder, writeNotebook } from './clients.js';

describe.skipIf(skipped)(`nbval${why}`, () => {
  const folder = workFolder();
  const pytest = (...args: string[]) => runModule(folder, 'pytest', ['-p', 'no:cacheprovider', ...args]);

  beforeAll(async () => {
    writeNotebook(join(folder, 'same.ipynb'), [
      "const words = ['a', 'b'];\nconsole.log(words);",
      'new Map([[1, { two: 3 }]])',
      ["throw new TypeError('on purpose')", { tags: ['raises-exception'] }],
      ['Math.random()', { tags: ['nbval-ignore-output'] }],
      "[{ name: 'Ada', year: 1843 }, { name: 'Grace', year: 1952 }]",
    ]);
    const { code, words } = await runModule(folder, 'nbconvert', [
      ...['--to', 'notebook', '--execute', '--allow-errors', '--inplace', 'same.ipynb'],
    ]);
    expect(code, words).toBe(0);
    const text = await readFile(join(folder, 'same.ipynb'), 'utf8');
    await writeFile(join(folder, 'other.ipynb'), text.replaceAll(`'b' ]`, `'c' ]`));
  });

  test('a notebook whose outputs come again passes, and one whose do not fails', async () => {
    const same = await pytest('--nbval', 'same.ipynb');
    expect(same.code, same.words).toBe(0);
    expect(same.words).toContain('5 passed');
    const other = await pytest('--nbval', 'other.ipynb');
    expect(other.code).toBe(1);
    expect(other.words).toMatch(/1 failed, 4 passed/);
  });

  test('--nbval-lax asks only that no cell fails', async () => {
    const lax = await pytest('--nbval-lax', 'other.ipynb');
    expect(lax.code, lax.words).toBe(0);
    writeNotebook(join(folder, 'fails.ipynb'), ['1 + 1', "throw new Error('unwanted')"]);
    const fails = await pytest('--nbval-lax', 'fails.ipynb');
    expect(fails.code).toBe(1);
    expect(fails.words).toContain('unwanted');
  });
});
