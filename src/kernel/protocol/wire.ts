// Messages to and from the frames that ZeroMQ carries:
//
//   [identity, ...] <IDS|MSG> signature header parent_header metadata content [buffer, ...]
//
// What cannot be read, or is not signed with the connection's key, gives a reason and never an exception: whoever can reach
// the port can send anything.

import { createHmac, getHashes, randomUUID, timingSafeEqual } from 'node:crypto';
import { jsonBytes, readObject } from './json.js';
import { type Header, type JsonObject, type Message, protocolVersion } from './messages.js';

const delimiter = Buffer.from('<IDS|MSG>');

/** How many signatures are remembered, to refuse a message that is sent twice. */
const remembered = 65_536;

export type Decoded =
  | { readonly ok: true; readonly message: Message }
  | { readonly ok: false; readonly reason: string };

export interface Outgoing {
  readonly type: string;
  readonly content: object;
  readonly parentHeader: object;
  readonly metadata?: object;
  readonly buffers?: readonly Uint8Array[];
}

export class Wire {
  /** Names this run of the kernel in every header it sends. */
  readonly session = randomUUID();
  readonly #key: string;
  readonly #hash: string;
  readonly #seen = new Set<string>();
  #count = 0;

  /**
   * @param key of the connection file; with an empty one messages are neither signed nor checked
   * @param scheme for instance `hmac-sha256`
   */
  constructor(key: string, scheme = 'hmac-sha256') {
    const hash = scheme.replace(/^hmac-/, '');
    if (key !== '' && (hash === scheme || !getHashes().includes(hash))) {
      throw new Error(
        `The connection file asks for messages signed by "${scheme}", which Node.js does not know. Use "hmac-sha256".`,
      );
    }
    this.#key = key;
    this.#hash = hash;
  }

  /** The frames of a message of ours, with a header made now. */
  encode(prefix: readonly Uint8Array[], message: Outgoing): Uint8Array[] {
    const header: Header = {
      msg_id: `${this.session}_${process.pid}_${this.#count++}`,
      msg_type: message.type,
      session: this.session,
      username: 'kernel',
      date: new Date().toISOString(),
      version: protocolVersion,
    };
    const parts = [header, message.parentHeader, message.metadata ?? {}, message.content].map(jsonBytes);
    return [...prefix, delimiter, Buffer.from(this.#sign(parts)), ...parts, ...(message.buffers ?? [])];
  }

  decode(frames: readonly Uint8Array[]): Decoded {
    const at = frames.findIndex((frame) => delimiter.equals(frame));
    if (at < 0) return dropped('no <IDS|MSG> among its frames');
    const [signature, ...rest] = frames.slice(at + 1);
    if (signature === undefined || rest.length < 4) {
      return dropped(`${frames.length - at - 1} frames after <IDS|MSG>; a signature and 4 parts belong there`);
    }
    const parts = rest.slice(0, 4);
    const refused = this.#refuse(signature, parts);
    if (refused !== undefined) return dropped(refused);

    const read: JsonObject[] = [];
    for (const [index, name] of (['header', 'parent_header', 'metadata', 'content'] as const).entries()) {
      const value = readObject(parts[index] as Uint8Array);
      if (value === undefined) return dropped(`its ${name} is not a JSON object`);
      read.push(value);
    }
    const [sent, parentHeader, metadata, content] = read as [JsonObject, JsonObject, JsonObject, JsonObject];
    const header = readHeader(sent);
    if (typeof header === 'string') return dropped(header);
    const identities = frames.slice(0, at);
    return { ok: true, message: { identities, header, parentHeader, metadata, content, buffers: rest.slice(4) } };
  }

  #sign(parts: readonly Uint8Array[]): string {
    if (this.#key === '') return '';
    const hmac = createHmac(this.#hash, this.#key);
    for (const part of parts) hmac.update(part);
    return hmac.digest('hex');
  }

  /** Why these parts are not to be trusted. */
  #refuse(signature: Uint8Array, parts: readonly Uint8Array[]): string | undefined {
    if (this.#key === '') return undefined;
    const expected = Buffer.from(this.#sign(parts));
    if (signature.length !== expected.length || !timingSafeEqual(signature, expected)) {
      return 'its signature is not made with the key of the connection file';
    }
    // A part of it tells messages apart as well, in a third of the memory.
    const mark = expected.toString('latin1', 0, 24);
    if (this.#seen.has(mark)) return 'it was sent before';
    this.#seen.add(mark);
    if (this.#seen.size > remembered) {
      const [oldest] = this.#seen;
      if (oldest !== undefined) this.#seen.delete(oldest);
    }
    return undefined;
  }
}

function dropped(reason: string): Decoded {
  return { ok: false, reason };
}

/** The header with every field it should have; a text that says what is wrong with it otherwise. */
function readHeader(sent: JsonObject): Header | string {
  const text = (name: string) => (typeof sent[name] === 'string' ? (sent[name] as string) : '');
  for (const name of ['msg_id', 'msg_type']) {
    if (text(name) === '') return `its header has no ${name}`;
  }
  // Clients find their own requests by the header they sent, so that simple fields unknown to us stay in it.
  const simple = Object.entries(sent).filter(([, value]) => typeof value !== 'object' || value === null);
  return {
    ...Object.fromEntries(simple),
    msg_id: text('msg_id'),
    msg_type: text('msg_type'),
    session: text('session'),
    username: text('username'),
    date: text('date'),
    version: text('version'),
  };
}
