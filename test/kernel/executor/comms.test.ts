import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { CommMessage } from '../../../src/kernel/executor/messages.js';
import { Executor } from './harness.js';

let executor: Executor;
beforeAll(async () => {
  executor = await Executor.start();
});
afterAll(() => executor.close());

const bridge = 'const bridge = globalThis[Symbol.for("model-types.kernel")];';
const message = (
  kind: CommMessage['kind'],
  commId: string,
  data: object = {},
  buffers: Uint8Array[] = [],
): CommMessage => ({
  kind,
  commId,
  ...(kind === 'comm_open' && { target: 'echo' }),
  data: data as CommMessage['data'],
  metadata: {},
  buffers,
});

const sent = () => executor.messages.filter((each) => each.type === 'comm');

describe('a comm that a cell opens', () => {
  it('sends and hears, buffers too, in the context of the message', async () => {
    const context = executor.start(`${bridge}
      const comm = bridge.openComm("widget", { id: "w1", data: { a: 1 }, metadata: { version: "2" }, buffers: [new Uint8Array([1, 2])] });
      comm.onMessage(async ({ data, buffers }) => {
        console.log("heard", data.x, buffers[0]?.[0]);
        await new Promise((resolve) => setTimeout(resolve, 10));
        console.log("handled", bridge.context());
        comm.send({ echo: data.x });
      });
      comm.onClose(() => console.log("closed"));`);
    await executor.done(context);
    expect(sent().at(-1)).toMatchObject({
      context,
      message: { kind: 'comm_open', commId: 'w1', target: 'widget', data: { a: 1 }, metadata: { version: '2' } },
    });
    executor.send({ type: 'comm', context: 'm1', message: message('comm_msg', 'w1', { x: 5 }, [new Uint8Array([9])]) });
    await executor.first('handled', ({ context }) => context === 'm1');
    expect(executor.text('m1')).toBe('heard 5 9\nhandled m1\n');
    expect(sent().at(-1)).toMatchObject({
      context: 'm1',
      message: { kind: 'comm_msg', commId: 'w1', data: { echo: 5 } },
    });
    executor.send({ type: 'comm', context: 'm2', message: message('comm_close', 'w1') });
    await executor.first('handled', ({ context }) => context === 'm2');
    expect(executor.text('m2')).toBe('closed\n');
  });
});

describe('a comm that the client opens', () => {
  it('is closed where nobody serves its target, and noted', async () => {
    executor.send({ type: 'comm', context: 'm3', message: message('comm_open', 'c1') });
    await executor.first('handled', ({ context }) => context === 'm3');
    expect(sent().at(-1)).toMatchObject({ context: 'm3', message: { kind: 'comm_close', commId: 'c1' } });
    const outcome = await executor.run(
      `${bridge} $.result = [bridge.wasAskedFor("echo"), bridge.wasAskedFor("other")].join();`,
    );
    expect(outcome.result?.data['text/plain']).toContain('true,false');
  });

  it('is served by its handler; errors of handlers are reported and not fatal', async () => {
    await executor.run(`${bridge} bridge.onCommOpen("echo", (comm, { data }) => {
      comm.send(data);
      comm.onMessage(async () => { await null; throw new RangeError("bad handler"); });
    });`);
    executor.send({ type: 'comm', context: 'm4', message: message('comm_open', 'c2', { hi: 1 }) });
    await executor.first('handled', ({ context }) => context === 'm4');
    expect(sent().at(-1)).toMatchObject({
      context: 'm4',
      message: { kind: 'comm_msg', commId: 'c2', data: { hi: 1 } },
    });
    executor.send({ type: 'comm', context: 'm5', message: message('comm_msg', 'c2') });
    await executor.first('handled', ({ context }) => context === 'm5');
    expect(await executor.first('stray', ({ context }) => context === 'm5')).toMatchObject({
      error: { ename: 'RangeError' },
    });
  });

  it('may be spoken to while a cell waits, and its handler stopped where none runs', async () => {
    await executor.run(`${bridge} bridge.onCommOpen("echo", async (comm, { data }) => {
      console.log("open");
      if (data.forever) await $.wait(new Promise(() => {}));
      globalThis.release?.();
    });`);
    const cell = executor.start('await $.wait(new Promise((resolve) => { globalThis.release = resolve; }));');
    executor.send({ type: 'comm', context: 'm6', message: message('comm_open', 'c3') });
    await executor.done(cell);
    expect(executor.text('m6')).toBe('open\n');
    executor.send({ type: 'comm', context: 'm7', message: message('comm_open', 'c4', { forever: true }) });
    await executor.first('stream', ({ context }) => context === 'm7');
    executor.interrupt();
    await executor.first('handled', ({ context }) => context === 'm7');
  });
});
