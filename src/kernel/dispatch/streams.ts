// Printed text on its way to the client: put together, slowed to what a server lets through, and cut where a cell prints without end.
//
// Jupyter's server drops messages beyond 1,000 a second and 1 MB a second (measured over three seconds), so a flood sent
// faster would be lost. Nothing is lost here: text waits, and when too much waits, the executor does.

import type { CutOutput } from './cut-output.js';
import { createCutOutput } from './cut-output.js';

export type StreamName = 'stdout' | 'stderr';

export interface StreamsOptions {
  /** Returns the size of the message in bytes. */
  publish(context: string, name: StreamName, text: string): number;
  /** How notices call a context, for instance `cell 3`. */
  nameOf(context: string): string;
  /** Called with true when the executor must wait, with false when it may go on. */
  hold(held: boolean): void;
  /** Characters of one cell after which its text goes to a file alone. Default 2,000,000. */
  limit?: number;
}

/** Text that follows within this time is put into one message; milliseconds. */
const gathering = 25;
/** One message's text at most, in characters. */
const messageSize = 128 * 1024;
/** A burst the server takes, and what it takes each second for as long as one likes; bytes. */
const burst = 2_400_000;
const perSecond = 800_000;
/** What one message counts at least, since the server counts messages too. */
const messageCost = 1000;

interface Pending {
  readonly context: string;
  readonly name: StreamName;
  parts: string[];
  length: number;
}

export class Streams {
  readonly #options: StreamsOptions;
  readonly #limit: number;
  readonly #cut = new Map<string, CutOutput>();
  #pending: Pending | undefined;
  #timer: NodeJS.Timeout | undefined;
  #allowance = burst;
  #since = performance.now();
  #waiting: (() => void)[] = [];
  #held = false;

  constructor(options: StreamsOptions) {
    this.#options = options;
    this.#limit = options.limit ?? 2_000_000;
  }

  /** Takes text of a cell; it is published soon, in order. */
  write(context: string, name: StreamName, text: string): void {
    const shown = this.#cutOf(context).take(name, text);
    if (shown === '') return;
    const pending = this.#pending;
    if (pending && (pending.context !== context || pending.name !== name)) this.flush();
    this.#pending ??= { context, name, parts: [], length: 0 };
    this.#pending.parts.push(shown);
    this.#pending.length += shown.length;
    if (this.#pending.length >= messageSize) this.flush();
    else this.#timer ??= setTimeout(() => this.flush(), gathering);
  }

  /** Publishes what waits to be put together: another kind of output is about to follow it. */
  flush(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    const pending = this.#pending;
    if (!pending) return;
    this.#pending = undefined;
    const text = pending.parts.join('');
    for (let at = 0; at < text.length; ) {
      const end = whole(text, Math.min(at + messageSize, text.length));
      const piece = text.slice(at, end);
      at = end;
      this.spend(() => this.#options.publish(pending.context, pending.name, piece));
    }
  }

  /** Publishes something, now or, when the server has had its fill, later; always in order. `publish` returns its size. */
  spend(publish: () => number): void {
    this.#waiting.push(() => {
      this.#allowance -= Math.max(publish(), messageCost);
    });
    if (!this.#held) this.#pump();
  }

  /** Tells the end of a cell's text, where it was cut; what comes later counts anew. */
  end(context: string): void {
    const last = this.#cut.get(context)?.end();
    this.#cut.delete(context);
    this.flush();
    if (last) this.spend(() => this.#options.publish(context, 'stderr', last));
  }

  /** Resolves once everything given so far has been published. */
  async drained(): Promise<void> {
    this.flush();
    if (this.#waiting.length > 0) await new Promise<void>((resolve) => this.#waiting.push(resolve));
    // A resolver costs nothing of the allowance: it is called in order, as the messages are.
  }

  #cutOf(context: string): CutOutput {
    let cut = this.#cut.get(context);
    if (!cut) {
      cut = createCutOutput(this.#options.nameOf(context), this.#limit);
      this.#cut.set(context, cut);
    }
    return cut;
  }

  #pump(): void {
    this.#held = false;
    const now = performance.now();
    this.#allowance = Math.min(burst, this.#allowance + ((now - this.#since) / 1000) * perSecond);
    this.#since = now;
    while (this.#waiting.length > 0 && this.#allowance > 0) this.#waiting.shift()?.();
    if (this.#waiting.length === 0) {
      this.#options.hold(false);
      return;
    }
    this.#held = true;
    this.#options.hold(true);
    setTimeout(() => this.#pump(), 100);
  }
}

/** The nearest end at or before `end` that does not cut a surrogate pair. */
function whole(text: string, end: number): number {
  const last = text.charCodeAt(end - 1);
  return end < text.length && last >= 0xd800 && last <= 0xdbff ? end - 1 : end;
}
