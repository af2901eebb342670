// What constants of a graph hold, read back as numbers.
import type { InitializerDef } from '../onnx.js';

const arrays = {
  float32: Float32Array,
  int8: Int8Array,
  int32: Int32Array,
  int64: BigInt64Array,
  uint8: Uint8Array,
  uint32: Uint32Array,
  bool: Uint8Array,
};

/** The elements, row-major. */
export function numbersOf({ name, type, bytes }: InitializerDef): ArrayLike<number> {
  if (type === 'float16') throw new RangeError(`The elements of ${name} are float16, which has no array here.`);
  const array = arrays[type];
  const elements = new array(bytes.slice().buffer as ArrayBuffer);
  return elements instanceof BigInt64Array ? Array.from(elements, Number) : elements;
}

/** The step of whole numbers that go up or down evenly, as 0, 1, 2 do; undefined where they do not. Needs two. */
export function stepOf(values: ArrayLike<number>): number | undefined {
  const [first, second] = [values[0] as number, values[1] as number];
  const step = second - first;
  if (!Number.isSafeInteger(first) || !Number.isSafeInteger(step) || step === 0) return undefined;
  for (let i = 2; i < values.length; i++) if (values[i] !== first + i * step) return undefined;
  return step;
}

/** Is `small` what a slice from 0 along every axis cuts out of `large`? Both have the same rank and type. */
export function isCorner(small: InitializerDef, large: InitializerDef): boolean {
  const [a, b] = [numbersOf(small), numbersOf(large)];
  for (let i = 0; i < a.length; i++) {
    let [rest, at, stride] = [i, 0, 1];
    for (let d = small.shape.length - 1; d >= 0; d--) {
      const size = small.shape[d] as number;
      if (size > (large.shape[d] as number)) return false;
      at += (rest % size) * stride;
      rest = Math.floor(rest / size);
      stride *= large.shape[d] as number;
    }
    if (a[i] !== b[at]) return false;
  }
  return true;
}
