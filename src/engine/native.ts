// Eager code on TensorFlow's C library, through @tensorflow/tfjs-node, where `npm run tensorflow` has put it:
//
//   tf.tensor([1, 2]).add(1)         // tf.getBackend() is 'tensorflow' with the library, 'cpu' without
//
// tfjs-node's own entry point is passed by: it loads 450 MB of library and prints a banner at import, whether or not
// anybody computes eagerly. Here the library is loaded by the first operation (on 2 cores 0.17 s and 195 MB of memory);
// what every import pays is the registering of the kernels (0.04 s).

import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import util from 'node:util';
// Not from ./tf.js, which is set up with what stands here.
import {
  type BackendValues,
  type DataId,
  type DataType,
  findBackend,
  findBackendFactory,
  getKernelsForBackend,
  type KernelBackend,
  type KernelConfig,
  type KernelFunc,
  registerBackend,
  registerKernel,
  type TensorInfo,
  unregisterKernel,
} from '@tensorflow/tfjs-core';

export const nativeBackendName = 'tensorflow';

const require = createRequire(import.meta.url);

/**
 * The path of the binding that src/setup/tensorflow-library.mjs has built for this system, or undefined where there is none.
 * @param clone its root; by default the one this file is part of
 */
export function nativeBinding(clone?: string): string | undefined {
  try {
    const root = clone ?? dirname(require.resolve('model-types/package.json'));
    const { version } = require('@tensorflow/tfjs-node/package.json') as { version: string };
    const folder = `tfjs-node-${version}-${process.platform}-${process.arch}`;
    const binding = join(root, '.cache', folder, 'tfjs_binding.node');
    return existsSync(binding) ? binding : undefined;
  } catch {
    return undefined; // tfjs-node is an optional dependency
  }
}

/** Registers the backend `tensorflow`, ready to be set; returns false, having done nothing, where it is not installed. */
export function registerNativeBackend(): boolean {
  if (findBackendFactory(nativeBackendName) !== null) return true; // somebody has imported tfjs-node
  const binding = nativeBinding();
  if (binding === undefined) return false;
  // TensorFlow says on stderr which instructions it uses; notebooks show that as a warning. 2: errors only.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // tfjs-node calls these: Node 22 warns of both, and Node 23 has the first no more.
  Object.assign(util, { isNullOrUndefined: (value: unknown) => value == null, isArray: Array.isArray });
  require('@tensorflow/tfjs-node/dist/register_all_kernels.js');
  borrowKernels();
  registerBackend(nativeBackendName, () => makeBackend(binding));
  return true;
}

interface NodeBackend extends KernelBackend {
  binding: object;
}

function makeBackend(binding: string): KernelBackend {
  const { NodeJSKernelBackend } = require('@tensorflow/tfjs-node/dist/nodejs_kernel_backend.js') as {
    NodeJSKernelBackend: new (binding: object, packageName: string) => NodeBackend;
  };
  const backend = new NodeJSKernelBackend({ isUsingGpuDevice: () => false }, '@tensorflow/tfjs-node');
  Object.defineProperty(backend, 'binding', {
    configurable: true,
    get: () => {
      const value = load(binding);
      Object.defineProperty(backend, 'binding', { value });
      return value;
    },
  });
  return backend;
}

function load(binding: string): object {
  try {
    return require(binding) as object;
  } catch (error) {
    throw new Error(
      `TensorFlow's C library does not load: ${error instanceof Error ? error.message : error}. Delete ${dirname(binding)} to do without it, or run npm run tensorflow again after that.`,
      { cause: error },
    );
  }
}

/** Kernels tfjs-node has but answers differently: its quotient is of the operands' type, TensorFlow.js's a whole number. */
const differing = new Set(['FloorDiv']);

/** What tfjs-node throws for types, axes and indices it does not take. */
const refusal = /Invalid TF_Status|is not in \[0, NaN\]/;

/** Names of kernels that have run on the cpu backend though `tensorflow` is the one in use. */
export const borrowedKernels = new Set<string>();

/**
 * Whatever works without the library works with it: a kernel tfjs-node lacks (searchSorted, strings, ragged tensors) or
 * refuses (1 < 2 for truth values, isNaN of whole numbers, a negative axis of gather) runs on the cpu backend, on copies.
 */
function borrowKernels(): void {
  const own = new Map(getKernelsForBackend(nativeBackendName).map((config) => [config.kernelName, config]));
  for (const config of getKernelsForBackend('cpu')) {
    const { kernelName } = config;
    const native = differing.has(kernelName) ? undefined : own.get(kernelName)?.kernelFunc;
    const onCpu = borrowed(config);
    const kernelFunc: KernelFunc = (params) => {
      try {
        if (native) return native(params);
      } catch (error) {
        // Where the cpu backend cannot do it either, its error is the clearer one: TensorFlow's is a number.
        if (!refusal.test(String(error))) throw error;
      }
      return onCpu(params);
    };
    if (own.has(kernelName)) unregisterKernel(kernelName, nativeBackendName);
    registerKernel({ ...config, backendName: nativeBackendName, kernelFunc });
  }
}

/** What of the cpu backend is used here. */
interface CpuBackend extends KernelBackend {
  makeTensorInfo(shape: number[], dtype: DataType, values: BackendValues): TensorInfo;
}

type Eager = Pick<KernelBackend, 'readSync' | 'disposeData'> & {
  write(values: BackendValues, shape: number[], dtype: DataType): DataId;
};

function borrowed({ kernelName, kernelFunc }: KernelConfig): KernelFunc {
  return ({ inputs, attrs, backend }) => {
    borrowedKernels.add(kernelName);
    const native = backend as Eager;
    const cpu = findBackend('cpu') as CpuBackend;
    const made: TensorInfo[] = [];
    const lend = (tensor: TensorInfo): TensorInfo => {
      const copy = cpu.makeTensorInfo(tensor.shape, tensor.dtype, native.readSync(tensor.dataId));
      made.push(copy);
      return copy;
    };
    const bring = (tensor: TensorInfo): TensorInfo => {
      made.push(tensor);
      const { shape, dtype, dataId } = tensor;
      return { shape, dtype, dataId: native.write(cpu.readSync(dataId), shape, dtype) };
    };
    // The types say each input is one tensor; for some kernels it is a list of them, and some inputs may be missing.
    const given = Object.entries(inputs as Record<string, TensorInfo | TensorInfo[] | null | undefined>).map(
      ([name, input]) => [name, Array.isArray(input) ? input.map(lend) : input && lend(input)] as const,
    );
    try {
      const outputs = kernelFunc({ inputs: Object.fromEntries(given) as never, attrs, backend: cpu });
      return Array.isArray(outputs) ? outputs.map(bring) : bring(outputs);
    } finally {
      for (const { dataId } of made) cpu.disposeData(dataId as DataId, true);
    }
  };
}
