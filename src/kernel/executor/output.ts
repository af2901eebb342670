// Where printed text goes: process.stdout and process.stderr, and with them the console, write frames that carry their cell.

import { Writable } from 'node:stream';
import { StringDecoder } from 'node:string_decoder';
import { context } from './context.js';
import { send, sendText } from './wire.js';

/** Prints text as the cell that runs now. */
export function print(name: 'stdout' | 'stderr', text: string): void {
  if (text === '') return;
  const { task, take } = context();
  if (take) take({ output_type: 'stream', name, text });
  else sendText(task.id, name, text);
}

export function clearOutput(wait: boolean): void {
  const { task, take } = context();
  if (take) take({ output_type: 'clear', wait });
  else send({ type: 'clear', context: task.id, wait });
}

type Callback = (error?: Error | null) => void;

/** A stream that has written all it was given when `write` returns, and that nothing closes. */
class PrintStream extends Writable {
  readonly isTTY = false;
  readonly #name: 'stdout' | 'stderr';
  readonly #decoder = new StringDecoder('utf8');

  constructor(
    name: 'stdout' | 'stderr',
    readonly fd: number,
  ) {
    // It never ends; whoever waits for its end, or its close, is told so at once.
    super({ decodeStrings: false, autoDestroy: false, emitClose: false });
    this.setMaxListeners(0);
    this.#name = name;
  }

  override write(chunk: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): boolean {
    const done = typeof encoding === 'function' ? encoding : callback;
    if (typeof chunk === 'string') {
      if (typeof encoding === 'string' && !/^utf-?8$/i.test(encoding)) this.#bytes(Buffer.from(chunk, encoding));
      else print(this.#name, chunk);
    } else if (chunk instanceof Uint8Array) {
      this.#bytes(chunk);
    } else {
      // Fails, with Node's own words for it.
      return super.write(chunk, encoding as BufferEncoding, callback);
    }
    if (done) process.nextTick(done, null);
    return true;
  }

  #bytes(bytes: Uint8Array): void {
    // A character may be cut in two by the end of a buffer; its other half comes with the next.
    print(this.#name, this.#decoder.write(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)));
  }

  override end(chunk?: unknown, encoding?: BufferEncoding | Callback, callback?: Callback): this {
    if (chunk !== undefined && chunk !== null && typeof chunk !== 'function')
      this.write(chunk, encoding as BufferEncoding);
    const done = [chunk, encoding, callback].find((each) => typeof each === 'function') as Callback | undefined;
    process.nextTick(() => {
      done?.();
      // What waits for the end, `pipeline` say, goes on; the stream itself stays open for whatever prints next.
      this.emit('finish');
    });
    return this;
  }

  override destroy(): this {
    // `pipeline` waits for this where its source fails.
    process.nextTick(() => this.emit('close'));
    return this;
  }
}

/** Takes over what this process prints. */
export function capturePrinting(): void {
  for (const [name, fd] of [
    ['stdout', 1],
    ['stderr', 2],
  ] as const) {
    const stream = new PrintStream(name, fd);
    Object.defineProperty(process, name, { configurable: true, enumerable: true, get: () => stream });
  }
  console.clear = () => clearOutput(false);
}
