// The guard that lessons.test.ts relies on does catch what it should, in plain Node and inside the notebook's kernel.

import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { kernelName, tslabName } from '../../src/setup/paths.mjs';
import { runLesson, runNode, socketGuard } from './run.js';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'offline-'));
});
afterAll(() => rm(folder, { recursive: true }));

test.each([
  ['fetch', "await fetch('http://192.0.2.1/')", 'connection to 192.0.2.1'],
  ['https', "(await import('node:https')).get('https://192.0.2.1/')", 'connection to 192.0.2.1'],
  ['net', "(await import('node:net')).connect(443, '192.0.2.1')", 'connection to 192.0.2.1'],
  ['a look-up', "await (await import('node:dns')).promises.lookup('example.com')", 'look-up of example.com'],
  [
    'a datagram',
    "(await import('node:dgram')).createSocket('udp4').send('x', 53, '192.0.2.1')",
    'datagram to 192.0.2.1',
  ],
])('%s beyond this machine is refused and written down', async (name, code, line) => {
  const log = join(folder, name);
  const finished = await runNode(['--input-type=module', '-e', code], socketGuard(log));
  expect(finished.code, finished.words).not.toBe(0);
  expect(await readFile(log, 'utf8')).toContain(line);
});

test('this machine itself may be talked to', async () => {
  const server = createServer((_, response) => response.end('here'));
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  const log = join(folder, 'loopback');
  const code = `console.log(await (await fetch('http://127.0.0.1:${port}/')).text())`;
  const finished = await runNode(['--input-type=module', '-e', code], socketGuard(log));
  server.close();
  expect(finished).toEqual({ code: 0, words: 'here\n' });
  await expect(readFile(log)).rejects.toThrow('ENOENT');
});

test.each([
  [kernelName, 'executor'],
  [tslabName, 'tslab'],
])(
  'on the kernel %s a notebook that asks the network is caught',
  async (kernel, program) => {
    const log = join(folder, `notebook-${kernel}`);
    const notebook = join('test', 'notebooks', 'fixtures', 'asks-network.ipynb');
    const { words } = await runLesson([notebook, '--kernel', kernel, '--out', folder], socketGuard(log));
    const lines = await readFile(log, 'utf8').catch(() => words);
    expect(lines).toContain('connection to 192.0.2.1 by');
    expect(lines).toContain('look-up of example.com by');
    expect(lines).toContain(program);
  },
  120_000,
);
