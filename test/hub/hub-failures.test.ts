/** A hub that is slow, busy or cut off: what is tried again, what is said, what is kept. */
import { spawn } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { Wait } from '../../src/hub/bounded-fetch.js';
import { type ResolvedModel, type ResolveOptions, resolveModel } from '../../src/hub/resolve.js';
import { waitAsked } from '../../src/hub/retry-after.js';
import { COMMIT, LocalHub, sha256 } from './local-hub.js';

const id = 'some-org/tiny-model';
const weights = Buffer.from(Array.from({ length: 300_000 }, (_, i) => (i * 31) % 251));
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

function requestsOf(end: string): number {
  return hub.requests.filter((request) => request.split(' ')[1]?.endsWith(end)).length;
}

async function expectWhole({ folder }: ResolvedModel): Promise<void> {
  expect(Buffer.compare(await readFile(join(folder, 'model.safetensors')), weights)).toBe(0);
  expect((await readdir(blobs)).filter((name) => name.endsWith('.incomplete'))).toEqual([]);
}

describe('a hub in trouble for a moment', () => {
  test.each(['/revision/main', `/tree/${COMMIT}`, `/resolve/${COMMIT}/tokenizer.json`, '/content/model.safetensors'])(
    'is asked %s again: after a cut connection, after 502 and 503',
    async (end) => {
      for (const mishap of ['cut', { status: 502 }, { status: 503 }] as const) {
        await rm(cache, { recursive: true, force: true });
        hub.requests.length = 0;
        hub.mishaps.set(end, [mishap, mishap]);
        await expectWhole(await resolve());
        expect(requestsOf(end)).toBeGreaterThanOrEqual(3);
      }
    },
  );

  test('and longer is given up after three attempts', async () => {
    hub.mishaps.set('/revision/main', [{ status: 503 }, 'always']);
    await expect(resolve()).rejects.toThrow(/: it answered with status 503\./);
    expect(requestsOf('/revision/main')).toBe(3);
    hub.mishaps.set('/revision/main', ['cut', 'always']);
    await expect(resolve()).rejects.toThrow(/: it cannot be reached \(other side closed\)\./);
    expect(requestsOf('/revision/main')).toBe(6);
  });

  test('that says 429 is left alone as long as it asks, and the wait is told', async () => {
    const waits: Wait[] = [];
    hub.mishaps.set('/tokenizer.json', [{ status: 429, headers: { 'retry-after': '1' } }]);
    const began = Date.now();
    await expectWhole(await resolve({ onWait: (wait) => waits.push(wait) }));
    expect(Date.now() - began).toBeGreaterThanOrEqual(1000);
    expect(waits).toEqual([
      { seconds: 1, reason: 'it takes no more requests for now (429); it asks to wait 1 seconds' },
    ]);
  });

  test('that asks to wait for long is given up at once, saying for how long', async () => {
    hub.mishaps.set('/revision/main', [{ status: 429, headers: { 'retry-after': '3600' } }, 'always']);
    await expect(resolve()).rejects.toThrow(/it takes no more requests for now \(429\); it asks to wait 60 minutes\./);
    expect(requestsOf('/revision/main')).toBe(1);
  });

  test('names the wait in seconds, as a date, or as the hub does', () => {
    const now = Date.parse('2026-01-01T00:00:00Z');
    const asked = (headers: Record<string, string>): number | undefined => waitAsked(new Headers(headers), now);
    expect(asked({ 'retry-after': '7' })).toBe(7);
    expect(asked({ 'retry-after': 'Thu, 01 Jan 2026 00:00:30 GMT' })).toBe(30);
    expect(asked({ 'retry-after': 'Wed, 31 Dec 2025 00:00:00 GMT' })).toBe(0);
    expect(asked({ ratelimit: '"api";r=0;t=42' })).toBe(42);
    expect(asked({ 'retry-after': 'soon' })).toBeUndefined();
    expect(asked({})).toBeUndefined();
  });
});

describe('a hub that refuses', () => {
  test.each([
    [
      { status: 401, code: 'RepoNotFound' },
      /refuses access \(401\): the model does not exist, is private, .*; set HF_TOKEN/,
    ],
    [
      { status: 403, code: 'GatedRepo' },
      /refuses access \(403\): the terms of this model must be accepted on its page; set HF/,
    ],
    [{ status: 404, code: 'RepoNotFound' }, /it has no such model or file \(404\)/],
    [{ status: 404, code: 'RevisionNotFound' }, /it has no such revision of this model \(404\)/],
  ])('%j is asked once, and the message says why', async (mishap, message) => {
    hub.mishaps.set('/revision/main', [mishap, 'always']);
    await expect(resolve()).rejects.toThrow(message);
    expect(hub.requests).toHaveLength(1);
  });

  test('a file: it is named', async () => {
    hub.mishaps.set('/tokenizer.json', [{ status: 404, code: 'EntryNotFound' }, 'always']);
    await expect(resolve()).rejects.toThrow(/it has no such model or file \(404\): tokenizer\.json/);
  });
});

describe('a slow file', () => {
  const part = '/content/model.safetensors';

  test('shows progress as it comes', async () => {
    hub.mishaps.set(part, ['slow']);
    const seen: number[] = [];
    const onProgress: ResolveOptions['onProgress'] = ({ file, loaded, total }) => {
      if (file === 'model.safetensors') seen.push(loaded / total);
    };
    await expectWhole(await resolve({ onProgress }));
    expect(seen.length).toBeGreaterThan(20);
    expect(seen).toEqual([...seen].sort((a, b) => a - b));
    expect(seen.at(-1)).toBe(1);
  });

  test('can be stopped: its reason is thrown, what has come is kept and carried on', async () => {
    hub.mishaps.set(part, ['slow']);
    const stopped = new AbortController();
    const onProgress: ResolveOptions['onProgress'] = ({ file, loaded }) => {
      if (file === 'model.safetensors' && loaded > 50_000) stopped.abort(new Error('enough'));
    };
    await expect(resolve({ onProgress, signal: stopped.signal })).rejects.toThrow(/^enough$/);
    const [left] = (await readdir(blobs)).filter((name) => name.endsWith('.incomplete'));
    const { size } = await stat(join(blobs, left!));
    expect(size).toBeGreaterThan(50_000);
    expect(size).toBeLessThan(weights.length);
    await expectWhole(await resolve());
    expect(hub.requests.at(-1)).toBe(`GET ${part} bytes=${size}-299999`);
  });

  test('can be stopped before it begins, and while the hub keeps us waiting', async () => {
    const signal = AbortSignal.abort(new Error('no'));
    await expect(resolve({ signal })).rejects.toThrow(/^no$/);
    expect(hub.requests).toEqual([]);
    hub.mishaps.set('/revision/main', [{ status: 429, headers: { 'retry-after': '50' } }]);
    const stopped = new AbortController();
    const onWait = (): void => void setTimeout(() => stopped.abort(new Error('too long')), 10);
    await expect(resolve({ signal: stopped.signal, onWait })).rejects.toThrow(/^too long$/);
    hub.mishaps.set('/revision/main', ['stall']);
    await expect(resolve({ signal: AbortSignal.timeout(50) })).rejects.toThrow(/aborted due to timeout/);
  });

  test('that stalls in the middle is carried on from there', async () => {
    hub.mishaps.set(part, ['truncate', 'stall']);
    await expectWhole(await resolve({ stallTimeoutMs: 200 }));
    expect(hub.requests.filter((request) => /content\/model\.safetensors bytes=[1-9]/.test(request)).length).toBe(2);
  });

  test('whose rest is not the rest that was asked for is begun anew', async () => {
    hub.mishaps.set(part, ['truncate', 'other range']);
    await expectWhole(await resolve());
  });

  test('whose content changed meanwhile is begun anew', async () => {
    hub.mishaps.set(part, ['truncate', 'always']);
    await resolve().catch(() => undefined);
    const [left] = (await readdir(blobs)).filter((name) => name.endsWith('.incomplete'));
    await writeFile(join(blobs, left!), Buffer.alloc(100_000, 7));
    hub.mishaps.clear();
    await expectWhole(await resolve());
  });
});

describe('processes of their own', () => {
  const program = fileURLToPath(new URL('../../dist/src/hub/fetch-model.js', import.meta.url)); // `npm run build` makes it

  function start(): { done: Promise<{ code: number | null; text: string }>; stop: (signal: NodeJS.Signals) => void } {
    const child = spawn(process.execPath, [program, id], { env: { ...process.env, HF_HUB_CACHE: cache } });
    let text = '';
    for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (text += chunk));
    const done = new Promise<{ code: number | null; text: string }>((ended) =>
      child.on('close', (code) => ended({ code, text })),
    );
    return { done, stop: (signal) => child.kill(signal) };
  }

  async function bytesLeft(): Promise<number> {
    for (;;) {
      const names = (await readdir(blobs).catch(() => [])).filter((name) => name.startsWith(sha256(weights)));
      const size = names[0] === undefined ? 0 : (await stat(join(blobs, names[0])).catch(() => ({ size: 0 }))).size;
      if (size > 20_000) return size;
      await new Promise((soon) => setTimeout(soon, 20));
    }
  }

  test.each(['SIGINT', 'SIGKILL'] as const)(
    'one that is ended by %s has its download carried on by the next',
    async (signal) => {
      hub.mishaps.set('/content/model.safetensors', ['slow']);
      const first = start();
      await bytesLeft();
      first.stop(signal);
      const { code, text } = await first.done;
      if (signal === 'SIGINT') {
        expect(code).toBe(130);
        expect(text).toContain('Stopped. What has come is kept: run this again to carry on.');
      }
      await expectWhole(await resolve());
      expect(hub.requests.at(-1)).toMatch(/^GET \/content\/model\.safetensors bytes=\d{5,6}-299999$/);
    },
  );

  test('two that fetch the same model at once both have it whole', async () => {
    hub.mishaps.set('/content/model.safetensors', ['slow', 'slow']);
    const [one, two] = await Promise.all([start().done, start().done]);
    expect([one.code, two.code, one.text.includes('is whole'), two.text.includes('is whole')]).toEqual([
      0,
      0,
      true,
      true,
    ]);
    const here = await Promise.all([resolve({ verify: true }), resolve({ verify: true })]);
    expect(here.map(({ source }) => source)).toEqual(['cache', 'cache']);
    await expectWhole(here[0]);
  });

  test('two calls of one process that fetch it at once both have it whole', async () => {
    hub.mishaps.set('/content/model.safetensors', ['slow', 'truncate']);
    for (const found of await Promise.all([resolve(), resolve()])) await expectWhole(found);
  });
});
