// What cells print is what the same code prints in plain Node.js: as one cell, and with every statement a cell of its own.

import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { parseScript } from '../../../src/kernel/language/parse.js';
import { captured, MiniNotebook } from './compile-notebook.js';
import { indivisible, snippets } from './compile-snippets.js';

const all = [...snippets, ...indivisible];
const run = promisify(execFile);
let folder: string;
let plain: string[];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'cells-'));
  await Promise.all(all.map((snippet, at) => writeFile(join(folder, `${at}.mjs`), snippet)));
  // One process runs all snippets as modules, and collects what each prints in the way the test does for cells.
  await writeFile(
    join(folder, 'all.mjs'),
    `import { Console } from 'node:console';
     import { writeFileSync } from 'node:fs';
     import { Writable } from 'node:stream';
     const outputs = [];
     for (let at = 0; at < ${all.length}; at++) {
       let text = '';
       const stdout = new Writable({ write(chunk, _, done) { text += chunk; done() } });
       globalThis.console = new Console({ stdout, stderr: stdout, colorMode: false });
       await import('./' + at + '.mjs');
       outputs.push(text);
     }
     writeFileSync(new URL('outputs.json', import.meta.url), JSON.stringify(outputs));`,
  );
  await run(process.execPath, [join(folder, 'all.mjs')]);
  plain = JSON.parse(await readFile(join(folder, 'outputs.json'), 'utf8')) as string[];
});

afterAll(() => rm(folder, { recursive: true, force: true }));

describe.each(all.map((snippet, at) => [snippet, at] as const))('%s', (snippet, at) => {
  test('as one cell', async () => {
    const notebook = new MiniNotebook();
    expect(await captured(() => notebook.run(snippet))).toBe(plain[at]);
  });

  if (indivisible.includes(snippet)) return;
  test('as many cells', async () => {
    const notebook = new MiniNotebook();
    const out = await captured(async () => {
      for (const cell of cells(snippet)) await notebook.run(cell);
    });
    expect(out).toBe(plain[at]);
  });
});

/** The statements of a snippet; functions first, as they are in a module. */
function cells(snippet: string): string[] {
  const statements = parseScript(snippet).program.body;
  const hoisted = statements.filter(({ type }) => type === 'FunctionDeclaration');
  const rest = statements.filter(({ type }) => type !== 'FunctionDeclaration');
  return [...hoisted, ...rest].map(({ start, end }) => snippet.slice(start ?? 0, end ?? 0));
}
