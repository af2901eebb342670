// One loaded graph on ONNX Runtime: host tensors in, host tensors out, written in place where the caller says so.
import { InferenceSession, Tensor } from 'onnxruntime-node';
import { allocate, type DType, type HostTensor, hostTensor, sizeOf } from './host-tensor.js';

export interface SessionOptions {
  /** Threads one operator may use; 0 leaves the choice to ONNX Runtime (one a physical core). Default 0. */
  readonly threads?: number;
}

export interface OutputDef {
  readonly name: string;
  readonly dtype: DType;
  readonly shape: readonly number[];
}

export class GraphSession {
  readonly #session: InferenceSession;
  // Wrapping an array as an ONNX Runtime tensor copies nothing, but parameters are the same objects step after step.
  readonly #wrapped = new WeakMap<HostTensor, Tensor>();

  private constructor(session: InferenceSession) {
    this.#session = session;
  }

  static async load(model: Uint8Array, { threads = 0 }: SessionOptions = {}): Promise<GraphSession> {
    const session = await InferenceSession.create(model, {
      graphOptimizationLevel: 'all',
      // The pattern is one block for a whole run, made beside those the first run grew: it would all be held twice.
      enableMemPattern: false,
      intraOpNumThreads: threads,
      interOpNumThreads: 1,
      logSeverityLevel: 3,
      // A spinning pool of one graph takes the cores from the next: step and update alternate.
      extra: { session: { intra_op: { allow_spinning: '0' } } },
    });
    return new GraphSession(session);
  }

  /**
   * Prepares runs on the given inputs. Each output goes into the tensor `into` gives for it, else into a new one each run.
   */
  bind(
    inputs: readonly (readonly [name: string, tensor: HostTensor])[],
    outputs: readonly OutputDef[],
    into: ReadonlyMap<string, HostTensor>,
  ): () => Promise<HostTensor[]> {
    const feeds = Object.fromEntries(inputs.map(([name, tensor]) => [name, this.#wrap(tensor)]));
    const fixed = Object.fromEntries([...into].map(([name, tensor]) => [name, this.#wrap(tensor)]));
    const fresh = outputs.filter(({ name }) => !into.has(name));
    return async () => {
      const made = new Map(
        fresh.map(({ name, dtype, shape }) => [name, hostTensor(allocate(dtype, sizeOf(shape)), shape)]),
      );
      const fetches = {
        ...fixed,
        ...Object.fromEntries([...made].map(([name, tensor]) => [name, this.#wrap(tensor)])),
      };
      await this.#session.run(feeds, fetches);
      return outputs.map(({ name }) => (into.get(name) ?? made.get(name)) as HostTensor);
    };
  }

  release(): Promise<void> {
    return this.#session.release();
  }

  #wrap(tensor: HostTensor): Tensor {
    let wrapped = this.#wrapped.get(tensor);
    if (wrapped === undefined) {
      wrapped = new Tensor(tensor.dtype, tensor.data as Float32Array, tensor.shape);
      this.#wrapped.set(tensor, wrapped);
    }
    return wrapped;
  }
}
