/**
 * Unpacks a page of a parquet file into exactly as many bytes as its header states: never more, and never many more than the
 * packed bytes can hold, so that a small file that claims gigabytes is told before they are allocated.
 */
import { brotliDecompressSync, unzipSync } from 'node:zlib';
import { compressors, decompressLz4, decompressLz4Raw, decompressZstd } from 'hyparquet-compressors';

/** The largest page we unpack; writers make pages of about 1 MB, some one page a column of a row group. */
const LARGEST_PAGE = 2 ** 29;

interface Codec {
  /** The most bytes that one packed byte can stand for. */
  readonly ratio: number;
  readonly unpack: (packed: Uint8Array, size: number) => Uint8Array;
}

const CODECS: Readonly<Record<string, Codec>> = {
  // The longest copy, 64 bytes, takes 3.
  SNAPPY: {
    ratio: 22,
    unpack(packed, size) {
      if (snappySize(packed) !== size) throw new Error('a page has another size than its snappy header states');
      return (compressors.SNAPPY as NonNullable<typeof compressors.SNAPPY>)(packed, size);
    },
  },
  GZIP: { ratio: 1032, unpack: (packed, size) => unzipSync(packed, { maxOutputLength: size }) },
  // A block of 128 KiB that repeats one byte takes 4.
  ZSTD: { ratio: 2 ** 15, unpack: (packed, size) => decompressZstd(packed, new Uint8Array(size)) },
  // No bound of its own: a copy of 16 MiB takes some 5 bytes.
  BROTLI: { ratio: 2 ** 22, unpack: (packed, size) => brotliDecompressSync(packed, { maxOutputLength: size }) },
  LZ4: { ratio: 256, unpack: decompressLz4 },
  LZ4_RAW: { ratio: 256, unpack: decompressLz4Raw },
};

/**
 * @param codec parquet's name for it, such as `SNAPPY`
 * @param size bytes the page must have
 * @returns the page, alone in its buffer
 * @throws Error without the file's name
 */
export function unpackPage(codec: string, packed: Uint8Array, size: number): Uint8Array {
  if (size === 0) return new Uint8Array(0);
  const known = Object.hasOwn(CODECS, codec) ? CODECS[codec] : undefined;
  if (known === undefined) throw new Error(`its compression ${codec} is not one of ${Object.keys(CODECS).join(', ')}`);
  if (size > LARGEST_PAGE || size > packed.length * known.ratio + 64) {
    throw new Error(`a page claims ${size} bytes, more than its ${packed.length} packed bytes can hold`);
  }
  let page: Uint8Array;
  try {
    page = known.unpack(packed, size);
  } catch (error) {
    throw new Error(`a page cannot be unpacked, its ${codec} is damaged`, { cause: error });
  }
  if (page.length !== size) throw new Error(`a page has ${page.length} bytes where its header states ${size}`);
  // Out of a pool, a length within the page that is too large would read what others have stored there.
  return page.length === page.buffer.byteLength ? page : page.slice();
}

/** The size in bytes at the head of a snappy block; -1 if there is none. */
function snappySize(packed: Uint8Array): number {
  let size = 0;
  for (let i = 0; i < 5; i++) {
    const byte = packed[i];
    if (byte === undefined) return -1;
    size += (byte & 0x7f) * 2 ** (7 * i);
    if (byte < 0x80) return size;
  }
  return -1;
}
