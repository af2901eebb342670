// display(value): shows a value under the cell that runs, in its richest form, and lets it be replaced later.
//
//   const shown = display('Loading ...');
//   shown.update(table);

import { inspect } from 'node:util';
import { displaySymbol } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { type Bundle, bundleOf } from './bundle.js';
import { isMimeBundle } from './hooks.js';
import { limited } from './limit.js';
import { publish } from './publish.js';

export interface ShowOptions {
  /** Under what name `update` finds the output again; made up where none is given. */
  readonly id?: string;
  /** By MIME type, for instance `{ 'image/png': { width: 200 } }`. */
  readonly metadata?: Readonly<Record<string, unknown>>;
  /** The value is not to be recognised: it is a MIME bundle, for instance `{ 'text/html': '<b>hi</b>' }`. */
  readonly raw?: boolean;
  /** Replaces the outputs of this `id` instead of adding one. */
  readonly update?: boolean;
}

/** What `display` gives: the output, to be replaced. */
export class Display {
  readonly id: string;
  readonly #metadata: ShowOptions['metadata'];
  /** What is still on its way: outputs appear in the order in which they were asked for. */
  #pending: Promise<void> | undefined;

  constructor(value: unknown, options: ShowOptions) {
    this.id = options.id ?? crypto.randomUUID();
    this.#metadata = options.metadata;
    this.#show(value, options, options.update ?? false);
  }

  /** Shows another value in its place. */
  update(value: unknown, options: Pick<ShowOptions, 'metadata' | 'raw'> = {}): this {
    this.#show(value, options, true);
    return this;
  }

  #show(value: unknown, options: ShowOptions, update: boolean): void {
    const metadata = options.metadata ?? this.#metadata;
    const shown = options.raw ? rawBundle(value) : bundleOf(value);
    const send = (bundle: Bundle | undefined) => {
      // A value that shows itself has done so; undefined has no forms, but who asks to see it sees it.
      if (!bundle && value !== undefined) return;
      const { data, metadata: own } = bundle ?? { data: { 'text/plain': 'undefined' }, metadata: {} };
      publish({ data, metadata: { ...own, ...metadata }, transient: { display_id: this.id } }, update);
    };
    if (!(shown instanceof Promise) && !this.#pending) {
      send(shown);
      return;
    }
    const before = this.#pending ?? Promise.resolve();
    const pending = before.then(async () => send(await shown));
    this.#pending = pending;
    void pending.finally(() => {
      if (this.#pending === pending) this.#pending = undefined;
    });
  }

  /** It is shown already: as the last value of a cell it adds nothing. */
  [displaySymbol](): undefined {
    return undefined;
  }

  [inspect.custom](): string {
    return `[Display ${this.id}]`;
  }
}

function rawBundle(value: unknown): Bundle {
  if (!isMimeBundle(value)) {
    const wanted = "display with { raw: true } takes a MIME bundle, for instance { 'text/html': '<b>hi</b>' }";
    throw new TypeError(`${wanted}; got ${inspect(value, { depth: 0 })}.`);
  }
  return { data: limited(value as MimeBundle), metadata: {} };
}

/** Shows a value under the cell that runs; in plain Node.js prints it. The result's `update` shows another in its place. */
export function display(value: unknown, options: ShowOptions = {}): Display {
  return new Display(value, options);
}
