// A widget's state, kept the same here and in the client: one comm, Jupyter's widget protocol 2.1.0.
//
// Several changes in one tick travel in one message. What the client sent is not sent back, except as the `echo_update`
// by which other clients of the same notebook (and the sender) learn that it was taken.

import { isDeepStrictEqual } from 'node:util';
import type { Comm } from '../bridge.js';
import type { CommMessage } from '../executor/messages.js';
import { managerOf, type WidgetManager } from './manager.js';
import { requiredKernel } from './required-kernel.js';
import { fromWire, join, split, toWire, type Wire, type WireState } from './wire.js';

const target = 'jupyter.widget';
const protocolVersion = '2.1.0';
/** A loop that never yields still shows its changes this often; milliseconds. */
const longestWait = 50;

export type State = Readonly<Record<string, unknown>>;

export interface ModelChange {
  readonly name: string;
  readonly old: unknown;
  readonly new: unknown;
}

export interface ModelListener {
  /** Something changed, by the notebook or by the client. Gives what the handlers gave, promises too. */
  changed(changes: readonly ModelChange[]): readonly unknown[];
  /** Looks over what the client sent; gives what to take of it. What it leaves out is set back in the client. */
  accept?(changes: State): State;
  custom?(content: unknown, buffers: readonly Uint8Array[]): readonly unknown[];
}

export class WidgetModel {
  readonly id: string;
  readonly #kind: string;
  readonly #manager: WidgetManager;
  readonly #comm: Comm;
  readonly #listener: ModelListener;
  #values: Record<string, unknown>;
  /** The same as last told to the client, or by it: copies, so that a change in place is noticed. */
  #wire: Record<string, Wire> = {};
  readonly #unsent = new Set<string>();
  #unsentSince = 0;
  #closed = false;

  /**
   * Opens it in the client.
   *
   * @param kind how errors call it, for instance `IntSlider`
   * @param owner the widget as its user holds it
   * @param state the whole state, `_model_name` and the like included: properties cannot be added later
   */
  constructor(kind: string, owner: unknown, state: State, listener: ModelListener) {
    const bridge = requiredKernel(kind);
    this.#kind = kind;
    this.#listener = listener;
    this.#values = { ...state };
    for (const [name, value] of Object.entries(state)) this.#wire[name] = toWire(value, `${kind}: ${name}`);
    this.#manager = managerOf(bridge);
    this.id = crypto.randomUUID().replaceAll('-', '');
    const { buffers, ...data } = split(this.#wire);
    this.#comm = bridge.openComm(target, {
      id: this.id,
      data,
      metadata: { version: protocolVersion },
      buffers,
    });
    this.#comm.onMessage((message) => this.#take(message));
    this.#comm.onClose(() => this.#forget());
    this.#manager.add({ id: this.id, owner, wire: () => this.#wire });
  }

  get closed(): boolean {
    return this.#closed;
  }

  /** Whether a client has shown that it can draw widgets. */
  get drawn(): boolean {
    return this.#manager.drawn;
  }

  get(name: string): unknown {
    return this.#values[name];
  }

  /** Changes properties, tells the listener at once and the client soon. */
  set(values: State): void {
    const changes: ModelChange[] = [];
    const wires: Record<string, Wire> = {};
    for (const [name, value] of Object.entries(values)) {
      const wire = toWire(value, `${this.#kind}: ${name}`);
      if (isDeepStrictEqual(wire, this.#wire[name])) continue;
      wires[name] = wire;
      changes.push({ name, old: this.#values[name], new: value });
    }
    if (changes.length === 0) return;
    for (const { name, new: value } of changes) {
      this.#values[name] = value;
      this.#wire[name] = wires[name] as Wire;
      this.#send(name);
    }
    this.#listener.changed(changes);
  }

  /** Sends a message of the widget's own making to the client. */
  send(content: unknown, buffers: readonly Uint8Array[] = []): void {
    this.flush();
    if (!this.#closed) this.#comm.send({ method: 'custom', content }, { buffers });
  }

  /** Sends what changed now, not at the end of the tick. */
  flush(): void {
    if (this.#unsent.size === 0) return;
    const names = [...this.#unsent];
    this.#unsent.clear();
    if (!this.#closed)
      this.#update('update', Object.fromEntries(names.map((name) => [name, this.#wire[name] ?? null])));
  }

  /** Takes it away from the client. It can still be read, but changes reach nobody. */
  close(): void {
    if (this.#closed) return;
    this.flush();
    this.#forget();
    this.#comm.close();
  }

  #forget(): void {
    this.#closed = true;
    this.#manager.remove(this.id);
  }

  #send(name: string): void {
    if (this.#unsent.size === 0) {
      this.#unsentSince = performance.now();
      queueMicrotask(() => this.flush());
    }
    this.#unsent.add(name);
    if (performance.now() - this.#unsentSince > longestWait) this.flush();
  }

  #update(method: 'update' | 'echo_update', wire: WireState): void {
    const { state, buffer_paths, buffers } = split(wire);
    this.#comm.send({ method, state, buffer_paths }, { buffers });
  }

  /** Its promise is that of the handlers: as long as they work the kernel is busy, Stop ends them, and the client holds back. */
  async #take(message: CommMessage): Promise<void> {
    this.#manager.noteDrawn();
    const { data, buffers } = message;
    if (data.method === 'update') await Promise.all(this.#takeUpdate(join(data.state, data.buffer_paths, buffers)));
    else if (data.method === 'request_state') this.#update('update', this.#wire);
    else if (data.method === 'custom') await Promise.all(this.#listener.custom?.(data.content, buffers) ?? []);
  }

  #takeUpdate(sent: WireState): readonly unknown[] {
    const known = Object.entries(sent).filter(([name]) => name in this.#wire);
    if (known.length === 0) return [];
    this.#update('echo_update', Object.fromEntries(known));
    const proposed = Object.fromEntries(
      known.map(([name, wire]) => [name, fromWire(wire, this.#values[name], (id) => this.#manager.find(id))]),
    );
    const accepted = this.#listener.accept?.(proposed) ?? proposed;
    const changes: ModelChange[] = [];
    for (const [name, wire] of known) {
      if (!(name in accepted)) {
        this.#send(name);
        continue;
      }
      const value = accepted[name];
      const taken = value === proposed[name] ? wire : toWire(value, `${this.#kind}: ${name}`);
      if (!isDeepStrictEqual(taken, wire)) this.#send(name);
      if (isDeepStrictEqual(taken, this.#wire[name])) continue;
      changes.push({ name, old: this.#values[name], new: value });
      this.#values[name] = value;
      this.#wire[name] = taken;
    }
    return changes.length > 0 ? this.#listener.changed(changes) : [];
  }
}
