/** Mirrors: a tiny wheel made here, trusted by its hashes alone; real pip, without a network. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { devNull, tmpdir } from 'node:os';
import { join } from 'node:path';
import { strToU8, zipSync } from 'fflate';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MIRRORS, type Mirror, type WheelSource } from '../../src/hub/mirrors.js';
import { type ResolvedModel, resolveModel } from '../../src/hub/resolve.js';
import { COMMIT, gitHash, LocalHub, sha256 } from './local-hub.js';

const id = 'org/mirrored';
const revision = COMMIT;
const files: Record<string, string> = {
  'config.json': '{"model_type":"bert"}',
  'tokenizer.json': '{"version":"1.0"}',
  '1_Pooling/config.json': '{}',
  'model.safetensors': 'weights'.repeat(1000),
};
let root: string;
let cache: string;
let folder: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'mirror-'));
  cache = join(root, 'cache');
  folder = join(cache, 'models--org--mirrored');
  vi.stubEnv('HF_ENDPOINT', 'http://127.0.0.1:9'); // nobody listens there
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'no-token'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(root, { recursive: true });
});

/** A wheel as pip wants it, in a folder of its own; returns its path. */
async function makeWheel(contents: Record<string, string>): Promise<string> {
  const info = 'tiny_mirror-0.1.0.dist-info';
  const entries: Record<string, string> = {
    [`${info}/METADATA`]: 'Metadata-Version: 2.1\nName: tiny-mirror\nVersion: 0.1.0\n',
    [`${info}/WHEEL`]: 'Wheel-Version: 1.0\nRoot-Is-Purelib: true\nTag: py3-none-any\n',
    [`${info}/RECORD`]: '',
    'tiny_mirror/other.txt': 'not wanted',
  };
  for (const [path, text] of Object.entries(contents)) entries[`tiny_mirror/model/${path}`] = text;
  const wheels = join(root, 'wheels');
  await mkdir(wheels, { recursive: true });
  const wheel = join(wheels, 'tiny_mirror-0.1.0-py3-none-any.whl');
  await writeFile(wheel, zipSync(Object.fromEntries(Object.entries(entries).map(([k, v]) => [k, strToU8(v)]))));
  return wheel;
}

function mirrorOf(wheel: WheelSource): Mirror {
  const expected = Object.entries(files).map(([path, text]) => {
    const data = Buffer.from(text);
    const hash = sha256(data);
    return { path, size: data.length, blob: path === 'model.safetensors' ? hash : gitHash(data), sha256: hash };
  });
  return { id, revision, wheel, prefix: 'tiny_mirror/model/', files: expected };
}

function resolve(
  wheel: WheelSource,
  options: { revision?: string; signal?: AbortSignal } = {},
): Promise<ResolvedModel> {
  return resolveModel(id, { cache, mirrors: [mirrorOf(wheel)], ...options });
}

describe('a mirror', () => {
  test('stands in for a hub that cannot be reached, in the usual places of the cache', async () => {
    const file = await makeWheel(files);
    const found = await resolve({ file });
    expect(found).toEqual({ folder: join(folder, 'snapshots', revision), id, revision, source: 'mirror' });
    for (const [path, text] of Object.entries(files))
      expect(await readFile(join(found.folder, path), 'utf8')).toBe(text);
    expect((await readdir(folder)).sort()).toEqual(['blobs', 'snapshots']);
    expect(await readdir(join(folder, 'blobs'))).toContain(sha256(Buffer.from(files['model.safetensors']!)));
    await rm(file);
    expect((await resolve({ file })).source).toBe('cache');
  });

  test('stands in for a hub whose files are not the pinned ones', async () => {
    const hub = await LocalHub.start(id, { ...files, 'tokenizer.json': '{"version":"6.6"}' });
    vi.stubEnv('HF_ENDPOINT', hub.url);
    expect((await resolve({ file: await makeWheel(files) })).source).toBe('mirror');
    expect(await readFile(join(folder, 'snapshots', revision, 'tokenizer.json'), 'utf8')).toBe(files['tokenizer.json']);
    await hub.stop();
  });

  test('is not needed where the hub has the pinned files', async () => {
    const hub = await LocalHub.start(id, files);
    vi.stubEnv('HF_ENDPOINT', hub.url);
    expect((await resolve({ file: '/nowhere.whl' })).source).toBe('hub');
    await hub.stop();
  });

  test('completes a snapshot that lacks one of its files, or has one of a wrong size', async () => {
    const file = await makeWheel(files);
    const { folder: snapshot } = await resolve({ file });
    await rm(join(snapshot, '1_Pooling/config.json'));
    expect((await resolve({ file })).source).toBe('mirror');
    await writeFile(join(snapshot, '1_Pooling/config.json'), 'half');
    expect((await resolve({ file })).source).toBe('mirror');
    expect(await readFile(join(snapshot, '1_Pooling/config.json'), 'utf8')).toBe('{}');
  });

  test('serves its own revision only', async () => {
    const message = await resolve({ file: '/nowhere.whl' }, { revision: 'main' }).catch(
      (error: Error) => error.message,
    );
    expect(message).toMatch(/the hub http:\S+: it cannot be reached .*; its mirror has revision c0ffee\w+ only\./);
  });
});

describe('a wheel is refused, and leaves nothing, if', () => {
  test.each([
    [
      'a file has other bytes',
      { ...files, 'config.json': '{"model_type":"gpt2"}' },
      /config\.json has the hash \w+, not/,
    ],
    [
      'a file is longer',
      { ...files, 'config.json': '{"model_type":"bert" }' },
      /has no tiny_mirror\/model\/config\.json of 21/,
    ],
    ['a file is missing', { 'config.json': '{}' }, /the wheel has no tiny_mirror\/model\/config\.json of 21 bytes/],
  ])('%s', async (_, contents, message) => {
    await expect(resolve({ file: await makeWheel(contents) })).rejects.toThrow(message);
    expect(await readdir(folder)).toEqual([]);
  });

  test('it is no zip file, or half of one, or not there', async () => {
    const file = await makeWheel(files);
    const whole = await readFile(file);
    for (const bytes of [Buffer.from('<html>'), whole.subarray(0, whole.length / 2), Buffer.alloc(0)]) {
      await writeFile(file, bytes);
      await expect(resolve({ file })).rejects.toThrow(/its mirror .*: \S+\.whl cannot be unpacked/);
    }
    await rm(file);
    await expect(resolve({ file })).rejects.toThrow(/tiny_mirror\S+\.whl cannot be unpacked \(ENOENT/);
    expect(await readdir(folder)).toEqual([]);
  });
});

describe('pip', () => {
  test('brings the wheel, and what a stopped process left is cleared away', async () => {
    const { pid } = spawnSync(process.execPath, ['-e', '']);
    await mkdir(join(folder, `.mirror.${pid}-00ff00ff.staging`, 'pip'), { recursive: true });
    await mkdir(join(folder, `.mirror.${process.ppid}-00ff00ff.staging`));
    await makeWheel(files);
    vi.stubEnv('PIP_NO_INDEX', '1');
    vi.stubEnv('PIP_FIND_LINKS', join(root, 'wheels'));
    expect((await resolve({ requirement: 'tiny-mirror==0.1.0' })).source).toBe('mirror');
    expect((await readdir(folder)).sort()).toEqual([`.mirror.${process.ppid}-00ff00ff.staging`, 'blobs', 'snapshots']);
  });

  test('without an index says so in one sentence that names every place tried', async () => {
    vi.stubEnv('PIP_FIND_LINKS', '');
    vi.stubEnv('PIP_EXTRA_INDEX_URL', '');
    vi.stubEnv('PIP_CONFIG_FILE', devNull);
    vi.stubEnv('PIP_INDEX_URL', 'http://127.0.0.1:9/simple');
    const message = await resolve({ requirement: 'tiny-mirror==0.1.0' }).catch((error: Error) => error.message);
    expect(message).toMatch(
      /the cache has no \S+; the hub http:\S+: it cannot be reached \(.+\); its mirror on the Python/,
    );
    expect(message).toMatch(/pip could not download tiny-mirror==0\.1\.0: the package index cannot be reached\. Check/);
    expect(message).not.toContain('\n');
    expect(await readdir(folder)).toEqual([]);
  });
});

test('pip that waits for its index can be stopped, and leaves nothing', async () => {
  const index = await LocalHub.start(id, {});
  index.mishaps.set('/tiny-mirror/', ['stall', 'always']);
  vi.stubEnv('PIP_CONFIG_FILE', devNull);
  vi.stubEnv('PIP_INDEX_URL', `${index.url}/simple`);
  const stopped = new AbortController();
  const stopping = (async () => {
    while (index.requests.length === 0) await new Promise((soon) => setTimeout(soon, 50));
    stopped.abort(new Error('enough'));
  })();
  await expect(resolve({ requirement: 'tiny-mirror==0.1.0' }, { signal: stopped.signal })).rejects.toThrow(/^enough$/);
  expect(await readdir(folder)).toEqual([]);
  await stopping;
  await index.stop();
});

test('the mirrors we know are well formed', () => {
  for (const { revision: commit, files: known } of MIRRORS) {
    expect(commit).toMatch(/^[0-9a-f]{40}$/);
    expect(known.map(({ path }) => path)).toEqual(expect.arrayContaining(['config.json', 'tokenizer.json']));
    expect(known[0]!.path).toBe('config.json'); // placed last, see mirror-wheel.ts
    for (const file of known) {
      expect(file.sha256).toMatch(/^[0-9a-f]{64}$/);
      expect(file.blob).toMatch(file.path.endsWith('.safetensors') ? /^[0-9a-f]{64}$/ : /^[0-9a-f]{40}$/);
    }
  }
});
