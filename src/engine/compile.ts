// compile(fn): from a function of TensorFlow.js tensors to one ONNX graph that ONNX Runtime runs, as jax.jit or tf.function do.
//
//   const hypotenuse = compile(({ a, b }: { a: tf.Tensor; b: tf.Tensor }) => tf.sqrt(tf.add(tf.square(a), tf.square(b))));
//   const c = await hypotenuse({ a: hostTensor(new Float32Array([3]), [1]), b: hostTensor(new Float32Array([4]), [1]) });
//
// The function is called once for each signature (names, types and shapes of its inputs), with symbolic tensors; later calls
// with the same signature run the graph. So shapes are fixed within a graph, and anything the function does besides
// tensor operations happens only while tracing.

import { allocate, type HostTensor, hostTensor, isHostTensor, sizeOf } from './host-tensor.js';
import { encodeModel } from './onnx.js';
import { explained, inputName, isResult, type Recorded, type ResultDef, record } from './record.js';
import { sumRows } from './row-sums.js';
import { GraphSession, type OutputDef, type SessionOptions } from './session.js';
import type { Tensor } from './tf.js';
import { flatten, type MapTree, mapTree } from './tree.js';

export interface CompileOptions extends SessionOptions {
  /** How many signatures stay loaded, each with memory of its own; the one unused longest is dropped. Default 8. */
  readonly maxSignatures?: number;
}

export type HostTree<T> = MapTree<T, Tensor, HostTensor>;

export interface RunOptions {
  /** Trees of tensors, keyed as the outputs are, to write results into instead of allocating new ones. May be partial. */
  readonly into?: object;
}

export interface Compiled<Input, Output> {
  /** Runs the function on host tensors, tracing it first where this signature is new. */
  (inputs: HostTree<Input>, options?: RunOptions): Promise<HostTree<Output>>;
  /**
   * Fixes inputs and destinations: the function returned runs on whatever those arrays hold by then, and spares a short
   * graph that runs over and over the looking up.
   */
  bind(inputs: HostTree<Input>, options?: RunOptions): () => Promise<HostTree<Output>>;
  /** The ONNX model for inputs like these, as the bytes of a .onnx file. */
  toOnnx(inputs: HostTree<Input>): Uint8Array;
  /** Unloads every graph and gives its memory back. Calling the function again traces again. */
  dispose(): Promise<void>;
}

/** A recorded function whose graph is loaded. */
type Results = Omit<Recorded, 'model'>;

interface Entry {
  readonly loading: Promise<{ session: GraphSession; traced: Results }>;
  /** The calls under way. */
  readonly runs: Set<Promise<unknown>>;
}

export function compile<Input, Output>(
  fn: (inputs: Input) => Output,
  options: CompileOptions = {},
): Compiled<Input, Output> {
  const { maxSignatures = 8, ...sessionOptions } = options;
  const loaded = new Map<string, Entry>();

  const load = async (inputs: unknown) => {
    const { model, ...traced } = record(fn as (inputs: unknown) => unknown, inputs, true);
    try {
      return { session: await GraphSession.load(encodeModel(model), sessionOptions), traced };
    } catch (error) {
      throw explained(error);
    }
  };

  /** The entry for a signature, as the one used last; makes room for it where it is new. */
  const take = (signature: string, inputs: unknown): Entry => {
    const known = loaded.get(signature);
    loaded.delete(signature);
    const [oldest] = loaded;
    const full = known === undefined && oldest !== undefined && loaded.size >= maxSignatures;
    if (full) loaded.delete(oldest[0]);
    const room = full ? release(oldest[1]) : undefined;
    const entry = known ?? { loading: room ? room.then(() => load(inputs)) : load(inputs), runs: new Set() };
    loaded.set(signature, entry);
    return entry;
  };

  const bind = (inputs: unknown, { into = {} }: RunOptions = {}) => {
    const feeds = flatten(inputs, isHostTensor);
    const named = feeds.map(([path, tensor]) => [inputName(path), tensor] as const);
    const signature = signatureOf(feeds);
    let bound: { entry: Entry; call: () => Promise<unknown> } | undefined;

    const call = async (entry: Entry): Promise<unknown> => {
      if (bound?.entry !== entry) {
        const { session, traced } = await entry.loading;
        const given = destinations(into, traced);
        const direct = new Map<string, HostTensor>();
        for (const [{ output, ids }, tensor] of given)
          if (ids === undefined) direct.set((traced.outputs[output] as OutputDef).name, tensor);
        const graph = session.bind(named, traced.outputs, direct);
        const answer = async () => {
          const values = await graph();
          return mapTree(traced.tree, isResult, (result) => {
            const value = values[result.output] as HostTensor;
            if (result.ids === undefined) return value;
            const sum = given.get(result) ?? hostTensor(allocate(result.dtype, sizeOf(result.shape)), result.shape);
            return sumRows(sum, value, values[result.ids] as HostTensor);
          });
        };
        bound = { entry, call: answer };
      }
      return bound.call();
    };

    return async (): Promise<unknown> => {
      const entry = take(signature, inputs);
      const running = call(entry);
      entry.runs.add(running);
      try {
        return await running;
      } catch (error) {
        await entry.loading.catch(() => {
          if (loaded.get(signature) === entry) loaded.delete(signature);
        });
        throw error;
      } finally {
        entry.runs.delete(running);
      }
    };
  };
  const run = async (inputs: unknown, options?: RunOptions): Promise<unknown> => bind(inputs, options)();

  return Object.assign(run as Compiled<Input, Output>, {
    bind: bind as Compiled<Input, Output>['bind'],
    toOnnx: (inputs: HostTree<Input>) => encodeModel(record(fn as (inputs: unknown) => unknown, inputs, false).model),
    dispose: async () => {
      const entries = [...loaded.values()];
      loaded.clear();
      for (const entry of entries) await release(entry);
    },
  });
}

/** Unloads a graph when the calls under way have been answered. */
async function release({ loading, runs }: Entry): Promise<void> {
  await Promise.allSettled(runs);
  await loading.then(
    ({ session }) => session.release(),
    () => {}, // it never loaded, and those who asked for it know
  );
}

const signatureOf = (feeds: readonly [string, HostTensor][]): string =>
  feeds.map(([path, { dtype, shape }]) => `${path}:${dtype}[${shape}]`).join(';');

function destinations(into: object, { tree }: Results): Map<ResultDef, HostTensor> {
  const results = new Map(flatten(tree, isResult));
  return new Map(
    flatten(into, isHostTensor).map(([path, tensor]) => {
      const result = results.get(path);
      if (result === undefined)
        throw new RangeError(
          `There is no output "${path}" to write into; the outputs are ${[...results.keys()].join(', ')}.`,
        );
      if (result.dtype !== tensor.dtype || String(result.shape) !== String(tensor.shape))
        throw new RangeError(
          `Output "${path}" is ${result.dtype}[${result.shape}], but the tensor to write it into is ${tensor.dtype}[${tensor.shape}].`,
        );
      return [result, tensor];
    }),
  );
}
