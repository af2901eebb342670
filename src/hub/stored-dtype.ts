/**
 * The element types of weights files, and the typed arrays that hold them here.
 *
 * 16-bit floats are widened to 32-bit ones; every other type keeps its bits. A `BOOL` is a byte of 0 or 1.
 *
 *     const raw = fileArray('F16', 3);         // Uint16Array(3), to be filled with a file's bytes
 *     const values = inMemory('F16', raw);     // Float32Array(3)
 *
 * Typed arrays hold little-endian numbers, as the files do, on every platform Node runs on that we support.
 */
import { narrowToBfloat16, narrowToHalf, widenBfloat16, widenHalf } from './half-precision.js';

/** An array of numbers as a file has them, or as we have them in memory. */
export type NumberArray =
  | Float32Array
  | Float64Array
  | BigInt64Array
  | BigUint64Array
  | Int32Array
  | Uint32Array
  | Int16Array
  | Uint16Array
  | Int8Array
  | Uint8Array;

type ArrayOf = { new (length: number): NumberArray; readonly BYTES_PER_ELEMENT: number; readonly name: string };

/** `file` is as wide as the file's elements; `memory` is what a tensor has. */
const ARRAYS = {
  F32: { file: Float32Array, memory: Float32Array },
  F16: { file: Uint16Array, memory: Float32Array },
  BF16: { file: Uint16Array, memory: Float32Array },
  F64: { file: Float64Array, memory: Float64Array },
  I64: { file: BigInt64Array, memory: BigInt64Array },
  U64: { file: BigUint64Array, memory: BigUint64Array },
  I32: { file: Int32Array, memory: Int32Array },
  U32: { file: Uint32Array, memory: Uint32Array },
  I16: { file: Int16Array, memory: Int16Array },
  U16: { file: Uint16Array, memory: Uint16Array },
  I8: { file: Int8Array, memory: Int8Array },
  U8: { file: Uint8Array, memory: Uint8Array },
  BOOL: { file: Uint8Array, memory: Uint8Array },
} satisfies Record<string, { file: ArrayOf; memory: ArrayOf }>;

/** The element types we read and write, as safetensors spells them. */
export type StoredDType = keyof typeof ARRAYS;

/** All of them, for error messages. */
export const STORED_DTYPES = Object.keys(ARRAYS) as readonly StoredDType[];

/** Whether a string from a file is one of them. */
export function isStoredDType(value: unknown): value is StoredDType {
  return typeof value === 'string' && Object.hasOwn(ARRAYS, value);
}

/** Bytes one element takes in a file. */
export function bytesPerElement(dtype: StoredDType): number {
  return ARRAYS[dtype].file.BYTES_PER_ELEMENT;
}

/** Zeros, as wide as the file's elements, to read a file's bytes into. */
export function fileArray(dtype: StoredDType, length: number): NumberArray {
  return new ARRAYS[dtype].file(length);
}

/** What was read into a `fileArray`, as tensors hold it: widened where it is a 16-bit float, else the same array. */
export function inMemory(dtype: StoredDType, raw: NumberArray): NumberArray {
  if (dtype === 'F16') return widenHalf(raw as Uint16Array);
  return dtype === 'BF16' ? widenBfloat16(raw as Uint16Array) : raw;
}

/** The bytes a file has for the values of a tensor; 16-bit floats round to nearest even. */
export function fileBytes(dtype: StoredDType, data: NumberArray): Uint8Array {
  if (dtype === 'F16') return bytesOf(narrowToHalf(data as Float32Array));
  if (dtype === 'BF16') return bytesOf(narrowToBfloat16(data as Float32Array));
  return bytesOf(data);
}

/** A tensor's array must be of this kind. */
export function memoryArray(dtype: StoredDType): ArrayOf {
  return ARRAYS[dtype].memory;
}

/** The same memory as bytes. */
export function bytesOf(array: NumberArray): Uint8Array {
  return new Uint8Array(array.buffer, array.byteOffset, array.byteLength);
}
