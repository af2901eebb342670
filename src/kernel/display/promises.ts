// Promises as Node.js writes them. That an output finds its cell makes older versions of Node.js (before 24) note on each promise
// to which cell it belongs, in properties that inspect would show.

import { inspect } from 'node:util';

const tags = new Set(['async_id_symbol', 'trigger_async_id_symbol', 'kResourceStore']);

/** Takes Node.js' own notes on an object out of sight; they stay in use. */
export function hideTags(value: object): void {
  for (const symbol of Object.getOwnPropertySymbols(value)) {
    if (symbol.description === undefined || !tags.has(symbol.description)) continue;
    const found = Object.getOwnPropertyDescriptor(value, symbol);
    if (found?.configurable && found.enumerable) Object.defineProperty(value, symbol, { enumerable: false });
  }
}

/** Hides them wherever a promise is written out, also by console.log and within other values. */
export function writePromisesPlainly(): void {
  if (Object.hasOwn(Promise.prototype, inspect.custom)) return;
  Object.defineProperty(Promise.prototype, inspect.custom, {
    value: function write(this: object): object {
      hideTags(this);
      // Given the object itself, inspect goes on as if there were no such method.
      return this;
    },
    configurable: true,
    writable: true,
  });
}
