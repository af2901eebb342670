// What code prints and displays inside `capture` goes into the widget, also later.

import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { kernelBridge } from '../../../src/kernel/bridge.js';
import { Output } from '../../../src/kernel/widgets/index.js';
import { memoryKernel } from './memory-bridge.js';

function display(text: string, id?: string, update = false): void {
  const transient = id === undefined ? {} : { display_id: id };
  kernelBridge()?.publish({ data: { 'text/plain': text }, metadata: {}, transient }, update);
}

test('prints and displays are captured, and what was given is given', async () => {
  const client = memoryKernel();
  const output = new Output();
  const result = output.capture(() => {
    client.print('one\n');
    client.print('two\n');
    display('figure');
    return 5;
  });
  client.print('outside\n');
  expect(result).toBe(5);
  const outputs = [
    { output_type: 'stream', name: 'stdout', text: 'one\ntwo\n' },
    { output_type: 'display_data', data: { 'text/plain': 'figure' }, metadata: {} },
  ];
  expect(output.outputs).toEqual(outputs);
  await sleep(0);
  expect(client.state(output.id)).toMatchObject({ outputs, msg_id: '' });
  expect(client.printed).toEqual(['outside\n']);
});

test('what is printed after an await is captured too', async () => {
  const client = memoryKernel();
  const output = new Output();
  const running = output.capture(async () => {
    await sleep(5);
    client.print('later');
  });
  client.print('meanwhile');
  await running;
  await sleep(0);
  expect(client.state(output.id).outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'later' }]);
  expect(client.printed).toEqual(['meanwhile']);
});

test('a clear that waits leaves what is there until something comes', async () => {
  const client = memoryKernel();
  const output = new Output();
  output.capture(() => client.print('old'));
  output.clear({ wait: true });
  expect(output.outputs).toHaveLength(1);
  output.capture(() => {
    kernelBridge()?.clearOutput(true);
    client.print('new');
  });
  expect(output.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'new' }]);
  output.clear();
  await sleep(60);
  expect(client.state(output.id).outputs).toEqual([]);
});

test('an update finds its display here; one that is not here goes to the client', () => {
  const client = memoryKernel();
  const output = new Output();
  display('the cell', 'outside');
  output.capture(() => {
    display('10%', 'bar');
    display('other');
    display('20%', 'bar', true);
    display('updated', 'outside', true);
  });
  expect(output.outputs.map((one) => 'data' in one && one.data['text/plain'])).toEqual(['20%', 'other']);
  expect(client.published).toEqual([
    { data: { 'text/plain': 'the cell' }, update: false, id: 'outside' },
    { data: { 'text/plain': 'updated' }, update: true, id: 'outside' },
  ]);
});

test('a carriage return goes back to the start of its line', () => {
  const client = memoryKernel();
  const output = new Output();
  output.capture(() => {
    client.print('start\n10%');
    client.print('\r20%');
    client.print('\r30%\n');
  });
  expect(output.outputs).toEqual([{ output_type: 'stream', name: 'stdout', text: 'start\n30%\n' }]);
});

test('a flood is sent in few messages, and its beginning is let go', async () => {
  const client = memoryKernel();
  const output = new Output();
  output.capture(() => {
    for (let line = 0; line < 20_000; line++) client.print(`line ${line}\n`);
  });
  const [stream] = output.outputs;
  const text = stream && 'text' in stream ? stream.text : '';
  expect(text.startsWith('[What was printed before is not shown here.]\nline ')).toBe(true);
  expect(text.endsWith('line 19999\n')).toBe(true);
  expect(text.length).toBeLessThanOrEqual(100_000);
  expect(client.sent.filter(({ commId }) => commId === output.id).length).toBeLessThan(20);
});

test('what is thrown goes on to the caller; an error can be shown', async () => {
  memoryKernel();
  const output = new Output();
  expect(() =>
    output.capture(() => {
      throw new Error('no');
    }),
  ).toThrow('no');
  await expect(output.capture(() => Promise.reject(new Error('later')))).rejects.toThrow('later');
  output.displayError(new TypeError('no such thing'));
  expect(output.outputs).toMatchObject([{ output_type: 'error', ename: 'TypeError', evalue: 'no such thing' }]);
});
