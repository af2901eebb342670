// Stop: ends the cell that runs, whatever it does, and leaves its variables alone.
//
// - Spinning code sees the flag, which a thread sets, and throws by itself (`interrupt`).
// - Waiting code has its awaits rejected once the event loop hears of it (`heard`).
// - A library that listens for SIGINT (a training loop does) is asked first, and has `grace` to end in its own way.
// - Code that catches the interruption and goes on is interrupted again, after a moment in which `finally` may clean up.

import { Worker } from 'node:worker_threads';
import { context, type Task } from './context.js';
import { Interrupted } from './interrupted.js';
import { ending, grace, pause, raised, slot } from './stop-flag.js';

/** After this, a cell that nothing ends is left alone: it goes on, but nobody waits for it. */
const patience = 1500;
/** Code of an earlier cell, in a timer, is left alone for this long: it rarely is what spins. */
const suspicion = 300;

export class Interrupts {
  /** Shared with the thread; compiled cells look at its first place. */
  readonly stop = new Int32Array(new SharedArrayBuffer(4 * Int32Array.BYTES_PER_ELEMENT));
  readonly #running = new Set<Task>();
  readonly #abandon = new WeakMap<Task, () => void>();
  /** What the current interruption has come to; undefined while there is none. */
  #stage: 'asked' | 'forced' | undefined;
  #timer: NodeJS.Timeout | undefined;
  #since = 0;
  #suspected = 0;
  /** Interrupts that running code noticed by the flag, and whose message the event loop has yet to read. */
  #noticed = 0;

  constructor() {
    const thread = new Worker(new URL('./interrupt-thread.js', import.meta.url), {
      workerData: this.stop.buffer,
      name: 'interrupts',
      execArgv: [],
      env: {},
      resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 2, codeRangeSizeMb: 4 },
    });
    thread.unref();
    thread.on('error', (error) => process.stderr.write(`Stop may not work: ${error.message}\n`));
    // Stop comes by pipe; the signal comes after it, where nothing else helped, and must not end us.
    process.on('SIGINT', ours);
  }

  /** Marks a task as running; `abandon` is called if nothing ends it. */
  begin(task: Task, abandon: () => void): void {
    this.#running.add(task);
    this.#abandon.set(task, abandon);
  }

  end(task: Task): void {
    task.running = false;
    this.#running.delete(task);
    if (this.#stage && this.#targets().length === 0) this.#finish();
  }

  /** Whether Stop was pressed and is not done with. */
  get pressed(): boolean {
    return this.#stage === 'forced' || Atomics.load(this.stop, slot.flag) !== 0;
  }

  /** Blocks for at most `milliseconds` until Stop is heard of. */
  awaitPress(milliseconds: number): boolean {
    Atomics.wait(this.stop, slot.flag, 0, milliseconds);
    return this.pressed;
  }

  /** Called by running code that saw the flag. Throws, unless what runs is to end by itself or is not what shall end. */
  readonly interrupt = (): void => {
    const { task } = context();
    const why = Atomics.load(this.stop, slot.flag);
    // Late: what was to end has ended.
    if (why === raised.again && this.#stage === undefined) {
      this.#lower();
      return;
    }
    if (!task.running) {
      if (why === raised.again) return;
      // A timer of an earlier cell. The event loop is about to hear of Stop, unless it is this that blocks it.
      const now = Date.now();
      if (this.#suspected === 0) this.#suspected = now;
      if (now - this.#suspected < suspicion) return;
      this.#suspected = 0;
      Atomics.store(this.stop, slot.flag, raised.no);
      throw new Interrupted();
    }
    if (why === raised.first) {
      this.#noticed = Atomics.load(this.stop, slot.heard) - Atomics.load(this.stop, slot.answered);
    }
    this.#lower();
    if (this.#stage === undefined && this.#ask()) return;
    this.#force();
    throw new Interrupted();
  };

  /** The event loop has read an `interrupt` message. */
  heard(): void {
    Atomics.add(this.stop, slot.answered, 1);
    this.#suspected = 0;
    // Otherwise running code was quicker, and is ending or has ended.
    const news = this.#noticed === 0;
    if (!news) this.#noticed--;
    this.#lower();
    if (!news) return;
    if (this.#targets().length === 0) return;
    // A second Stop does not wait for a library that was asked.
    if (this.#stage === undefined && this.#ask()) return;
    this.#force();
  }

  /** The cell that runs; comm handlers only where there is none. */
  #targets(): Task[] {
    const tasks = [...this.#running];
    const cells = tasks.filter((task) => task.kind === 'cell');
    return cells.length > 0 ? cells : tasks;
  }

  /** Takes the flag down, unless one more interrupt has been heard of meanwhile. */
  #lower(): void {
    Atomics.store(this.stop, slot.flag, raised.no);
    const known = Atomics.load(this.stop, slot.answered) + this.#noticed;
    if (Atomics.load(this.stop, slot.heard) > known) Atomics.store(this.stop, slot.flag, raised.first);
  }

  /** Asks the libraries that listen for SIGINT. @returns whether there are any. */
  #ask(): boolean {
    const listeners = process.listeners('SIGINT').filter((listener) => listener !== ours);
    if (listeners.length === 0) return false;
    this.#stage = 'asked';
    Atomics.store(this.stop, slot.ending, ending.asked);
    this.#timer = setTimeout(() => this.#force(), grace);
    process.emit('SIGINT');
    return true;
  }

  #force(): void {
    if (this.#stage !== 'forced') this.#since = Date.now();
    this.#stage = 'forced';
    Atomics.store(this.stop, slot.ending, ending.forced);
    clearTimeout(this.#timer);
    const targets = this.#targets();
    if (Date.now() - this.#since > patience) {
      for (const task of targets) this.#abandon.get(task)?.();
      return;
    }
    for (const task of targets) task.rejectPending(() => new Interrupted());
    this.#timer = setTimeout(() => {
      // Still there: it caught the interruption, or waits in a way we cannot reject.
      Atomics.store(this.stop, slot.flag, raised.again);
      this.#force();
    }, pause);
  }

  #finish(): void {
    clearTimeout(this.#timer);
    this.#stage = undefined;
    Atomics.store(this.stop, slot.ending, ending.nothing);
    this.#lower();
  }
}

function ours(): void {}
