/**
 * The bytes of a pickle, taken one after another: its numbers, texts and lengths, with an error where they end too early.
 *
 *     const bytes = new PickleBytes(Buffer.from([0x4b, 0x07]), 0, 'data.pkl');
 *     bytes.byte();     // 0x4b, the opcode of a number
 *     bytes.byte();     // 7
 */
import { CUT_SHORT, PytorchFileError } from './pytorch-file-error.js';

/** Longer names no class has. */
const MAX_LINE_BYTES = 1000;

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

export class PickleBytes {
  readonly #bytes: Buffer;
  readonly #file: string;
  #at: number;

  /**
   * @param start where the first byte to be taken is
   * @param file names the file in errors
   */
  constructor(bytes: Uint8Array, start: number, file: string) {
    this.#bytes = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = start;
    this.#file = file;
  }

  /** Where the next byte is. */
  get at(): number {
    return this.#at;
  }

  byte(): number {
    return this.#bytes[this.skip(1)] as number;
  }

  uint16(): number {
    return this.#bytes.readUInt16LE(this.skip(2));
  }

  uint32(): number {
    return this.#bytes.readUInt32LE(this.skip(4));
  }

  int32(): number {
    return this.#bytes.readInt32LE(this.skip(4));
  }

  /** A length; where it is too long for an exact number, it is too long for any file. */
  uint64(): number {
    return Number(this.#bytes.readBigUInt64LE(this.skip(8)));
  }

  double(): number {
    return this.#bytes.readDoubleBE(this.skip(8));
  }

  /** Two's complement of any length, the lowest byte first; a bigint beyond 2^53. */
  integer(length: number): number | bigint {
    const hex = Buffer.from(this.blob(length)).reverse().toString('hex');
    const value = length === 0 ? 0n : BigInt.asIntN(8 * length, BigInt(`0x${hex}`));
    return Number.isSafeInteger(Number(value)) ? Number(value) : value;
  }

  blob(length: number): Uint8Array {
    const from = this.skip(length);
    return this.#bytes.subarray(from, from + length);
  }

  text(length: number): string {
    const bytes = this.blob(length);
    try {
      return utf8.decode(bytes);
    } catch {
      return this.#fail(`its pickle has a text that is not UTF-8; ${CUT_SHORT}`);
    }
  }

  /** A text up to the end of its line. */
  line(): string {
    const length = this.#bytes.subarray(this.#at, this.#at + MAX_LINE_BYTES).indexOf(0x0a);
    if (length < 0) this.#fail(`its pickle has a name without an end; ${CUT_SHORT}`);
    const text = this.text(length);
    this.#at++;
    return text;
  }

  /** Moves on by `count` bytes; returns where they begin. */
  skip(count: number): number {
    const from = this.#at;
    if (count > this.#bytes.length - from) this.#fail(`its pickle ends at byte ${this.#bytes.length}; ${CUT_SHORT}`);
    this.#at += count;
    return from;
  }

  #fail(problem: string): never {
    throw new PytorchFileError(this.#file, problem);
  }
}
