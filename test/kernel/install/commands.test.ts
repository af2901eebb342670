// The command line, as typed, writing into folders of a home made for the test.

import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { run } from '../../../src/kernel/install/command-line.js';
import { install, list, uninstall } from '../../../src/kernel/install/commands.js';
import type { Kernelspec } from '../../../src/kernel/install/kernelspec.js';

let home: string;
beforeEach(async () => {
  home = await mkdtemp(join(tmpdir(), 'install-'));
});
afterEach(() => rm(home, { recursive: true }));

const place = (env: Record<string, string> = {}) => ({ platform: 'linux' as const, home, env });
const program = '/opt/model-types/dist/src/kernel/main.js';
const own = () => join(home, '.local', 'share', 'jupyter', 'kernels');
const specOf = (folder: string): Kernelspec => JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'));

async function foreign(name: string): Promise<void> {
  await mkdir(join(own(), name), { recursive: true });
  const spec = { argv: ['itypescript', '{connection_file}'], display_name: 'iTypeScript', language: 'typescript' };
  await writeFile(join(own(), name, 'kernel.json'), JSON.stringify(spec));
}

test('install writes a whole kernelspec of absolute paths, with its pictures and nothing beside it', () => {
  expect(install({ program, nodeOptions: ['--max-old-space-size=8192'], threads: '2' }, place())).toEqual([
    `Installed the kernel "typescript" (TypeScript) in ${join(own(), 'typescript')}`,
  ]);
  const folder = join(own(), 'typescript');
  expect(readdirSync(folder).sort()).toEqual(['kernel.json', 'logo-32x32.png', 'logo-64x64.png', 'logo-svg.svg']);
  expect(readdirSync(join(own(), '..'))).toEqual(['kernels']);
  expect(specOf(folder)).toMatchObject({
    argv: [process.execPath, '--max-old-space-size=8192', program, '{connection_file}'],
    display_name: 'TypeScript',
    language: 'typescript',
    interrupt_mode: 'message',
    kernel_protocol_version: '5.5',
    env: { ORT_INTRA_OP_NUM_THREADS: '2' },
    metadata: { debugger: false },
  });
});

test('it goes where it is told: an environment, a prefix, JUPYTER_DATA_DIR', () => {
  install({ program, sysPrefix: true }, place({ VIRTUAL_ENV: join(home, 'venv') }));
  install({ program, prefix: join(home, 'hub') }, place());
  install({ program }, place({ JUPYTER_DATA_DIR: join(home, 'data') }));
  for (const folder of ['venv/share/jupyter', 'hub/share/jupyter', 'data']) {
    expect(existsSync(join(home, folder, 'kernels', 'typescript', 'kernel.json'))).toBe(true);
  }
  expect(() => install({ program, user: true, prefix: home }, place())).toThrow(
    '--user and --prefix are different places',
  );
});

test('several kernels may stand beside each other, each with its own name and variables', () => {
  install({ program }, place());
  install({ program, name: 'Big', env: ['NODE_PATH=/opt/a=b'], threads: '0' }, place());
  expect(specOf(join(own(), 'big'))).toMatchObject({
    display_name: 'TypeScript (big)',
    env: { NODE_PATH: '/opt/a=b' },
  });
  expect(list(place())).toEqual([
    `big         TypeScript (big)  ${join(own(), 'big')}  (ours, broken: ${program} is gone, install it again)`,
    `typescript  TypeScript  ${join(own(), 'typescript')}  (ours, broken: ${program} is gone, install it again)`,
  ]);
});

test('ours is replaced, whatever else is in its folder; another’s only by --force', async () => {
  install({ program, displayName: 'Old' }, place());
  await writeFile(join(own(), 'typescript', 'stale.js'), '');
  expect(install({ program }, place())[0]).toContain('Updated the kernel');
  expect(existsSync(join(own(), 'typescript', 'stale.js'))).toBe(false);

  await foreign('taken');
  expect(() => install({ program, name: 'taken' }, place())).toThrow(/not ours: .*iTypeScript, started by itypescript/);
  expect(specOf(join(own(), 'taken')).display_name).toBe('iTypeScript');
  expect(install({ program, name: 'taken', force: true }, place())[0]).toContain('Replaced another kernel');
});

test('uninstall removes ours and nothing else', async () => {
  install({ program }, place());
  expect(uninstall({}, place())).toEqual([`Removed the kernel "typescript": ${join(own(), 'typescript')}`]);
  expect(existsSync(join(own(), 'typescript'))).toBe(false);
  expect(() => uninstall({}, place())).toThrow('There is no kernel named "typescript"');
  await foreign('taken');
  expect(() => uninstall({ name: 'taken' }, place())).toThrow('is not ours, so it stays');
  expect(existsSync(join(own(), 'taken', 'kernel.json'))).toBe(true);
});

test('a kernel that Jupyter finds first under the same name is told of', async () => {
  await foreign('typescript');
  const lines = install(
    { program, prefix: join(home, 'venv') },
    place({ VIRTUAL_ENV: join(home, 'venv'), JUPYTER_PREFER_ENV_PATH: '0' }),
  );
  expect(lines[1]).toContain(`Jupyter looks in ${join(own(), 'typescript')} first`);
});

test.each([
  [['install', '--name', 'a b'], '"a b" is no name for a kernel'],
  [['install', '--node-option=--max-old-space-sise=1'], 'does not start with --max-old-space-sise=1'],
  [['install', '--node-option=8192'], 'is no flag of Node.js'],
  [['install', '--env', 'NODE_PATH'], 'write it as NAME=VALUE'],
  [['install', '--threads', 'many'], 'give a whole number'],
  [['install', '--nmae', 'x'], "Unknown option '--nmae'"],
  [['uninstall', '--force'], 'uninstall has no option --force'],
  [['remove'], '"remove" is no command: install, uninstall or list'],
  [[], 'Say what to do'],
])('%j is refused in words', (args, words) => {
  expect(() => run(args)).toThrow(words);
});

test('--help and --version', () => {
  expect(run(['--help'])).toContain('model-types-kernel install');
  expect(run(['--version'])).toMatch(/^\d+\.\d+\.\d+\n$/);
});
