// Finds the notebook kernel that this process is, if it is one, and sends outputs through it.
//
// - A kernel that knows us puts a function under `globalThis[Symbol.for('Jupyter.display')]`; it takes the content of a
//   Jupyter `display_data` message and whether that updates an earlier one.
// - tslab's public `display.raw` sends one MIME type a message. A figure and its text belong into one message (a client
//   picks the richest form it can draw), so we call what `display.raw` itself calls: `lastWriteDisplayData` of tslab's
//   `dist/jupyter.js`, looked up among the modules already loaded, hence the very instance that runs the kernel.

import { createRequire } from 'node:module';
import { jupyterDisplay, type MimeBundle } from './figure.js';

/** The content of a `display_data` or `update_display_data` message (Jupyter messaging 5.3). */
export interface DisplayContent {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
  readonly transient: { readonly display_id?: string };
}

/** Sends one output to the cell that runs; with `update`, in place of the earlier one with the same display id. */
export type Publish = (content: DisplayContent, update: boolean) => void;

/** The way to show an output on the kernel this process is, or undefined in plain Node. */
export function findKernel(): Publish | undefined {
  const announced = (globalThis as { [jupyterDisplay]?: unknown })[jupyterDisplay];
  if (typeof announced === 'function') return announced as Publish;
  return findTslab();
}

function findTslab(): Publish | undefined {
  // Nothing is loaded here: in plain Node, or under another kernel, tslab costs nothing.
  for (const [path, loaded] of Object.entries(createRequire(import.meta.url).cache)) {
    if (!/[\\/]tslab[\\/]dist[\\/]jupyter\.js$/.test(path)) continue;
    const publish: unknown = loaded?.exports?.lastWriteDisplayData;
    // tslab replaces the function for each cell, so it is looked up for each output and never kept.
    if (typeof publish === 'function') return (content, update) => publish(content, update);
  }
  return undefined;
}
