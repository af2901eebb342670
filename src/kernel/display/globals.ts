// What every cell finds without importing it.

import type { KernelBridge } from '../bridge.js';
import { display } from './api.js';
import { writePromisesPlainly } from './promises.js';

/** Puts `display` on globalThis. A cell may declare its own. */
export function installGlobals(_bridge: KernelBridge): void {
  Object.defineProperty(globalThis, 'display', { value: display, configurable: true, writable: true });
  writePromisesPlainly();
}
