// The one place TensorFlow.js is set up: gradients registered, the plain cpu backend for eager code, its banner silenced.
import '@tensorflow/tfjs'; // tfjs-core alone brings no gradients
import { findBackend, getBackend, setBackend } from '@tensorflow/tfjs-core';

export * from '@tensorflow/tfjs-core';

// At first use the cpu backend prints an advertisement for tfjs-node to stderr, where notebooks show it as a warning.
const cpu = findBackend('cpu') as unknown as { firstUse?: boolean } | null;
if (cpu) cpu.firstUse = false;
if (getBackend() === undefined) void setBackend('cpu');
