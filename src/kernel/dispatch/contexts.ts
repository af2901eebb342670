// Which request an output belongs to. The executor knows requests only by their id, the context; the wire wants their header.

import type { Header } from '../protocol/messages.js';

export interface Context {
  readonly id: string;
  /** Of the request; outputs carry it as their parent header. */
  readonly header: Header;
  /** Of the client that asked; only it is asked for input. */
  readonly identities: readonly Uint8Array[];
  /** How notices call it, for instance `cell 3`. */
  readonly name: string;
}

/** Requests are remembered long after they ended, since their timers may still print; the oldest are forgotten. */
const kept = 10_000;

export class Contexts {
  readonly #byId = new Map<string, Context>();
  #latest: Context | undefined;

  add(context: Context): void {
    this.#byId.set(context.id, context);
    this.#latest = context;
    if (this.#byId.size > kept) {
      const [oldest] = this.#byId.keys();
      if (oldest !== undefined) this.#byId.delete(oldest);
    }
  }

  /** The context of this id; the latest where it is unknown, for instance output that nobody can be named for. */
  find(id: string): Context | undefined {
    return this.#byId.get(id) ?? this.#latest;
  }

  get latest(): Context | undefined {
    return this.#latest;
  }
}
