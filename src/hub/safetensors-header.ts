/**
 * The header of a safetensors file: read with suspicion, written as the Python library writes it.
 *
 * A file is 8 bytes (the header's length, little-endian), the header (JSON, padded with spaces to a multiple of 8), then
 * the tensors' bytes, one after another without gaps. The header maps each name to
 * `{"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}`, offsets counted from the end of the header, and
 * `__metadata__` to a map of strings. Format: https://github.com/huggingface/safetensors#format
 *
 * Files come from strangers: nothing is allocated and nothing is believed before the header has been checked whole.
 */

import { shown } from './shown.js';
import { bytesPerElement, isStoredDType, STORED_DTYPES, type StoredDType } from './stored-dtype.js';

/** The library's own cap; a longer header is an attack or an accident. */
export const MAX_HEADER_BYTES = 100_000_000;

/** Bytes of the length field at the start of a file. */
export const LENGTH_BYTES = 8;

const METADATA_KEY = '__metadata__';

/** The Python library lays tensors out by element type first, in this order, then by the bytes of their names. */
const DTYPE_ORDER = 'U64 I64 F64 F32 U32 I32 BF16 F16 U16 I16 I8 U8 BOOL'.split(' ') as readonly StoredDType[];

/** What is wrong with a safetensors file or with tensors about to become one. `message` names the file and the tensor. */
export class SafetensorsError extends Error {
  override readonly name = 'SafetensorsError';
  /** The file concerned, as it was named to us. */
  readonly file: string;
  /** The tensor concerned, where there is one. */
  readonly tensor: string | undefined;

  constructor(file: string, problem: string, tensor?: string) {
    super(`${file}: ${tensor === undefined ? '' : `tensor ${shown(tensor)}: `}${problem}`);
    this.file = file;
    this.tensor = tensor;
  }
}

/** Where one tensor lies: `begin` and `end` are bytes from the end of the header. */
export interface TensorEntry {
  readonly name: string;
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly begin: number;
  readonly end: number;
}

/** The checked header: entries in the order of their bytes. */
export interface SafetensorsHeader {
  readonly entries: readonly TensorEntry[];
  readonly metadata: Record<string, string>;
}

/**
 * The header's length in bytes, from a file's first 8 bytes.
 * @throws SafetensorsError if the file has no room for the header it announces, or the header exceeds 100 MB.
 */
export function readHeaderLength(start: Uint8Array, fileBytes: number, file: string): number {
  if (fileBytes < LENGTH_BYTES || start.length < LENGTH_BYTES) {
    throw new SafetensorsError(file, `only ${fileBytes} bytes long, too short for a safetensors file; ${FETCH_AGAIN}`);
  }
  const length = new DataView(start.buffer, start.byteOffset, LENGTH_BYTES).getBigUint64(0, true);
  if (length > BigInt(MAX_HEADER_BYTES)) {
    throw new SafetensorsError(
      file,
      `announces a header of ${length} bytes, more than the ${MAX_HEADER_BYTES} allowed; is it a safetensors file at all?`,
    );
  }
  if (Number(length) > fileBytes - LENGTH_BYTES) {
    throw new SafetensorsError(
      file,
      `announces a header of ${length} bytes, but only ${fileBytes - LENGTH_BYTES} follow; ${FETCH_AGAIN}`,
    );
  }
  return Number(length);
}

/**
 * Parses and checks a header.
 * @param dataBytes bytes that follow the header in the file; the tensors must fill them exactly
 * @throws SafetensorsError naming the file, the tensor and the value that is wrong
 */
export function parseHeader(header: Uint8Array, dataBytes: number, file: string): SafetensorsHeader {
  const parsed = parseJsonObject(header, file);
  const metadata = parseMetadata(parsed[METADATA_KEY], file);
  const entries: TensorEntry[] = [];
  for (const [name, value] of Object.entries(parsed)) {
    if (name !== METADATA_KEY) entries.push(parseEntry(name, value, dataBytes, file));
  }
  entries.sort((a, b) => a.begin - b.begin || a.end - b.end);
  let reached = 0;
  for (const { name, begin, end } of entries) {
    if (begin !== reached) {
      const fault = begin < reached ? 'overlaps the tensor before it' : 'leaves a gap after the tensor before it';
      throw new SafetensorsError(
        file,
        `data_offsets [${begin}, ${end}] ${fault}, which ends at ${reached}; ${WRITE_AGAIN}`,
        name,
      );
    }
    reached = end;
  }
  if (reached !== dataBytes) {
    throw new SafetensorsError(
      file,
      `its tensors take ${reached} bytes but ${dataBytes} follow the header; ${FETCH_AGAIN}`,
    );
  }
  return { entries, metadata };
}

/** Number of elements of a shape; 1 for a scalar (`[]`). */
export function elementCount(shape: readonly number[]): number {
  return shape.reduce((product, size) => product * size, 1);
}

/** A tensor as far as its header entry is concerned. */
export interface TensorDeclaration {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
}

/**
 * The first bytes of a file (length, header, padding) for these tensors, and their names in the order their bytes follow.
 * Byte for byte what Python's `safetensors` 0.8 writes, except that it puts several metadata strings in random order.
 */
export function buildHeader(
  tensors: ReadonlyMap<string, TensorDeclaration>,
  metadata: Readonly<Record<string, string>>,
): { bytes: Uint8Array; order: readonly string[] } {
  const sorted = [...tensors].sort(
    ([nameA, a], [nameB, b]) =>
      DTYPE_ORDER.indexOf(a.dtype) - DTYPE_ORDER.indexOf(b.dtype) || Buffer.compare(utf8(nameA), utf8(nameB)),
  );
  const fields: string[] = [];
  if (Object.keys(metadata).length > 0) fields.push(`"${METADATA_KEY}":${JSON.stringify(metadata)}`);
  let offset = 0;
  // Joined by hand: an object would put names such as "10" before all others.
  for (const [name, { dtype, shape }] of sorted) {
    const end = offset + elementCount(shape) * bytesPerElement(dtype);
    fields.push(`${JSON.stringify(name)}:${JSON.stringify({ dtype, shape, data_offsets: [offset, end] })}`);
    offset = end;
  }
  const json = utf8(`{${fields.join(',')}}`);
  const padded = Math.ceil(json.length / 8) * 8;
  const bytes = Buffer.alloc(LENGTH_BYTES + padded, ' ');
  bytes.writeBigUInt64LE(BigInt(padded));
  bytes.set(json, LENGTH_BYTES);
  return { bytes, order: sorted.map(([name]) => name) };
}

const FETCH_AGAIN = 'it was probably cut short or altered: fetch or copy it again';
const WRITE_AGAIN = 'write the file again with a safetensors library';

function utf8(text: string): Buffer {
  return Buffer.from(text, 'utf8');
}

function parseJsonObject(header: Uint8Array, file: string): Record<string, unknown> {
  let text: string;
  let value: unknown;
  try {
    text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(header);
    value = JSON.parse(text);
  } catch (error) {
    throw new SafetensorsError(
      file,
      `its header is not valid JSON (${(error as Error).message}); is it a safetensors file?`,
    );
  }
  if (!text.startsWith('{') || typeof value !== 'object' || value === null) {
    throw new SafetensorsError(file, 'its header does not start with "{"; is it a safetensors file?');
  }
  const duplicate = findDuplicateKey(text);
  if (duplicate !== undefined) {
    throw new SafetensorsError(
      file,
      `its header holds this name twice, so one would be lost; ${WRITE_AGAIN}`,
      duplicate,
    );
  }
  return value as Record<string, unknown>;
}

function parseMetadata(value: unknown, file: string): Record<string, string> {
  if (value === undefined) return {};
  const isMap = typeof value === 'object' && value !== null && !Array.isArray(value);
  if (!isMap || Object.values(value).some((item) => typeof item !== 'string')) {
    throw new SafetensorsError(file, `${METADATA_KEY} must map strings to strings; ${WRITE_AGAIN}`);
  }
  return value as Record<string, string>;
}

function parseEntry(name: string, value: unknown, dataBytes: number, file: string): TensorEntry {
  const fail = (problem: string): never => {
    throw new SafetensorsError(file, problem, name);
  };
  const isObject = typeof value === 'object' && value !== null;
  const { dtype, shape, data_offsets: offsets } = (isObject ? value : {}) as Record<string, unknown>;
  if (!isStoredDType(dtype)) {
    return fail(`dtype ${shown(dtype)} is not one of ${STORED_DTYPES.join(', ')}; convert the tensor to one of these`);
  }
  const isSize = (size: unknown): boolean => Number.isSafeInteger(size) && (size as number) >= 0;
  if (!Array.isArray(shape) || !shape.every(isSize)) {
    fail(`shape ${shown(shape)} must be a list of integers of 0 or more; ${WRITE_AGAIN}`);
  }
  if (!Array.isArray(offsets) || offsets.length !== 2 || !offsets.every(isSize)) {
    fail(`data_offsets ${shown(offsets)} must be two integers of 0 or more; ${WRITE_AGAIN}`);
  }
  const [begin, end] = offsets as [number, number];
  if (begin > end) fail(`data_offsets [${begin}, ${end}] end before they begin; ${WRITE_AGAIN}`);
  if (end > dataBytes) {
    fail(`data_offsets [${begin}, ${end}] reach beyond the ${dataBytes} bytes of data in the file; ${FETCH_AGAIN}`);
  }
  const entry = { name, dtype, shape: shape as number[], begin, end };
  // A product too large for an exact number differs from every possible byte length, so it needs no check of its own.
  const bytes = elementCount(entry.shape) * bytesPerElement(entry.dtype);
  if (bytes !== end - begin) {
    fail(
      `shape ${shown(shape)} of ${dtype} takes ${bytes} bytes, but data_offsets span ${end - begin}; ${WRITE_AGAIN}`,
    );
  }
  return entry;
}

/**
 * The first name that occurs twice in one object of a valid JSON text, which JSON.parse would silently drop.
 * One pass without recursion, so that no header can exhaust the stack.
 */
function findDuplicateKey(json: string): string | undefined {
  const open: (Set<string> | undefined)[] = [];
  for (let i = 0; i < json.length; i++) {
    const char = json[i];
    if (char === '{') open.push(new Set());
    else if (char === '[') open.push(undefined);
    else if (char === '}' || char === ']') open.pop();
    else if (char === '"') {
      const start = i++;
      while (json[i] !== '"') i += json[i] === '\\' ? 2 : 1;
      let next = i + 1;
      while (/\s/.test(json[next] ?? '')) next++;
      if (json[next] !== ':') continue;
      const key = JSON.parse(json.slice(start, i + 1)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return key;
      keys?.add(key);
    }
  }
  return undefined;
}
