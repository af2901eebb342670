// Which request the code that runs now belongs to, through timers and promises too: a task is one cell, or one comm message.

import { AsyncLocalStorage } from 'node:async_hooks';
import type { DivertedOutput } from '../bridge.js';

/** A pending `await` of a task: a link in its ring, so that it is cheap to add and to take out. */
export interface Pending {
  before: Pending;
  after: Pending;
  readonly reject: (reason: unknown) => void;
}

/** A cell or a comm message that is being worked on, or was. */
export class Task {
  /** True until its end was told to the protocol process. Stop concerns only what runs. */
  running = true;
  /** The head of the ring of its pending awaits. */
  readonly pending: Pending;

  constructor(
    /** The id of the request, which every output carries. */
    readonly id: string,
    readonly kind: 'cell' | 'comm',
    /** Whether the client that asked can be asked back. */
    readonly allowStdin: boolean,
  ) {
    const head = { reject: () => {} } as unknown as Pending;
    head.before = head;
    head.after = head;
    this.pending = head;
  }

  /** Makes every pending await throw. */
  rejectPending(reason: () => unknown): void {
    for (let at = this.pending.after; at !== this.pending; at = at.after) at.reject(reason());
  }
}

interface Context {
  readonly task: Task;
  /** Takes outputs in place of the cell: an Output widget does. */
  readonly take?: (message: DivertedOutput) => unknown;
}

const storage = new AsyncLocalStorage<Context>();
let latest: Context = { task: new Task('', 'cell', false) };

/** Where the code that runs now belongs; what no cell started (or Node.js lost track of) goes to the latest cell. */
export function context(): Context {
  return storage.getStore() ?? latest;
}

export function runTask<T>(task: Task, run: () => T): T {
  const own = { task };
  if (task.kind === 'cell') latest = own;
  return storage.run(own, run);
}

/** Comes back to a task out of code that was broken off without a chance to leave what it had entered. */
export function reenter(task: Task): void {
  storage.enterWith({ task });
}

/** Runs `run` and what it starts with their outputs handed to `take`. */
export function divert<T>(take: (message: DivertedOutput) => unknown, run: () => T): T {
  return storage.run({ task: context().task, take }, run);
}
