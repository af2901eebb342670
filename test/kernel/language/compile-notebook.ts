// A notebook in miniature: runs compiled cells one after the other in this process, on a runtime with nothing but variables.

import { Console } from 'node:console';
import { createRequire, SourceMap } from 'node:module';
import { PassThrough } from 'node:stream';
import { pathToFileURL } from 'node:url';
import { Script } from 'node:vm';
import type { CompiledCell } from '../../../src/kernel/executor/messages.js';
import type { Box, CellRuntime } from '../../../src/kernel/executor/runtime.js';
import { createCompiler } from '../../../src/kernel/language/compile.js';
import type { CompilerOptions } from '../../../src/kernel/language/compile-options.js';
import type { Compile } from '../../../src/kernel/language/language.js';

export class MiniNotebook {
  readonly #compile: Compile;
  readonly #boxes = new Map<string, Box>();
  readonly known = new Set<string>();
  readonly stop = new Int32Array(1);
  /** What the last cell gave a value. */
  defined: string[] = [];
  /** The last cell, as it ran. */
  cell: CompiledCell | undefined;
  /** Modules that `import` finds without loading anything. */
  readonly modules: Record<string, Record<string, unknown>> = {};
  readonly imported: [string, unknown][] = [];
  #count = 0;

  constructor(options: CompilerOptions = {}) {
    this.#compile = createCompiler({ options: () => options });
  }

  /** Runs a cell and gives its result. */
  async run(source: string): Promise<unknown> {
    this.#count++;
    const { cell } = await this.#compile(source, `cell ${this.#count}`, this.known);
    this.cell = cell;
    this.defined = [];
    const runtime = this.#runtime();
    const main = new Script(cell.code, { filename: cell.name }).runInThisContext() as ($: CellRuntime) => Promise<void>;
    try {
      await main(runtime);
    } finally {
      for (const name of this.defined) this.known.add(name);
    }
    return runtime.result;
  }

  /** The value of a variable now. */
  get(name: string): unknown {
    return this.#box(name).v;
  }

  /** Where an error of the last cell was thrown: line and column from 1, in the cell as typed. */
  place(error: unknown, frame = 0): string {
    const cell = this.cell as CompiledCell;
    const frames = [...((error as Error).stack ?? '').matchAll(new RegExp(`${cell.name}:(\\d+):(\\d+)`, 'g'))];
    const [, line, column] = frames[frame] ?? [];
    const map = new SourceMap({ ...cell.map, file: cell.name, sourceRoot: '' } as never);
    const entry = map.findEntry(Number(line) - 1, Number(column) - 1) as {
      originalLine: number;
      originalColumn: number;
    };
    return `${entry.originalLine + 1}:${entry.originalColumn + 1}`;
  }

  #box(name: string): Box {
    let box = this.#boxes.get(name);
    if (!box) {
      box = { v: undefined };
      this.#boxes.set(name, box);
    }
    return box;
  }

  #runtime(): CellRuntime {
    const notebook = this;
    const late = new Proxy<Record<string, unknown>>(
      {},
      {
        has: (_, name) => notebook.known.has(String(name)) || name in globalThis,
        get: (_, name) => {
          if (notebook.known.has(String(name))) return notebook.#box(String(name)).v;
          if (name in globalThis) return (globalThis as Record<string, unknown>)[String(name)];
          throw new ReferenceError(`${String(name)} is not defined`);
        },
        set: (_, name) => {
          throw new ReferenceError(`${String(name)} is not defined`);
        },
      },
    );
    return {
      box: (name) => notebook.#box(name),
      define(name, value) {
        Object.defineProperty(notebook.#box(name), 'v', { value, writable: true, configurable: true });
        notebook.defined.push(name);
      },
      async import(specifier, options) {
        notebook.imported.push([specifier, options]);
        const found = notebook.modules[specifier];
        if (found) return found;
        const url = specifier.startsWith('.') ? new URL(specifier, import.meta.url).href : specifier;
        return (await import(/* @vite-ignore */ url, options)) as Record<string, unknown>;
      },
      bind(variable, module, name) {
        const get = () => (name === '*' ? module : module[name]);
        Object.defineProperty(notebook.#box(variable), 'v', { get, configurable: true });
        notebook.defined.push(variable);
      },
      stop: this.stop,
      interrupt() {
        throw new Error('Interrupted');
      },
      wait: (value) => value,
      async *iterate(source) {
        yield* source as AsyncIterable<never>;
      },
      meta: { url: pathToFileURL('notebook.ipynb').href, dirname: '/notebooks' },
      late,
      result: undefined,
    };
  }
}

/** Runs `run` with console.log going into a text. */
export async function captured(run: () => unknown): Promise<string> {
  const stream = new PassThrough();
  const chunks: string[] = [];
  stream.on('data', (chunk) => chunks.push(String(chunk)));
  const before = globalThis.console;
  globalThis.console = new Console({ stdout: stream, stderr: stream, colorMode: false });
  try {
    await run();
  } finally {
    globalThis.console = before;
  }
  return chunks.join('');
}

export const require = createRequire(import.meta.url);
