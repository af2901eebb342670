// Requests: the protocol's defaults filled in, and wrong fields named.

import { expect, test } from 'vitest';
import type { JsonObject, Message } from '../../../src/kernel/protocol/messages.js';
import { readInputReply, readRequest } from '../../../src/kernel/protocol/requests.js';

function message(type: string, content: JsonObject): Message {
  const header = { msg_id: '1', msg_type: type, session: '', username: '', date: '', version: '' };
  return { identities: [], header, parentHeader: {}, metadata: {}, content, buffers: [] };
}

const read = (type: string, content: JsonObject) => readRequest(message(type, content));
const contentOf = (type: string, content: JsonObject) => {
  const result = read(type, content);
  return result.ok ? result.request.content : result.reason;
};

test('an execute_request with code alone is stored, may ask, and stops others when it fails', () => {
  expect(contentOf('execute_request', { code: '1' })).toEqual({
    code: '1',
    silent: false,
    store_history: true,
    user_expressions: {},
    allow_stdin: true,
    stop_on_error: true,
  });
  expect(contentOf('execute_request', { code: '1', silent: true, store_history: true })).toMatchObject({
    silent: true,
    store_history: false,
  });
});

test('null stands for a field left out', () => {
  expect(contentOf('execute_request', { code: '', user_expressions: null, silent: null })).toMatchObject({
    user_expressions: {},
    silent: false,
  });
  expect(contentOf('comm_info_request', { target_name: null })).toEqual({});
  expect(contentOf('comm_info_request', { target_name: 'jupyter.widget' })).toEqual({ target_name: 'jupyter.widget' });
});

test('a cursor that is left out is at the end, a negative one at the beginning', () => {
  expect(contentOf('complete_request', { code: 'a' })).toEqual({ code: 'a', cursor_pos: Number.MAX_SAFE_INTEGER });
  expect(contentOf('inspect_request', { code: 'a', cursor_pos: -3, detail_level: 5 })).toEqual({
    code: 'a',
    cursor_pos: 0,
    detail_level: 1,
  });
});

test('history has its three forms', () => {
  expect(contentOf('history_request', { hist_access_type: 'tail', n: 3, output: true, raw: true })).toEqual({
    hist_access_type: 'tail',
    n: 3,
    output: true,
    raw: true,
  });
  expect(contentOf('history_request', { hist_access_type: 'range', session: -1, start: 2, stop: null })).toMatchObject({
    session: -1,
    start: 2,
    stop: null,
  });
  expect(contentOf('history_request', { hist_access_type: 'search', pattern: 'a*' })).toMatchObject({
    pattern: 'a*',
    n: null,
    unique: false,
  });
});

test.each([
  ['execute_request', {}, 'execute_request: "code" should be a text, and is missing'],
  ['execute_request', { code: 5 }, '"code" should be a text, and is 5'],
  ['execute_request', { code: '', silent: 'yes' }, '"silent" should be true or false, and is "yes"'],
  ['execute_request', { code: '', user_expressions: [] }, '"user_expressions" should be an object, and is []'],
  ['execute_request', { code: '', user_expressions: { a: 1 } }, 'an object of texts'],
  ['complete_request', { code: '', cursor_pos: 1.5 }, '"cursor_pos" should be an integer, and is 1.5'],
  ['history_request', { hist_access_type: 'all' }, '"hist_access_type" should be "tail", "range" or "search"'],
  ['comm_open', { comm_id: 'x' }, '"target_name"'],
  ['comm_msg', { comm_id: {} }, '"comm_id"'],
  ['shutdown_request', { restart: 0 }, '"restart"'],
])('%s %j is told what is wrong', (type, content, reason) => {
  const result = read(type, content);
  expect(result).toMatchObject({ ok: false, known: true });
  expect(result.ok ? '' : result.reason).toContain(reason);
});

test('a long wrong value is cut', () => {
  const result = read('execute_request', { code: Array(1000).fill('x') });
  expect(result.ok ? '' : result.reason.length).toBeLessThan(200);
});

test.each(['debug_request', 'toString', '__proto__', 'x'])('%s is a request nobody knows', (type) => {
  expect(read(type, {})).toMatchObject({ ok: false, known: false });
});

test('only an input_reply with a text is one', () => {
  expect(readInputReply(message('input_reply', { value: 'Ada' }))).toEqual({ value: 'Ada' });
  expect(readInputReply(message('input_reply', { value: 7 }))).toBeUndefined();
  expect(readInputReply(message('execute_request', { value: 'Ada' }))).toBeUndefined();
});
