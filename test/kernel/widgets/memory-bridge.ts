// A kernel's bridge with a client behind it, in memory: what goes over it goes through JSON, as it would on the wire. The client
// keeps models as JupyterLab's widget manager does.

import { AsyncLocalStorage } from 'node:async_hooks';
import { afterEach } from 'vitest';
import {
  type Comm,
  type DivertedOutput,
  displaySymbol,
  type KernelBridge,
  kernelSymbol,
} from '../../../src/kernel/bridge.js';
import type { CommMessage } from '../../../src/kernel/executor/messages.js';

export interface Sent {
  readonly kind: 'comm_open' | 'comm_msg' | 'comm_close';
  readonly commId: string;
  readonly target?: string;
  // biome-ignore lint/suspicious/noExplicitAny: tests look into what was sent.
  readonly data: any;
  readonly metadata: object;
  readonly buffers: readonly Uint8Array[];
}

export interface MemoryClient {
  /** All that the kernel sent over comms. */
  readonly sent: Sent[];
  /** What it displayed, updates included. */
  readonly published: { readonly data: Record<string, unknown>; readonly update: boolean; readonly id?: string }[];
  /** The state of a model as the client has it, binary values put back. */
  // biome-ignore lint/suspicious/noExplicitAny: tests look into it.
  state(id: string): any;
  /** Sends over a comm; resolves once its handlers are through, with what was thrown. */
  send(id: string, data: object, buffers?: readonly Uint8Array[]): Promise<unknown>;
  /** Opens a comm; resolves to its id. */
  open(target: string, data?: object): Promise<string>;
  /** Prints as a cell does. */
  print(text: string): void;
  /** What was printed and not diverted. */
  readonly printed: string[];
}

interface End {
  readonly comm: Comm;
  readonly messages: ((message: CommMessage) => void | Promise<void>)[];
  readonly closes: (() => void)[];
}

/** Makes this process a kernel until the test ends. */
export function memoryKernel(): MemoryClient {
  const ends = new Map<string, End>();
  const targets = new Map<string, (comm: Comm, message: CommMessage) => void | Promise<void>>();
  const diverted = new AsyncLocalStorage<(output: DivertedOutput) => unknown>();
  const states = new Map<string, Record<string, unknown>>();
  const asked = new Set<string>();
  const client: MemoryClient = {
    sent: [],
    published: [],
    printed: [],
    state: (id) => states.get(id),
    async send(commId, data, buffers = []) {
      const message: CommMessage = { kind: 'comm_msg', commId, data: { ...json(data) }, metadata: {}, buffers };
      try {
        for (const handler of ends.get(commId)?.messages ?? []) await handler(message);
        return undefined;
      } catch (error) {
        return error;
      }
    },
    async open(target, data = {}) {
      asked.add(target);
      const id = crypto.randomUUID();
      const message: CommMessage = {
        kind: 'comm_open',
        commId: id,
        target,
        data: { ...json(data) },
        metadata: {},
        buffers: [],
      };
      const handler = targets.get(target);
      const comm = register(id, target);
      if (handler) await handler(comm, message);
      else comm.close();
      return id;
    },
    print(text) {
      const take = diverted.getStore();
      if (take) take({ output_type: 'stream', name: 'stdout', text });
      else client.printed.push(text);
    },
  };

  const bridge: KernelBridge = {
    context: () => 'request-1',
    divert: (take, run) => diverted.run(take, run),
    publish({ data, metadata, transient }, update) {
      const take = diverted.getStore();
      const taken = take?.({ output_type: 'display_data', data, metadata, transient, ...(update && { update }) });
      if (take && !(update && taken === false)) return;
      const { display_id: id } = transient;
      client.published.push({ data: json(data), update, ...(id === undefined ? {} : { id }) });
    },
    clearOutput: (wait) => diverted.getStore()?.({ output_type: 'clear', wait }),
    async bundle(value) {
      const display = (value as { [displaySymbol]?: () => object } | null)?.[displaySymbol];
      return { data: { ...(display ? display.call(value) : { 'text/plain': String(value) }) }, metadata: {} };
    },
    describeError(error) {
      const { name, message, stack = '' } = error as Error;
      return { ename: name, evalue: message, traceback: stack.split('\n') };
    },
    openComm(target, options = {}) {
      const comm = register(options.id ?? crypto.randomUUID(), target);
      transmit('comm_open', comm, options.data, options.metadata, options.buffers);
      return comm;
    },
    onCommOpen: (target, handler) => void targets.set(target, handler),
    wasAskedFor: (target) => asked.has(target),
    input: () => null,
  };

  function register(id: string, target: string): Comm {
    const end: End = {
      messages: [],
      closes: [],
      comm: {
        id,
        target,
        send(data, options) {
          if (!ends.has(id)) throw new Error(`comm ${id} is closed`);
          transmit('comm_msg', end.comm, data, options?.metadata, options?.buffers);
        },
        close(data) {
          if (ends.delete(id)) transmit('comm_close', end.comm, data);
        },
        onMessage: (handler) => void end.messages.push(handler),
        onClose: (handler) => void end.closes.push(handler),
      },
    };
    ends.set(id, end);
    return end.comm;
  }

  function transmit(kind: Sent['kind'], comm: Comm, data = {}, metadata = {}, buffers: readonly Uint8Array[] = []) {
    const sent: Sent = {
      kind,
      commId: comm.id,
      target: comm.target,
      data: json(data),
      metadata,
      buffers: [...buffers],
    };
    client.sent.push(sent);
    if (comm.target !== 'jupyter.widget') return;
    if (kind === 'comm_close') states.delete(comm.id);
    else if (kind === 'comm_open' || sent.data.method === 'update') {
      states.set(comm.id, { ...states.get(comm.id), ...withBuffers(sent) });
    }
  }

  Object.defineProperty(globalThis, kernelSymbol, { value: bridge, configurable: true });
  remove = () => Reflect.deleteProperty(globalThis, kernelSymbol);
  return client;
}

let remove: (() => unknown) | undefined;

afterEach(() => {
  remove?.();
  remove = undefined;
});

/** As @jupyter-widgets/base does: each buffer to the place its path names. */
export function withBuffers({ data, buffers }: Pick<Sent, 'data' | 'buffers'>): Record<string, unknown> {
  const state = structuredClone(data.state);
  (data.buffer_paths ?? []).forEach((path: (string | number)[], index: number) => {
    let place = state;
    for (const key of path.slice(0, -1)) place = place[key];
    place[path.at(-1) as string] = buffers[index];
  });
  return state;
}

function json<T>(value: T): T {
  return JSON.parse(JSON.stringify(value));
}

/** Lets the messages of this tick be sent. */
export function tick(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
