import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { findCompiler, findHeaders } from '../../src/setup/tensorflow-library.mjs';
import { wheelFor, wheels } from '../../src/setup/tensorflow-wheel.mjs';
import { unzip } from '../../src/setup/unzip.mjs';
import { requireHash } from '../../src/setup/wheel.mjs';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'tensorflow-'));
});
afterAll(() => rm(folder, { recursive: true }));

describe('where the library cannot be had, that is said before anything is downloaded', () => {
  it.each([
    ['win32-x64', false, 'TensorFlow’s C library cannot be had for win32-x64'],
    ['linux-riscv64', false, 'there are wheels with it for linux-x64, linux-arm64, darwin-arm64, darwin-x64 only'],
    ['linux-x64', true, 'linux-x64 with musl (Alpine Linux)'],
  ])('%s, musl %s', (system, musl, words) => {
    expect(() => wheelFor(system, musl)).toThrow(words);
    expect(() => wheelFor(system, musl)).toThrow('Everything works without it');
  });

  it('no compiler', () => {
    expect(() => findCompiler('/no/such/compiler')).toThrow('CXX=/no/such/compiler is no compiler that starts.');
    const path = process.env.PATH;
    process.env.PATH = folder;
    try {
      expect(() => findCompiler('')).toThrow('There is no C++ compiler: g++ does not start.');
      expect(() => findCompiler('')).toThrow('sudo apt install g++');
    } finally {
      process.env.PATH = path;
    }
  });

  it('no headers', () => {
    expect(() => findHeaders([folder])).toThrow(`Node’s headers (node_api.h) are missing: looked in ${folder}.`);
  });
});

it('each wheel is one of the version that is pinned, by hash', () => {
  expect(wheelFor('linux-x64', false)).toBe(wheels['linux-x64']);
  for (const { requirement, file, sha256, bytes } of Object.values(wheels)) {
    const [name = '', version = ''] = requirement.split('==');
    expect(file.startsWith(`${name.replaceAll('-', '_')}-${version}-`)).toBe(true);
    expect(sha256).toMatch(/^[0-9a-f]{64}$/);
    expect(bytes).toBeGreaterThan(200e6);
  }
});

it('a wheel with other bytes is thrown away', async () => {
  const path = join(folder, 'a.whl');
  await writeFile(path, 'abc');
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  await requireHash(path, { file: 'a.whl', sha256: abc });
  expect(existsSync(path)).toBe(true);
  await expect(requireHash(path, { file: 'a.whl', sha256: '00' })).rejects.toThrow(
    `What pip brought for a.whl has SHA-256 ${abc} and not 00`,
  );
  expect(existsSync(path)).toBe(false);
});

describe('unzip', () => {
  const members = {
    'lib/long.txt': strToU8('abcdefgh'.repeat(50_000)),
    'lib/empty.txt': new Uint8Array(),
    'lib/stored.txt': [strToU8('as it is'), { level: 0 }] as [Uint8Array, { level: 0 }],
    'other.txt': strToU8('not asked for'),
  };

  it('unpacks the members asked for', async () => {
    const zip = join(folder, 'a.zip');
    await writeFile(zip, zipSync(members));
    const target = join(folder, 'unpacked');
    let reached = [0, 0];
    const names = await unzip(
      zip,
      target,
      (name) => name.startsWith('lib/'),
      (...bytes) => {
        reached = bytes;
      },
    );
    expect(names).toEqual(['lib/long.txt', 'lib/empty.txt', 'lib/stored.txt']);
    expect(await readFile(join(target, 'lib/long.txt'), 'utf8')).toBe('abcdefgh'.repeat(50_000));
    expect(await readFile(join(target, 'lib/empty.txt'), 'utf8')).toBe('');
    expect(await readFile(join(target, 'lib/stored.txt'), 'utf8')).toBe('as it is');
    expect(existsSync(join(target, 'other.txt'))).toBe(false);
    expect(reached).toEqual([400_008, 400_008]);
  });

  it('refuses what is cut off, no zip file, or would land outside', async () => {
    const zip = join(folder, 'b.zip');
    const bytes = zipSync(members);
    for (const bad of [bytes.subarray(0, bytes.length - 30), strToU8('no zip file'), bytes.subarray(40)]) {
      await writeFile(zip, bad);
      await expect(unzip(zip, join(folder, 'none'), () => true)).rejects.toThrow(zip);
    }
    await mkdir(join(folder, 'deep'));
    await writeFile(zip, zipSync({ '../out.txt': strToU8('out') }));
    await expect(unzip(zip, join(folder, 'deep'), () => true)).rejects.toThrow('../out.txt would land outside');
    expect(existsSync(join(folder, 'out.txt'))).toBe(false);
  });
});
