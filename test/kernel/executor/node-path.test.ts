// Packages of NODE_PATH, for notebooks that have none of their own beside them.

import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { Executor } from './harness.js';

const shared = mkdtempSync(join(tmpdir(), 'node-path-'));
let executor: Executor;

function pack(folder: string, name: string, manifest: object, text: string): void {
  const place = join(shared, folder, name);
  mkdirSync(place, { recursive: true });
  writeFileSync(join(place, 'package.json'), JSON.stringify({ name, ...manifest }));
  writeFileSync(join(place, 'index.js'), text);
}

beforeAll(async () => {
  pack(
    'node_modules',
    'only-esm',
    { type: 'module', exports: { import: './index.js' } },
    "export const kind = 'ES module';",
  );
  pack('node_modules', '@team/cjs', { exports: './index.js' }, "exports.kind = 'CommonJS';");
  pack('elsewhere', 'plain', { type: 'module', main: 'index.js' }, "export const kind = 'plain';");
  pack('node_modules', 'needs-more', { type: 'module', exports: './index.js' }, "import 'not-there';");
  const NODE_PATH = [join(shared, 'node_modules'), join(shared, 'elsewhere')].join(delimiter);
  executor = await Executor.start({ env: { NODE_PATH } });
});
afterAll(async () => {
  await executor.close();
  rmSync(shared, { recursive: true });
});

async function kindOf(specifier: string): Promise<string> {
  const context = executor.start(`console.log((await $.import(${JSON.stringify(specifier)})).kind)`);
  const { error } = await executor.done(context);
  return error ? error.evalue : executor.text(context).trimEnd();
}

test.each([
  ['only-esm', 'ES module'],
  ['@team/cjs', 'CommonJS'],
  ['plain', 'plain'],
])('import of %s', async (name, kind) => {
  expect(await kindOf(name)).toBe(kind);
});

test('what is nowhere, and what a package itself misses, is named', async () => {
  expect(await kindOf('nowhere')).toContain("Cannot find package 'nowhere'");
  expect(await kindOf('needs-more')).toContain("Cannot find package 'not-there'");
});
