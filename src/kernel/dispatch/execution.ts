// Runs cells, one after the other: compiles and checks them, sends them to the executor, and answers when they end.

import type { CompiledCell, ErrorContent, FromExecutor, Outcome } from '../executor/messages.js';
import { type CellNames, CellProblem } from '../language/language.js';

/** A cell that somebody asked to run. */
export interface Job {
  readonly context: string;
  readonly source: string;
  /** For instance `cell 3`. */
  readonly name: string;
  readonly silent: boolean;
  readonly stopOnError: boolean;
  readonly allowStdin: boolean;
  readonly userExpressions: Readonly<Record<string, string>>;
  /** Just before it starts. */
  begin(): void;
  /** Once, at its end. Outputs that belong before its reply have been published. */
  end(outcome: Outcome): Promise<void> | void;
  /** Instead of both, where a cell before it failed. */
  abort(): void;
}

export interface ExecutionParts {
  compile(
    source: string,
    name: string,
    known: ReadonlySet<string>,
  ): Promise<{ readonly cell: CompiledCell; readonly names: CellNames }>;
  check(source: string, name: string): Promise<void>;
  commit(source: string, names: CellNames, defined: readonly string[]): void;
  /** The executor, started again if it ended. */
  run(message: {
    context: string;
    cell: CompiledCell;
    allowStdin: boolean;
    silent: boolean;
    userExpressions: Readonly<Record<string, CompiledCell>>;
  }): Promise<Outcome>;
  interrupt(): void;
}

export const interruption: ErrorContent = {
  ename: 'Interrupted',
  evalue: 'The cell was stopped before it began.',
  traceback: ['Interrupted: The cell was stopped before it began.'],
};

interface Running {
  readonly job: Job;
  stage: 'preparing' | 'running';
  stopped: boolean;
  /** Ends the wait for the compiler and the checker, which may be long. */
  stop(): void;
}

interface Prepared {
  readonly compiled: { readonly cell: CompiledCell; readonly names: CellNames };
  readonly userExpressions: Readonly<Record<string, CompiledCell>>;
  /** Those of the user's expressions that do not compile. */
  readonly refused: Readonly<Record<string, unknown>>;
}

export class Execution {
  readonly #parts: ExecutionParts;
  readonly #queue: Job[] = [];
  readonly #known = new Set<string>();
  #running: Running | undefined;

  constructor(parts: ExecutionParts) {
    this.#parts = parts;
  }

  /** The context of the cell that runs now. */
  get current(): string | undefined {
    return this.#running?.job.context;
  }

  add(job: Job): void {
    this.#queue.push(job);
    if (!this.#running) void this.#work();
  }

  /** Stops the cell that runs; before it reached the executor, it never will. */
  interrupt(): void {
    if (this.#running?.stage === 'preparing') {
      this.#running.stopped = true;
      this.#running.stop();
    } else this.#parts.interrupt();
  }

  /** The executor was replaced: no variable is left. */
  forget(): void {
    this.#known.clear();
  }

  async #work(): Promise<void> {
    for (let job = this.#queue.shift(); job; job = this.#queue.shift()) {
      const running: Running = { job, stage: 'preparing', stopped: false, stop: () => {} };
      this.#running = running;
      job.begin();
      const outcome = await this.#execute(running);
      const stops = outcome.error !== undefined && job.stopOnError;
      // Cells sent together with it may still be on the way in; what comes after the reply is meant to run.
      if (stops) await new Promise((resolve) => setTimeout(resolve, 5));
      const aborted = stops ? this.#queue.splice(0) : [];
      await job.end(outcome);
      for (const waiting of aborted) waiting.abort();
    }
    this.#running = undefined;
  }

  async #execute(running: Running): Promise<Outcome> {
    try {
      return await this.#prepareAndRun(running);
    } catch (error) {
      if (error instanceof CellProblem) return failed(error.content);
      // Ours, not the cell's: say so, and stay alive.
      const text = error instanceof Error ? (error.stack ?? String(error)) : String(error);
      return failed({ ename: 'KernelError', evalue: String(error), traceback: text.split('\n') });
    }
  }

  async #prepareAndRun(running: Running): Promise<Outcome> {
    const { context, source, allowStdin, silent, userExpressions: expressions } = running.job;
    if (source.trim() === '' && Object.keys(expressions).length === 0) return { defined: [], userExpressions: {} };
    const stopped = new Promise<undefined>((resolve) => {
      running.stop = () => resolve(undefined);
    });
    const prepared = await Promise.race([this.#prepare(running.job), stopped]);
    if (!prepared || running.stopped) return failed(interruption);
    running.stage = 'running';
    const { compiled, userExpressions, refused } = prepared;
    const outcome = await this.#parts.run({ context, cell: compiled.cell, allowStdin, silent, userExpressions });
    for (const value of outcome.defined) this.#known.add(value);
    this.#parts.commit(source, compiled.names, outcome.defined);
    return { ...outcome, userExpressions: { ...outcome.userExpressions, ...refused } };
  }

  async #prepare(job: Job): Promise<Prepared> {
    const { source, name } = job;
    // Both at once; of two complaints the compiler's, about syntax, is the one to show.
    const checking = this.#parts.check(source, name);
    checking.catch(() => {});
    const compiled = await this.#parts.compile(source, name, this.#known);
    await checking;

    const known = new Set([...this.#known, ...compiled.cell.declares]);
    const userExpressions: Record<string, CompiledCell> = {};
    const refused: Record<string, unknown> = {};
    for (const [key, expression] of Object.entries(job.userExpressions)) {
      try {
        const { cell } = await this.#parts.compile(expression, `expression ${key}`, known);
        userExpressions[key] = cell;
      } catch (error) {
        if (!(error instanceof CellProblem)) throw error;
        refused[key] = { status: 'error', ...error.content };
      }
    }
    return { compiled, userExpressions, refused };
  }
}

export function failed(error: ErrorContent): Outcome {
  return { error, defined: [], userExpressions: {} };
}

export type Output = Exclude<FromExecutor, { type: 'ready' | 'done' | 'handled' | 'interrupted' }>;
