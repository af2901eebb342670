// The five sockets of a kernel, over ZeroMQ: shell, control and stdin are asked and answered, and iopub tells
// everyone. The heartbeat is in a file of its own.
//
// Nothing is dropped: queues have no limit, each socket sends in the order it was told to, and closing waits (for a while) for
// clients to take what is left.

import { Router, XPublisher } from 'zeromq';
import type { ChannelName, Connection } from './connection.js';
import { Heartbeat } from './heartbeat.js';
import type { Message, ParentHeader, RequestChannel } from './messages.js';
import { type Outgoing, Wire } from './wire.js';

export interface Extras {
  readonly metadata?: object;
  readonly buffers?: readonly Uint8Array[];
}

export type DropListener = (channel: RequestChannel | 'stdin', reason: string) => void;

/** How long closing waits for clients to take what was sent, in milliseconds. */
const linger = 1000;

/** How long ZeroMQ's thread gets to hand the operating system what it can; milliseconds. */
const leave = 50;

/** After so many messages in a row, other channels get their turn: an interrupt overtakes a queue of requests. */
const batch = 16;

const unlimited = { linger, sendHighWaterMark: 0 } as const;

interface Sockets {
  readonly shell: Router;
  readonly control: Router;
  readonly stdin: Router;
  readonly iopub: XPublisher;
}

/** @throws where a port is taken */
export async function bindSockets(connection: Connection): Promise<Channels> {
  const { addresses, key, signatureScheme } = connection;
  const wire = new Wire(key, signatureScheme);
  const ipv6 = addresses.shell.includes('[');
  // A client that comes back under its old name takes its place, instead of never being answered again.
  const router = () => new Router({ ...unlimited, receiveHighWaterMark: 0, ipv6, handover: true });
  const sockets: Sockets = {
    shell: router(),
    control: router(),
    stdin: router(),
    // Told of every subscription, also of a second one to the same topic.
    iopub: new XPublisher({ ...unlimited, ipv6, verbosity: 'allSubs' }),
  };
  const listening = async <T>(name: ChannelName, listen: () => Promise<T>): Promise<T> => {
    try {
      return await listen();
    } catch (error) {
      for (const socket of Object.values(sockets)) socket.close();
      throw new Error(`The ${name} channel cannot listen at ${addresses[name]}: ${(error as Error).message}`);
    }
  };
  for (const name of ['iopub', 'stdin', 'control', 'shell'] as const) {
    await listening(name, () => sockets[name].bind(addresses[name]));
  }
  return new Channels(wire, sockets, await listening('hb', () => Heartbeat.start(addresses.hb)));
}

/** What the dispatcher speaks through. */
export class Channels {
  readonly #wire: Wire;
  readonly #sockets: Sockets;
  readonly #outboxes: Readonly<Record<'shell' | 'control' | 'stdin' | 'iopub', Outbox>>;
  readonly #heartbeat: Heartbeat;
  #onDropped: DropListener = () => {};
  #closed = false;

  constructor(wire: Wire, sockets: Sockets, heartbeat: Heartbeat) {
    this.#wire = wire;
    this.#sockets = sockets;
    this.#heartbeat = heartbeat;
    this.#outboxes = {
      shell: new Outbox(sockets.shell),
      control: new Outbox(sockets.control),
      stdin: new Outbox(sockets.stdin),
      iopub: new Outbox(sockets.iopub),
    };
    void this.#welcome();
  }

  /** Names this run of the kernel in the headers of its messages. */
  get session(): string {
    return this.#wire.session;
  }

  /** Begins to read shell and control. Until then messages wait. */
  onMessage(handler: (channel: RequestChannel, message: Message) => void): void {
    for (const channel of ['control', 'shell'] as const) {
      void this.#read(channel, (message) => handler(channel, message));
    }
  }

  /** Begins to read stdin: what was typed in answer to `ask`. */
  onInputReply(handler: (message: Message) => void): void {
    void this.#read('stdin', handler);
  }

  /** Hears of messages that cannot be read or trusted. */
  onDropped(listener: DropListener): void {
    this.#onDropped = listener;
  }

  /** Answers the client that asked. */
  reply(channel: RequestChannel, request: Message, type: string, content: object, extras: Extras = {}): void {
    const message: Outgoing = { type, content, parentHeader: request.header, ...extras };
    this.#send(channel, request.identities, message);
  }

  /** Tells every client. Returns the size of the message in bytes. */
  publish(type: string, content: object, parentHeader: ParentHeader, extras: Extras = {}): number {
    const topic = Buffer.from(`kernel.${this.session}.${type}`);
    return this.#send('iopub', [topic], { type, content, parentHeader, ...extras });
  }

  /** Asks the one client that sent the request; it answers on stdin. */
  ask(
    identities: readonly Uint8Array[],
    parentHeader: ParentHeader,
    content: { prompt: string; password: boolean },
  ): void {
    this.#send('stdin', identities, { type: 'input_request', content, parentHeader });
  }

  /** Resolves once all that was sent before now is in ZeroMQ's hands. */
  async flush(): Promise<void> {
    await Promise.all(Object.values(this.#outboxes).map((outbox) => outbox.flushed()));
  }

  /** Stops reading, sends what is left and frees the ports. */
  async close(): Promise<void> {
    if (this.#closed) return;
    this.#closed = true;
    await this.flush();
    for (const socket of Object.values(this.#sockets)) socket.close();
    await this.#heartbeat.stop();
    // What was sent last is still on its way, from memory that a process exiting now would take away.
    await new Promise((resolve) => setTimeout(resolve, leave));
  }

  #send(channel: RequestChannel | 'stdin' | 'iopub', prefix: readonly Uint8Array[], message: Outgoing): number {
    if (this.#closed) return 0;
    const frames = this.#wire.encode(prefix, message);
    this.#outboxes[channel].push(frames);
    return frames.reduce((sum, frame) => sum + frame.length, 0);
  }

  async #read(channel: RequestChannel | 'stdin', handler: (message: Message) => void): Promise<void> {
    let taken = 0;
    for await (const frames of this.#sockets[channel]) {
      const decoded = this.#wire.decode(frames);
      if (decoded.ok) handler(decoded.message);
      else this.#onDropped(channel, decoded.reason);
      if (++taken % batch === 0) await new Promise((resolve) => setImmediate(resolve));
    }
  }

  /** Greets each subscription (JEP 65). */
  async #welcome(): Promise<void> {
    for await (const [frame] of this.#sockets.iopub) {
      // 1 and the topic for a subscription, 0 for its end.
      if (frame?.[0] !== 1) continue;
      const topic = frame.subarray(1);
      const content = { subscription: topic.toString() };
      this.#send('iopub', [topic], { type: 'iopub_welcome', content, parentHeader: {} });
    }
  }
}

/** Sends messages one after the other. */
class Outbox {
  #queue: Uint8Array[][] = [];
  #running: Promise<void> | undefined;

  constructor(readonly socket: Router | XPublisher) {}

  push(frames: Uint8Array[]): void {
    this.#queue.push(frames);
    this.#running ??= this.#run();
  }

  async flushed(): Promise<void> {
    await this.#running;
  }

  async #run(): Promise<void> {
    // Another message may have come while the last one was sent.
    for (let at = 0; at < this.#queue.length; ) {
      try {
        await this.socket.send(this.#queue[at++] as Uint8Array[]);
      } catch {
        // A client that has gone; the others still want theirs.
      }
      if (at >= this.#queue.length || at >= 1024) {
        this.#queue = this.#queue.slice(at);
        at = 0;
      }
    }
    this.#running = undefined;
  }
}
