// nbclient and nbconvert: notebooks executed without a browser, and turned into pages and scripts.

import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { readNotebook, runModule, runPython, skipped, textOf, why, workFolder, writeNotebook } from './clients.js';

describe.skipIf(skipped)(`nbconvert${why}`, () => {
  const folder = workFolder();

  test('--execute runs the cells, and keeps what they printed, their values and the language', async () => {
    writeNotebook(join(folder, 'sums.ipynb'), [
      'const numbers: number[] = [1, 2, 3];\nconsole.log(numbers.length);',
      'await Promise.resolve(numbers.reduce((a, b) => a + b, 0))',
    ]);
    const { code, words } = await runModule(folder, 'nbconvert', [
      ...['--to', 'notebook', '--execute', '--output', 'executed', 'sums.ipynb'],
    ]);
    expect(code, words).toBe(0);
    const { cells, metadata } = await readNotebook(join(folder, 'executed.ipynb'));
    expect(cells.map(({ outputs }) => textOf(outputs))).toEqual(['3\n', '6']);
    expect(cells.map(({ execution_count }) => execution_count)).toEqual([1, 2]);
    expect(metadata.language_info).toMatchObject({ name: 'typescript', file_extension: '.ts' });
  });

  test.each([
    ['script', 'executed.ts', 'const numbers: number[] = [1, 2, 3];'],
    ['html', 'executed.html', 'class="highlight hl-typescript"'],
    ['markdown', 'executed.md', '```typescript'],
  ])('--to %s writes %s', async (format, file, part) => {
    const { code, words } = await runModule(folder, 'nbconvert', ['--to', format, 'executed.ipynb']);
    expect(code, words).toBe(0);
    expect(await readFile(join(folder, file), 'utf8')).toContain(part);
  });

  test('a cell that throws ends it with the line it threw in; --allow-errors goes on', async () => {
    writeNotebook(join(folder, 'throws.ipynb'), [
      "const f = () => {\n  throw new RangeError('too far');\n};\nf();",
      '"after"',
    ]);
    const args = ['--to', 'notebook', '--execute', '--output', 'thrown', 'throws.ipynb'];
    const stopped = await runModule(folder, 'nbconvert', args);
    expect(stopped.code).not.toBe(0);
    expect(stopped.words).toContain('RangeError: too far');
    expect(stopped.words).toContain('Cell 1, line 2');
    const { code, words } = await runModule(folder, 'nbconvert', [...args, '--allow-errors']);
    expect(code, words).toBe(0);
    const { cells } = await readNotebook(join(folder, 'thrown.ipynb'));
    expect(cells.map(({ outputs }) => textOf(outputs))).toEqual(['RangeError: too far', "'after'"]);
  });

  test('a type error ends it before the cell has run', async () => {
    writeNotebook(join(folder, 'types.ipynb'), ["console.log('ran');\nconst n: number = 'one';"]);
    const { code, words } = await runModule(folder, 'nbconvert', ['--to', 'notebook', '--execute', 'types.ipynb']);
    expect(code).not.toBe(0);
    expect(words).toContain("Type 'string' is not assignable to type 'number'");
    expect(words).not.toMatch(/^ran$/m);
  });

  test('nbclient interrupts a cell that takes too long, and the kernel goes on with its variables', async () => {
    const program = join(folder, 'late.py');
    await writeFile(
      program,
      `import nbformat
from nbclient import NotebookClient
cells = ["let n = 40;", "while (true) {}", "await new Promise(() => {})", "n + 2"]
notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(c) for c in cells])
client = NotebookClient(notebook, kernel_name="typescript", timeout=3, interrupt_on_timeout=True, allow_errors=True)
client.execute()
print([[o.get("ename") or o.data["text/plain"] for o in c.outputs] for c in notebook.cells])
`,
    );
    const { code, words } = await runPython(folder, [program]);
    expect(code, words).toBe(0);
    expect(words.trim().split('\n').at(-1)).toMatch(
      /^\[\[\], \['\w*Interrupt\w*'\], \['\w*Interrupt\w*'\], \['42'\]\]$/,
    );
  });
});
