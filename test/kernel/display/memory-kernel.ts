// A kernel that keeps what cells publish.

import { type DisplayContent, type KernelBridge, kernelSymbol } from '../../../src/kernel/bridge.js';

export interface Published extends DisplayContent {
  readonly update: boolean;
}

export interface MemoryKernel {
  readonly published: Published[];
  readonly cleared: boolean[];
  readonly remove: () => void;
}

export function memoryKernel(): MemoryKernel {
  const published: Published[] = [];
  const cleared: boolean[] = [];
  const bridge: Pick<KernelBridge, 'publish' | 'clearOutput'> = {
    publish: (content, update) => published.push({ ...content, update }),
    clearOutput: (wait) => cleared.push(wait),
  };
  Object.defineProperty(globalThis, kernelSymbol, { value: bridge, configurable: true });
  const remove = () => {
    delete (globalThis as { [kernelSymbol]?: unknown })[kernelSymbol];
  };
  return { published, cleared, remove };
}
