/** Reads bytes at a place of a file: a single read may stop short, and takes no more than 2 GiB. */
import type { FileHandle } from 'node:fs/promises';

/** Fills `into` from `position` on; returns how many bytes there were: fewer than asked for only where the file ends. */
export async function readExactly(file: FileHandle, into: Uint8Array, position: number): Promise<number> {
  let done = 0;
  while (done < into.length) {
    const { bytesRead } = await file.read(into, done, Math.min(into.length - done, 1 << 30), position + done);
    if (bytesRead === 0) break;
    done += bytesRead;
  }
  return done;
}
