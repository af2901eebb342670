// What all widgets have: an id, a place in the notebook, handlers for their changes.

import { inspect } from 'node:util';
import { displaySymbol } from '../bridge.js';
import type { MimeBundle } from '../executor/messages.js';
import { quote } from './fields.js';
import { type ModelChange, type State, WidgetModel } from './model.js';
import { modelId } from './wire.js';

/** A property that changed: its name, what it was, what it is. */
export type Change<P extends object, K extends keyof P = keyof P> = K extends keyof P
  ? { readonly name: K; readonly old: P[K]; readonly new: P[K] }
  : never;

/** Any widget, whatever its properties. */
export interface AnyWidget {
  readonly id: string;
  readonly closed: boolean;
  readonly [modelId]: string;
  close(): void;
  [displaySymbol](): MimeBundle;
}

/** Any widget that holds a value of this type. */
export interface ValueWidget<V> extends AnyWidget {
  readonly value: V;
  observe(handler: () => unknown, name: 'value'): () => void;
}

export function isWidget(value: unknown): value is AnyWidget {
  return typeof value === 'object' && value !== null && modelId in value;
}

export interface WidgetSetup {
  /** How it is called, for instance `IntSlider`. */
  readonly kind: string;
  /** The whole state, in the protocol's names. */
  readonly state: State;
  /** The property that the protocol calls so; undefined where it is not for users. */
  property(wire: string): string | undefined;
  /** Looks over what the client sent, in the protocol's names. */
  accept?(changes: State): State;
}

interface Listener {
  readonly name: string | undefined;
  readonly handler: (change: never) => unknown;
}

export class Widget<P extends object> implements AnyWidget {
  /** For subclasses: the state behind the properties. */
  protected readonly model: WidgetModel;
  readonly #kind: string;
  readonly #listeners = new Set<Listener>();
  readonly #custom = new Set<(content: unknown, buffers: readonly Uint8Array[]) => unknown>();

  constructor(setup: WidgetSetup) {
    this.#kind = setup.kind;
    this.model = new WidgetModel(setup.kind, this, setup.state, {
      changed: (changes) => this.#changed(setup, changes),
      accept: (changes) => setup.accept?.(changes) ?? changes,
      custom: (content, buffers) => callAll([...this.#custom].map((handler) => () => handler(content, buffers))),
    });
  }

  /** The id of its model and of its comm. */
  get id(): string {
    return this.model.id;
  }

  get [modelId](): string {
    return this.model.id;
  }

  get closed(): boolean {
    return this.model.closed;
  }

  /**
   * Calls `handler` with `{ name, old, new }` at every change of a property, or of the one named, whoever made it.
   *
   * @returns a function that ends this
   */
  observe<K extends keyof P & string>(handler: (change: Change<P, K>) => unknown, name?: K): () => void {
    const listener: Listener = { name, handler };
    this.#listeners.add(listener);
    return () => void this.#listeners.delete(listener);
  }

  /** The same under the names that widgets in the browser have: `change` for all properties, `change:value` for one. */
  on<K extends keyof P & string>(
    event: 'change' | `change:${K}`,
    handler: (change: Change<P, K>) => unknown,
  ): () => void {
    const { name } = /^change(?::(?<name>.+))?$/.exec(event)?.groups ?? { name: '' };
    if (name === '') throw new TypeError(`${this.#kind}: no event "${event}". There is "change", and "change:value".`);
    return this.observe(handler, name as K | undefined);
  }

  /** Sends what changed now, not at the end of the tick: for loops that never come to it. */
  flush(): void {
    this.model.flush();
  }

  /** Removes it from the client, wherever it is shown. */
  close(): void {
    this.model.close();
  }

  /** How it is shown where a cell's value is, or by `display`. */
  [displaySymbol](): MimeBundle {
    const plain = { 'text/plain': this.toString() };
    if (this.closed) return plain;
    this.model.flush();
    return {
      'application/vnd.jupyter.widget-view+json': { version_major: 2, version_minor: 0, model_id: this.id },
      ...plain,
    };
  }

  /** How `console.log` shows it. */
  [inspect.custom](): string {
    return this.toString();
  }

  toString(): string {
    return `${this.#kind}(${this.closed ? 'closed' : this.id.slice(0, 8)})`;
  }

  /** For subclasses: calls `handler` with each message of its own making that its view sends. */
  protected onCustom(handler: (content: unknown, buffers: readonly Uint8Array[]) => unknown): () => void {
    this.#custom.add(handler);
    return () => void this.#custom.delete(handler);
  }

  /** For subclasses: what users hear of when these properties of the protocol changed. */
  protected changesOf(changes: readonly ModelChange[], property: (wire: string) => string | undefined): ModelChange[] {
    return changes.flatMap((change) => {
      const name = property(change.name);
      return name === undefined ? [] : [{ ...change, name }];
    });
  }

  #changed(setup: WidgetSetup, changes: readonly ModelChange[]): readonly unknown[] {
    const calls: (() => unknown)[] = [];
    for (const change of this.changesOf(changes, setup.property)) {
      for (const { name, handler } of this.#listeners) {
        if (name === undefined || name === change.name) calls.push(() => handler(change as never));
      }
    }
    return callAll(calls);
  }
}

/** Calls all, also where one throws; what was thrown first is thrown then. Gives what they gave. */
export function callAll(calls: readonly (() => unknown)[]): readonly unknown[] {
  const given: unknown[] = [];
  const thrown: unknown[] = [];
  for (const call of calls) {
    try {
      given.push(call());
    } catch (error) {
      thrown.push(error);
    }
  }
  if (thrown.length > 0) throw thrown[0];
  return given;
}

/** `IntSlider: value 12 is above max 10`. */
export function complaint(kind: string, name: string, value: unknown, problem: string): RangeError {
  return new RangeError(`${kind}: ${name} ${quote(value)} is ${problem}`);
}
