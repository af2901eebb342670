// Asks bench/python/kernel.py, the one foreign client through which all kernels are measured.
import { packagePath } from '../../src/hub/package-root.js';
import { Program } from '../program.js';
import type { KernelCommand, KernelName } from './kernel-contestants.js';

/** What a cell made a kernel say, and how long until it had. */
export interface CellResult {
  readonly milliseconds: number;
  /** That of the reply, or `late` where reply or idle did not come in time. */
  readonly status: string;
  /** The last thousand characters of what it printed and its result. */
  readonly text: string;
  readonly errors: readonly string[];
  readonly lines: number;
  readonly characters: number;
  readonly messages: number;
}

export interface LanguageRequest {
  readonly kind: 'complete_request' | 'inspect_request';
  readonly code: string;
  readonly cursor: number;
}

export interface LanguageAnswer {
  /** null where none came within the limit. */
  readonly milliseconds: number | null;
  readonly found: string;
}

export interface ProcessMemory {
  readonly command: string;
  /** Bytes. */
  readonly rss: number;
  readonly pss: number;
  readonly dirty: number;
}

export class KernelClient {
  readonly #program: Program;
  readonly #folder: string;

  /** @param folder where kernels run */
  constructor(python: string, folder: string) {
    this.#program = new Program('the client', python, [packagePath('bench', 'python', 'kernel.py')]);
    this.#folder = folder;
  }

  /** Launches a kernel and runs its first cell; milliseconds from the one to the result of the other. */
  async start(command: KernelCommand, code = '1+1'): Promise<number> {
    const start = { ...command, cwd: this.#folder };
    return (await this.#program.ask<{ milliseconds: number }>({ start, code, limit: 60 })).milliseconds;
  }

  /**
   * @param options.lines how many lines of text each cell must print or show; it is waited for
   * @param options.limit seconds for each
   */
  async execute(
    kernel: KernelName,
    cells: readonly string[],
    { lines = 0, limit = 120 }: { readonly lines?: number; readonly limit?: number } = {},
  ): Promise<CellResult[]> {
    return (await this.#program.ask<{ results: CellResult[] }>({ execute: kernel, cells, limit, lines })).results;
  }

  /** Runs cells that must succeed. */
  async run(kernel: KernelName, cells: readonly string[]): Promise<CellResult[]> {
    const results = await this.execute(kernel, cells);
    const wrong = results.find(({ status }) => status !== 'ok');
    if (wrong) throw new Error(`a cell fails: ${[...wrong.errors, wrong.text].join(' ').slice(0, 500)}`);
    return results;
  }

  /** @param running a cell that is started before and waited for after */
  async ask(kernel: KernelName, requests: readonly LanguageRequest[], running?: string): Promise<LanguageAnswer[]> {
    const request = { ask: kernel, requests, limit: 2, while: running ?? null };
    return (await this.#program.ask<{ answers: LanguageAnswer[] }>(request)).answers;
  }

  /** Milliseconds from asking a kernel to stop a cell that runs to its reply and idle; null where it went on. */
  async interrupt(kernel: KernelName, code: string): Promise<number | null> {
    return (await this.#program.ask<{ milliseconds: number | null }>({ interrupt: kernel, code, limit: 5 }))
      .milliseconds;
  }

  /** Of the kernel's processes, the one that was started first. */
  async memory(kernel: KernelName): Promise<ProcessMemory[]> {
    return (await this.#program.ask<{ processes: ProcessMemory[] }>({ memory: kernel })).processes;
  }

  async stop(kernel: KernelName): Promise<void> {
    await this.#program.ask({ end: kernel });
  }

  async end(): Promise<void> {
    await this.#program.end();
  }
}
