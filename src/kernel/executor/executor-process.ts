// The parent's side of the executor: starts the process that runs cells, speaks with it over pipes, and tells when it ends.

import { type ChildProcess, spawn } from 'node:child_process';
import type { Socket } from 'node:net';
import { fileURLToPath } from 'node:url';
import { FrameReader, frame } from './frames.js';
import { descriptors, type FromExecutor, type ToExecutor } from './messages.js';

export interface ExecutorListener {
  message(message: FromExecutor): void;
  /** What native code, or a child process with our stdout and stderr, wrote past JavaScript. */
  native(name: 'stdout' | 'stderr', text: string): void;
  /** Stop was pressed a while ago, and what runs has noticed neither that nor the signal that followed. */
  unstoppable(): void;
  /** It is gone, and everything it said before has been told. */
  exited(code: number | null, signal: NodeJS.Signals | null): void;
}

export interface ExecutorOptions {
  /** The notebook's folder. */
  readonly directory: string;
  /** Flags for Node.js, for instance `--max-old-space-size=8192`. */
  readonly nodeOptions?: readonly string[];
  readonly env?: NodeJS.ProcessEnv;
}

/** How long the event loop may take to answer an interrupt before a signal follows. */
const patience = 1500;

const program = fileURLToPath(new URL('child.js', import.meta.url));

export class ExecutorProcess {
  readonly #child: ChildProcess;
  readonly #pipes: { readonly out: Socket; readonly in: Socket; readonly answers: Socket; readonly interrupts: Socket };
  readonly #native: readonly [Socket, Socket];
  readonly #listener: ExecutorListener;
  #signal: NodeJS.Timeout | undefined;
  #heard = 0;

  constructor(options: ExecutorOptions, listener: ExecutorListener) {
    this.#listener = listener;
    this.#child = spawn(process.execPath, [...(options.nodeOptions ?? []), program], {
      cwd: options.directory,
      env: options.env ?? process.env,
      stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe', 'pipe'],
      // A group of its own: Jupyter sends signals to the whole group of the kernel, and only we decide what reaches cells.
      detached: process.platform !== 'win32',
      windowsHide: true,
    });
    const socket = (descriptor: number) => this.#child.stdio[descriptor] as unknown as Socket;
    this.#pipes = {
      out: socket(descriptors.out),
      in: socket(descriptors.in),
      answers: socket(descriptors.answers),
      interrupts: socket(descriptors.interrupts),
    };
    this.#native = [socket(1), socket(2)];
    // A process that ended cannot be written to; that it ended is told once, by `exited`.
    for (const pipe of Object.values(this.#pipes)) pipe.on('error', () => {});

    const reader = new FrameReader();
    this.#pipes.out.on('data', (chunk: Buffer) => {
      this.#heard++;
      for (const message of reader.take(chunk) as FromExecutor[]) {
        if (message.type === 'interrupted' || message.type === 'done') this.#noticed();
        listener.message(message);
      }
    });
    for (const [at, name] of (['stdout', 'stderr'] as const).entries()) {
      const pipe = this.#native[at] as Socket;
      pipe.setEncoding('utf8');
      pipe.on('data', (text: string) => {
        this.#heard++;
        listener.native(name, text);
      });
    }
    const outEnded = new Promise((resolve) => this.#pipes.out.once('close', resolve));
    const nativeEnded = Promise.all(this.#native.map((pipe) => new Promise((resolve) => pipe.once('close', resolve))));
    const exited = async (code: number | null, signal: NodeJS.Signals | null) => {
      this.#noticed();
      this.resume();
      // Processes that cells left behind may hold stdout and stderr open; the other pipes end with the executor.
      await Promise.all([outEnded, Promise.race([nativeEnded, new Promise((resolve) => setTimeout(resolve, 300))])]);
      listener.exited(code, signal);
    };
    this.#child.once('exit', (code, signal) => void exited(code, signal));
    this.#child.once('error', (error) => {
      listener.native('stderr', `The executor did not start: ${error.message}\n`);
      if (this.#child.pid === undefined) listener.exited(null, null);
    });
  }

  get pid(): number | undefined {
    return this.#child.pid;
  }

  send(message: ToExecutor): void {
    this.#pipes.in.write(frame(message));
  }

  /** The answer to an `input` message: what was typed, or null where nobody answers. */
  answer(text: string | null): void {
    this.#pipes.answers.write(frame(text));
  }

  /** Stops what runs. Code that yields neither to the event loop nor at a loop's turn gets a signal after a while. */
  interrupt(): void {
    this.#pipes.interrupts.write(Buffer.of(1));
    this.send({ type: 'interrupt' });
    // A cell whose write waits for us cannot notice anything.
    this.resume();
    clearTimeout(this.#signal);
    this.#signal = setTimeout(() => {
      this.#child.kill('SIGINT');
      this.#signal = setTimeout(() => {
        this.#signal = undefined;
        this.#listener.unstoppable();
      }, patience);
    }, patience);
  }

  /** Resolves once all that was written before now, by JavaScript or past it, has been heard. */
  async drained(): Promise<void> {
    // What is in the pipes is read within a turn of the event loop; a turn in which nothing came finds them empty.
    // A child process that floods leaves no such turn; after so many, all that the pipes held before has long been read.
    for (let before = -1, turns = 0; before !== this.#heard && turns < 1000; turns++) {
      before = this.#heard;
      await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Holds the process back: its next write blocks once the pipe is full. */
  pause(): void {
    // Not while Stop waits for a sign: it comes behind what is in the pipe.
    if (this.#signal === undefined) this.#pipes.out.pause();
  }

  resume(): void {
    this.#pipes.out.resume();
  }

  /** Ends it, and with it the processes that cells started: they are in its group, which Jupyter's own signals do not reach. */
  kill(): void {
    this.#noticed();
    const { pid, exitCode, signalCode } = this.#child;
    if (pid === undefined || exitCode !== null || signalCode !== null) return;
    if (process.platform === 'win32') this.#child.kill('SIGKILL');
    else process.kill(-pid, 'SIGKILL');
  }

  /** No signal is needed (any more). */
  #noticed(): void {
    clearTimeout(this.#signal);
    this.#signal = undefined;
  }
}
