/**
 * The Hugging Face cache, shared with Python and every other Hugging Face tool:
 *
 *     ~/.cache/huggingface/hub/models--sentence-transformers--all-MiniLM-L6-v2/
 *       refs/main                      the commit a branch stood at when it was last asked for
 *       blobs/53aa5117...              contents, named by their hash
 *       snapshots/1110a243.../model.safetensors -> ../../blobs/53aa5117...
 *
 * A file appears in `blobs` and in `snapshots` only after it has been verified.
 */
import { copyFile, link, mkdir, readFile, rename, rm, symlink } from 'node:fs/promises';
import { homedir } from 'node:os';
import { dirname, join, relative, resolve } from 'node:path';
import { temporaryPath, writeAll, writeFileAtomically } from './atomic-file.js';

/** The cache's folder: `HF_HUB_CACHE`, else `HF_HOME/hub`, else `XDG_CACHE_HOME/huggingface/hub`, else in `~/.cache`. */
export function cacheFolder(env: Readonly<Record<string, string | undefined>> = process.env): string {
  const hubCache = env.HF_HUB_CACHE || env.HUGGINGFACE_HUB_CACHE;
  const home = env.HF_HOME || join(env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'huggingface');
  return resolve((hubCache || join(home, 'hub')).replace(/^~(?=$|[/\\])/, homedir()));
}

/** A commit of a repository, as opposed to a branch or a tag. */
export function isCommit(revision: string): boolean {
  return /^[0-9a-f]{40}$/.test(revision);
}

/** What a repository on the hub holds. */
export type RepoKind = 'model' | 'dataset';

/** One repository's corner of the cache. Nothing is made on disk before something is put there. */
export class CachedRepo {
  readonly folder: string;

  constructor(cache: string, id: string, kind: RepoKind = 'model') {
    this.folder = join(cache, `${kind}s--${id.replaceAll('/', '--')}`);
  }

  snapshot(commit: string): string {
    return join(this.folder, 'snapshots', commit);
  }

  blob(name: string): string {
    return join(this.folder, 'blobs', name);
  }

  /** The commit a branch or tag was last known to stand at; a commit stands for itself. */
  async commitOf(revision: string): Promise<string | undefined> {
    if (isCommit(revision)) return revision;
    const commit = await readFile(join(this.folder, 'refs', revision), 'utf8').catch(() => '');
    return isCommit(commit.trim()) ? commit.trim() : undefined;
  }

  /** Remembers the commit of a branch or tag. */
  async remember(revision: string, commit: string): Promise<void> {
    if (isCommit(revision)) return;
    await writeFileAtomically(join(this.folder, 'refs', revision), (file) => writeAll(file, Buffer.from(commit)));
  }

  /** Puts a blob under its name in a snapshot: as a link, or as a copy where the system allows none (some Windows). */
  async place(commit: string, path: string, blobName: string): Promise<void> {
    const target = join(this.snapshot(commit), path);
    const blob = this.blob(blobName);
    await mkdir(dirname(target), { recursive: true });
    const temporary = temporaryPath(target, 'tmp');
    try {
      await symlink(relative(dirname(target), blob), temporary)
        .catch(() => link(blob, temporary))
        .catch(() => copyFile(blob, temporary));
      await rename(temporary, target);
    } catch (error) {
      await rm(temporary, { force: true });
      throw error;
    }
  }
}
