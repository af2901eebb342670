// Runs the beginning of a cell, up to its first `await`, so that a signal can break even into code that never looks at the flag:
// a library's endless loop. Later stretches have no such way in: V8 can be told to give up its work from here only.

import { Script } from 'node:vm';
import { Interrupted } from './interrupted.js';

const key = Symbol.for('model-types.kernel.first-stretch');
// A name that stack traces hide.
const trigger = new Script(`globalThis[Symbol.for(${JSON.stringify(key.description)})]()`, { filename: 'node:kernel' });

export function firstStretch<T>(run: () => T): T {
  const listeners = process.listenerCount('SIGINT');
  Object.defineProperty(globalThis, key, { value: run, configurable: true });
  try {
    return trigger.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code === 'ERR_SCRIPT_EXECUTION_INTERRUPTED')
      throw new Interrupted();
    throw error;
  } finally {
    // Node.js takes the listeners off and puts them back, and loses the system's handler if one came meanwhile: the next
    // SIGINT would end the process.
    if (process.listenerCount('SIGINT') > listeners) listenAnew();
  }
}

function listenAnew(): void {
  const all = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGINT');
  for (const listener of all) process.on('SIGINT', listener);
}
