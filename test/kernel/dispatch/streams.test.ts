// Printed text on its way to the client: gathered, slowed down without loss, and cut with the rest kept in a file.

import { readFileSync } from 'node:fs';
import { afterAll, afterEach, expect, test, vi } from 'vitest';
import { createCutOutput, removeCutOutputs } from '../../../src/kernel/dispatch/cut-output.js';
import { type StreamName, Streams } from '../../../src/kernel/dispatch/streams.js';

interface Published {
  readonly context: string;
  readonly name: StreamName;
  readonly text: string;
}

function collect(limit?: number) {
  const published: Published[] = [];
  const holds: boolean[] = [];
  const streams = new Streams({
    publish: (context, name, text) => {
      published.push({ context, name, text });
      return text.length;
    },
    nameOf: (context) => `cell ${context}`,
    hold: (held) => holds.push(held),
    ...(limit === undefined ? {} : { limit }),
  });
  return {
    streams,
    published,
    holds,
    textOf: (name: StreamName) =>
      published
        .filter((each) => each.name === name)
        .map((each) => each.text)
        .join(''),
  };
}

afterEach(() => void vi.useRealTimers());
afterAll(removeCutOutputs);

test('lines printed together come in one message', async () => {
  const { streams, published } = collect();
  for (let i = 0; i < 1000; i++) streams.write('1', 'stdout', `line ${i}\n`);
  await streams.drained();
  expect(published).toHaveLength(1);
  expect(published[0]?.text.split('\n')).toHaveLength(1001);
});

test('the order of stdout, stderr and other outputs is kept', async () => {
  const { streams, published } = collect();
  streams.write('1', 'stdout', 'a');
  streams.write('1', 'stderr', 'b');
  streams.write('1', 'stdout', 'c');
  streams.flush();
  streams.spend(() => published.push({ context: '1', name: 'stdout', text: '[picture]' }));
  streams.write('1', 'stdout', 'd');
  await streams.drained();
  expect(published.map((each) => each.text)).toEqual(['a', 'b', 'c', '[picture]', 'd']);
});

test('text of two cells is never mixed', async () => {
  const { streams, published } = collect();
  streams.write('1', 'stdout', 'from 1');
  streams.write('2', 'stdout', 'from 2');
  streams.write('1', 'stdout', 'late, from 1');
  await streams.drained();
  expect(published.map(({ context, text }) => `${context}: ${text}`)).toEqual([
    '1: from 1',
    '2: from 2',
    '1: late, from 1',
  ]);
});

test('a flood waits for the server instead of being dropped by it, and the executor is held back meanwhile', async () => {
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] });
  const { streams, published, holds } = collect(100_000_000);
  const line = `${'x'.repeat(99)}\n`;
  for (let i = 0; i < 60_000; i++) streams.write('1', 'stdout', line);
  const end = streams.drained();
  // The burst that the server takes, and not much more.
  const atOnce = published.reduce((sum, each) => sum + each.text.length, 0);
  expect(atOnce).toBeGreaterThan(2_000_000);
  expect(atOnce).toBeLessThan(3_000_000);
  expect(holds.at(-1)).toBe(true);
  await vi.advanceTimersByTimeAsync(10_000);
  await end;
  expect(published.map((each) => each.text).join('')).toBe(line.repeat(60_000));
  expect(holds.at(-1)).toBe(false);
});

test('text beyond the limit goes to a file that holds all of it, and the notebook shows beginning, place and end', async () => {
  const { streams, textOf } = collect(10_000);
  let whole = '';
  for (let i = 0; i < 5000; i++) {
    whole += `line ${i}\n`;
    streams.write('7', 'stdout', `line ${i}\n`);
  }
  streams.end('7');
  await streams.drained();
  const shown = textOf('stdout');
  const path = /written to (\S+)\]/.exec(shown)?.[1] ?? '';
  expect(readFileSync(path, 'utf8')).toBe(whole);
  expect(path).toContain('cell-7');
  expect(whole.startsWith(shown.slice(0, 10_000))).toBe(true);
  expect(textOf('stderr')).toContain(`all ${whole.length.toLocaleString('en')} characters`);
  expect(textOf('stderr')).toMatch(/line 4998\nline 4999\n$/);
});

test('the file does not grow for ever either', () => {
  const cut = createCutOutput('cell 1', 10, 100);
  const notice = cut.take('stdout', 'x'.repeat(60));
  for (let i = 0; i < 10; i++) cut.take('stdout', 'y'.repeat(60));
  const path = /written to (\S+\.txt)/.exec(notice)?.[1] as string;
  expect(cut.end()).toContain(`of its 660 characters not all are kept: ${path} holds the first 100`);
  expect(readFileSync(path, 'utf8')).toBe('x'.repeat(60) + 'y'.repeat(40));
});

test('characters of two units are never cut in half', async () => {
  const { streams, published } = collect();
  streams.write('1', 'stdout', `a${'🙂'.repeat(200_000)}`);
  await streams.drained();
  expect(published.length).toBeGreaterThan(1);
  // A half of a pair does not survive being encoded.
  for (const { text } of published) expect(Buffer.from(text).toString()).toBe(text);
});
