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

/** So many of each kind are remembered long after they ended, since their timers may still print; the oldest are forgotten. */
const kept = 10_000;

export class Contexts {
  readonly #cells = new Map<string, Context>();
  // Apart: a view that is animated sends thousands of messages, for which the cell that runs must not be forgotten.
  readonly #comms = new Map<string, Context>();
  #latestCell: Context | undefined;
  #latestComm: Context | undefined;

  addCell(context: Context): void {
    remember(this.#cells, context);
    this.#latestCell = context;
  }

  addComm(context: Context): void {
    remember(this.#comms, context);
    this.#latestComm = context;
  }

  /** The context of this id; the latest where it is unknown, for instance output that nobody can be named for. */
  find(id: string): Context | undefined {
    return this.#cells.get(id) ?? this.#comms.get(id) ?? this.latest;
  }

  /** The latest cell: clients show nothing under a comm message. That only where there was no cell. */
  get latest(): Context | undefined {
    return this.#latestCell ?? this.#latestComm;
  }
}

function remember(contexts: Map<string, Context>, context: Context): void {
  contexts.set(context.id, context);
  if (contexts.size <= kept) return;
  const [oldest] = contexts.keys();
  if (oldest !== undefined) contexts.delete(oldest);
}
