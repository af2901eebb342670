// Everything clients hear on iopub: each output under the header of the request it belongs to, in order, and not faster than a
// server lets through.

import type { CommMessage, ErrorContent } from '../executor/messages.js';
import type { Message } from '../protocol/messages.js';
import type { Channels, Extras } from '../protocol/sockets.js';
import { type Context, Contexts } from './contexts.js';
import { type StreamName, Streams } from './streams.js';

export class Publisher {
  readonly #channels: Channels;
  readonly #contexts = new Contexts();
  readonly #streams: Streams;

  /** @param hold called with true when the executor must wait, with false when it may go on */
  constructor(channels: Channels, hold: (held: boolean) => void) {
    this.#channels = channels;
    const limit = Number(process.env.MODEL_TYPES_KERNEL_OUTPUT_LIMIT);
    this.#streams = new Streams({
      publish: (context, name, text) => this.now(context, 'stream', { name, text }),
      nameOf: (context) => this.#contexts.find(context)?.name ?? 'cell',
      hold,
      ...(limit > 0 ? { limit } : {}),
    });
  }

  /** A cell whose outputs are to come; `name` is what notices call it. */
  begin({ header, identities }: Message, name: string): void {
    this.#contexts.addCell({ id: header.msg_id, header, identities, name });
  }

  /** A comm message whose handlers may print. */
  beginComm({ header, identities }: Message): void {
    this.#contexts.addComm({ id: header.msg_id, header, identities, name: 'widget' });
  }

  /** The cell that came last. */
  get latest(): Context | undefined {
    return this.#contexts.latest;
  }

  find(context: string): Context | undefined {
    return this.#contexts.find(context);
  }

  /** Printed text: gathered for a moment, then published. */
  print(context: string, name: StreamName, text: string): void {
    this.#streams.write(context, name, text);
  }

  /** Anything but printed text, after the text before it. */
  emit(context: string, type: string, content: object, extras: Extras = {}): void {
    this.#streams.flush();
    this.#streams.spend(() => this.now(context, type, content, extras));
  }

  comm(context: string, { kind, commId, target, data, metadata, buffers }: CommMessage): void {
    const content = { comm_id: commId, data, ...(kind === 'comm_open' ? { target_name: target } : {}) };
    this.emit(context, kind, content, { metadata, buffers });
  }

  error(context: string, { ename, evalue, traceback }: ErrorContent): void {
    this.emit(context, 'error', { ename, evalue, traceback });
  }

  /** Does something once all before it has been published. */
  after(act: () => void): void {
    this.#streams.flush();
    this.#streams.spend(() => {
      act();
      return 0;
    });
  }

  /** Publishes at once, before what waits. Returns the size of the message in bytes. */
  now(context: string, type: string, content: object, extras: Extras = {}): number {
    return this.#channels.publish(type, content, this.#contexts.find(context)?.header ?? {}, extras);
  }

  /** A request prints no more: says what is left to say where its text was cut. */
  end(context: string): void {
    this.#streams.end(context);
  }

  /** Resolves once everything has been published. */
  drained(): Promise<void> {
    return this.#streams.drained();
  }

  /** @param running the cell that runs, if one does */
  status(state: 'busy' | 'idle', message: Message, running: string | undefined): void {
    this.#channels.publish('status', { execution_state: state }, message.header);
    if (state === 'busy' || running === undefined || running === message.header.msg_id) return;
    // A client shows the state it heard last, of whatever request: a cell that still runs says so again.
    this.now(running, 'status', { execution_state: 'busy' });
  }
}
