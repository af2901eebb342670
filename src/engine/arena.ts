// Many tensors in one flat array, one after another, in a fixed order: an optimiser can walk them as a single vector,
// and a graph can write each one in place.
//
//   const gradients = new Arena(new Map([['weight', [2, 3]], ['bias', [2]]]));
//   gradients.tensors.get('bias');                // a view: no copy
import { type HostTensor, sizeOf, type Weights } from './host-tensor.js';

export class Arena {
  readonly data: Float32Array;
  /** Views into `data` by name. */
  readonly tensors: ReadonlyMap<string, HostTensor>;
  /** The same views as a record, as compiled functions take and fill them. */
  readonly tree: Readonly<Record<string, HostTensor>>;

  /** @param shapes shape of each tensor by name, in the order they are laid out */
  constructor(shapes: ReadonlyMap<string, readonly number[]>) {
    const sizes = [...shapes.values()].map(sizeOf);
    this.data = new Float32Array(sizes.reduce((sum, size) => sum + size, 0));
    let offset = 0;
    this.tensors = new Map(
      [...shapes].map(([name, shape], i) => {
        const end = offset + (sizes[i] as number);
        const data = this.data.subarray(offset, end);
        offset = end;
        return [name, { dtype: 'float32', shape, data }];
      }),
    );
    this.tree = Object.fromEntries(this.tensors);
  }

  /** Copies the values of the given weights in. Throws where one is missing. */
  fill(weights: Weights): this {
    for (const [name, { data }] of this.tensors) {
      const source = weights.get(name);
      if (source === undefined) throw new RangeError(`There is no weight "${name}" to fill the arena with.`);
      data.set(source.data as Float32Array);
    }
    return this;
  }
}
