// The programs of .venv-clients, run as a person runs them, with settings and folders of their own.

import { spawn } from 'node:child_process';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { afterAll } from 'vitest';
import { jupyterEnvironment } from '../../../src/setup/jupyter.mjs';
import { pythonOf } from '../../../src/setup/paths.mjs';

const venv = process.env.KERNEL_CLIENTS ?? '';

/** For `describe.skipIf(skipped)`, and as a part of its name. */
export const skipped = venv === '';
export const why = skipped ? ' (skipped: npm run test:clients)' : '';

export interface Finished {
  readonly code: number | null;
  /** What it printed, both streams as they came. */
  readonly words: string;
}

/** A folder for one test file, gone after its tests. */
export function workFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'clients-'));
  afterAll(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** The environment of a client that works in a folder: nothing of a person's own Jupyter gets in, or is written to. */
export function clientEnvironment(folder: string, more: Record<string, string> = {}): NodeJS.ProcessEnv {
  const bin = join(pythonOf(venv), '..');
  const jupyter = join(folder, '.jupyter');
  mkdirSync(jupyter, { recursive: true });
  return {
    ...jupyterEnvironment(),
    PATH: [bin, process.env.KERNEL_CLIENTS_PROXY, process.env.PATH].filter(Boolean).join(delimiter),
    JUPYTER_CONFIG_DIR: join(jupyter, 'config'),
    JUPYTER_DATA_DIR: join(jupyter, 'data'),
    JUPYTER_RUNTIME_DIR: join(jupyter, 'runtime'),
    IPYTHONDIR: join(jupyter, 'ipython'),
    MODEL_TYPES_KERNEL_HISTORY: 'off',
    PYTHONDONTWRITEBYTECODE: '1',
    NO_COLOR: '1',
    ...more,
  };
}

/** Runs `python -m module ...args` of .venv-clients in a folder until it ends. */
export function runModule(
  folder: string,
  module: string,
  args: readonly string[] = [],
  more: Record<string, string> = {},
): Promise<Finished> {
  return runPython(folder, ['-m', module, ...args], more);
}

/** Runs a Python program of .venv-clients in a folder until it ends. */
export function runPython(
  folder: string,
  args: readonly string[],
  more: Record<string, string> = {},
): Promise<Finished> {
  return new Promise((resolve, reject) => {
    const child = spawn(pythonOf(venv), args, { cwd: folder, env: clientEnvironment(folder, more) });
    let words = '';
    for (const stream of [child.stdout, child.stderr]) {
      stream.on('data', (chunk: Buffer) => {
        words += chunk;
      });
    }
    child.once('error', reject);
    child.once('close', (code) => resolve({ code, words }));
  });
}

/** A cell of code, with tags or other metadata. */
export interface CellOptions {
  readonly tags?: readonly string[];
  readonly nbgrader?: object;
}

export interface Output {
  readonly output_type: string;
  readonly name?: string;
  readonly text?: string | string[];
  readonly ename?: string;
  readonly evalue?: string;
  readonly traceback?: readonly string[];
  readonly data?: Record<string, unknown>;
}

export interface Notebook {
  readonly cells: {
    source: string | string[];
    readonly metadata: CellOptions;
    /** Undefined in a cell of text. */
    outputs?: Output[];
    readonly execution_count: number | null;
  }[];
  readonly metadata: Record<string, unknown>;
}

/** Writes a TypeScript notebook that has not run. */
export function writeNotebook(path: string, cells: readonly (string | readonly [string, CellOptions])[]): void {
  const notebook = {
    nbformat: 4,
    nbformat_minor: 5,
    metadata: { kernelspec: { name: 'typescript', display_name: 'TypeScript', language: 'typescript' } },
    cells: cells.map((cell, i) => {
      const [source, metadata] = typeof cell === 'string' ? [cell, {}] : cell;
      return { cell_type: 'code', id: `cell-${i}`, source, metadata, outputs: [], execution_count: null };
    }),
  };
  writeFileSync(path, JSON.stringify(notebook, null, 1));
}

export async function readNotebook(path: string): Promise<Notebook> {
  return JSON.parse(await readFile(path, 'utf8'));
}

/** The text that a cell printed or gave as its value, and its error's name and message. */
export function textOf(outputs: readonly Output[] = []): string {
  const flat = (text: unknown) => (Array.isArray(text) ? text.join('') : String(text ?? ''));
  return outputs
    .map((o) => (o.output_type === 'error' ? `${o.ename}: ${o.evalue}` : flat(o.text ?? o.data?.['text/plain'])))
    .join('');
}
