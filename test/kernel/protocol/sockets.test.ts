// The sockets, spoken to by ZeroMQ clients of the test's own.

import { randomUUID } from 'node:crypto';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { Dealer, Request, Subscriber } from 'zeromq';
import { type Connection, readConnection } from '../../../src/kernel/protocol/connection.js';
import type { Message } from '../../../src/kernel/protocol/messages.js';
import { bindSockets, type Channels } from '../../../src/kernel/protocol/sockets.js';
import { Wire } from '../../../src/kernel/protocol/wire.js';

const key = 'secret';
const cleanups: (() => unknown)[] = [];
afterEach(async () => {
  for (const cleanup of cleanups.splice(0).reverse()) await cleanup();
});

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function connection(transport: 'tcp' | 'ipc' = 'tcp'): Promise<Connection> {
  const ports = await Promise.all(
    ['shell', 'iopub', 'stdin', 'control', 'hb'].map(async (name) => [name, await freePort()]),
  );
  return readConnection({
    ...Object.fromEntries(ports.map(([name, port]) => [`${name}_port`, port])),
    transport,
    ip: transport === 'tcp' ? '127.0.0.1' : join(tmpdir(), `sockets-${randomUUID().slice(0, 8)}`),
    key,
  });
}

async function bind(where: Connection): Promise<Channels> {
  const channels = await bindSockets(where);
  cleanups.push(() => channels.close());
  return channels;
}

/** A client of one channel. */
class Client {
  readonly #wire = new Wire(key);
  readonly socket = new Dealer({ linger: 0, receiveTimeout: 5000 });

  constructor(address: string) {
    this.socket.connect(address);
    cleanups.push(() => this.socket.close());
  }

  send(type: string, content: object): Promise<void> {
    return this.socket.send(this.#wire.encode([], { type, content, parentHeader: {} }) as Buffer[]);
  }

  async receive(): Promise<Message> {
    const decoded = this.#wire.decode(await this.socket.receive());
    if (!decoded.ok) throw new Error(decoded.reason);
    return decoded.message;
  }
}

/** A client of iopub, greeted. */
async function subscriber(where: Connection): Promise<{ next(): Promise<{ topic: string; message: Message }> }> {
  const socket = new Subscriber({ linger: 0, receiveTimeout: 5000, receiveHighWaterMark: 0 });
  cleanups.push(() => socket.close());
  socket.connect(where.addresses.iopub);
  socket.subscribe('');
  const wire = new Wire(key);
  return {
    next: async () => {
      const frames = await socket.receive();
      const decoded = wire.decode(frames);
      if (!decoded.ok) throw new Error(decoded.reason);
      return { topic: String(frames[0]), message: decoded.message };
    },
  };
}

test.each(['tcp', 'ipc'] as const)('a request over %s is answered, with its header as parent', async (transport) => {
  const where = await connection(transport);
  const channels = await bind(where);
  channels.onMessage((channel, message) =>
    channels.reply(channel, message, 'echo_reply', { channel, ...message.content }),
  );
  for (const name of ['shell', 'control'] as const) {
    const client = new Client(where.addresses[name]);
    await client.send('echo_request', { text: 'ü🙂' });
    const reply = await client.receive();
    expect(reply.content).toEqual({ channel: name, text: 'ü🙂' });
    expect(reply.header).toMatchObject({ msg_type: 'echo_reply', session: channels.session });
    expect(reply.parentHeader).toMatchObject({ msg_type: 'echo_request' });
  }
});

test('a new subscription is welcomed, and hears everything in order', async () => {
  const where = await connection();
  const channels = await bind(where);
  const heard = await subscriber(where);
  const { topic, message } = await heard.next();
  expect(topic).toBe('');
  expect(message).toMatchObject({
    header: { msg_type: 'iopub_welcome' },
    parentHeader: {},
    content: { subscription: '' },
  });

  const count = 5000;
  for (let index = 0; index < count; index++) channels.publish('stream', { name: 'stdout', text: `${index}` }, {});
  for (let index = 0; index < count; index++) {
    const next = await heard.next();
    expect(next.topic).toBe(`kernel.${channels.session}.stream`);
    if (next.message.content.text !== `${index}`) throw new Error(`${next.message.content.text} came for ${index}`);
  }
  // A second client is welcomed too, though the subscription is not new to the kernel.
  expect((await (await subscriber(where)).next()).message.header.msg_type).toBe('iopub_welcome');
});

test('the one client that is asked answers on stdin', async () => {
  const where = await connection();
  const channels = await bind(where);
  const answers: string[] = [];
  channels.onInputReply((message) => answers.push(String(message.content.value)));
  channels.onMessage((_channel, message) => {
    channels.ask(message.identities, message.header, { prompt: 'Name?', password: false });
  });
  const [shell, stdin] = [new Dealer({ linger: 0, routingId: 'me' }), new Dealer({ linger: 0, routingId: 'me' })];
  cleanups.push(
    () => shell.close(),
    () => stdin.close(),
  );
  shell.connect(where.addresses.shell);
  stdin.connect(where.addresses.stdin);
  const wire = new Wire(key);
  // Known to the kernel's stdin socket only once it has spoken or shaken hands.
  await new Promise((resolve) => setTimeout(resolve, 100));
  await shell.send(wire.encode([], { type: 'execute_request', content: {}, parentHeader: {} }) as Buffer[]);
  const asked = wire.decode(await stdin.receive());
  if (!asked.ok) throw new Error(asked.reason);
  expect(asked.message).toMatchObject({
    header: { msg_type: 'input_request' },
    content: { prompt: 'Name?', password: false },
    parentHeader: { msg_type: 'execute_request' },
  });
  await stdin.send(
    wire.encode([], { type: 'input_reply', content: { value: 'Ada' }, parentHeader: asked.message.header }) as Buffer[],
  );
  await expect.poll(() => answers).toEqual(['Ada']);
});

test('what is not signed is told as dropped and answered by nobody', async () => {
  const where = await connection();
  const channels = await bind(where);
  const dropped: string[] = [];
  const taken: string[] = [];
  channels.onDropped((channel, reason) => dropped.push(`${channel}: ${reason}`));
  channels.onMessage((_channel, message) => taken.push(message.header.msg_type));
  const client = new Client(where.addresses.shell);
  const forged = new Wire('another key').encode([], { type: 'execute_request', content: {}, parentHeader: {} });
  await client.socket.send(forged as Buffer[]);
  await client.socket.send(['only', 'noise']);
  await client.send('kernel_info_request', {});
  await expect.poll(() => taken).toEqual(['kernel_info_request']);
  expect(dropped).toHaveLength(2);
  expect(dropped[0]).toContain('shell: its signature');
});

test('the heartbeat answers while we are busy', async () => {
  const where = await connection();
  await bind(where);
  const client = new Request({ linger: 0, receiveTimeout: 5000 });
  cleanups.push(() => client.close());
  client.connect(where.addresses.hb);
  await client.send('warm');
  await client.receive();
  await client.send('ping');
  // Nothing of JavaScript runs meanwhile.
  Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 300);
  const since = performance.now();
  expect(String((await client.receive())[0])).toBe('ping');
  // The answer was there already.
  expect(performance.now() - since).toBeLessThan(100);
});

test('control overtakes a long queue on shell', async () => {
  const where = await connection();
  const channels = await bind(where);
  const [shell, control] = [new Client(where.addresses.shell), new Client(where.addresses.control)];
  for (let index = 0; index < 2000; index++) await shell.send('execute_request', { code: 'x'.repeat(1000) });
  await control.send('interrupt_request', {});
  await new Promise((resolve) => setTimeout(resolve, 200));
  const order: string[] = [];
  channels.onMessage((_channel, message) => order.push(message.header.msg_type));
  await expect.poll(() => order.length).toBe(2001);
  expect(order.indexOf('interrupt_request')).toBeLessThan(200);
});

test('a port that is taken is named, and the others are given back', async () => {
  const where = await connection();
  const first = await bind(where);
  await expect(bindSockets(where)).rejects.toThrow(/channel cannot listen at tcp:\/\/127\.0\.0\.1:\d+/);
  await first.close();
  // Free again; the operating system may take a moment.
  await expect
    .poll(async () => {
      try {
        await bind(where);
        return 'bound';
      } catch (error) {
        return String(error);
      }
    })
    .toBe('bound');
});

test('what was published before closing arrives', async () => {
  const where = await connection();
  const channels = await bind(where);
  const heard = await subscriber(where);
  await heard.next();
  for (let index = 0; index < 1000; index++) channels.publish('stream', { text: `${index}` }, {});
  await channels.close();
  let last = '';
  for (let index = 0; index < 1000; index++) last = String((await heard.next()).message.content.text);
  expect(last).toBe('999');
});
