// What a client asked, checked and with the protocol's defaults filled in: from here on, types hold. A request that is wrong gives
// a text that names the field, so that the client can be answered.

import { isObject } from './json.js';
import type { HistoryRequest, InputReply, JsonObject, Message, Request, Requests, RequestType } from './messages.js';

export type ReadRequest =
  | { readonly ok: true; readonly request: Request }
  /** `known` is whether there is such a request at all: one that is not has no reply either. */
  | { readonly ok: false; readonly known: boolean; readonly reason: string };

/** Thrown and caught in this file only. */
class Wrong extends Error {}

const readers: { readonly [T in RequestType]: (content: JsonObject) => Requests[T] } = {
  kernel_info_request: () => ({}),
  execute_request: (content) => {
    const silent = flag(content, 'silent', false);
    return {
      code: text(content, 'code'),
      silent,
      // As the protocol has it: what is silent is not kept.
      store_history: !silent && flag(content, 'store_history', true),
      user_expressions: expressions(content),
      allow_stdin: flag(content, 'allow_stdin', true),
      stop_on_error: flag(content, 'stop_on_error', true),
    };
  },
  complete_request: (content) => ({ code: text(content, 'code'), cursor_pos: cursor(content) }),
  inspect_request: (content) => ({
    code: text(content, 'code'),
    cursor_pos: cursor(content),
    detail_level: integer(content, 'detail_level', 0) > 0 ? 1 : 0,
  }),
  is_complete_request: (content) => ({ code: text(content, 'code') }),
  history_request: history,
  comm_info_request: (content) => {
    // A client that wants all targets leaves it out, or sends null or ''.
    const target = content.target_name ?? '';
    if (typeof target !== 'string') throw wrong(content, 'target_name', 'a text');
    return target === '' ? {} : { target_name: target };
  },
  comm_open: (content) => ({
    comm_id: text(content, 'comm_id'),
    target_name: text(content, 'target_name'),
    data: object(content, 'data'),
  }),
  comm_msg: (content) => ({ comm_id: text(content, 'comm_id'), data: object(content, 'data') }),
  comm_close: (content) => ({ comm_id: text(content, 'comm_id'), data: object(content, 'data') }),
  interrupt_request: () => ({}),
  shutdown_request: (content) => ({ restart: flag(content, 'restart', false) }),
};

/** The request in a message of shell or control. */
export function readRequest(message: Message): ReadRequest {
  const type = message.header.msg_type;
  if (!Object.hasOwn(readers, type)) return { ok: false, known: false, reason: `there is no request "${type}"` };
  try {
    const content = readers[type as RequestType](message.content);
    return { ok: true, request: { type, content } as Request };
  } catch (error) {
    if (!(error instanceof Wrong)) throw error;
    return { ok: false, known: true, reason: `${type}: ${error.message}` };
  }
}

/** What was typed; undefined where the message says no such thing. */
export function readInputReply(message: Message): InputReply | undefined {
  const { value } = message.content;
  return message.header.msg_type === 'input_reply' && typeof value === 'string' ? { value } : undefined;
}

function wrong(content: JsonObject, name: string, kind: string): Wrong {
  const found = JSON.stringify(content[name]) ?? 'missing';
  return new Wrong(`"${name}" should be ${kind}, and is ${found.length > 60 ? `${found.slice(0, 60)}...` : found}`);
}

function text(content: JsonObject, name: string): string {
  const value = content[name];
  if (typeof value !== 'string') throw wrong(content, name, 'a text');
  return value;
}

function flag(content: JsonObject, name: string, otherwise: boolean): boolean {
  const value = content[name] ?? otherwise;
  if (typeof value !== 'boolean') throw wrong(content, name, 'true or false');
  return value;
}

function integer(content: JsonObject, name: string, otherwise: number): number {
  const value = content[name] ?? otherwise;
  if (typeof value !== 'number' || !Number.isSafeInteger(value)) throw wrong(content, name, 'an integer');
  return value;
}

/** Without a position, or with one past the end, the end. */
function cursor(content: JsonObject): number {
  return Math.max(0, integer(content, 'cursor_pos', Number.MAX_SAFE_INTEGER));
}

function object(content: JsonObject, name: string): JsonObject {
  const value = content[name] ?? {};
  if (!isObject(value)) throw wrong(content, name, 'an object');
  return value;
}

function expressions(content: JsonObject): Readonly<Record<string, string>> {
  const found = object(content, 'user_expressions');
  for (const code of Object.values(found)) {
    if (typeof code !== 'string') throw wrong(content, 'user_expressions', 'an object of texts');
  }
  return found as Readonly<Record<string, string>>;
}

function history(content: JsonObject): HistoryRequest {
  const form = { output: flag(content, 'output', false), raw: flag(content, 'raw', true) };
  switch (content.hist_access_type) {
    case 'tail':
      return { ...form, hist_access_type: 'tail', n: Math.max(0, integer(content, 'n', 10)) };
    case 'range':
      return {
        ...form,
        hist_access_type: 'range',
        session: integer(content, 'session', 0),
        start: integer(content, 'start', 1),
        stop: content.stop == null ? null : integer(content, 'stop', 0),
      };
    case 'search':
      return {
        ...form,
        hist_access_type: 'search',
        pattern: typeof content.pattern === 'string' ? content.pattern : '*',
        n: content.n == null ? null : Math.max(0, integer(content, 'n', 0)),
        unique: flag(content, 'unique', false),
      };
    default:
      throw wrong(content, 'hist_access_type', '"tail", "range" or "search"');
  }
}
