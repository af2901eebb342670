// The backend that records. While it is active, TensorFlow.js kernels do not compute: they append ONNX nodes to a graph.
// Gradients need nothing more, since TensorFlow.js derives them from the same operations.
//
// A tensor here is either symbolic (the output of a node of one graph) or a constant (values the function closed over or
// created), which any number of graphs may take in.

import type { Graph } from './graph.js';
import { allocate, type DType, type HostData, sizeOf } from './host-tensor.js';
import type { AttributeValue } from './onnx.js';
import {
  type BackendValues,
  type DataId,
  DataStorage,
  type DataType,
  engine,
  getBackend,
  KernelBackend,
  type KernelConfig,
  registerBackend,
  registerKernel,
  setBackend,
  type Tensor,
  type TensorInfo,
  tidy,
} from './tf.js';

export const traceBackendName = 'model-types-trace';

/** Thrown when a function cannot be turned into a graph; the message names the operation and the way round. */
export class TraceError extends Error {
  override readonly name = 'TraceError';
}

interface Symbolic {
  readonly graph: Graph;
  readonly name: string;
  readonly producer: string;
  /** The value before it was reshaped. */
  readonly source?: { readonly name: string; readonly shape: readonly number[] };
}

interface Constant {
  readonly shape: readonly number[];
  readonly dtype: DType;
  /** All elements equal this; the array is only made when somebody needs it. */
  readonly uniform?: number;
  values?: HostData;
}

type Entry = Symbolic | Constant;

const isSymbolic = (entry: Entry): entry is Symbolic => 'graph' in entry;

export class TraceBackend extends KernelBackend {
  readonly #data = new DataStorage<Entry>(this, engine());
  #graph: Graph | undefined;

  /** The graph being recorded. */
  get graph(): Graph {
    if (this.#graph === undefined)
      throw new TraceError(
        'The tracing backend only works inside compile(fn); call tf.setBackend with another backend.',
      );
    return this.#graph;
  }

  /** Runs `record` with operations going to `graph`, then returns to the backend that was active before. */
  recordInto<T>(graph: Graph, record: () => T): T {
    const outer = { backend: getBackend(), graph: this.#graph };
    this.#graph = graph;
    // With a backend that is made synchronously, setBackend has done its work when it returns its promise.
    void setBackend(traceBackendName);
    try {
      let result!: T;
      tidy(() => {
        result = record();
      });
      return result;
    } finally {
      this.#graph = outer.graph;
      void setBackend(outer.backend);
    }
  }

  // --- what kernels use ---------------------------------------------------------------------------------------------

  /** The name of a tensor's value in the current graph; constants are taken into the graph when first named. */
  nameOf(tensor: TensorInfo): string {
    const entry = this.#data.get(tensor.dataId);
    if (isSymbolic(entry)) {
      if (entry.graph !== this.graph)
        throw new TraceError(
          `A tensor made by ${entry.producer} while tracing was kept and used in a later trace. Return it from the compiled function, or pass it in as an input.`,
        );
      return entry.name;
    }
    if (entry.uniform === undefined || sizeOf(entry.shape) === 1)
      return this.graph.constant(entry.dtype, materialise(entry), tensor.shape);
    return this.graph.node('Expand', [this.graph.scalar(entry.dtype, entry.uniform), this.graph.ints(tensor.shape)]);
  }

  /** The value all elements of a constant share, if they do. */
  uniformOf(tensor: TensorInfo): number | undefined {
    const entry = this.#data.get(tensor.dataId);
    return isSymbolic(entry) ? undefined : entry.uniform;
  }

  /** Appends an operator; inputs are tensors or names. A result without elements needs no operator and becomes a constant. */
  emit(
    op: string,
    inputs: readonly (TensorInfo | string)[],
    like: { shape: readonly number[]; dtype: DataType },
    attributes: Record<string, AttributeValue> = {},
  ): TensorInfo {
    if (sizeOf(like.shape) === 0) return this.fill(like.shape, like.dtype, 0);
    const names = inputs.map((input) => (typeof input === 'string' ? input : this.nameOf(input)));
    return this.result(this.graph.node(op, names, attributes), like.shape, like.dtype, op);
  }

  /** A tensor for a value that a node of the current graph computes. */
  result(name: string, shape: readonly number[], dtype: DataType, producer: string): TensorInfo {
    return this.#add({ graph: this.graph, name, producer }, shape, dtype);
  }

  /** A constant whose elements are all `value`. */
  fill(shape: readonly number[], dtype: DataType, value: number): TensorInfo {
    return this.#add({ shape: [...shape], dtype: checked(dtype), uniform: value }, shape, dtype);
  }

  /** A constant with the given elements. */
  constant(values: HostData, shape: readonly number[], dtype: DataType): TensorInfo {
    return this.#add({ shape: [...shape], dtype: checked(dtype), values }, shape, dtype);
  }

  /** The same value under another shape, or under the same one: a tensor of its own either way. */
  reshaped(tensor: TensorInfo, shape: readonly number[]): TensorInfo {
    const entry = this.#data.get(tensor.dataId);
    if (!isSymbolic(entry)) return this.#add({ ...entry, shape: [...shape] }, shape, tensor.dtype);
    if (sizeOf(shape) === 0) return this.fill(shape, tensor.dtype, 0);
    if (String(shape) === String(tensor.shape)) return this.#add(entry, shape, tensor.dtype);
    // A reshape of a reshape starts from the value before: back at its first shape, it is that value. Gradients are full of
    // such returns, and one that ends in an output would copy it.
    const source = entry.source ?? { name: this.nameOf(tensor), shape: tensor.shape };
    const isBack = String(shape) === String(source.shape);
    const name = isBack ? source.name : this.graph.node('Reshape', [source.name, this.graph.ints(shape)]);
    return this.#add({ ...entry, name, source }, shape, tensor.dtype);
  }

  #add(entry: Entry, shape: readonly number[], dtype: DataType): TensorInfo {
    const dataId = {};
    this.#data.set(dataId, entry);
    return { dataId, shape: [...shape], dtype };
  }

  // --- what TensorFlow.js asks of a backend ---------------------------------------------------------------------------

  override write(values: BackendValues, shape: number[], dtype: DataType): DataId {
    const dataId = {};
    this.move(dataId, values, shape, dtype);
    return dataId;
  }

  override move(dataId: DataId, values: BackendValues, shape: number[], dtype: DataType): void {
    const type = checked(dtype);
    const array = allocate(type, values.length);
    array.set(values as ArrayLike<number>);
    const uniform = array.length > 0 && array.every((value) => Object.is(value, array[0])) ? array[0] : undefined;
    this.#data.set(dataId, { shape, dtype: type, values: array, ...(uniform === undefined ? {} : { uniform }) });
  }

  override readSync(dataId: object): BackendValues {
    const entry = this.#data.get(dataId);
    if (!isSymbolic(entry)) return materialise(entry);
    throw new TraceError(
      `The value of a tensor made by ${entry.producer} was read while tracing (dataSync, arraySync or data), but it has none until the graph runs. Return the tensor from the compiled function and read it there, or express the choice with tf.where.`,
    );
  }

  override async read(dataId: object): Promise<BackendValues> {
    return this.readSync(dataId);
  }

  override disposeData(dataId: DataId): boolean {
    this.#data.delete(dataId);
    return true;
  }

  override numDataIds(): number {
    return this.#data.numDataIds();
  }

  override refCount(): number {
    return 1;
  }

  override incRef(): void {}

  override floatPrecision(): 32 {
    return 32;
  }

  override timerAvailable(): boolean {
    return false;
  }
}

const checked = (dtype: DataType): DType => {
  if (dtype === 'float32' || dtype === 'int32' || dtype === 'bool') return dtype;
  throw new TraceError(`Compiled functions compute with float32, int32 and bool; got ${dtype}. Cast it before.`);
};

const materialise = (constant: Constant): HostData => {
  constant.values ??= allocate(constant.dtype, sizeOf(constant.shape)).fill(constant.uniform ?? 0);
  return constant.values;
};

export const traceBackend = new TraceBackend();
registerBackend(traceBackendName, () => traceBackend, -1);

type Inputs = Record<string, TensorInfo>;

/** Registers how one TensorFlow.js kernel is written as ONNX nodes. */
export function kernel<Attributes = Record<string, never>>(
  kernelName: string,
  write: (inputs: Inputs, attributes: Attributes, trace: TraceBackend) => TensorInfo | TensorInfo[],
): void {
  const kernelFunc: KernelConfig['kernelFunc'] = ({ inputs, attrs }) => {
    const given = new Set(Object.values(inputs as Inputs));
    const own = (output: TensorInfo) => (given.has(output) ? traceBackend.reshaped(output, output.shape) : output);
    const outputs = write(inputs as Inputs, (attrs ?? {}) as Attributes, traceBackend);
    // An input returned as it is would be its own gradient's source twice over.
    return Array.isArray(outputs) ? outputs.map(own) : own(outputs);
  };
  registerKernel({ kernelName, backendName: traceBackendName, kernelFunc });
}

/** A symbolic tensor that stands for an input of the graph being recorded. */
export function traceInput(graph: Graph, name: string, shape: readonly number[], dtype: DType): Tensor {
  const { dataId } = traceBackend.result(graph.input(name, dtype, shape), shape, dtype, `input "${name}"`);
  return engine().makeTensorFromDataId(dataId, [...shape], dtype, traceBackend);
}
