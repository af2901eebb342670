/**
 * Downloads that can be cut short: bytes gather in `blobs/<name>.<process>-<number>.incomplete`, which no tool takes for a
 * blob. A later download carries on from what a process that is gone has left.
 */
import { createReadStream } from 'node:fs';
import { type FileHandle, mkdir, open, readdir, rename, rm, stat } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { writeAll } from './atomic-file.js';
import { ContentCheck, type ExpectedFile } from './expected-file.js';

/** Paths this process is writing to, which it must not pick up a second time. */
const inUse = new Set<string>();
let counter = 0;

/** The file that `blob` is to become; `size` bytes of it are there already. */
export class PartialFile {
  readonly #blob: string;
  readonly #path: string;
  readonly #file: FileHandle;
  readonly #expected: ExpectedFile;
  #check: ContentCheck;

  private constructor(blob: string, path: string, file: FileHandle, expected: ExpectedFile) {
    this.#blob = blob;
    this.#path = path;
    this.#file = file;
    this.#expected = expected;
    this.#check = new ContentCheck(expected);
  }

  /** Takes over what an earlier download left of this blob, else starts an empty file. */
  static async open(blob: string, expected: ExpectedFile): Promise<PartialFile> {
    await mkdir(dirname(blob), { recursive: true });
    const path = `${blob}.${process.pid}-${++counter}.incomplete`;
    inUse.add(path);
    await takeOverLongest(blob, path, expected.size);
    const file = await open(path, 'a');
    const partial = new PartialFile(blob, path, file, expected);
    try {
      for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) partial.#check.update(chunk);
    } catch (error) {
      await partial.release(true);
      throw error;
    }
    return partial;
  }

  get size(): number {
    return this.#check.size;
  }

  async append(bytes: Uint8Array): Promise<void> {
    this.#check.update(bytes);
    await writeAll(this.#file, bytes);
  }

  /** Forgets what is there, for a server that sends a file from its start or not at all. */
  async restart(): Promise<void> {
    await this.#file.truncate(0);
    this.#check = new ContentCheck(this.#expected);
  }

  /** Verifies the whole and gives it its name; @throws WrongContentError if it is not the expected file. */
  async finish(): Promise<void> {
    this.#check.finish();
    await this.#file.sync();
    await this.#file.close();
    await rename(this.#path, this.#blob);
    inUse.delete(this.#path);
  }

  /** Lets go of the file, leaving it for the next attempt unless it is `useless`. */
  async release(useless: boolean): Promise<void> {
    await this.#file.close();
    if (useless || this.size === 0) await rm(this.#path, { force: true });
    inUse.delete(this.#path);
  }
}

async function takeOverLongest(blob: string, path: string, wholeSize: number): Promise<void> {
  const folder = dirname(blob);
  let longest: { path: string; size: number } | undefined;
  for (const name of await readdir(folder)) {
    const found = name.startsWith(`${basename(blob)}.`) && /\.(\d+)-\d+\.incomplete$/.exec(name);
    if (!found) continue;
    const left = join(folder, name);
    if (inUse.has(left) || (Number(found[1]) !== process.pid && isRunning(Number(found[1])))) continue;
    const size = (await stat(left).catch(() => undefined))?.size ?? 0;
    if (size > wholeSize || size <= (longest?.size ?? 0)) {
      await rm(left, { force: true });
      continue;
    }
    if (longest !== undefined) await rm(longest.path, { force: true });
    longest = { path: left, size };
  }
  // Renaming is the claim: of two processes that want the same left-over, one gets it and the other starts anew.
  if (longest !== undefined) await rename(longest.path, path).catch(() => undefined);
}

/** Whether a process of this number exists on this machine. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM';
  }
}
