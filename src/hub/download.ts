/**
 * Downloads from a repository on the Hugging Face hub into the cache: only the files we need, each verified by its hash, carried
 * on where an earlier download was cut short. The snapshot appears once all its files are there.
 *
 * `HF_ENDPOINT` names another hub, `HF_TOKEN` gives access to private and gated repositories (`hub-access.ts`).
 */
import { setTimeout as sleep } from 'node:timers/promises';
import type { ListFileEntry } from '@huggingface/hub';
import { boundedFetch, type FetchOptions, HubStatusError, NoAnswerError } from './bounded-fetch.js';
import { CachedRepo, isCommit, type RepoKind } from './cache.js';
import { type ExpectedFile, isExpected, WrongContentError } from './expected-file.js';
import { accessToken, hubUrl } from './hub-access.js';
import { PartialFile } from './partial-file.js';

/** How far a file has come; `loaded` and `total` in bytes. */
export type OnProgress = (progress: { file: string; loaded: number; total: number }) => void;

export interface DownloadOptions extends Pick<FetchOptions, 'signal' | 'onWait' | 'retryPauseMs'> {
  readonly onProgress?: OnProgress;
  /** Hashes known beforehand, which outrank what the hub says of its files. */
  readonly pinned?: readonly ExpectedFile[];
  /** Longest wait for an answer, default 10 s. */
  readonly answerTimeoutMs?: number;
  /** Longest wait for further bytes of a file, default 30 s. */
  readonly stallTimeoutMs?: number;
}

const ATTEMPTS = 3;

/** What a repository is asked for. */
export interface OpenRepo {
  readonly commit: string;
  /** Paths of all its files. */
  readonly paths: ReadonlySet<string>;
  /** What the head of its README says, as the hub reads it; of a data set. */
  card(): Promise<unknown>;
  /** Fetches a file into the cache, where it is not there yet; the path of its content. */
  fetch(path: string): Promise<string>;
}

/**
 * Opens a repository at a revision, fetches what `choose` asks for, and places it all in one snapshot.
 * @param revision branch, tag or commit
 * @param choose fetches files; the first it fetches is placed last, and so tells a whole snapshot from one whose placing was cut
 * @returns the commit whose snapshot is now in the cache
 * @throws Error whose message says in half a sentence why; the signal's reason if it stopped. What has come stays for the
 *   next attempt
 */
export async function downloadRepo(
  { cache, id, kind, revision }: { cache: string; id: string; kind: RepoKind; revision: string },
  choose: (repo: OpenRepo) => Promise<void>,
  options: DownloadOptions = {},
): Promise<string> {
  // Loaded here, not above: most runs find what they want in the cache and need no client.
  const { datasetInfo, listFiles, modelInfo } = await import('@huggingface/hub');
  const cached = new CachedRepo(cache, id, kind);
  const { signal, onWait, retryPauseMs } = options;
  const token = await accessToken();
  const { answerTimeoutMs = 10_000, stallTimeoutMs = 30_000 } = options;
  const asking = { token, signal, onWait, retryPauseMs };
  const fetch = boundedFetch(answerTimeoutMs, asking);
  const fetchFile = boundedFetch(Math.min(answerTimeoutMs, stallTimeoutMs), asking);
  const access = { hubUrl: hubUrl(), fetch };

  const about = { ...access, name: id, revision, additionalFields: ['sha' as const] };
  const commit = isCommit(revision) ? revision : (await (kind === 'model' ? modelInfo(about) : datasetInfo(about))).sha;
  if (!isCommit(commit)) throw new Error(`it gave ${JSON.stringify(commit)} for the commit of ${revision}`);
  const listed = new Map<string, ListFileEntry>();
  const repo = { type: kind, name: id } as const;
  for await (const entry of listFiles({ ...access, repo, revision: commit, recursive: true })) {
    if (entry.type === 'file') listed.set(entry.path, entry);
  }

  const files: ExpectedFile[] = [];
  await choose({
    commit,
    paths: new Set(listed.keys()),
    async card() {
      const fields = { revision: commit, additionalFields: ['cardData' as const] };
      return (await datasetInfo({ ...access, name: id, ...fields })).cardData;
    },
    async fetch(path) {
      const expected = options.pinned?.find((file) => file.path === path) ?? expectedOf(listed.get(path), path);
      const blob = cached.blob(expected.blob);
      if (!files.some((file) => file.path === path)) files.push(expected);
      if (await isExpected(blob, expected, false)) return blob;
      const place = `${kind === 'model' ? '' : 'datasets/'}${id}`;
      const url = `${access.hubUrl}/${place}/resolve/${commit}/${path.split('/').map(encodeURIComponent).join('/')}`;
      await fetchVerified(fetchFile, url, blob, expected, options);
      return blob;
    },
  });
  for (const { path, blob } of files.reverse()) await cached.place(commit, path, blob);
  await cached.remember(revision, commit);
  return commit;
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
  fetch: typeof globalThis.fetch,
  url: string,
  blob: string,
  expected: ExpectedFile,
  options: DownloadOptions,
): Promise<void> {
  for (let attempt = 1; ; attempt++) {
    const partial = await PartialFile.open(blob, expected);
    const resumed = partial.size > 0;
    try {
      if (partial.size < expected.size) await readInto(partial, fetch, url, expected, options);
      await partial.finish();
      return;
    } catch (error) {
      const isWrong = error instanceof WrongContentError && !(partial.size < expected.size);
      await partial.release(isWrong);
      options.signal?.throwIfAborted();
      const isSystem = error instanceof Error && 'syscall' in error && !isConnection(error);
      // Whether and when to ask again after an answer such as 429 is decided where it is asked.
      const isFinal = isSystem || error instanceof HubStatusError || (isWrong && !resumed);
      if (isFinal || attempt >= ATTEMPTS) throw error;
      await sleep((options.retryPauseMs ?? 200) * attempt);
    }
  }
}

function isConnection(error: Error): boolean {
  return /^(ECONNRESET|EPIPE|ETIMEDOUT)$/.test((error as NodeJS.ErrnoException).code ?? '');
}

async function readInto(
  partial: PartialFile,
  fetch: typeof globalThis.fetch,
  url: string,
  { path, size }: ExpectedFile,
  { onProgress, stallTimeoutMs = 30_000 }: DownloadOptions,
): Promise<void> {
  const stop = new AbortController();
  // Packed on the way, a file could not be carried on in its middle.
  const headers: Record<string, string> = { 'accept-encoding': 'identity' };
  // The address names a commit, so what it leads to does not change; were it to, the hash would tell. The content's etag is
  // no help here: the hub's own and that of the store it redirects to are different ones.
  if (partial.size > 0) headers.range = `bytes=${partial.size}-${size - 1}`;
  const response = await fetch(url, { headers, signal: stop.signal }).catch((error: unknown): never => {
    throw error instanceof NoAnswerError ? noMoreBytes(path, error.seconds) : error;
  });
  if (partial.size > 0 && !isRestFrom(partial.size, response)) await partial.restart();
  const reader = response.body?.getReader();
  try {
    while (reader !== undefined) {
      const chunk = await withinTime(reader.read(), stallTimeoutMs, path);
      if (chunk.done) break;
      await partial.append(chunk.value);
      onProgress?.({ file: path, loaded: partial.size, total: size });
    }
  } catch (error) {
    stop.abort();
    throw error;
  }
}

/** Whether the answer to a request for the rest of a file is that rest; some servers send the whole. */
function isRestFrom(start: number, response: Response): boolean {
  return response.status === 206 && (response.headers.get('content-range') ?? '').startsWith(`bytes ${start}-`);
}

async function withinTime<T>(promise: Promise<T>, ms: number, path: string): Promise<T> {
  let timer: NodeJS.Timeout | undefined;
  const late = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(noMoreBytes(path, ms / 1000)), ms);
  });
  return Promise.race([promise, late]).finally(() => clearTimeout(timer));
}

function noMoreBytes(path: string, seconds: number): Error {
  return new Error(`no more bytes of ${path} came for ${seconds} seconds`);
}
