/**
 * Checks the pages of a column chunk, and unpacks them, before hyparquet decodes their values. hyparquet trusts the counts
 * it finds in them: a run of a billion values, in four bytes, becomes an array of that size.
 */
import type { ColumnMetaData, SchemaElement } from 'hyparquet';
import { parquetHeader } from 'hyparquet/src/column.js';
import { deltaBinaryUnpack } from 'hyparquet/src/delta.js';
import { unpackPage } from './parquet-codecs.js';
import { checkThrift } from './parquet-thrift.js';

/** Values that share their beginnings may unpack to at most so many bytes a page. */
const LARGEST_SHARED = 2 ** 28;

/** A column of plain values: no list, no struct. */
export interface Leaf {
  readonly element: SchemaElement;
  readonly metadata: ColumnMetaData;
  /** Rows of the row group. */
  readonly rows: number;
}

/**
 * @param chunk the bytes of the column chunk, alone in their buffer
 * @returns the unpacked pages, by the offset of their packed bytes in the chunk
 * @throws Error without the file's name
 */
export function unpackedPages(chunk: Uint8Array<ArrayBuffer>, leaf: Leaf): Map<number, Uint8Array> {
  const { metadata, rows } = leaf;
  const unpacked = new Map<number, Uint8Array>();
  const page = (start: number, end: number, size: number, packed = true): Uint8Array => {
    const bytes = chunk.subarray(start, end);
    if (!packed || metadata.codec === 'UNCOMPRESSED') {
      if (bytes.length !== size) throw new Error(`a page has ${bytes.length} bytes where its header states ${size}`);
      return bytes;
    }
    const content = unpackPage(metadata.codec, bytes, size);
    unpacked.set(start, content);
    return content;
  };

  let seen = 0;
  let offset = 0;
  while (seen < rows) {
    const reader = { view: new DataView(chunk.buffer), offset };
    const start = checkThrift(chunk, offset);
    const header = parquetHeader(reader);
    const { type, uncompressed_page_size: size } = header;
    const end = start + natural(header.compressed_page_size, 'the size of a page');
    if (reader.offset !== start || end > chunk.length) throw new Error('a page reaches beyond its column');
    natural(size, 'the size of a page');
    offset = end;
    if (type === 'DICTIONARY_PAGE') {
      const content = page(start, end, size);
      const values = natural(header.dictionary_page_header?.num_values, 'the number of values in a dictionary');
      if (values > content.length * 8)
        throw new Error(`a dictionary of ${content.length} bytes claims ${values} values`);
    } else if (type === 'DATA_PAGE' && header.data_page_header) {
      const { num_values, encoding } = header.data_page_header;
      const count = checkCount(num_values, rows - seen);
      const content = page(start, end, size);
      let at = 0;
      let present = count;
      if (leaf.element.repetition_type !== 'REQUIRED') {
        const length = new DataView(content.buffer, content.byteOffset, content.byteLength).getUint32(0, true);
        present = checkRuns(content, 4, 1, count, 4 + length);
        at = 4 + length;
      }
      checkValues(content, at, encoding, present, leaf);
      seen += count;
    } else if (type === 'DATA_PAGE_V2' && header.data_page_header_v2) {
      const about = header.data_page_header_v2;
      const count = checkCount(about.num_values, rows - seen);
      if (about.num_rows !== count) throw new Error(`a page of ${about.num_rows} rows has ${count} values`);
      const nulls = natural(about.num_nulls, 'the number of nulls in a page');
      const levels = natural(about.definition_levels_byte_length, 'the length of levels');
      if (about.repetition_levels_byte_length || start + levels > end || levels > size) {
        throw new Error('the levels of a page reach beyond it');
      }
      const optional = leaf.element.repetition_type !== 'REQUIRED';
      const present = optional ? checkRuns(chunk.subarray(start, end), 0, 1, count, levels) : count;
      if (count - nulls !== present) throw new Error(`a page states ${nulls} nulls and has ${count - present}`);
      const content = page(start + levels, end, size - levels, about.is_compressed !== false);
      checkValues(content, 0, about.encoding, present, leaf);
      seen += count;
    } else {
      throw new Error(`a page is of the unknown type ${type}`);
    }
  }
  return unpacked;
}

/** A whole number from 0. Thrift numbers may come as anything. */
export function natural(value: unknown, what: string): number {
  const number = typeof value === 'bigint' ? Number(value) : value;
  if (typeof number === 'number' && Number.isSafeInteger(number) && number >= 0) return number;
  throw new Error(`${what} is ${typeof number === 'number' ? number : 'no number'}`);
}

function checkCount(value: unknown, left: number): number {
  const count = natural(value, 'the number of values in a page');
  if (count === 0 || count > left) throw new Error(`a page has ${count} values where ${left} are left`);
  return count;
}

/** The values of a page from `at`, as far as counts and lengths go; whether they are sound, decoding them tells. */
function checkValues(page: Uint8Array, at: number, encoding: string, count: number, { element, metadata }: Leaf): void {
  const left = page.length - at;
  if (left < 0) throw new Error('the levels of a page reach beyond it');
  if (encoding === 'PLAIN') {
    const bits = { BOOLEAN: 1, INT32: 32, INT64: 64, INT96: 96, FLOAT: 32, DOUBLE: 64, BYTE_ARRAY: 32 };
    const each = metadata.type === 'FIXED_LEN_BYTE_ARRAY' ? 8 * (element.type_length ?? 1) : bits[metadata.type];
    if (count * each > left * 8) throw new Error(`a page claims ${count} values in ${left} bytes`);
  } else if (encoding === 'PLAIN_DICTIONARY' || encoding === 'RLE_DICTIONARY') {
    if (count > 0) checkRuns(page, at + 1, page[at] ?? 0, count, page.length);
  } else if (encoding === 'RLE') {
    if (metadata.type !== 'BOOLEAN') throw new Error('run lengths of other values than booleans');
    if (count > 0) checkRuns(page, at + 4, 1, count, page.length);
  } else if (encoding === 'DELTA_BINARY_PACKED') {
    if (count > 0) checkDelta(page, at, count);
  } else if (encoding === 'DELTA_LENGTH_BYTE_ARRAY') {
    if (count > 0) checkDelta(page, at, count);
  } else if (encoding === 'DELTA_BYTE_ARRAY') {
    if (count > 0) checkShared(page, at, count);
  } else if (encoding === 'BYTE_STREAM_SPLIT') {
    if (count > left) throw new Error(`a page claims ${count} values in ${left} bytes`);
    if (metadata.type === 'FIXED_LEN_BYTE_ARRAY' && count * (element.type_length ?? 1) > left) {
      throw new Error(`a page claims ${count} values in ${left} bytes`);
    }
  } else {
    throw new Error(`its encoding ${encoding} is unknown`);
  }
}

/**
 * Run lengths and packed bits: https://parquet.apache.org/docs/file-format/data-pages/encodings/#RLE
 * @returns how many of the values are 1, where they have one bit
 */
function checkRuns(bytes: Uint8Array, from: number, width: number, count: number, end: number): number {
  if (width > 32 || end > bytes.length) throw new Error('the levels or indices of a page reach beyond it');
  let ones = 0;
  let left = count;
  let at = from;
  while (left > 0) {
    let head = 0;
    for (let shift = 0; ; shift += 7) {
      const byte = bytes[at++];
      if (byte === undefined || at > end || shift > 28)
        throw new Error('the levels or indices of a page are cut short');
      head += (byte & 0x7f) * 2 ** shift;
      if (byte < 0x80) break;
    }
    if (head % 2 === 1) {
      const groups = (head - 1) / 2;
      const start = at;
      at += groups * width;
      // Some writers leave out what the last run would pad.
      if (groups === 0 || groups * 8 > left + 504 || at > end + width) {
        throw new Error(`a run of ${groups * 8} values where ${left} are left`);
      }
      const taken = Math.min(left, groups * 8);
      if (width === 1) for (let i = 0; i < taken; i++) ones += ((bytes[start + (i >> 3)] ?? 0) >> (i & 7)) & 1;
      left -= taken;
    } else {
      const run = head / 2;
      if (run === 0 || run > left) throw new Error(`a run of ${run} values where ${left} are left`);
      if (width > 0 && ((bytes[at] ?? 0) & 1) === 1) ones += run;
      at += (width + 7) >> 3;
      if (at > end) throw new Error('the levels or indices of a page are cut short');
      left -= run;
    }
  }
  return ones;
}

/** The head of values packed as differences; the blocks after it end where the values do. */
function checkDelta(bytes: Uint8Array, from: number, count: number): void {
  let at = from;
  const [block, parts, total] = [0, 1, 2].map(() => {
    let value = 0;
    for (let i = 0; i < 5; i++) {
      const byte = bytes[at++];
      if (byte === undefined) break;
      value += (byte & 0x7f) * 2 ** (7 * i);
      if (byte < 0x80) return value;
    }
    throw new Error('the differences of a page are cut short');
  }) as [number, number, number];
  const isBlock = block > 0 && block % 128 === 0 && block <= 2 ** 20 && parts > 0 && (block / parts) % 32 === 0;
  if (!isBlock) throw new Error(`differences in blocks of ${block} in ${parts} parts`);
  if (total !== count) throw new Error(`a page has ${total} values where its header states ${count}`);
}

/** Values that share their beginning with the one before. */
function checkShared(page: Uint8Array, at: number, count: number): void {
  const reader = { view: new DataView(page.buffer, page.byteOffset, page.byteLength), offset: at };
  const [shared, own] = [new Int32Array(count), new Int32Array(count)];
  checkDelta(page, reader.offset, count);
  deltaBinaryUnpack(reader, count, shared);
  checkDelta(page, reader.offset, count);
  deltaBinaryUnpack(reader, count, own);
  let before = 0;
  let total = 0;
  for (let i = 0; i < count; i++) {
    const [start, rest] = [shared[i] as number, own[i] as number];
    if (start < 0 || start > before || rest < 0 || rest > page.length) throw new Error('a value has no sound length');
    before = start + rest;
    total += before;
    if (total > LARGEST_SHARED) throw new Error('the values of a page unpack to more than we read at once');
  }
}
