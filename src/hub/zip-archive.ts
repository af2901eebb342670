/**
 * A zip archive read entry by entry from disk, as PyTorch writes its files: its directory checked whole before anything
 * is read, no two entries over the same bytes, each entry verified by its CRC.
 *
 *     const archive = await ZipArchive.open(file, size, 'pytorch_model.bin');
 *     const bytes = new Uint8Array(archive.entries.get('archive/data.pkl')!.size);
 *     await archive.read('archive/data.pkl', bytes);
 *
 * Stored and deflated entries, and zip64. Format: https://pkware.cachefly.net/webdocs/casestudies/APPNOTE.TXT
 */
import type { FileHandle } from 'node:fs/promises';
import { crc32, inflateRawSync } from 'node:zlib';
import { CUT_SHORT, PytorchFileError } from './pytorch-file-error.js';
import { readExactly } from './read-exactly.js';
import { shown } from './shown.js';

/** One file of an archive. */
export interface ZipEntry {
  /** Bytes, unpacked. */
  readonly size: number;
  /** Bytes it takes in the archive. */
  readonly packed: number;
  readonly method: number;
  readonly crc: number;
  /** Where its local header is. */
  readonly offset: number;
  /** Where the next entry, or the directory, begins. */
  readonly limit: number;
}

const STORED = 0;
const DEFLATED = 8;
/** The end record is 22 bytes and a comment of at most 65535. */
const END_BYTES = 22;
const MAX_DIRECTORY_BYTES = 64 * 2 ** 20;
/** Weights hardly compress: an archive that unpacks to more than twenty times its size is there to fill the memory. */
const MAX_RATIO = 20;
/** Small archives of zeros may. */
const ALWAYS_ALLOWED_BYTES = 2 ** 20;

export class ZipArchive {
  /** By their paths. */
  readonly entries: ReadonlyMap<string, ZipEntry>;
  readonly #file: FileHandle;
  readonly #name: string;

  private constructor(file: FileHandle, name: string, entries: ReadonlyMap<string, ZipEntry>) {
    this.#file = file;
    this.#name = name;
    this.entries = entries;
  }

  /**
   * Reads the directory.
   * @param size bytes of the whole file
   * @param name names the file in errors
   * @throws PytorchFileError if the directory is missing, lies about its places, or names an entry twice
   */
  static async open(file: FileHandle, size: number, name: string): Promise<ZipArchive> {
    const { offset, length, count } = await findDirectory(file, size, name);
    const directory = await readPart(file, offset, length, name);
    const entries = parseDirectory(directory, offset, count, name);
    const unpacked = [...entries.values()].reduce((sum, entry) => sum + entry.size, 0);
    if (unpacked > Math.max(ALWAYS_ALLOWED_BYTES, MAX_RATIO * size)) {
      throw new PytorchFileError(name, `it has ${size} bytes but would unpack to ${unpacked}, which no weights do`);
    }
    return new ZipArchive(file, name, entries);
  }

  /**
   * Reads one entry into `into`, which must have its size.
   * @throws PytorchFileError if its bytes are not those the directory announces
   */
  async read(path: string, into: Uint8Array): Promise<void> {
    const entry = this.entries.get(path);
    if (entry === undefined) throw new PytorchFileError(this.#name, `it has no ${path}; ${CUT_SHORT}`);
    const fail = (problem: string): never => {
      throw new PytorchFileError(this.#name, `its entry ${shown(path)} ${problem}`);
    };
    const header = await readPart(this.#file, entry.offset, 30, this.#name);
    if (header.readUInt32LE(0) !== 0x04034b50) fail(`is not where its directory says; ${CUT_SHORT}`);
    const start = entry.offset + 30 + header.readUInt16LE(26) + header.readUInt16LE(28);
    if (start + entry.packed > entry.limit) fail(`overlaps the next one; ${CUT_SHORT}`);
    if (entry.method === STORED) {
      if (entry.packed !== entry.size) fail(`is stored, but with two sizes; ${CUT_SHORT}`);
      if ((await readExactly(this.#file, into, start)) < into.length) fail(`ends too early; ${CUT_SHORT}`);
    } else if (entry.method === DEFLATED) {
      into.set(this.#inflate(await readPart(this.#file, start, entry.packed, this.#name), entry.size, fail));
    } else {
      fail(`is packed by method ${entry.method}; only stored and deflated entries are read`);
    }
    if (crc32(into) !== entry.crc) fail(`has other bytes than its check sum says; ${CUT_SHORT}`);
  }

  #inflate(packed: Uint8Array, size: number, fail: (problem: string) => never): Uint8Array {
    let unpacked: Uint8Array;
    try {
      unpacked = size === 0 ? new Uint8Array(0) : inflateRawSync(packed, { maxOutputLength: size });
    } catch (error) {
      return fail(`cannot be unpacked (${(error as Error).message}); ${CUT_SHORT}`);
    }
    return unpacked.length === size
      ? unpacked
      : fail(`unpacks to ${unpacked.length} of its ${size} bytes; ${CUT_SHORT}`);
  }
}

interface Place {
  readonly offset: number;
  readonly length: number;
  readonly count: number;
}

async function findDirectory(file: FileHandle, size: number, name: string): Promise<Place> {
  const tailLength = Math.min(size, END_BYTES + 0xffff);
  const tailStart = size - tailLength;
  const tail = await readPart(file, tailStart, tailLength, name);
  let at = tail.length - END_BYTES;
  while (
    at >= 0 &&
    !(tail.readUInt32LE(at) === 0x06054b50 && at + END_BYTES + tail.readUInt16LE(at + 20) === tail.length)
  ) {
    at--;
  }
  if (at < 0)
    throw new PytorchFileError(name, `it begins as a zip archive but has no directory at its end; ${CUT_SHORT}`);
  let place = {
    count: tail.readUInt16LE(at + 10),
    length: tail.readUInt32LE(at + 12),
    offset: tail.readUInt32LE(at + 16),
  };
  if (place.count === 0xffff || place.length === 0xffffffff || place.offset === 0xffffffff) {
    const locator = tailStart + at >= 20 ? await readPart(file, tailStart + at - 20, 20, name) : Buffer.alloc(20);
    const record = exact(locator.readBigUInt64LE(8));
    if (locator.readUInt32LE(0) !== 0x07064b50 || record + 56 > size) return directoryFault(name);
    const end = await readPart(file, record, 56, name);
    if (end.readUInt32LE(0) !== 0x06064b50) return directoryFault(name);
    place = {
      count: exact(end.readBigUInt64LE(32)),
      length: exact(end.readBigUInt64LE(40)),
      offset: exact(end.readBigUInt64LE(48)),
    };
  }
  if (place.offset + place.length > tailStart + at || place.length > MAX_DIRECTORY_BYTES) return directoryFault(name);
  return place;
}

function directoryFault(name: string): never {
  throw new PytorchFileError(name, `the directory of its zip archive is malformed; ${CUT_SHORT}`);
}

function parseDirectory(bytes: Buffer, directoryStart: number, count: number, name: string): Map<string, ZipEntry> {
  const found: (Omit<ZipEntry, 'limit'> & { path: string })[] = [];
  let at = 0;
  while (at < bytes.length) {
    if (at + 46 > bytes.length || bytes.readUInt32LE(at) !== 0x02014b50) directoryFault(name);
    const [nameLength, extraLength, commentLength] = [28, 30, 32].map((field) => bytes.readUInt16LE(at + field));
    const extraStart = at + 46 + nameLength!;
    const next = extraStart + extraLength! + commentLength!;
    if (next > bytes.length) directoryFault(name);
    if ((bytes.readUInt16LE(at + 8) & 1) !== 0) throw new PytorchFileError(name, 'its zip archive is encrypted');
    const [packed, size, offset] = wideFields(
      bytes.subarray(extraStart, extraStart + extraLength!),
      [bytes.readUInt32LE(at + 20), bytes.readUInt32LE(at + 24), bytes.readUInt32LE(at + 42)],
      name,
    );
    const path = bytes.toString('utf8', at + 46, extraStart);
    found.push({ path, packed, size, offset, method: bytes.readUInt16LE(at + 10), crc: bytes.readUInt32LE(at + 16) });
    at = next;
  }
  if (found.length !== count) directoryFault(name);
  // Many entries over the same bytes would let a small file fill the memory.
  const entries = new Map<string, ZipEntry>();
  let limit = directoryStart;
  for (const { path, ...entry } of found.sort((a, b) => b.offset - a.offset)) {
    if (entry.offset + 30 + entry.packed > limit) {
      throw new PytorchFileError(name, `its entry ${shown(path)} overlaps the next one; ${CUT_SHORT}`);
    }
    if (entries.has(path)) throw new PytorchFileError(name, `it has two entries ${shown(path)}; ${CUT_SHORT}`);
    entries.set(path, { ...entry, limit });
    limit = entry.offset;
  }
  return entries;
}

/**
 * Packed size, size and offset; those too large for 32 bits are in the zip64 field among the extra ones, in the order size,
 * packed size, offset.
 */
function wideFields(
  extra: Buffer,
  [packed, size, offset]: [number, number, number],
  name: string,
): [number, number, number] {
  if (![packed, size, offset].includes(0xffffffff)) return [packed, size, offset];
  let at = 0;
  while (at + 4 <= extra.length && extra.readUInt16LE(at) !== 1) at += 4 + extra.readUInt16LE(at + 2);
  let field = at + 4;
  const end = at + 4 <= extra.length ? field + extra.readUInt16LE(at + 2) : 0;
  const wide = (narrow: number): number => {
    if (narrow !== 0xffffffff) return narrow;
    if (field + 8 > Math.min(end, extra.length)) directoryFault(name);
    field += 8;
    return exact(extra.readBigUInt64LE(field - 8));
  };
  const wideSize = wide(size);
  const widePacked = wide(packed);
  return [widePacked, wideSize, wide(offset)];
}

/** Beyond 2^53 a number is no longer exact, but as a size or a place it is beyond every file all the same. */
function exact(value: bigint): number {
  return Number(value);
}

async function readPart(file: FileHandle, offset: number, length: number, name: string): Promise<Buffer> {
  const bytes = Buffer.alloc(length);
  if ((await readExactly(file, bytes, offset)) < length) {
    throw new PytorchFileError(name, `it ends before byte ${offset + length}; ${CUT_SHORT}`);
  }
  return bytes;
}
