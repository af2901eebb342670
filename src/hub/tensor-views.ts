/**
 * Tensors as views of a storage, as PyTorch has them: `offset`, and for each dimension how many elements lie between
 * neighbours (its stride). A view whose elements lie in a row, in order, needs no copy; any other is copied in order.
 *
 *     storage 0 1 2 3 4 5, shape [3, 2], strides [1, 3]: 0 3 1 4 2 5, the transpose of the storage as [2, 3]
 */
import { CUT_SHORT, PytorchFileError } from './pytorch-file-error.js';
import type { FileTensor } from './pytorch-pickle.js';
import { elementCount } from './safetensors-header.js';
import { shown } from './shown.js';
import { bytesPerElement, type NumberArray } from './stored-dtype.js';

export class TensorViews {
  readonly #file: string;
  readonly #copies = new Map<string, NumberArray>();
  #copyBytesLeft: number;

  /** @param maxCopyBytes all copies together may take this much, as the file counts bytes */
  constructor(file: string, maxCopyBytes: number) {
    this.#file = file;
    this.#copyBytesLeft = maxCopyBytes;
  }

  /** @throws PytorchFileError if the view reaches beyond its storage, or the file's views are far larger than the file */
  check(name: string, tensor: FileTensor): void {
    const { storage, offset, shape, strides } = tensor;
    const count = elementCount(shape);
    const last = shape.reduce((sum, size, i) => sum + (size - 1) * (strides[i] as number), offset);
    // A sum too large to be exact is beyond every storage all the same.
    if (count > 0 ? !(last < storage.elements) : !(offset <= storage.elements)) {
      throw new PytorchFileError(
        this.#file,
        `the weight ${shown(name)} of shape [${shape}], strides [${strides}] and offset ${offset} reaches beyond its storage of ${storage.elements} elements; ${CUT_SHORT}`,
      );
    }
    if (isRow(tensor) || this.#copies.has(keyOf(tensor))) return;
    this.#copyBytesLeft -= count * bytesPerElement(storage.dtype);
    if (!(this.#copyBytesLeft >= 0)) {
      throw new PytorchFileError(
        this.#file,
        `with the weight ${shown(name)} of shape [${shape}] its weights are far larger than the file, as views of the same numbers; save them in Python after .contiguous()`,
      );
    }
  }

  /** The elements in row-major order; part of `storage` itself where they lie so, and the same array for the same view. */
  view(tensor: FileTensor, storage: NumberArray): NumberArray {
    const { offset, shape } = tensor;
    const count = elementCount(shape);
    if (isRow(tensor)) return count === storage.length ? storage : storage.subarray(offset, offset + count);
    const key = keyOf(tensor);
    const copy = this.#copies.get(key) ?? copyInOrder(tensor, storage, count);
    this.#copies.set(key, copy);
    return copy;
  }
}

/** Whether the elements lie one after another; dimensions of size 1 have no neighbours, so their strides say nothing. */
function isRow({ shape, strides }: FileTensor): boolean {
  let expected = 1;
  for (let i = shape.length - 1; i >= 0; i--) {
    const size = shape[i] as number;
    if (size === 0) return true;
    if (size !== 1 && strides[i] !== expected) return shape.includes(0);
    expected *= size;
  }
  return true;
}

function keyOf({ storage, offset, shape, strides }: FileTensor): string {
  return `${offset}:${shape}:${strides}:${storage.key}`;
}

function copyInOrder({ offset, shape, strides }: FileTensor, storage: NumberArray, count: number): NumberArray {
  const copy = storage.slice(0, 0).constructor as new (length: number) => NumberArray;
  const values = new copy(count);
  const inner = shape.at(-1) as number;
  const step = strides.at(-1) as number;
  const index = shape.map(() => 0);
  let from = offset;
  for (let at = 0; at < count; at += inner) {
    for (let i = 0; i < inner; i++) values[at + i] = storage[from + i * step] as never;
    // On to the next row: the last dimension but one counts up, and carries over like the digits of a number.
    for (let d = shape.length - 2; d >= 0; d--) {
      index[d]!++;
      from += strides[d] as number;
      if (index[d]! < (shape[d] as number)) break;
      from -= index[d]! * (strides[d] as number);
      index[d] = 0;
    }
  }
  return values;
}
