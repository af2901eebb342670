// Frames on a pipe: four bytes of length, then a value in V8's own serialization (typed arrays included, no copy of text).
// Printed text is most of the traffic, so it has a frame of its own, marked by the length's top bit, which costs a third as much:
// one byte for stdout (0) or stderr (1), one for the length of the context, the context, the text in UTF-8.

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
  writeAllSync(descriptor, bytes, bytes.length);
}

const textMark = 0x8000_0000;
const names = ['stdout', 'stderr'] as const;
const scratch = Buffer.allocUnsafe(64 * 1024);

/** Writes printed text as one frame, which the reader gives as `{ type: 'stream', context, name, text }`. */
export function writeTextSync(descriptor: number, context: string, name: 'stdout' | 'stderr', text: string): void {
  const start = 6 + context.length;
  // A UTF-16 unit takes at most three bytes of UTF-8.
  const bytes =
    start + 3 * text.length <= scratch.length ? scratch : Buffer.allocUnsafe(start + Buffer.byteLength(text));
  bytes.write(context, 6, 'latin1');
  const length = start + bytes.write(text, start);
  bytes.writeUInt32LE(textMark + length - 4, 0);
  bytes[4] = name === 'stdout' ? 0 : 1;
  bytes[5] = context.length;
  writeAllSync(descriptor, bytes, length);
}

/** Whether a context can go into a text frame: the ids of Jupyter clients are short and ASCII. */
export function isPlainContext(context: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the whole of ASCII is meant
  return context.length < 256 && /^[\x00-\x7f]*$/.test(context);
}

function writeAllSync(descriptor: number, bytes: Buffer, length: number): void {
  for (let at = 0; at < length; ) {
    try {
      at += writeSync(descriptor, bytes, at, length - at);
    } catch (error) {
      // A full pipe that does not block: wait a millisecond for its reader.
      if ((error as NodeJS.ErrnoException).code !== 'EAGAIN') throw error;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

interface Text {
  type: 'stream';
  context: string;
  name: 'stdout' | 'stderr';
  text: string;
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
      if ((whole.readUInt32LE(0) & textMark) === 0) values.push(deserialize(whole.subarray(4, needed)));
      else this.#takeText(whole.subarray(4, needed), values);
      this.#rest = needed < whole.length ? [whole.subarray(needed)] : [];
      this.#bytes = whole.length - needed;
    }
    return values;
  }

  /** The length of the frame at the front, its four bytes included; undefined while these are not there. */
  #needed(): number | undefined {
    if (this.#bytes < 4) return undefined;
    if ((this.#rest[0] as Buffer).length < 4) this.#rest = [Buffer.concat(this.#rest)];
    return 4 + ((this.#rest[0] as Buffer).readUInt32LE(0) & ~textMark);
  }

  /** A thousand short lines in one chunk become one value. */
  #takeText(body: Buffer, values: unknown[]): void {
    const start = 2 + (body[1] as number);
    const context = body.toString('latin1', 2, start);
    const name = names[body[0] as number] as 'stdout' | 'stderr';
    const text = body.toString('utf8', start);
    const last = values.at(-1) as Partial<Text> | undefined;
    if (last?.type === 'stream' && last.context === context && last.name === name) last.text += text;
    else values.push({ type: 'stream', context, name, text } satisfies Text);
  }
}
