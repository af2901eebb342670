// Comms: channels between objects here and their views at the client, either side of which may open one.

import { randomUUID } from 'node:crypto';
import type { Comm } from '../bridge.js';
import { context, runTask, Task } from './context.js';
import type { Interrupts } from './interrupts.js';
import type { CommKind, CommMessage } from './messages.js';
import { reportStray } from './stray.js';
import { wait } from './wait.js';
import { send } from './wire.js';

type OpenHandler = (comm: Comm, message: CommMessage) => void | Promise<void>;

interface Open {
  readonly comm: Comm;
  readonly messages: ((message: CommMessage) => void | Promise<void>)[];
  readonly closes: (() => void | Promise<void>)[];
}

interface Extra {
  readonly data?: object | undefined;
  readonly metadata?: object | undefined;
  readonly buffers?: readonly Uint8Array[] | undefined;
}

export class Comms {
  readonly #open = new Map<string, Open>();
  readonly #targets = new Map<string, OpenHandler>();
  readonly #askedFor = new Set<string>();

  constructor(readonly interrupts: Interrupts) {}

  open(target: string, options: Extra & { readonly id?: string } = {}): Comm {
    const comm = this.#register(options.id ?? randomUUID().replaceAll('-', ''), target);
    this.#send('comm_open', comm, options);
    return comm;
  }

  onOpen(target: string, handler: OpenHandler): void {
    this.#targets.set(target, handler);
  }

  wasAskedFor(target: string): boolean {
    return this.#askedFor.has(target);
  }

  /** Takes a message of the client; tells when its handlers are through. */
  async take(id: string, message: CommMessage): Promise<void> {
    const task = new Task(id, 'comm', false);
    await runTask(task, async () => {
      try {
        await new Promise<void>((resolve, reject) => {
          this.interrupts.begin(task, resolve);
          this.#dispatch(message).then(resolve, reject);
        });
      } catch (error) {
        reportStray(error);
      }
      this.interrupts.end(task);
    });
    send({ type: 'handled', context: id });
  }

  async #dispatch(message: CommMessage): Promise<void> {
    const known = this.#open.get(message.commId);
    if (message.kind === 'comm_open') {
      const target = message.target ?? '';
      this.#askedFor.add(target);
      const handler = this.#targets.get(target);
      const comm = this.#register(message.commId, target);
      // As the protocol wants it: nobody is left waiting at a comm that nobody serves.
      if (!handler) comm.close({ error: `Nothing here opens comms with the target "${target}".` });
      else await wait(handler(comm, message));
    } else if (message.kind === 'comm_msg') {
      for (const handler of [...(known?.messages ?? [])]) await wait(handler(message));
    } else {
      this.#open.delete(message.commId);
      for (const handler of [...(known?.closes ?? [])]) await wait(handler());
    }
  }

  #register(id: string, target: string): Comm {
    const comm: Comm = {
      id,
      target,
      send: (data, options) => {
        if (!this.#open.has(id)) throw new Error(`The comm ${id} (${target}) is closed: nothing can be sent over it.`);
        this.#send('comm_msg', comm, { ...options, data });
      },
      close: (data) => {
        if (this.#open.delete(id)) this.#send('comm_close', comm, { data });
      },
      onMessage: (handler) => void entry.messages.push(handler),
      onClose: (handler) => void entry.closes.push(handler),
    };
    const entry: Open = { comm, messages: [], closes: [] };
    this.#open.set(id, entry);
    return comm;
  }

  #send(kind: CommKind, comm: Comm, extra: Extra): void {
    const message: CommMessage = {
      kind,
      commId: comm.id,
      ...(kind === 'comm_open' && { target: comm.target }),
      data: (extra.data ?? {}) as CommMessage['data'],
      metadata: (extra.metadata ?? {}) as CommMessage['metadata'],
      buffers: extra.buffers ?? [],
    };
    send({ type: 'comm', context: context().task.id, message });
  }
}
