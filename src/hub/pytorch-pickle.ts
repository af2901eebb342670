/**
 * The few Python names a state dictionary of PyTorch is made of, and what they stand for here: descriptions of tensors
 * and storages, checked as they are made. Whatever else a pickle names is refused.
 */
import { type AllowedGlobal, type PickleHost, Tuple } from './pickle.js';
import { CUT_SHORT, PytorchFileError } from './pytorch-file-error.js';
import { shown } from './shown.js';
import type { StoredDType } from './stored-dtype.js';

/** Numbers of one type in a row, which tensors are views of. */
export class StorageRef {
  readonly key: string;
  readonly dtype: StoredDType;
  readonly elements: number;

  constructor(key: string, dtype: StoredDType, elements: number) {
    this.key = key;
    this.dtype = dtype;
    this.elements = elements;
  }
}

/** A view of a storage; `offset` and `strides` count elements. */
export class FileTensor {
  readonly storage: StorageRef;
  readonly offset: number;
  readonly shape: readonly number[];
  readonly strides: readonly number[];

  constructor(storage: StorageRef, offset: number, shape: readonly number[], strides: readonly number[]) {
    this.storage = storage;
    this.offset = offset;
    this.shape = shape;
    this.strides = strides;
  }
}

/** More dimensions than PyTorch's own limit no tensor has. */
const MAX_DIMENSIONS = 64;

const STORAGES: Readonly<Record<string, StoredDType>> = {
  FloatStorage: 'F32',
  HalfStorage: 'F16',
  BFloat16Storage: 'BF16',
  DoubleStorage: 'F64',
  LongStorage: 'I64',
  IntStorage: 'I32',
  ShortStorage: 'I16',
  CharStorage: 'I8',
  ByteStorage: 'U8',
  BoolStorage: 'BOOL',
};

interface StorageType extends AllowedGlobal {
  readonly dtype: StoredDType;
}

/** Answers the pickle machine for one file. */
export class PytorchHost implements PickleHost {
  readonly file: string;
  /** All storages the file has named, by their keys. */
  readonly storages = new Map<unknown, StorageRef>();
  readonly #globals: ReadonlyMap<string, AllowedGlobal>;

  constructor(file: string) {
    this.file = file;
    const functions: [string, (...args: readonly unknown[]) => unknown][] = [
      ['collections.OrderedDict', (...args) => this.#orderedDict(args)],
      [
        'torch.Size',
        (...args) => (args[0] instanceof Tuple ? args[0] : this.#fail('it makes a torch.Size of no tuple')),
      ],
      ['torch._utils._rebuild_tensor', (...args) => this.#tensor(args)],
      ['torch._utils._rebuild_tensor_v2', (...args) => this.#tensor(args)],
      ['torch._utils._rebuild_parameter', (...args) => this.#parameter(args)],
    ];
    const storages = Object.entries(STORAGES).map(([name, dtype]) => ({ name: `torch.${name}`, dtype }));
    this.#globals = new Map([
      ...functions.map(([name, call]): [string, AllowedGlobal] => [name, { name, call }]),
      ...storages.map((type): [string, StorageType] => [type.name, type]),
    ]);
  }

  global(module: string, name: string): AllowedGlobal | undefined {
    // Joined names could lie about where the module ends, but each of ours has one reading only.
    return this.#globals.get(`${module}.${name}`);
  }

  /** PyTorch's reference to a storage: `('storage', torch.FloatStorage, key, place, elements)`, before 1.6 with a view. */
  persistent(id: unknown): StorageRef | undefined {
    const [tag, type, key, , elements, view] = id instanceof Tuple ? id.items : [];
    if (tag !== 'storage') return undefined;
    const { dtype } = (type ?? {}) as Partial<StorageType>;
    if (dtype === undefined || typeof key !== 'string' || !isCount(elements)) {
      return this.#fail('a storage is not described as PyTorch does');
    }
    if (view !== undefined && view !== null)
      this.#fail('a storage is a view of another, which only PyTorch before 0.4 wrote');
    const known = this.storages.get(key);
    if (known !== undefined && (known.dtype !== dtype || known.elements !== elements)) {
      this.#fail(`the storage ${shown(key)} is described in two ways`);
    }
    const storage = known ?? new StorageRef(key, dtype, elements);
    this.storages.set(key, storage);
    return storage;
  }

  #fail(problem: string): never {
    throw new PytorchFileError(this.file, `${problem}; ${CUT_SHORT}`);
  }

  /** Empty, or from a list of pairs, as Python 2 wrote it. */
  #orderedDict([pairs, ...others]: readonly unknown[]): Map<unknown, unknown> {
    const map = new Map<unknown, unknown>();
    if (pairs === undefined) return map;
    if (!Array.isArray(pairs) || others.length > 0) return this.#fail('a dictionary is made of no list of pairs');
    for (const pair of pairs as unknown[]) {
      const items = pair instanceof Tuple ? pair.items : pair;
      if (!Array.isArray(items) || items.length !== 2) return this.#fail('a dictionary is made of no list of pairs');
      map.set(items[0], items[1]);
    }
    return map;
  }

  /** `(storage, offset, shape, strides)`, then what only training needs: requires_grad, hooks, metadata. */
  #tensor([storage, offset, shape, strides, , hooks]: readonly unknown[]): FileTensor {
    if (!(storage instanceof StorageRef)) return this.#fail('a tensor is built from something that is no storage');
    if (hooks instanceof Map && hooks.size > 0)
      this.#fail('a tensor comes with hooks, functions that would have to be run');
    if (!isCount(offset)) return this.#fail('a tensor begins at a place that is no whole number of 0 or more');
    const [sizes, steps] = [this.#counts(shape, 'shape'), this.#counts(strides, 'strides')];
    if (sizes.length !== steps.length) this.#fail(`a tensor has the shape [${sizes}] but the strides [${steps}]`);
    return new FileTensor(storage, offset, sizes, steps);
  }

  #parameter([tensor]: readonly unknown[]): FileTensor {
    return tensor instanceof FileTensor ? tensor : this.#fail('a parameter is made of something that is no tensor');
  }

  #counts(value: unknown, what: string): number[] {
    const items = value instanceof Tuple ? value.items : value;
    if (!Array.isArray(items) || items.length > MAX_DIMENSIONS || !items.every(isCount)) {
      return this.#fail(`the ${what} of a tensor must be a short tuple of whole numbers of 0 or more`);
    }
    return items as number[];
  }
}

/**
 * The tensors of a state dictionary: a dictionary from names to tensors, as `model.state_dict()` gives it.
 * @throws PytorchFileError naming what is in it that is no tensor
 */
export function stateTensors(value: unknown, file: string): Map<string, FileTensor> {
  if (!(value instanceof Map))
    throw new PytorchFileError(file, `it holds ${kindOf(value)}, not a dictionary of weights`);
  const tensors = new Map<string, FileTensor>();
  for (const [name, item] of value) {
    if (typeof name !== 'string') throw new PytorchFileError(file, `a name in it is ${kindOf(name)}, not a text`);
    if (!(item instanceof FileTensor)) {
      throw new PytorchFileError(
        file,
        `it holds ${kindOf(item)} under ${shown(name)} where a dictionary of weights has a tensor; save model.state_dict() alone, or the model with save_pretrained`,
      );
    }
    tensors.set(name, item);
  }
  return tensors;
}

function isCount(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function kindOf(value: unknown): string {
  if (value === null) return 'None';
  if (value instanceof Map) return 'a dictionary';
  if (Array.isArray(value)) return 'a list';
  if (value instanceof Tuple) return 'a tuple';
  if (value instanceof Uint8Array) return 'bytes';
  if (value instanceof FileTensor) return 'a tensor';
  if (value instanceof StorageRef) return 'a bare storage';
  const kinds: Partial<Record<string, string>> = { boolean: 'a truth value', string: 'a text', object: 'a class' };
  return kinds[typeof value] ?? 'a number';
}
