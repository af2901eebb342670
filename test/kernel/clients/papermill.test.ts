// papermill: notebooks with parameters. It knows no TypeScript by itself; our plugin (src/kernel/install/papermill) teaches it.

import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { beforeAll, describe, expect, test } from 'vitest';
import { readNotebook, runModule, runPython, skipped, textOf, why, workFolder, writeNotebook } from './clients.js';

describe.skipIf(skipped)(`papermill${why}`, () => {
  const folder = workFolder();
  beforeAll(() => {
    writeNotebook(join(folder, 'train.ipynb'), [
      ['let rate: number = 0.01; // how fast it learns\nlet layers = [32];', { tags: ['parameters'] }],
      'console.log(JSON.stringify({ rate, layers }));',
    ]);
  });

  test('without parameters a notebook runs as it is', async () => {
    const { code, words } = await runModule(folder, 'papermill', ['train.ipynb', 'plain.ipynb']);
    expect(code, words).toBe(0);
    expect(textOf((await readNotebook(join(folder, 'plain.ipynb'))).cells[1]?.outputs)).toBe(
      '{"rate":0.01,"layers":[32]}\n',
    );
  });

  test('parameters of every kind reach the cells', async () => {
    writeNotebook(join(folder, 'kinds.ipynb'), [
      ['let given = 0;', { tags: ['parameters'] }],
      'console.log(JSON.stringify([given, text, big.toString(), flags, nothing, none, nested]));',
    ]);
    const values = {
      given: -1.5e-7,
      text: 'é "quoted" \\ 😀\nnext',
      big: 9007199254740993n,
      flags: [true, false],
      nothing: null,
      none: [],
      nested: { 'a key': [1, { b: 2 }], empty: {} },
    };
    const yaml = JSON.stringify(values, (_key, value) => (typeof value === 'bigint' ? 'BIG' : value));
    await writeFile(join(folder, 'values.yaml'), yaml.replace('"BIG"', '9007199254740993'));
    const { code, words } = await runModule(folder, 'papermill', [
      ...['kinds.ipynb', 'kinds-out.ipynb', '--parameters_file', 'values.yaml'],
    ]);
    expect(code, words).toBe(0);
    const { cells } = await readNotebook(join(folder, 'kinds-out.ipynb'));
    expect(cells[1]?.metadata.tags).toEqual(['injected-parameters']);
    expect(JSON.parse(textOf(cells[2]?.outputs))).toEqual([
      -1.5e-7,
      values.text,
      '9007199254740993',
      values.flags,
      null,
      [],
      values.nested,
    ]);
  });

  test('--help-notebook lists the parameters with their types, values and comments', async () => {
    const { words } = await runModule(folder, 'papermill', ['--help-notebook', 'train.ipynb']);
    expect(words).toMatch(/rate: number \(default 0\.01\)\s+how fast it learns/);
    expect(words).toMatch(/layers: .* \(default \[32\]\)/);
  });

  test('a cell that throws ends it, and stands in the notebook it wrote', async () => {
    writeNotebook(join(folder, 'fails.ipynb'), ["throw new RangeError('no more')"]);
    const { code, words } = await runModule(folder, 'papermill', ['fails.ipynb', 'failed.ipynb']);
    expect(code).not.toBe(0);
    expect(words).toContain('RangeError: no more');
    const { cells } = await readNotebook(join(folder, 'failed.ipynb'));
    expect(cells.map(({ outputs }) => textOf(outputs)).join('\n')).toContain('RangeError: no more');
  });

  test('without the plugin it refuses parameters, and says so', async () => {
    const program = `import entrypoints
entrypoints.get_group_all = lambda *_: []
from papermill import execute_notebook
execute_notebook('train.ipynb', 'never.ipynb', parameters={'rate': 1})
`;
    const { code, words } = await runPython(folder, ['-c', program]);
    expect(code).not.toBe(0);
    expect(words).toContain("No parameter translator functions specified for kernel 'typescript'");
  });
});
