/**
 * Folders that appear whole or not at all: everything goes into a folder beside the place, which then takes its name. What
 * was there before stays until the new one is complete.
 *
 *     await writeFolderAtomically('out/reviews', (staged) => writeFile(join(staged, 'config.json'), '{}'), {
 *       holds: 'a checkpoint', marker: 'config.json', replaced: /^config\.json$/,
 *     });
 */
import { mkdir, readdir, realpath, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { temporaryPath } from './atomic-file.js';

export interface FolderKind {
  /** What such a folder holds, for errors: "a checkpoint". */
  readonly holds: string;
  /** The file every such folder has: one without it is somebody's own, and is left alone. */
  readonly marker: string;
  /** Names of what an earlier folder must not pass on. All else is carried over: notes, pictures. */
  readonly replaced: RegExp;
}

/**
 * Puts a folder in place, with what `write` writes into the one it is given.
 * @throws Error if `folder` is a file, or is neither empty nor of this kind
 */
export async function writeFolderAtomically(
  folder: string,
  write: (staged: string) => Promise<void>,
  { holds, marker, replaced }: FolderKind,
): Promise<void> {
  const target = await realpath(folder).catch(() => resolve(folder));
  const before = await readdir(target).catch((error: NodeJS.ErrnoException): string[] => {
    if (error.code === 'ENOENT') return [];
    if (error.code === 'ENOTDIR') throw new Error(`${folder} is a file; save ${holds} under another name.`);
    throw error;
  });
  if (before.length > 0 && !before.includes(marker)) {
    throw new Error(`${folder} holds other things (${before[0]}) and not ${holds}; save it into a folder of its own.`);
  }
  const staged = temporaryPath(target, 'tmp');
  try {
    await mkdir(staged, { recursive: true });
    await write(staged);
    await putInPlace(staged, target, replaced);
  } catch (error) {
    await rm(staged, { recursive: true, force: true });
    throw error;
  }
}

/** A folder cannot be replaced in one step, so the old one steps aside for the moment between two renames. */
async function putInPlace(staged: string, target: string, replaced: RegExp): Promise<void> {
  const aside = temporaryPath(target, 'old');
  const existed = await renameIfThere(target, aside);
  try {
    await rename(staged, target);
  } catch (error) {
    if (existed) await rename(aside, target);
    throw error;
  }
  if (!existed) return;
  const present = new Set(await readdir(target));
  for (const name of await readdir(aside)) {
    if (!present.has(name) && !replaced.test(name)) await rename(join(aside, name), join(target, name));
  }
  await rm(aside, { recursive: true });
}

async function renameIfThere(from: string, to: string): Promise<boolean> {
  try {
    await rename(from, to);
    return true;
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false;
    throw error;
  }
}
