/**
 * Files that appear whole or not at all: written beside their place under another name, flushed to disk, then renamed.
 *
 *     await writeFileAtomically('out/config.json', async (file) => { await file.write('{}'); });
 */
import { randomBytes } from 'node:crypto';
import { type FileHandle, mkdir, open, rename, rm } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** A name beside `path` that nothing else uses; it tells the process that made it, so that left-overs can be recognised. */
export function temporaryPath(path: string, purpose: string): string {
  const suffix = `${process.pid}-${randomBytes(4).toString('hex')}.${purpose}`;
  return join(dirname(path), `.${basename(path)}.${suffix}`);
}

/** Makes `path` from what `write` puts into the handle; folders are made as needed, an existing file is replaced at the end. */
export async function writeFileAtomically(path: string, write: (file: FileHandle) => Promise<void>): Promise<void> {
  await mkdir(dirname(path), { recursive: true });
  const temporary = temporaryPath(path, 'tmp');
  try {
    const file = await open(temporary, 'wx');
    try {
      await write(file);
      await file.sync();
    } finally {
      await file.close();
    }
    await rename(temporary, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Writes every byte: a single write may stop short, and takes no more than 2 GiB. */
export async function writeAll(file: FileHandle, bytes: Uint8Array): Promise<void> {
  let done = 0;
  while (done < bytes.length) {
    const { bytesWritten } = await file.write(bytes, done, Math.min(bytes.length - done, 1 << 30));
    done += bytesWritten;
  }
}
