// Frames: what is signed rightly is read, everything else is dropped with a reason.

import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { Wire } from '../../../src/kernel/protocol/wire.js';

const key = '5f0c1d2e-key';
const header = { msg_id: 'a1', msg_type: 'execute_request', session: 's', username: 'u', date: 'd', version: '5.3' };

/** The frames of a message as a client sends it; parts that are not texts are written as JSON. */
function frames(parts: readonly unknown[] = [header, {}, {}, {}], signature?: string): Buffer[] {
  const bytes = parts.map((part) => (Buffer.isBuffer(part) ? part : Buffer.from(JSON.stringify(part))));
  const hmac = createHmac('sha256', key);
  for (const part of bytes.slice(0, 4)) hmac.update(part);
  return [Buffer.from('client'), Buffer.from('<IDS|MSG>'), Buffer.from(signature ?? hmac.digest('hex')), ...bytes];
}

const reasonOf = (sent: readonly Uint8Array[]): string | undefined => {
  const decoded = new Wire(key).decode(sent);
  return decoded.ok ? undefined : decoded.reason;
};

test('a message is read whole: identities, header, parent, metadata, content, buffers', () => {
  const buffer = Buffer.from([0, 255, 10]);
  const decoded = new Wire(key).decode(frames([header, { msg_id: 'p' }, { m: 1 }, { code: '1 + 1 // 𝛼 ü' }, buffer]));
  expect(decoded).toEqual({
    ok: true,
    message: {
      identities: [Buffer.from('client')],
      header,
      parentHeader: { msg_id: 'p' },
      metadata: { m: 1 },
      content: { code: '1 + 1 // 𝛼 ü' },
      buffers: [buffer],
    },
  });
});

test('what one wire encodes another one with the same key decodes', () => {
  const [ours, theirs] = [new Wire(key), new Wire(key)];
  const sent = ours.encode([Buffer.from('id')], {
    type: 'stream',
    content: { name: 'stdout', text: '🙂\n' },
    parentHeader: header,
    buffers: [Uint8Array.of(1, 2)],
  });
  const decoded = theirs.decode(sent);
  if (!decoded.ok) throw new Error(decoded.reason);
  expect(decoded.message).toMatchObject({ content: { text: '🙂\n' }, parentHeader: header, metadata: {} });
  expect(decoded.message.header).toMatchObject({ msg_type: 'stream', session: ours.session, version: '5.5' });
  expect(new Date(decoded.message.header.date).getTime()).toBeGreaterThan(0);
  expect([...(decoded.message.buffers[0] as Uint8Array)]).toEqual([1, 2]);
});

describe('dropped', () => {
  test.each([
    ['another key', frames(undefined, createHmac('sha256', 'other').update('x').digest('hex')), /signature/],
    ['no signature', frames(undefined, ''), /signature/],
    ['a signature that is not hex', frames(undefined, '\u0000'.repeat(64)), /signature/],
    ['no delimiter', [Buffer.from('client'), Buffer.from('hello')], /IDS/],
    ['nothing at all', [], /IDS/],
    ['too few parts', frames().slice(0, 5), /2 frames|3 frames/],
    ['only a delimiter', [Buffer.from('<IDS|MSG>')], /0 frames/],
    ['a header that is not JSON', frames([Buffer.from('{'), {}, {}, {}]), /header is not a JSON object/],
    ['content that is a list', frames([header, {}, {}, []]), /content is not a JSON object/],
    ['metadata that is null', frames([header, {}, null, {}]), /metadata is not a JSON object/],
    ['a parent that is a text', frames([header, 'x', {}, {}]), /parent_header is not a JSON object/],
    ['no message id', frames([{ ...header, msg_id: '' }, {}, {}, {}]), /msg_id/],
    ['a type that is a number', frames([{ ...header, msg_type: 7 }, {}, {}, {}]), /msg_type/],
  ])('%s', (_name, sent, reason) => expect(reasonOf(sent)).toMatch(reason));

  test('a message sent twice', () => {
    const wire = new Wire(key);
    expect(wire.decode(frames()).ok).toBe(true);
    expect(wire.decode(frames())).toEqual({ ok: false, reason: 'it was sent before' });
  });
});

test('without a key nothing is signed and nothing checked', () => {
  const wire = new Wire('');
  expect(wire.decode(frames(undefined, 'whatever')).ok).toBe(true);
  expect(wire.decode(frames(undefined, 'whatever')).ok).toBe(true);
  const sent = wire.encode([], { type: 'status', content: {}, parentHeader: {} });
  expect(sent[1]).toHaveLength(0);
});

test('other hashes of Node.js can sign; unknown ones are refused by name', () => {
  const wire = new Wire(key, 'hmac-sha512');
  const sent = wire.encode([], { type: 'status', content: {}, parentHeader: {} });
  expect(sent[1]).toHaveLength(128);
  expect(new Wire(key, 'hmac-sha512').decode(sent).ok).toBe(true);
  expect(() => new Wire(key, 'hmac-rot13')).toThrow(/hmac-rot13.*hmac-sha256/);
  expect(() => new Wire(key, 'sha256')).toThrow(/sha256/);
});

describe('texts', () => {
  const sentText = (text: string): string => {
    const parts = new Wire(key).encode([], { type: 'stream', content: { text }, parentHeader: {} });
    return Buffer.from(parts[5] as Uint8Array).toString();
  };

  test('half a surrogate pair becomes U+FFFD, since Python could not pass it on', () => {
    expect(sentText('a\ud83d b\ude42')).toBe('{"text":"a\\ufffd b\\ufffd"}');
    expect(JSON.parse(sentText('🙂 \\ud83d'))).toEqual({ text: '🙂 \\ud83d' });
    expect(JSON.parse(sentText('\\\\ud83d\ud83d'))).toEqual({ text: '\\\\ud83d\ufffd' });
  });

  test('bytes that are not UTF-8 become U+FFFD', () => {
    const content = Buffer.concat([Buffer.from('{"code":"'), Buffer.of(0xff), Buffer.from('"}')]);
    const decoded = new Wire(key).decode(frames([header, {}, {}, content]));
    expect(decoded).toMatchObject({ ok: true, message: { content: { code: '\ufffd' } } });
  });
});

test('what JSON cannot hold is written as well as can be', () => {
  const circle: { self?: unknown; big: bigint; list: unknown[] } = { big: 2n ** 70n, list: [1n] };
  circle.self = circle;
  const parts = new Wire(key).encode([], { type: 'display_data', content: circle, parentHeader: {} });
  expect(JSON.parse(Buffer.from(parts[5] as Uint8Array).toString())).toEqual({
    big: '1180591620717411303424',
    list: ['1'],
    self: null,
  });
});
