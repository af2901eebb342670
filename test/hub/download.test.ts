/** Downloads from a hub on this machine: what lands in the cache, and every way a download can go wrong. */
import { spawnSync } from 'node:child_process';
import { mkdir, mkdtemp, readdir, readFile, readlink, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type ResolvedModel, type ResolveOptions, resolveModel } from '../../src/hub/resolve.js';
import { COMMIT, gitHash, LocalHub, sha256 } from './local-hub.js';

const id = 'some-org/tiny-model';
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
let hub: LocalHub;
let cache: string;
let model: string;

beforeEach(async () => {
  cache = await mkdtemp(join(tmpdir(), 'hub-'));
  model = join(cache, 'models--some-org--tiny-model');
  hub = await LocalHub.start(id, {
    'README.md': '# Tiny',
    'config.json': '{"model_type":"bert"}',
    'tokenizer.json': '{"version":"1.0"}',
    '1_Pooling/config.json': '{}',
    'onnx/model.onnx': 'large and not wanted',
    'pytorch_model.bin': 'a pickle, not wanted',
    'model.safetensors': weights,
  });
  vi.stubEnv('HF_ENDPOINT', `${hub.url}/`);
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
  vi.stubEnv('HF_TOKEN_PATH', join(cache, 'no-token'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
  await rm(cache, { recursive: true });
});

function resolve(options: ResolveOptions = {}): Promise<ResolvedModel> {
  return resolveModel(id, { cache, ...options });
}

async function blobs(): Promise<string[]> {
  return (await readdir(join(model, 'blobs'))).sort();
}

describe('a download', () => {
  test('lays the wanted files into the cache as Python would, and is not repeated', async () => {
    const seen = new Map<string, number[]>();
    const found = await resolve({
      onProgress: ({ file, loaded, total }) => seen.set(file, [loaded, total]),
    });
    expect(found).toEqual({ folder: join(model, 'snapshots', COMMIT), id, revision: COMMIT, source: 'hub' });
    expect((await readdir(found.folder, { recursive: true })).sort()).toEqual(
      ['1_Pooling', '1_Pooling/config.json', 'README.md', 'config.json', 'model.safetensors', 'tokenizer.json'].sort(),
    );
    expect(await readFile(join(found.folder, 'model.safetensors'))).toEqual(weights);
    expect(await readFile(join(model, 'refs', 'main'), 'utf8')).toBe(COMMIT);
    const link = await readlink(join(found.folder, '1_Pooling/config.json'));
    expect(link).toBe(`../../../blobs/${gitHash(Buffer.from('{}'))}`);
    expect(await blobs()).toContain(sha256(weights));
    expect(seen.get('model.safetensors')).toEqual([weights.length, weights.length]);
    expect(hub.requests.some((request) => request.includes('onnx') || request.includes('pytorch'))).toBe(false);

    hub.requests.length = 0;
    expect(await resolve()).toEqual({ ...found, source: 'cache' });
    expect(await resolve({ revision: COMMIT, verify: true })).toEqual({ ...found, source: 'cache' });
    expect(hub.requests).toEqual([]);
  });

  test('brings the shards an index names', async () => {
    const { 'model.safetensors': _, ...rest } = hub.files;
    const weightMap = { a: 'model-00001-of-00002.safetensors', b: 'model-00002-of-00002.safetensors' };
    hub.files = {
      ...rest,
      'model.safetensors.index.json': Buffer.from(JSON.stringify({ weight_map: weightMap })),
      'model-00001-of-00002.safetensors': Buffer.from('one'),
      'model-00002-of-00002.safetensors': Buffer.from('two'),
      'model-00003-of-00002.safetensors': Buffer.from('left over'),
    };
    const { folder } = await resolve();
    expect(await readFile(join(folder, weightMap.b), 'utf8')).toBe('two');
    expect(await readdir(folder)).not.toContain('model-00003-of-00002.safetensors');
  });

  test('takes a branch with a slash, and an empty file', async () => {
    hub.files['README.md'] = Buffer.alloc(0);
    const { folder } = await resolve({ revision: 'refs/pr/1' });
    expect(await readFile(join(model, 'refs/refs/pr/1'), 'utf8')).toBe(COMMIT);
    expect(await readFile(join(folder, 'README.md'), 'utf8')).toBe('');
  });

  test('sends the token, and shows it to nobody', async () => {
    vi.stubEnv('HF_TOKEN', 'hf_verysecret');
    await resolve();
    expect(hub.tokens).toContain('Bearer hf_verysecret');
    hub.mishaps.set('/revision/other', [{ status: 403, code: 'GatedRepo' }]);
    const error = await resolve({ revision: 'other' }).catch((caught: Error) => caught.message);
    expect(error).toMatch(/it refuses access \(403\).* the token in HF_TOKEN does not open it/);
    vi.stubEnv('HF_TOKEN', 'verysecret in words');
    const malformed = await resolve({ revision: 'other' }).catch((caught: Error) => caught.message);
    expect(malformed).toMatch(/HF_TOKEN is not a token: it must have no spaces/);
    expect(`${error}${malformed}`).not.toContain('verysecret');
  });
});

describe('a download that is cut short', () => {
  test('carries on where it was', async () => {
    hub.mishaps.set('content/model.safetensors', ['truncate']);
    const { folder } = await resolve();
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(hub.requests.at(-1)).toMatch(/^GET \/content\/model\.safetensors bytes=[1-9]\d*-299999$/);
  });

  test('again and again fails with its place, is never taken for whole, and carries on another day', async () => {
    hub.mishaps.set('content/model.safetensors', ['truncate', 'always']);
    await expect(resolve()).rejects.toThrow(/the hub http:.*: (other side closed|terminated)/);
    expect((await readdir(model)).sort()).toEqual(['blobs']);
    expect((await blobs()).filter((name) => name.startsWith(sha256(weights)))).toEqual([
      expect.stringMatching(/\.incomplete$/),
    ]);
    await expect(resolve({ revision: COMMIT })).rejects.toThrow(/could not be found/);
    hub.mishaps.clear();
    hub.requests.length = 0;
    expect((await resolve()).source).toBe('hub');
    expect(hub.requests.join()).toMatch(/content\/model\.safetensors bytes=\d+/);
    expect(hub.requests.join()).not.toContain('tokenizer.json');
    expect((await blobs()).some((name) => name.endsWith('.incomplete'))).toBe(false);
  });

  const deadProcess = spawnSync(process.execPath, ['-e', '']).pid;
  async function leave(bytes: Buffer, pid = deadProcess): Promise<string> {
    await mkdir(join(model, 'blobs'), { recursive: true });
    const path = join(model, 'blobs', `${sha256(weights)}.${pid}-1.incomplete`);
    await writeFile(path, bytes);
    return path;
  }

  test('by the end of its process is carried on by the next one', async () => {
    await leave(weights.subarray(0, 200_000));
    await resolve();
    expect(hub.requests.at(-1)).toBe('GET /content/model.safetensors bytes=200000-299999');
    expect(await blobs()).toHaveLength(5);
  });

  test('just before its last step needs no request for its bytes', async () => {
    await leave(weights);
    const { folder } = await resolve();
    expect(hub.requests.join()).not.toContain('content/');
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
  });

  test.each([
    ['has wrong bytes', Buffer.alloc(200_000)],
    ['is too long', Buffer.alloc(300_001)],
  ])('and %s is begun anew', async (_, bytes) => {
    await leave(bytes);
    const { folder } = await resolve();
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
    expect(await blobs()).toHaveLength(5);
  });

  test('is begun anew if the hub cannot send the rest alone', async () => {
    await leave(weights.subarray(0, 200_000));
    hub.mishaps.set('content/model.safetensors', ['ignore range']);
    const { folder } = await resolve();
    expect(await readFile(join(folder, 'model.safetensors'))).toEqual(weights);
  });

  test('is left alone while its process still runs', async () => {
    const path = await leave(weights.subarray(0, 200_000), process.ppid);
    await resolve();
    expect(hub.requests.at(-1)).toBe('GET /content/model.safetensors');
    expect(await readFile(path)).toHaveLength(200_000);
  });
});

describe('what the hub may answer', () => {
  test.each([
    [{ status: 404, code: 'RepoNotFound' }, /the hub http:\S+: it has no such model or file \(404\)/],
    [{ status: 404, code: 'RevisionNotFound' }, /it has no such revision of this model/],
    [{ status: 401 }, /it refuses access \(401\): the model does not exist, is private, .*; set HF_TOKEN/],
    [{ status: 429 }, /it takes no more requests for now \(429\)/],
    [{ status: 500 }, /it answered with status 500/],
  ])('%j', async (mishap, message) => {
    hub.mishaps.set('/revision/main', [mishap, 'always']);
    await expect(resolve()).rejects.toThrow(message);
    expect(await readdir(cache)).toEqual([]);
  });

  test('wrong bytes: refused by their hash, and nothing of them stays', async () => {
    hub.mishaps.set('content/model.safetensors', ['corrupt', 'always']);
    await expect(resolve()).rejects.toThrow(`model.safetensors has the hash `);
    expect((await blobs()).filter((name) => name.startsWith(sha256(weights)))).toEqual([]);
    expect(await readdir(model)).toEqual(['blobs']);
  });

  test('a hash that is none', async () => {
    hub.statedHashes.set('config.json', '../../../../etc/passwd');
    await expect(resolve()).rejects.toThrow(/it lists config\.json without a hash/);
  });

  test('a file it lists but does not have', async () => {
    hub.mishaps.set('/tokenizer.json', [{ status: 404, code: 'EntryNotFound' }, 'always']);
    await expect(resolve()).rejects.toThrow(/it has no such model or file/);
    expect(hub.requests.filter((request) => request.endsWith('/tokenizer.json'))).toHaveLength(1);
  });

  test('503 for a moment', async () => {
    hub.mishaps.set('/tokenizer.json', [{ status: 503 }]);
    expect((await resolve()).source).toBe('hub');
  });

  test.each(['model.safetensors', 'tokenizer.json', 'config.json'])(
    'a model without %s, before anything large is fetched',
    async (name) => {
      delete hub.files[name];
      delete hub.files['pytorch_model.bin'];
      await expect(resolve()).rejects.toThrow(`the model has no ${name}; save it`);
      expect(hub.requests.join()).not.toContain('content/');
    },
  );

  test('nothing: the wait is bounded, for answers and for bytes', async () => {
    hub.mishaps.set('/revision/main', ['stall']);
    await expect(resolve({ answerTimeoutMs: 100 })).rejects.toThrow(/it gave no answer within 0\.1 seconds/);
    hub.mishaps.set('content/model.safetensors', ['stall', 'always']);
    await expect(resolve({ stallTimeoutMs: 100 })).rejects.toThrow(
      /no more bytes of model\.safetensors came for 0\.1 s/,
    );
  });

  test('nothing at all: no hub there', async () => {
    await hub.stop();
    const error = await resolve().catch((caught: Error) => caught.message);
    expect(error).toMatch(
      /^The model some-org\/tiny-model \(revision main\) could not be found: the cache has no \S+;/,
    );
    expect(error).toMatch(/the hub http:\S+: it cannot be reached \(.*ECONNREFUSED.*\)\. Check its id and the network/);
  });
});
