/** Where a model is looked for, in which order, and what is said when it is nowhere. */
import { mkdir, mkdtemp, readdir, readFile, rm, symlink, truncate, writeFile } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { cacheFolder } from '../../src/hub/cache.js';
import { fetchModel } from '../../src/hub/fetch-model.js';
import { MIRRORS } from '../../src/hub/mirrors.js';
import {
  isOffline,
  ModelUnavailableError,
  type ResolvedModel,
  type ResolveOptions,
  resolveModel,
} from '../../src/hub/resolve.js';
import { COMMIT, LocalHub, sha256 } from './local-hub.js';

const id = 'tiny-model';
let hub: LocalHub;
let root: string;
let cache: string;

beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'resolve-'));
  cache = join(root, 'cache');
  hub = await LocalHub.start(id, { 'config.json': '{}', 'tokenizer.json': '{}', 'model.safetensors': 'weights' });
  vi.stubEnv('HF_ENDPOINT', hub.url);
  for (const name of ['HF_TOKEN', 'HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE']) vi.stubEnv(name, '');
  vi.stubEnv('HF_TOKEN_PATH', join(root, 'no-token'));
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await hub.stop();
  await rm(root, { recursive: true });
});

function resolve(what = id, options: ResolveOptions = {}): Promise<ResolvedModel> {
  return resolveModel(what, { cache, ...options });
}

async function failure(what = id, options: ResolveOptions = {}): Promise<string> {
  const error = await resolve(what, options).catch((caught: unknown) => caught);
  expect(error).toBeInstanceOf(ModelUnavailableError);
  return (error as Error).message;
}

async function makeFolder(names: readonly string[]): Promise<string> {
  const folder = join(root, 'own');
  await mkdir(folder, { recursive: true });
  for (const name of names) await writeFile(join(folder, name), '{}');
  return folder;
}

describe('a folder', () => {
  test('is taken as it is, by any way of writing its path, without a request', async () => {
    const folder = await makeFolder(['config.json', 'tokenizer.json', 'model.safetensors']);
    for (const path of [folder, relative(process.cwd(), folder), `${folder}/`]) {
      expect(await resolve(path)).toEqual({ folder, id: path, revision: 'local', source: 'folder' });
    }
    expect(hub.requests).toEqual([]);
  });

  test('that lacks files is refused by their names', async () => {
    const folder = await makeFolder(['config.json']);
    expect(await failure(folder)).toContain(
      `${folder} is no complete model: it lacks tokenizer.json, model.safetensors;`,
    );
    const index = JSON.stringify({ weight_map: { a: 'model-1.safetensors', b: 'model-2.safetensors' } });
    await writeFile(join(folder, 'model.safetensors.index.json'), index);
    await writeFile(join(folder, 'model-1.safetensors'), '');
    expect(await failure(folder)).toContain('it lacks tokenizer.json, model-2.safetensors;');
    await symlink('nowhere', join(folder, 'tokenizer.json'));
    expect(await failure(folder)).toContain('it lacks tokenizer.json, model-2.safetensors;');
  });

  test.each([
    './nowhere',
    '/nowhere',
    'a/b/c',
    '../no-such-folder',
    'org/..x',
    'a--b',
    '',
    'org/na me',
    'https://huggingface.co/a/b',
  ])('%j is neither a folder nor an id', async (what) => {
    expect(await failure(what)).toMatch(/is neither the id of a model .* nor a folder: there is no \//);
    expect(hub.requests).toEqual([]);
  });

  test.each(['../../etc', '/main', 'a/../b', '', 'x y', '.hidden'])('%j is no revision', async (revision) => {
    expect(await failure(id, { revision })).toMatch(/is no revision: give the name of a branch or tag/);
  });
});

describe('the cache', () => {
  test('lies where the Hugging Face variables say', () => {
    expect(cacheFolder({})).toBe(join(homedir(), '.cache/huggingface/hub'));
    expect(cacheFolder({ XDG_CACHE_HOME: '/x' })).toBe('/x/huggingface/hub');
    expect(cacheFolder({ XDG_CACHE_HOME: '/x', HF_HOME: '/h' })).toBe('/h/hub');
    expect(cacheFolder({ HF_HOME: '/h', HF_HUB_CACHE: '/c' })).toBe('/c');
    expect(cacheFolder({ HF_HOME: '~/h', HF_HUB_CACHE: '' })).toBe(join(homedir(), 'h/hub'));
  });

  test('a snapshot that lacks a file is completed', async () => {
    const { folder } = await resolve();
    await rm(join(folder, 'tokenizer.json'));
    expect((await resolve()).source).toBe('hub');
    expect(await readdir(folder)).toContain('tokenizer.json');
  });

  test('a link to a blob that is gone counts as lacking', async () => {
    const { folder } = await resolve();
    await rm(join(cache, 'models--tiny-model/blobs', sha256(Buffer.from('weights'))));
    vi.stubEnv('HF_HUB_OFFLINE', '1');
    expect(await failure()).toContain(`the cache lacks model.safetensors in ${folder};`);
    vi.stubEnv('HF_HUB_OFFLINE', '');
    expect((await resolve()).source).toBe('hub');
  });

  test('changed bytes are found by verifying, and fetched again', async () => {
    const { folder } = await resolve();
    await writeFile(join(folder, 'model.safetensors'), 'WEIGHTS');
    expect((await resolve()).source).toBe('cache');
    expect((await resolve(id, { verify: true })).source).toBe('hub');
    expect(await readFile(join(folder, 'model.safetensors'), 'utf8')).toBe('weights');
  });

  test("somebody's own file behind a link of a snapshot is never removed", async () => {
    const { folder } = await resolve();
    const own = join(root, sha256(Buffer.from('weights')));
    await writeFile(own, 'mine');
    await rm(join(folder, 'model.safetensors'));
    await symlink(own, join(folder, 'model.safetensors'));
    await resolve(id, { verify: true });
    expect(await readFile(own, 'utf8')).toBe('mine');
  });
});

describe('offline', () => {
  test.each(['HF_HUB_OFFLINE', 'MODEL_TYPES_OFFLINE'])('with %s nothing is asked, the cache serves', async (name) => {
    vi.stubEnv(name, '1');
    const message = await failure();
    expect(message).toContain('The model tiny-model (revision main) is not available offline: the cache has no');
    expect(message).toContain(join(cache, 'models--tiny-model'));
    expect(message).toMatch(/run this once with a network and without MODEL_TYPES_OFFLINE/);
    vi.stubEnv(name, '');
    const { folder } = await resolve();
    vi.stubEnv(name, '1');
    hub.requests.length = 0;
    expect(await resolve()).toEqual({ folder, id, revision: COMMIT, source: 'cache' });
    expect(await failure(id, { revision: 'other' })).toContain('the cache knows no commit of this revision');
    expect(hub.requests).toEqual([]);
  });

  test('its values are those of Python', () => {
    for (const value of ['1', 'true', 'YES', 'on']) expect(isOffline({ HF_HUB_OFFLINE: value })).toBe(true);
    for (const value of ['', '0', 'false', undefined]) expect(isOffline({ MODEL_TYPES_OFFLINE: value })).toBe(false);
  });

  test('a mirror is not asked either', async () => {
    vi.stubEnv('MODEL_TYPES_OFFLINE', '1');
    const message = await failure(MIRRORS[0]!.id);
    expect(message).toContain(`(revision ${MIRRORS[0]!.revision}) is not available offline`);
  });
});

describe('fetching ahead of time', () => {
  test('shows progress and the folder, then finds the model whole', async () => {
    let text = '';
    const write = (more: string): void => {
      text += more;
    };
    const { folder } = await fetchModel(id, { cache }, write, false);
    expect(text).toContain('  model.safetensors: 100% of 1 kB\n');
    expect(text.trimEnd().split('\n').slice(-2)).toEqual([
      `tiny-model (revision ${COMMIT}) is whole, from the Hugging Face hub:`,
      folder,
    ]);
    text = '';
    await truncate(join(folder, 'config.json'), 1);
    await fetchModel(id, { cache }, write, true);
    expect(text).toContain('  config.json: 100% of 1 kB\u001b[K\n');
    text = '';
    await fetchModel(id, { cache }, write, true);
    expect(text).toBe(`tiny-model (revision ${COMMIT}) is whole, from the Hugging Face cache:\n${folder}\n`);
  });
});
