// Tensors of every kind that notebooks here meet, known by their fields: TensorFlow.js, ONNX Runtime, transformers.js, and plain
// ones of a type, a shape and an array. No library is loaded for it.

import { className, isNumbers, isObject, isShape, method, own } from './read.js';

export interface TensorView {
  /** What its class is called. */
  readonly kind: string;
  readonly dtype: string;
  readonly shape: readonly number[];
  /**
   * The values of the corner that has this size in each dimension, row by row.
   * @throws where they cannot be read now
   */
  corner(size: readonly number[]): ArrayLike<unknown>;
}

/** The tensor that this object is, or undefined. Reads no values yet. */
export function findTensor(value: object): TensorView | undefined {
  return tfTensor(value) ?? ortTensor(value) ?? plainTensor(value);
}

/** More values than these are not read to show a few of them. */
const cheap = 1000;

/** The backend that records what a compiled function does: a tensor has no values there. */
const recorder = 'model-types-trace';

function tfTensor(value: object): TensorView | undefined {
  const shape = own(value, 'shape');
  const dtype = own(value, 'dtype');
  const read = method(value, 'dataSync');
  if (!isShape(shape) || typeof dtype !== 'string' || !read || !isObject(own(value, 'dataId'))) return undefined;
  return {
    kind: className(value),
    dtype,
    shape,
    corner(size) {
      if (own(value, 'isDisposedInternal') === true) throw new Error('disposed: its values are gone');
      // Where TensorFlow.js keeps its one engine.
      const engine = (globalThis as { _tfengine?: { backendName?: unknown } })._tfengine;
      if (engine?.backendName === recorder) throw new Error('no values yet: the function is being recorded');
      const slice = method(value, 'slice');
      const total = product(shape);
      // TensorFlow.js slices up to six dimensions.
      if (total <= cheap || !slice || shape.length > 6 || dtype === 'complex64') {
        return take(read.call(value) as ArrayLike<unknown>, shape, size, dtype === 'complex64');
      }
      const part = slice.call(
        value,
        shape.map(() => 0),
        [...size],
      ) as { dataSync(): ArrayLike<unknown>; dispose(): void };
      try {
        return part.dataSync();
      } finally {
        part.dispose();
      }
    },
  };
}

/** ONNX Runtime's tensors, and those of transformers.js, which hold one of them behind a proxy. */
function ortTensor(value: object): TensorView | undefined {
  const inner = own(value, 'ort_tensor');
  const tensor = isObject(inner) ? inner : value;
  const shape = own(tensor, 'dims');
  const dtype = own(tensor, 'type');
  if (!isShape(shape) || typeof dtype !== 'string') return undefined;
  const data = own(tensor, 'cpuData') ?? own(tensor, 'data');
  const location = own(tensor, 'dataLocation');
  if (data === undefined && typeof location !== 'string') return undefined;
  return {
    kind: className(value).replace(/^_/, ''),
    dtype,
    shape,
    corner(size) {
      if (location === 'none') throw new Error('disposed: its values are gone');
      if (!isNumbers(data) && !Array.isArray(data)) throw new Error(`its values are in ${String(location)}`);
      return take(data, shape, size, false);
    },
  };
}

/** `{ dtype, shape, data }`, as the engine takes and gives them; TensorFlow.js' buffers call it `values`. */
function plainTensor(value: object): TensorView | undefined {
  const shape = own(value, 'shape');
  const dtype = own(value, 'dtype');
  if (!isShape(shape) || typeof dtype !== 'string') return undefined;
  const data = own(value, 'data') ?? own(value, 'values');
  if (!isNumbers(data) || data.length !== product(shape)) return undefined;
  const name = className(value);
  return {
    kind: name === 'Object' ? 'HostTensor' : name,
    dtype,
    shape,
    corner: (size) => take(data, shape, size, false),
  };
}

export function product(shape: readonly number[]): number {
  return shape.reduce((all, each) => all * each, 1);
}

/** The corner of a dense array. Complex numbers are two values each. */
function take(
  data: ArrayLike<unknown>,
  shape: readonly number[],
  size: readonly number[],
  complex: boolean,
): unknown[] {
  const taken: unknown[] = [];
  const visit = (dimension: number, offset: number) => {
    if (dimension < shape.length) {
      for (let at = 0; at < (size[dimension] as number); at++)
        visit(dimension + 1, offset * (shape[dimension] as number) + at);
    } else if (complex) {
      const [real, imaginary] = [data[2 * offset] as number, data[2 * offset + 1] as number];
      taken.push(
        `${Number(real.toPrecision(5))}${imaginary < 0 ? '-' : '+'}${Number(Math.abs(imaginary).toPrecision(5))}i`,
      );
    } else taken.push(data[offset]);
  };
  visit(0, 0);
  return taken;
}
