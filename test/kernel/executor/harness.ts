// Starts a real executor process and speaks with it as the protocol process does, for tests. Cells are given as the compiler makes
// them, by hand: `run('console.log(1); $.result = 2')` wraps the text into `async ($) => { ... }`.

import { mkdtempSync, realpathSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ExecutorProcess } from '../../../dist/src/kernel/executor/executor-process.js';
import type { CompiledCell, FromExecutor, Outcome, ToExecutor } from '../../../src/kernel/executor/messages.js';

type Of<T extends FromExecutor['type']> = Extract<FromExecutor, { type: T }>;

export class Executor {
  readonly messages: FromExecutor[] = [];
  readonly native = { stdout: '', stderr: '' };
  exit: { readonly code: number | null; readonly signal: string | null } | undefined;
  /** Answers what cells ask; null refuses. */
  answer: (message: Of<'input'>) => string | null | undefined = () => null;
  #process: ExecutorProcess;
  #cells = 0;
  #requests = 0;
  #waiting: (() => void)[] = [];

  private constructor(
    readonly folder: string,
    nodeOptions: readonly string[],
    env: NodeJS.ProcessEnv,
  ) {
    this.#process = new ExecutorProcess(
      { directory: folder, nodeOptions, env: { ...process.env, NO_COLOR: '1', ...env } },
      {
        message: (message) => {
          this.messages.push(message);
          if (message.type === 'input') {
            const answer = this.answer(message);
            if (answer !== undefined) this.#process.answer(answer);
          }
          this.#wake();
        },
        native: (name, text) => {
          this.native[name] += text;
          this.#wake();
        },
        unstoppable: () => {},
        exited: (code, signal) => {
          this.exit = { code, signal };
          this.#wake();
        },
      },
    );
  }

  static async start(
    options: { folder?: string; nodeOptions?: readonly string[]; env?: NodeJS.ProcessEnv } = {},
  ): Promise<Executor> {
    const folder = options.folder ?? realpathSync(mkdtempSync(join(tmpdir(), 'executor-')));
    const executor = new Executor(folder, options.nodeOptions ?? [], options.env ?? {});
    await executor.first('ready');
    return executor;
  }

  get pid(): number {
    return this.#process.pid as number;
  }

  send(message: ToExecutor): void {
    this.#process.send(message);
  }

  interrupt(): void {
    this.#process.interrupt();
  }

  answerNow(text: string | null): void {
    this.#process.answer(text);
  }

  /** A cell as the compiler makes it, its map saying that each line stands where it stands. */
  cell(code: string, declares: readonly string[] = [], name = `cell ${++this.#cells}`): CompiledCell {
    const lines = code.split('\n');
    return {
      name,
      code: `async ($) => {\n${code}\n}`,
      // One segment at the beginning of each line but the first, which is the wrapper's.
      map: {
        version: 3,
        sources: [name],
        names: [],
        mappings: `;${lines.map((_, at) => (at === 0 ? 'AAAA' : 'AACA')).join(';')}`,
        sourcesContent: [code],
      },
      declares,
    };
  }

  /** Starts a cell; gives its context. */
  start(code: string | CompiledCell, options: Partial<Extract<ToExecutor, { type: 'run' }>> = {}): string {
    const cell = typeof code === 'string' ? this.cell(code) : code;
    const context = options.context ?? `request-${++this.#requests}`;
    this.send({ type: 'run', context, cell, allowStdin: true, silent: false, userExpressions: {}, ...options });
    return context;
  }

  /** Runs a cell to its end. */
  async run(
    code: string | CompiledCell,
    options: Partial<Extract<ToExecutor, { type: 'run' }>> = {},
  ): Promise<Outcome> {
    return this.done(this.start(code, options));
  }

  async done(context: string): Promise<Outcome> {
    return (await this.first('done', (message) => message.context === context)).outcome;
  }

  /** The first message of a kind, come or yet to come. */
  async first<T extends FromExecutor['type']>(type: T, fits: (message: Of<T>) => boolean = () => true): Promise<Of<T>> {
    for (;;) {
      const found = this.messages.find((message) => message.type === type && fits(message as Of<T>));
      if (found) return found as Of<T>;
      if (this.exit) throw new Error(`The executor has ended: ${JSON.stringify(this.exit)} ${this.native.stderr}`);
      await new Promise<void>((resolve) => this.#waiting.push(resolve));
    }
  }

  async until(condition: () => boolean): Promise<void> {
    while (!condition()) await new Promise<void>((resolve) => this.#waiting.push(resolve));
  }

  async ended(): Promise<{ readonly code: number | null; readonly signal: string | null }> {
    await this.until(() => this.exit !== undefined);
    return this.exit as NonNullable<typeof this.exit>;
  }

  /** What a cell has printed. */
  text(context: string, name: 'stdout' | 'stderr' = 'stdout'): string {
    return this.messages
      .filter((message) => message.type === 'stream')
      .filter((message) => message.context === context && message.name === name)
      .map((message) => message.text)
      .join('');
  }

  /** Ends the process and removes its folder. */
  async close(): Promise<void> {
    if (!this.exit) this.#process.kill();
    await this.ended();
    rmSync(this.folder, { recursive: true, force: true });
  }

  #wake(): void {
    for (const waiting of this.#waiting.splice(0)) waiting();
  }
}
