// Runs the beginning of a cell, up to its first `await`, so that a signal can break even into code that never looks at the flag:
// a library's endless loop. Later stretches have no such way in: V8 can be told to give up its work from here only.

import { Script } from 'node:vm';
import { context, reenter } from './context.js';
import { Interrupted } from './interrupted.js';

let waiting: (() => unknown) | undefined;
let disorder = false;

const key = Symbol.for('model-types.kernel.first-stretch');
Object.defineProperty(globalThis, key, {
  value: () => {
    const run = waiting;
    waiting = undefined;
    return run?.();
  },
});
// A script of our own, under a name that stack traces hide, since only the running of a script can be broken off.
const trigger = new Script(`globalThis[Symbol.for(${JSON.stringify(key.description)})]()`, { filename: 'node:kernel' });

export function firstStretch<T>(run: () => T): T {
  const { task } = context();
  const listeners = process.listenerCount('SIGINT');
  waiting = run;
  try {
    return trigger.runInThisContext({ breakOnSigint: true, displayErrors: false }) as T;
  } catch (error) {
    if ((error as NodeJS.ErrnoException | undefined)?.code !== 'ERR_SCRIPT_EXECUTION_INTERRUPTED') throw error;
    disorder = true;
    reenter(task);
    throw new Interrupted();
  } finally {
    // Node.js takes the listeners off and puts them back, and loses the system's handler if one came meanwhile: the next
    // SIGINT would end the process.
    if (process.listenerCount('SIGINT') > listeners) listenAnew();
  }
}

/** Thrown for the sake of what Node.js does when it has handled an exception. */
export class Reset extends Error {}

/**
 * Code that was broken off may have left Node's stack of asynchronous scopes in disorder, of which Node.js would die at the end of
 * the turn. It empties that stack when it has handled an exception: so there is one. To be called last in a turn of the event loop.
 */
export function putInOrder(): void {
  if (!disorder) return;
  disorder = false;
  throw new Reset();
}

function listenAnew(): void {
  const all = process.rawListeners('SIGINT') as NodeJS.SignalsListener[];
  process.removeAllListeners('SIGINT');
  for (const listener of all) process.on('SIGINT', listener);
}
