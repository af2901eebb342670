/**
 * Reads and writes safetensors, the file format of Hugging Face checkpoints.
 *
 *     const { tensors } = await readSafetensors('model.safetensors');
 *     tensors.get('classifier.bias');        // { dtype: 'F32', shape: [2], data: Float32Array(2) }
 *     await writeSafetensors('copy.safetensors', tensors);   // the bytes that Python's library would write
 */
import { type FileHandle, open } from 'node:fs/promises';
import { writeAll, writeFileAtomically } from './atomic-file.js';
import { readExactly } from './read-exactly.js';
import {
  buildHeader,
  elementCount,
  LENGTH_BYTES,
  parseHeader,
  readHeaderLength,
  SafetensorsError,
} from './safetensors-header.js';
import {
  bytesOf,
  bytesPerElement,
  fileArray,
  fileBytes,
  inMemory,
  isStoredDType,
  memoryArray,
  type NumberArray,
  STORED_DTYPES,
  type StoredDType,
} from './stored-dtype.js';

export { SafetensorsError } from './safetensors-header.js';
export type { NumberArray, StoredDType } from './stored-dtype.js';

/**
 * A tensor as a file stores it: row-major; `data.length` is the product of `shape`.
 * `dtype` says how it is stored; `F32`, `F16` and `BF16` are a Float32Array in memory, `F64` a Float64Array, `I64` a
 * BigInt64Array, the other integers the array of their kind, `BOOL` a Uint8Array of 0 and 1.
 */
export interface StoredTensor {
  readonly dtype: StoredDType;
  readonly shape: readonly number[];
  readonly data: NumberArray;
}

/** What a file holds: tensors in the order of their bytes, and the free-form strings of its header. */
export interface SafetensorsContent {
  tensors: Map<string, StoredTensor>;
  metadata: Record<string, string>;
}

/**
 * Parses the bytes of a whole file; tensors are copies.
 * @param fileName names the file in errors
 * @throws SafetensorsError if the bytes are malformed in any way; see `parseHeader`
 */
export function parseSafetensors(bytes: Uint8Array, fileName: string): SafetensorsContent {
  const dataStart = LENGTH_BYTES + readHeaderLength(bytes, bytes.length, fileName);
  const { entries, metadata } = parseHeader(
    bytes.subarray(LENGTH_BYTES, dataStart),
    bytes.length - dataStart,
    fileName,
  );
  const tensors = new Map<string, StoredTensor>();
  for (const entry of entries) {
    const raw = fileArray(entry.dtype, elementCount(entry.shape));
    bytesOf(raw).set(bytes.subarray(dataStart + entry.begin, dataStart + entry.end));
    tensors.set(entry.name, { dtype: entry.dtype, shape: entry.shape, data: inMemory(entry.dtype, raw) });
  }
  return { tensors, metadata };
}

/**
 * Reads a file tensor by tensor, so memory peaks at the tensors themselves and files beyond 2 GiB work.
 * @throws SafetensorsError if the file is malformed; the system's error if it cannot be opened
 */
export async function readSafetensors(path: string): Promise<SafetensorsContent> {
  const file = await open(path, 'r');
  try {
    const { size } = await file.stat();
    const start = Buffer.alloc(Math.min(LENGTH_BYTES, size));
    await readAll(file, start, 0, path);
    const headerBytes = readHeaderLength(start, size, path);
    const header = Buffer.alloc(headerBytes);
    await readAll(file, header, LENGTH_BYTES, path);
    const dataStart = LENGTH_BYTES + headerBytes;
    const { entries, metadata } = parseHeader(header, size - dataStart, path);
    const tensors = new Map<string, StoredTensor>();
    for (const entry of entries) {
      const raw = fileArray(entry.dtype, elementCount(entry.shape));
      await readAll(file, bytesOf(raw), dataStart + entry.begin, path);
      tensors.set(entry.name, { dtype: entry.dtype, shape: entry.shape, data: inMemory(entry.dtype, raw) });
    }
    return { tensors, metadata };
  } finally {
    await file.close();
  }
}

/**
 * Writes a file, byte for byte as Python's `safetensors.torch.save_file` would; `F16` and `BF16` round to nearest even.
 * The file appears only when it is whole.
 * @param metadata strings for the header; default `{ format: 'pt' }`, which Python's transformers asks for; `{}` writes none
 * @throws SafetensorsError naming a tensor whose shape, type or name cannot be stored; nothing is written then
 */
export async function writeSafetensors(
  path: string,
  tensors: ReadonlyMap<string, StoredTensor>,
  metadata: Readonly<Record<string, string>> = { format: 'pt' },
): Promise<void> {
  for (const [name, tensor] of tensors) checkStorable(path, name, tensor);
  const { bytes, order } = buildHeader(tensors, metadata);
  await writeFileAtomically(path, async (file) => {
    await writeAll(file, bytes);
    for (const name of order) await writeAll(file, storedBytes(tensors.get(name)!));
  });
}

/** Bytes that a tensor takes in a file. */
export function storedByteLength(tensor: Pick<StoredTensor, 'dtype' | 'shape'>): number {
  return elementCount(tensor.shape) * bytesPerElement(tensor.dtype);
}

function storedBytes({ dtype, data }: StoredTensor): Uint8Array {
  return fileBytes(dtype, data);
}

async function readAll(file: FileHandle, into: Uint8Array, position: number, path: string): Promise<void> {
  const done = await readExactly(file, into, position);
  if (done < into.length) {
    throw new SafetensorsError(path, `ends at byte ${position + done}: it shrank while being read; read it again`);
  }
}

function checkStorable(file: string, name: string, { dtype, shape, data }: StoredTensor): void {
  const fail = (problem: string): never => {
    throw new SafetensorsError(file, problem, name);
  };
  if (name === '__metadata__') fail('this name is kept for the header; rename the tensor');
  if (/\p{Surrogate}/u.test(name)) fail('its name is not valid Unicode; rename the tensor');
  if (!isStoredDType(dtype)) fail(`dtype ${dtype} is not one of ${STORED_DTYPES.join(', ')}`);
  if (!shape.every((size) => Number.isSafeInteger(size) && size >= 0)) {
    fail(`shape [${shape}] must hold integers of 0 or more`);
  }
  if (data.length !== elementCount(shape)) {
    fail(`shape [${shape}] asks for ${elementCount(shape)} values, data holds ${data.length}`);
  }
  const wanted = memoryArray(dtype);
  if (!(data instanceof wanted)) fail(`dtype ${dtype} is stored from a ${wanted.name}, not a ${data.constructor.name}`);
}
