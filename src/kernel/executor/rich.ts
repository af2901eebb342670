// Values as clients show them. The code that knows how (../display) is loaded after the executor said that it is ready.

import { inspect } from 'node:util';
import type { KernelBridge } from '../bridge.js';
import type { MimeBundle } from './messages.js';

export interface Bundle {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

let toBundle: ((value: unknown) => Promise<Bundle | undefined>) | undefined;

/** Loads the display side, with its functions for cells. */
export async function loadDisplay(bridge: KernelBridge): Promise<void> {
  const [bundles, globals] = await Promise.all([import('../display/bundle.js'), import('../display/globals.js')]);
  toBundle = bundles.toBundle;
  globals.installGlobals(bridge);
}

/** The forms in which a value can be shown; undefined for a value that needs no showing. */
export async function bundle(value: unknown): Promise<Bundle | undefined> {
  if (value === undefined) return undefined;
  if (toBundle) return toBundle(value);
  return { data: { 'text/plain': inspect(value) }, metadata: {} };
}
