/**
 * What a file of a model must be before we believe it: its size and its hashes, checked as its bytes go by.
 *
 * The Hugging Face cache names each file's content by the hub's own hash of it: SHA-256 for large files, Git's SHA-1 of
 * `blob <size>\0<content>` for the others. So a blob's name is enough to verify it.
 */
import { createHash, type Hash } from 'node:crypto';
import { createReadStream } from 'node:fs';
import { stat } from 'node:fs/promises';

/** One file of one revision of a model. */
export interface ExpectedFile {
  /** Path in the model's folder, `/` between its parts. */
  readonly path: string;
  /** Bytes. */
  readonly size: number;
  /** Name of its content in the cache: 64 hexadecimal digits (SHA-256) or 40 (Git). */
  readonly blob: string;
  /** SHA-256 in hexadecimal digits, where it is known besides. */
  readonly sha256?: string;
}

/** A file that is not what it should be; fetching it again is the only remedy. */
export class WrongContentError extends Error {
  override readonly name = 'WrongContentError';
}

/** Takes the bytes of a file in order; `finish` throws if they are not the expected ones. */
export class ContentCheck {
  /** Bytes taken so far. */
  size = 0;
  readonly #expected: ExpectedFile;
  readonly #blob: Hash;
  readonly #sha256: Hash | undefined;

  constructor(expected: ExpectedFile) {
    this.#expected = expected;
    this.#blob = createHash(expected.blob.length === 64 ? 'sha256' : 'sha1');
    if (expected.blob.length === 40) this.#blob.update(`blob ${expected.size}\0`);
    this.#sha256 = expected.sha256 === undefined ? undefined : createHash('sha256');
  }

  /** @throws WrongContentError as soon as there are more bytes than expected */
  update(bytes: Uint8Array): void {
    this.size += bytes.length;
    if (this.size > this.#expected.size) {
      throw new WrongContentError(`${this.#expected.path} is longer than its ${this.#expected.size} bytes`);
    }
    this.#blob.update(bytes);
    this.#sha256?.update(bytes);
  }

  /** @throws WrongContentError if bytes are missing or a hash differs */
  finish(): void {
    const { path, size, blob, sha256 } = this.#expected;
    if (this.size !== size) throw new WrongContentError(`${path} has ${this.size} of its ${size} bytes`);
    for (const [hash, wanted] of [[this.#blob, blob] as const, [this.#sha256, sha256] as const]) {
      const found = hash?.digest('hex');
      if (found !== wanted) throw new WrongContentError(`${path} has the hash ${found}, not ${wanted}`);
    }
  }
}

/** Whether the file at `path` has the expected size; with `hashed`, also whether it has the expected hashes. */
export async function isExpected(path: string, expected: ExpectedFile, hashed: boolean): Promise<boolean> {
  const found = await stat(path).catch(() => undefined);
  if (!found?.isFile() || found.size !== expected.size) return false;
  if (!hashed) return true;
  const check = new ContentCheck(expected);
  try {
    for await (const chunk of createReadStream(path, { highWaterMark: 1 << 20 })) check.update(chunk);
    check.finish();
    return true;
  } catch (error) {
    if (error instanceof WrongContentError) return false;
    throw error;
  }
}
