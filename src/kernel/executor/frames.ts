// Frames on a pipe: four bytes of length, then a value in V8's own serialization (typed arrays included, no copy of text).

import { writeSync } from 'node:fs';
import { deserialize, serialize } from 'node:v8';

/** A value as the bytes of one frame. */
export function frame(value: unknown): Buffer {
  const body = serialize(value);
  const whole = Buffer.allocUnsafe(4 + body.length);
  whole.writeUInt32LE(body.length, 0);
  body.copy(whole, 4);
  return whole;
}

/** Writes one frame and returns only when the pipe has taken all of it. */
export function writeFrameSync(descriptor: number, value: unknown): void {
  const bytes = frame(value);
  for (let at = 0; at < bytes.length; ) {
    try {
      at += writeSync(descriptor, bytes, at);
    } catch (error) {
      // A full pipe that does not block: wait a millisecond for its reader.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

/** Cuts a stream of bytes into frames again, wherever its chunks begin and end. */
export class FrameReader {
  #rest: Buffer[] = [];
  #bytes = 0;

  /** Takes a chunk; gives the values of the frames it completes. */
  take(chunk: Buffer): unknown[] {
    this.#rest.push(chunk);
    this.#bytes += chunk.length;
    const values: unknown[] = [];
    for (let needed = this.#needed(); needed !== undefined && this.#bytes >= needed; needed = this.#needed()) {
      const whole = this.#rest.length === 1 ? (this.#rest[0] as Buffer) : Buffer.concat(this.#rest);
      values.push(deserialize(whole.subarray(4, needed)));
      this.#rest = needed < whole.length ? [whole.subarray(needed)] : [];
      this.#bytes = whole.length - needed;
    }
    return values;
  }

  /** The length of the frame at the front, its four bytes included; undefined while these are not there. */
  #needed(): number | undefined {
    if (this.#bytes < 4) return undefined;
    if ((this.#rest[0] as Buffer).length < 4) this.#rest = [Buffer.concat(this.#rest)];
    return 4 + (this.#rest[0] as Buffer).readUInt32LE(0);
  }
}
