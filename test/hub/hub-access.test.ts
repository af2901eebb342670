/** Which hub is asked, and who sees the token: content on other hosts, the environment, and older models' files. */
import { mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { fetchModel } from '../../src/hub/fetch-model.js';
import { accessToken, hubUrl } from '../../src/hub/hub-access.js';
import { type ResolvedModel, type ResolveOptions, resolveModel } from '../../src/hub/resolve.js';
import { LocalHub } from './local-hub.js';

const id = 'some-org/tiny-model';
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
const secret = 'hf_verysecret';
let hub: LocalHub;
let root: string;
let cache: string;
let blobs: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'hub-'));
  cache = join(root, 'cache');
  blobs = join(cache, 'models--some-org--tiny-model', 'blobs');
  hub = await LocalHub.start(id, {
    'config.json': '{"model_type":"bert"}',
    'README.md': '# Tiny',
    LICENSE: 'Apache-2.0',
    'tokenizer.json': '{"version":"1.0"}',
    'model.safetensors': weights,
  });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'token'));
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
  await rm(root, { recursive: true });
});

function resolve(options: ResolveOptions = {}): Promise<ResolvedModel> {
  return resolveModel(id, { cache, retryPauseMs: 10, ...options });
}

async function expectWhole({ folder }: ResolvedModel): Promise<void> {
  expect(Buffer.compare(await readFile(join(folder, 'model.safetensors')), weights)).toBe(0);
  expect((await readdir(blobs)).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
}

describe('content elsewhere', () => {
  let other: LocalHub;
  beforeEach(async () => {
    other = await LocalHub.start(id, { 'model.safetensors': weights });
    vi.stubEnv('HF_TOKEN', secret);
  });
  afterEach(() => other.stop());

  test.each([
    ['another port', () => other.url],
    ['another name', () => other.url.replace('127.0.0.1', 'localhost')],
    ['another name of this very server', () => hub.url.replace('127.0.0.1', 'localhost')],
  ])('%s: fetched, and never given the token', async (_, elsewhere) => {
    hub.contentUrl = elsewhere();
    const given: (string | undefined)[] = [];
    const { tokens } = new URL(elsewhere()).port === String(other.port) ? other : hub;
    other.mishaps.set('/content/model.safetensors', ['truncate']); // so that a part is asked for, too
    await expectWhole(await resolve());
    given.push(...tokens);
    expect(hub.tokens).toContain(`Bearer ${secret}`);
    if (tokens === other.tokens) expect(given).toEqual([undefined]);
    else expect(given).toContain(undefined);
  });

  test('a redirect by path alone stays with the hub, and so does the token', async () => {
    hub.contentUrl = '';
    await expectWhole(await resolve());
    expect([...hub.tokens]).toEqual([`Bearer ${secret}`]);
  });

  test('a listing that goes on elsewhere is not given the token either', async () => {
    other.files = hub.files;
    hub.pagesUrl = other.url;
    await expectWhole(await resolve());
    expect(other.requests).toHaveLength(1);
    expect([...other.tokens]).toEqual([undefined]);
  });
});

describe('the environment', () => {
  test.each(['/hf', '/artifactory/api/huggingfaceml/remote'])('an HF_ENDPOINT with the path %s', async (prefix) => {
    hub.prefix = prefix;
    vi.stubEnv('HF_ENDPOINT', `${hub.url}//`);
    hub.mishaps.set('/content/model.safetensors', ['slow']);
    await expectWhole(await resolve({ answerTimeoutMs: 500 })); // the file takes longer, as files may
  });

  test.each([
    ['hub.example.com', /HF_ENDPOINT is not the address of a hub; give one such as https:\/\/huggingface\.co/],
    ['ftp://hub.example.com', /is not the address of a hub/],
    ['https://hub.example.com/?token=hunter2', /is not the address of a hub/],
    ['https://me:hunter2@hub.example.com', /HF_ENDPOINT holds a name or a password; leave them out/],
  ])('an HF_ENDPOINT that is none is refused, and not shown: %s', async (endpoint, message) => {
    vi.stubEnv('HF_ENDPOINT', endpoint);
    const error = await resolve().catch((caught: Error) => caught.message);
    expect(error).toMatch(message);
    expect(error).not.toContain('hunter2');
    expect(error).not.toContain('hub.example.com');
  });

  test('the token is found where Python finds it', async () => {
    const home = join(root, 'home');
    await writeFile(join(root, 'token'), `${secret}_in_file\n`);
    const path = join(root, 'token');
    expect(await accessToken({ HF_TOKEN: ` ${secret} `, HF_TOKEN_PATH: path })).toEqual({
      token: secret,
      from: 'HF_TOKEN',
    });
    expect(await accessToken({ HUGGING_FACE_HUB_TOKEN: secret })).toMatchObject({ from: 'HUGGING_FACE_HUB_TOKEN' });
    expect(await accessToken({ HF_TOKEN: '', HF_TOKEN_PATH: path })).toEqual({
      token: `${secret}_in_file`,
      from: path,
    });
    expect(await accessToken({ HF_HOME: root })).toEqual({ token: `${secret}_in_file`, from: path });
    expect(await accessToken({ HF_HOME: home })).toBeUndefined();
    expect(await accessToken({ XDG_CACHE_HOME: home })).toBeUndefined();
    expect(hubUrl({})).toBe('https://huggingface.co');
  });

  test('the token is never shown: no error, progress or output has it', async () => {
    const shown: string[] = [];
    const streams = [process.stdout, process.stderr].map((stream) =>
      vi.spyOn(stream, 'write').mockImplementation((text) => shown.push(String(text)) > 0),
    );
    const consoles = (['log', 'warn', 'error'] as const).map((method) =>
      vi.spyOn(console, method).mockImplementation((...values) => void shown.push(values.join(' '))),
    );
    try {
      const failures: Parameters<typeof hub.mishaps.set>[] = [
        ['/revision/main', [{ status: 401 }, 'always']],
        ['/revision/main', [{ status: 403, code: 'GatedRepo' }, 'always']],
        ['/revision/main', ['cut', 'always']],
        ['/revision/main', [{ status: 429, headers: { 'retry-after': '0' } }, 'always']],
        ['/revision/main', [{ status: 302, headers: { location: `http://127.0.0.1:9/?${secret}` } }, 'always']],
        ['/tokenizer.json', [{ status: 500 }, 'always']],
        ['/content/model.safetensors', ['truncate', 'always']],
        ['/content/model.safetensors', ['corrupt', 'always']],
        ['/nothing', []],
      ];
      for (const token of [secret, `${secret}\u00e9`, `${secret}\nX-Other: 1`, 'verysecret']) {
        vi.stubEnv('HF_TOKEN', token);
        for (const failure of failures) {
          await rm(cache, { recursive: true, force: true });
          hub.mishaps.clear();
          hub.mishaps.set(...failure);
          const write = (text: string): void => void shown.push(text);
          await fetchModel(id, { cache, retryPauseMs: 1 }, write, true).catch((error: Error) => {
            shown.push(error.message, error.stack ?? '', JSON.stringify(error), String(error.cause));
          });
        }
      }
    } finally {
      for (const spy of [...streams, ...consoles]) spy.mockRestore();
    }
    const text = shown.join('\n');
    expect(text).toContain('the token in HF_TOKEN does not open it');
    expect(text).toContain('HF_TOKEN is not a token: it must have no spaces and no line breaks');
    expect(text).toContain('trying again in');
    expect(text).toContain('is whole, from the Hugging Face hub');
    expect(text).not.toContain('verysecret');
  });
});

describe('an older model', () => {
  beforeEach(() => {
    const { 'model.safetensors': _, 'tokenizer.json': __, ...rest } = hub.files;
    hub.files = { ...rest, 'vocab.txt': Buffer.from('[PAD]\n'), 'tf_model.h5': Buffer.from('not wanted') };
  });

  test('comes with pytorch_model.bin, and vocab.txt for want of a tokenizer.json', async () => {
    hub.files['pytorch_model.bin'] = weights;
    hub.files['pytorch_model.bin.index.json'] = Buffer.from('not looked at');
    const found = await resolve();
    expect((await readdir(found.folder)).sort()).toEqual([
      'LICENSE',
      'README.md',
      'config.json',
      'pytorch_model.bin',
      'vocab.txt',
    ]);
    expect(await resolve({ verify: true })).toEqual({ ...found, source: 'cache' });
    await writeFile(join(found.folder, 'pytorch_model.bin'), Buffer.alloc(weights.length));
    expect((await resolve({ verify: true })).source).toBe('hub');
  });

  test('or with shards of it', async () => {
    const shard = 'pytorch_model-00001-of-00001.bin';
    hub.files[shard] = weights;
    hub.files['pytorch_model.bin.index.json'] = Buffer.from(JSON.stringify({ weight_map: { a: shard } }));
    const { folder } = await resolve();
    expect(await readdir(folder)).toContain(shard);
    await rm(join(folder, shard));
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    await expect(resolve()).rejects.toThrow(`the cache lacks ${shard} in ${folder}`);
  });
});
