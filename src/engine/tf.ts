// The one place TensorFlow.js is set up: gradients registered, a backend for eager code (TensorFlow's C library where it is
// installed, else plain JavaScript), its banner silenced.
import '@tensorflow/tfjs'; // tfjs-core alone brings no gradients
import { findBackend, getBackend, type KernelFunc, registerKernel, setBackend } from '@tensorflow/tfjs-core';
import { nativeBackendName, registerNativeBackend } from './native.js';

export * from '@tensorflow/tfjs-core';

// At first use the cpu backend prints an advertisement for tfjs-node to stderr, where notebooks show it as a warning.
const cpu = findBackend('cpu') as unknown as { firstUse?: boolean } | null;
if (cpu) cpu.firstUse = false;
if (getBackend() === undefined) void setBackend(registerNativeBackend() ? nativeBackendName : 'cpu');

/** Registers an operator of ours, made of other operations, for the backends that run eager code. */
export function registerEagerKernel(kernelName: string, kernelFunc: KernelFunc): void {
  for (const backendName of ['cpu', nativeBackendName]) registerKernel({ kernelName, backendName, kernelFunc });
}
