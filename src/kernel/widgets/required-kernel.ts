// Widgets live in a client that talks to our kernel; anywhere else they say so instead of failing somewhere inside.

import { type KernelBridge, kernelBridge } from '../bridge.js';

/** The kernel this process is. @throws Error outside it; `what` is what was asked for, for instance `IntSlider` */
export function requiredKernel(what: string): KernelBridge {
  const bridge = kernelBridge();
  if (bridge) return bridge;
  throw new Error(
    `${what}: widgets need the TypeScript kernel of model-types, and this process is not it. Open the notebook in JupyterLab ` +
      'with `npm start` (or install the kernel with `npx model-types-kernel install`) and choose that kernel for it.',
  );
}
