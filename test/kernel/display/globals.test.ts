// The global `display`, and what TypeScript is told of it.

import { execFile } from 'node:child_process';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, expect, test } from 'vitest';
import type { KernelBridge } from '../../../src/kernel/bridge.js';
import { displayAmbient } from '../../../src/kernel/display/ambient.js';
import { colourConsole, colourTracebacks } from '../../../src/kernel/display/colour.js';
import { installGlobals } from '../../../src/kernel/display/globals.js';
import { display } from '../../../src/kernel/display/index.js';

test('display is global, and may be replaced', () => {
  installGlobals({} as KernelBridge);
  const global = globalThis as { display?: unknown };
  expect(global.display).toBe(display);
  expect(Object.keys(globalThis)).not.toContain('display');
  global.display = 5;
  expect(global.display).toBe(5);
  delete global.display;
});

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'display-ambient-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test('its declaration is what it is', async () => {
  const api = resolve('src/kernel/display/api.js');
  await writeFile(join(folder, 'ambient.d.ts'), displayAmbient);
  await writeFile(
    join(folder, 'cell.mts'),
    `import { display as real } from ${JSON.stringify(api)};
     type Options<T> = Required<NonNullable<T extends (value: unknown, options?: infer O) => unknown ? O : never>>;
     const there: Options<typeof display> = {} as Options<typeof real>;
     const back: Options<typeof real> = {} as Options<typeof display>;
     const same: typeof display = real;
     display(1, { id: 'a', metadata: {} }).update('x'); void there; void back; void same;
     // @ts-expect-error no such option
     display(1, { colour: 'red' });`,
  );
  const options = {
    extends: resolve('tsconfig.json'),
    compilerOptions: { rootDir: '/', typeRoots: [resolve('node_modules/@types')] },
  };
  await writeFile(join(folder, 'tsconfig.json'), JSON.stringify({ ...options, include: ['*.ts', '*.mts'] }));
  const tsc = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin', 'tsc');
  const { stdout } = await promisify(execFile)(process.execPath, [tsc, '-p', folder]).catch((error) => error);
  expect(stdout).toBe('');
});

test.each([
  [{}, true, false],
  [{ NO_COLOR: '1' }, false, false],
  [{ NO_COLOR: '' }, true, false],
  [{ FORCE_COLOR: '1' }, true, true],
  [{ FORCE_COLOR: '' }, true, true],
  [{ FORCE_COLOR: '0', NO_COLOR: '' }, false, false],
  [{ FORCE_COLOR: '3', NO_COLOR: '1' }, false, false],
  [{ NODE_DISABLE_COLORS: '1' }, false, false],
  // The terminal that Jupyter was started from says nothing of where its clients show text.
  [{ TERM: 'dumb' }, true, false],
])('colours under %j', (env, tracebacks, console) => {
  expect(colourTracebacks(env)).toBe(tracebacks);
  expect(colourConsole(env)).toBe(console);
});
