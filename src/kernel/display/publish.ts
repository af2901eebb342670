// Sends outputs to the notebook: through our kernel, through tslab's where the notebook runs on that, and as text elsewhere.

import { createRequire } from 'node:module';
import { type DisplayContent, displaySymbol, kernelBridge } from '../bridge.js';

type Publish = (content: DisplayContent, update: boolean) => void;

/** Shows an output under the cell that runs; with `update`, in place of those with the same display id. */
export function publish(content: DisplayContent, update: boolean): void {
  const send = ofKernel() ?? announced() ?? tslab();
  if (send) send(content, update);
  else process.stdout.write(`${textOf(content)}\n`);
}

/** Empties the output of the cell that runs: at once, or when its next output comes. Of our kernel only; else it does nothing. */
export function clearOutput(wait = false): void {
  kernelBridge()?.clearOutput(wait);
}

function ofKernel(): Publish | undefined {
  const kernel = kernelBridge();
  return kernel && ((content, update) => kernel.publish(content, update));
}

/** What other kernels that know this convention offer. */
function announced(): Publish | undefined {
  const found = (globalThis as { [displaySymbol]?: unknown })[displaySymbol];
  return typeof found === 'function' ? (found as Publish) : undefined;
}

let tslabModule: { exports?: { lastWriteDisplayData?: unknown } } | undefined;

/** What tslab's own display functions call: found among the modules that are loaded, so that nothing is loaded for it. */
function tslab(): Publish | undefined {
  if (!tslabModule) {
    const loaded = Object.entries(createRequire(import.meta.url).cache);
    tslabModule = loaded.find(([path]) => /[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path))?.[1];
  }
  // tslab replaces the function for each cell.
  const found = tslabModule?.exports?.lastWriteDisplayData;
  return typeof found === 'function' ? (found as Publish) : undefined;
}

function textOf({ data }: DisplayContent): string {
  const text = data['text/plain'] ?? data['text/markdown'] ?? data['text/latex'];
  return typeof text === 'string' ? text : `[${Object.keys(data).join(', ')}]`;
}
