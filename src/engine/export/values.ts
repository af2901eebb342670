// What constants of a graph hold, read back as numbers.
import { elementArrays, type InitializerDef } from '../onnx.js';

/** The elements, row-major. */
export function numbersOf({ name, type, bytes }: InitializerDef): ArrayLike<number> {
  if (type === 'float16') throw new RangeError(`The elements of ${name} are float16, which has no array here.`);
  // A copy: the bytes may begin anywhere in their memory.
  const elements = new elementArrays[type](new Uint8Array(bytes).buffer);
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

/** Is `small` what a slice from 0 along every axis cuts out of `large`? Both have the same rank. */
export function isCorner(small: InitializerDef, large: InitializerDef): boolean {
  if (small.type !== large.type) return false;
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
