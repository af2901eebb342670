// Keeps an executor running: starts the first, starts another when one ends, and turns its end into something a cell can say.

import { ExecutorProcess } from '../executor/executor-process.js';
import type { CommMessage, CompiledCell, ErrorContent, FromExecutor, Outcome } from '../executor/messages.js';
import { failed, type Output } from './execution.js';

export interface ExecutorHostOptions {
  readonly directory: string;
  readonly nodeOptions: readonly string[];
  output(message: Output): void;
  native(name: 'stdout' | 'stderr', text: string): void;
  /** A comm message has been dealt with. */
  handled(context: string): void;
  /** Variables, timers and comms are gone; `idle` where no cell was running. */
  replaced(reason: ErrorContent, idle: boolean): void;
}

export interface RunMessage {
  readonly context: string;
  readonly cell: CompiledCell;
  readonly allowStdin: boolean;
  readonly silent: boolean;
  readonly userExpressions: Readonly<Record<string, CompiledCell>>;
}

export class ExecutorHost {
  readonly #options: ExecutorHostOptions;
  #process: ExecutorProcess;
  /** Whether the process came up; one that does not is not started over and over. */
  #ready = false;
  /** Whether anything was asked of it; one that ends before is not started again until something is. */
  #used = false;
  #ended = false;
  #running: { readonly context: string; readonly resolve: (outcome: Outcome) => void } | undefined;
  /** Contexts of comm messages that the executor has not dealt with yet. */
  readonly #handling = new Set<string>();
  #asked = false;
  /** Stop was pressed, and the executor has not answered that yet. */
  #stopping = false;
  #closed = false;
  /** The end of what native code wrote: Node's own words when it runs out of memory. */
  #words = '';

  constructor(options: ExecutorHostOptions) {
    this.#options = options;
    this.#process = this.#start();
  }

  get pid(): number | undefined {
    return this.#process.pid;
  }

  run(message: RunMessage): Promise<Outcome> {
    return new Promise((resolve) => {
      this.#words = '';
      this.#running = { context: message.context, resolve };
      if (this.#ended) this.#process = this.#start();
      this.#used = true;
      this.#process.send({ type: 'run', ...message });
    });
  }

  comm(context: string, message: CommMessage): void {
    this.#handling.add(context);
    // Only a cell starts over a process that did not come up; the client is not left waiting for it.
    if (this.#ended) this.#handled(context);
    else this.#process.send({ type: 'comm', context, message });
  }

  interrupt(): void {
    this.#stopping = true;
    this.#process.interrupt();
    if (this.#asked) this.answer(null);
  }

  /** Whether a cell waits for an answer: Stop may have ended a question before it was put. */
  get asked(): boolean {
    return this.#asked;
  }

  /** What was typed at the client; null where it will not answer. */
  answer(text: string | null): void {
    if (!this.#asked) return;
    this.#asked = false;
    this.#process.answer(text);
  }

  hold(held: boolean): void {
    if (held) this.#process.pause();
    else this.#process.resume();
  }

  close(): void {
    this.#closed = true;
    this.#process.kill();
  }

  #start(): ExecutorProcess {
    this.#ready = false;
    this.#used = false;
    this.#ended = false;
    this.#stopping = false;
    return new ExecutorProcess(
      { directory: this.#options.directory, nodeOptions: this.#options.nodeOptions },
      {
        message: (message) => this.#take(message),
        native: (name, text) => {
          this.#words = (this.#words + text).slice(-4000);
          this.#options.native(name, text);
        },
        unstoppable: () => {
          this.#options.native(
            'stderr',
            'The cell is inside code of a library that cannot be stopped. It stops when that code is done; Restart ends it now, and all variables with it.\n',
          );
        },
        exited: (code, signal) => this.#exited(code, signal),
      },
    );
  }

  #take(message: FromExecutor): void {
    if (message.type === 'ready') this.#ready = true;
    else if (message.type === 'done') void this.#done(message.context, message.outcome);
    else if (message.type === 'handled') this.#handled(message.context);
    else if (message.type === 'interrupted') this.#stopping = false;
    else if (message.type === 'input' && this.#stopping) {
      // It was on its way when Stop was pressed; the executor blocks, and hears of Stop by this answer only.
      this.#process.answer(null);
    } else {
      if (message.type === 'input') this.#asked = true;
      this.#options.output(message);
    }
  }

  async #done(context: string, outcome: Outcome): Promise<void> {
    const running = this.#running;
    if (running?.context !== context) return;
    // What native code wrote before the end comes before the reply.
    await this.#process.drained();
    if (this.#running !== running) return;
    this.#running = undefined;
    running.resolve(outcome);
  }

  #handled(context: string): void {
    if (this.#handling.delete(context)) this.#options.handled(context);
  }

  #exited(code: number | null, signal: NodeJS.Signals | null): void {
    if (this.#closed) return;
    const reason = this.#ready ? endOf(code, signal, this.#words) : notStarted(code, signal, this.#words);
    const running = this.#running;
    this.#running = undefined;
    this.#asked = false;
    if (this.#ready && this.#used) this.#process = this.#start();
    else this.#ended = true;
    this.#options.replaced(reason, running === undefined);
    for (const context of this.#handling) this.#handled(context);
    running?.resolve(failed(reason));
  }
}

function notStarted(code: number | null, signal: NodeJS.Signals | null, words: string): ErrorContent {
  const how = code === null && signal === null ? '' : ` (${signal ?? `exit status ${code}`})`;
  const evalue = `The process that runs cells did not start${how}.`;
  return { ename: 'ExecutorEnded', evalue, traceback: [`ExecutorEnded: ${evalue}`, ...words.trimEnd().split('\n')] };
}

/** Why a process ended, in words for the person whose cell it ran. */
function endOf(code: number | null, signal: NodeJS.Signals | null, words: string): ErrorContent {
  const gone = 'All variables are gone; the next cell starts in a fresh process.';
  let evalue: string;
  if (/JavaScript heap out of memory|allocation failed/i.test(words)) {
    evalue = `The cell ran out of memory. ${gone} To allow more, install the kernel with --node-option=--max-old-space-size=MEGABYTES.`;
  } else if (signal === 'SIGKILL') {
    evalue = `The process that runs cells was killed, perhaps because the machine ran out of memory. ${gone}`;
  } else if (signal !== null) {
    evalue = `The process that runs cells crashed (${signal}). ${gone}`;
  } else {
    evalue = `The process that runs cells ended: process.exit(${code}). ${gone}`;
  }
  return { ename: 'ExecutorEnded', evalue, traceback: [`ExecutorEnded: ${evalue}`] };
}
