/**
 * Downloads a model from the Hugging Face hub into the cache: only the files we need, each verified by its hash, carried on
 * where an earlier download was cut short. The snapshot appears once all its files are there.
 *
 * `HF_ENDPOINT` names another hub, `HF_TOKEN` gives access to private and gated models.
 */
import { readFile } from 'node:fs/promises';
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListFileEntry } from '@huggingface/hub';
import { boundedFetch, HubStatusError, reasonOf } from './bounded-fetch.js';
import { CachedModel, isCommit } from './cache.js';
import { type ExpectedFile, isExpected, WrongContentError } from './expected-file.js';
import { NEEDED_FILES, WELCOME_FILES } from './model-files.js';
import { PartialFile } from './partial-file.js';
import { INDEX_FILE, parseShardIndex, WEIGHTS_FILE } from './shard-index.js';

/** How far a file has come; `loaded` and `total` in bytes. */
export type OnProgress = (progress: { file: string; loaded: number; total: number }) => void;

export interface DownloadOptions {
  readonly onProgress?: OnProgress;
  /** Hashes known beforehand, which outrank what the hub says of its files. */
  readonly pinned?: readonly ExpectedFile[];
  /** Longest wait for an answer, default 10 s. */
  readonly answerTimeoutMs?: number;
  /** Longest wait for further bytes of a file, default 30 s. */
  readonly stallTimeoutMs?: number;
}

/** The hub's address: `HF_ENDPOINT`, else https://huggingface.co. */
export function hubUrl(): string {
  return (process.env.HF_ENDPOINT || 'https://huggingface.co').replace(/\/+$/, '');
}

const ATTEMPTS = 3;

/**
 * @param revision branch, tag or commit
 * @returns the commit whose snapshot is now in the cache
 * @throws Error whose message says in half a sentence why; what has come stays for the next attempt
 */
export async function downloadModel(
  cache: string,
  id: string,
  revision: string,
  options: DownloadOptions = {},
): Promise<string> {
  // Loaded here, not above: most runs find their model in the cache and need no client.
  const { downloadFile, listFiles, modelInfo } = await import('@huggingface/hub');
  const model = new CachedModel(cache, id);
  const bounded = boundedFetch(options.answerTimeoutMs ?? 10_000);
  let failure: unknown;
  const fetch: typeof globalThis.fetch = (...request) =>
    bounded(...request).catch((error: unknown) => {
      failure = error;
      throw error;
    });
  const token = process.env.HF_TOKEN?.trim();
  if (token && !token.startsWith('hf_'))
    throw new Error('HF_TOKEN is not a token of the hub: it must start with "hf_"');
  const access = { hubUrl: hubUrl(), fetch, ...(token ? { accessToken: token } : {}) };

  const commit = isCommit(revision)
    ? revision
    : (await modelInfo({ ...access, name: id, revision, additionalFields: ['sha'] })).sha;
  if (!isCommit(commit)) throw new Error(`it gave ${JSON.stringify(commit)} for the commit of ${revision}`);
  const listed = new Map<string, ListFileEntry>();
  for await (const entry of listFiles({ ...access, repo: id, revision: commit, recursive: true })) {
    if (entry.type === 'file') listed.set(entry.path, entry);
  }

  const fetchBlob = async (path: string): Promise<ExpectedFile> => {
    const expected = options.pinned?.find((file) => file.path === path) ?? expectedOf(listed.get(path), path);
    if (await isExpected(model.blob(expected.blob), expected, false)) return expected;
    const url = `${access.hubUrl}/${id}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
    // The plain protocol rather than xet: it can carry on in the middle of a file, and every proxy and mirror speaks it.
    const downloadInfo = { size: expected.size, etag: expected.blob, url };
    const remote = await downloadFile({ ...access, repo: id, revision: commit, path, downloadInfo, xet: false });
    if (remote === null) throw new Error(`it has no ${path}`);
    // Its stream reports a failed request by text alone; `failure` is the error itself.
    const explained = (error: unknown): unknown =>
      error instanceof Error ? error : (failure ?? new Error(reasonOf(error)));
    await fetchVerified(remote, model.blob(expected.blob), expected, options, explained);
    return expected;
  };

  const files: ExpectedFile[] = [];
  for (const path of [...NEEDED_FILES, ...WELCOME_FILES]) {
    if (listed.has(path)) files.push(await fetchBlob(path));
    else if (NEEDED_FILES.includes(path)) throw new Error(lacking(path));
  }
  if (listed.has(WEIGHTS_FILE)) {
    files.push(await fetchBlob(WEIGHTS_FILE));
  } else if (listed.has(INDEX_FILE)) {
    const index = await fetchBlob(INDEX_FILE);
    files.push(index);
    const weightMap = parseShardIndex(await readFile(model.blob(index.blob), 'utf8'), INDEX_FILE);
    for (const shard of new Set(weightMap.values())) files.push(await fetchBlob(shard));
  } else {
    throw new Error(lacking(WEIGHTS_FILE));
  }
  // `config.json` last: a snapshot whose placing was cut short is recognised by its absence.
  for (const { path, blob } of files.reverse()) await model.place(commit, path, blob);
  await model.remember(revision, commit);
  return commit;
}

function lacking(path: string): string {
  return path === WEIGHTS_FILE
    ? `the model has no ${WEIGHTS_FILE}; save it in Python with safe_serialization=True and give the folder instead`
    : `the model has no ${path}; save it and its tokenizer in Python with save_pretrained and give the folder instead`;
}

function expectedOf(entry: ListFileEntry | undefined, path: string): ExpectedFile {
  const blob = entry?.lfs?.oid ?? entry?.oid;
  if (entry === undefined || blob === undefined || !/^([0-9a-f]{40}|[0-9a-f]{64})$/.test(blob)) {
    throw new Error(`it lists ${path} ${entry === undefined ? 'nowhere' : 'without a hash'}`);
  }
  return { path, size: entry.size, blob };
}

/** Tries some times: to carry on after a broken connection, to start anew after wrong bytes. */
async function fetchVerified(
  remote: Blob,
  blob: string,
  expected: ExpectedFile,
  options: DownloadOptions,
  explained: (error: unknown) => unknown,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const partial = await PartialFile.open(blob, expected);
    const resumed = partial.size > 0;
    try {
      if (partial.size < expected.size) await readInto(partial, remote, expected, options);
      await partial.finish();
      return;
    } catch (caught) {
      const error = explained(caught);
      const isWrong = error instanceof WrongContentError && !(partial.size < expected.size);
      await partial.release(isWrong);
      const isSystem = error instanceof Error && 'syscall' in error;
      const isFinal = isSystem || (error instanceof HubStatusError && !error.isPassing) || (isWrong && !resumed);
      if (isFinal || attempt >= ATTEMPTS) throw error;
      await sleep(200 * attempt);
    }
  }
}

async function readInto(
  partial: PartialFile,
  remote: Blob,
  { path, size }: ExpectedFile,
  { onProgress, stallTimeoutMs = 30_000 }: DownloadOptions,
): Promise<void> {
  const reader = remote.slice(partial.size, size).stream().getReader();
  try {
    for (;;) {
      const chunk = await withinTime(reader.read(), stallTimeoutMs, `no more bytes of ${path} came`);
      if (chunk.done) break;
      await partial.append(chunk.value);
      onProgress?.({ file: path, loaded: partial.size, total: size });
    }
  } catch (error) {
    // Not awaited: a stalled connection may never confirm.
    reader.cancel().catch(() => undefined);
    throw error;
  }
}

async function withinTime<T>(promise: Promise<T>, ms: number, complaint: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`${complaint} for ${ms / 1000} seconds`)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}
