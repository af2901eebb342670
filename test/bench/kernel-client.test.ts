// The client against ipykernel, which everyone with JupyterLab has: a kernel that nobody of this project wrote.
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { KernelClient } from '../../bench/suites/kernel-client.js';
import type { KernelCommand } from '../../bench/suites/kernel-contestants.js';
import { pythonOf, venv } from '../../src/setup/paths.mjs';

const python = pythonOf(venv);
let folder: string;
let client: KernelClient;
let milliseconds: number;

const command = (argv: readonly string[]): KernelCommand => ({
  name: 'ipykernel',
  title: 'ipykernel',
  language: 'python',
  argv,
  env: { IPYTHONDIR: folder },
  interrupt: 'signal',
});

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'kernel-client-'));
  client = new KernelClient(python, folder);
  milliseconds = await client.start(command([python, '-m', 'ipykernel_launcher', '-f', '{connection_file}']));
});

afterAll(async () => {
  await client.end();
  await rm(folder, { recursive: true, force: true });
});

test('a start lasts until the first result', () => {
  expect(milliseconds).toBeGreaterThan(50);
  expect(milliseconds).toBeLessThan(60_000);
});

test('cells are timed, with all that they say', async () => {
  const [printed, wrong] = await client.execute('ipykernel', ["for i in range(1000): print('line', i)", '1 / 0']);
  expect(printed).toMatchObject({ status: 'ok', lines: 1000, characters: 8890 });
  expect(printed?.text.endsWith('line 999\n')).toBe(true);
  expect(wrong).toMatchObject({ status: 'error', errors: ['ZeroDivisionError: division by zero'] });
  await expect(client.run('ipykernel', ['1', 'nobody'])).rejects.toThrow("NameError: name 'nobody' is not defined");
});

test('a cell that does not end in time is told of as late', async () => {
  const [late] = await client.execute('ipykernel', ['import time; time.sleep(1)'], { limit: 0.2 });
  expect(late).toMatchObject({ status: 'late' });
});

test('completion and inspection have answers, and none where the kernel is busy', async () => {
  await client.run('ipykernel', ["words = ['a']"]);
  const requests = [
    { kind: 'complete_request', code: 'words.app', cursor: 9 },
    { kind: 'inspect_request', code: 'words.append', cursor: 12 },
  ] as const;
  const idle = await client.ask('ipykernel', requests);
  expect(idle).toMatchObject([
    { found: expect.stringContaining('append') },
    { found: expect.stringContaining('append') },
  ]);
  const busy = await client.ask('ipykernel', [requests[0]], 'import time; time.sleep(3)');
  expect(busy).toEqual([{ milliseconds: null, found: '' }]);
});

test('Stop is timed; a kernel that cannot be stopped is told of', async () => {
  expect(await client.interrupt('ipykernel', 'while True: pass')).toBeLessThan(4000);
  expect(await client.run('ipykernel', ['2 + 3'])).toMatchObject([{ text: '5\n' }]);
});

test.runIf(process.platform === 'linux')('memory is of all processes of the kernel', async () => {
  await client.run('ipykernel', ["import subprocess; child = subprocess.Popen(['sleep', '60'])"]);
  const processes = await client.memory('ipykernel');
  expect(processes.map((each) => each.command)).toEqual([
    expect.stringContaining('ipykernel_launcher'),
    expect.stringContaining('sleep 60'),
  ]);
  for (const { rss, pss } of processes) expect(rss).toBeGreaterThanOrEqual(pss);
});

test('a kernel that does not start is told of with its last words', async () => {
  const broken = {
    ...command([process.execPath, '-e', "console.error('no zeromq here'); process.exit(3)"]),
    name: 'deno' as const,
  };
  await expect(client.start(broken)).rejects.toThrow(/deno ended with 3\..*no zeromq here/s);
});
