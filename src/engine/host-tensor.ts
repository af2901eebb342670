// Plain values outside any graph: what goes into a compiled function and what comes out.
//
//   const x = hostTensor(new Float32Array([1, 2, 3, 4]), [2, 2]);

/** Element types the engine computes with, spelled as TensorFlow.js spells them. */
export type DType = 'float32' | 'int32' | 'bool';

export type HostData = Float32Array | Int32Array | Uint8Array;

/** A dense row-major array with its shape. `bool` is stored as 0 and 1 in a Uint8Array. */
export interface HostTensor {
  readonly dtype: DType;
  readonly shape: readonly number[];
  readonly data: HostData;
}

/** Weights under the names the checkpoint file gives them. */
export type Weights = Map<string, HostTensor>;

export function sizeOf(shape: readonly number[]): number {
  return shape.reduce((product, dimension) => product * dimension, 1);
}

const dtypeOf = (data: HostData): DType =>
  data instanceof Float32Array ? 'float32' : data instanceof Int32Array ? 'int32' : 'bool';

/**
 * Wraps a typed array without copying it. The element type follows from the array.
 * Throws a RangeError where the shape does not hold exactly `data.length` elements.
 */
export function hostTensor(data: HostData, shape: readonly number[]): HostTensor {
  if (!shape.every((d) => Number.isInteger(d) && d >= 0))
    throw new RangeError(`A shape is a list of whole numbers of at least 0; got [${shape}].`);
  if (sizeOf(shape) !== data.length)
    throw new RangeError(`Shape [${shape}] holds ${sizeOf(shape)} elements, but the data has ${data.length}.`);
  return { dtype: dtypeOf(data), shape: [...shape], data };
}

/** A new array of zeros of the given type. */
export function allocate(dtype: DType, size: number): HostData {
  if (dtype === 'float32') return new Float32Array(size);
  return dtype === 'int32' ? new Int32Array(size) : new Uint8Array(size);
}

/** True for a HostTensor, false for the records and lists that hold them. */
export function isHostTensor(value: unknown): value is HostTensor {
  return typeof value === 'object' && value !== null && 'dtype' in value && 'shape' in value && 'data' in value;
}
