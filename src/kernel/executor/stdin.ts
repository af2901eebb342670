// Asking the person at the client: `prompt`, `confirm` and `password` for cells. They block, as in browsers and in Deno.

import { readSync } from 'node:fs';
import { deserialize } from 'node:v8';
import { context } from './context.js';
import { Interrupted } from './interrupted.js';
import type { Interrupts } from './interrupts.js';
import { descriptors } from './messages.js';
import { send } from './wire.js';

/** How long an answer that is none is taken for the first sign of Stop, in milliseconds. */
const patience = 1000;

export type Input = (prompt: string, password: boolean) => string | null;

/** The way to ask; blocks until there is an answer. Null where there is none. */
export function createInput(interrupts: Interrupts): Input {
  return (prompt, password) => {
    const { task } = context();
    if (!task.allowStdin) {
      throw new Error(
        `Nobody can be asked "${prompt}": this client (or this run of the notebook) does not allow input. ` +
          'Put the answer into the cell, or run it in JupyterLab.',
      );
    }
    send({ type: 'input', context: task.id, prompt, password });
    const answer = readAnswer();
    // The byte that tells of Stop goes another way than the answer, and may be a moment behind.
    if (answer === null && task.running && (interrupts.pressed || interrupts.awaitPress(patience))) {
      interrupts.interrupt();
      throw new Interrupted();
    }
    return answer;
  };
}

/** Puts the functions where cells find them. */
export function installPrompts(input: Input): void {
  const functions = {
    prompt: (message = 'Prompt', preset?: string): string | null => {
      const answer = input(`${message} `, false);
      return answer === '' && preset !== undefined ? String(preset) : answer;
    },
    confirm: (message = 'Confirm'): boolean => /^\s*y(es)?\s*$/i.test(input(`${message} [y/N] `, false) ?? ''),
    password: (message = 'Password'): string | null => input(`${message} `, true),
  };
  for (const [name, value] of Object.entries(functions)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true, enumerable: false });
  }
}

function readAnswer(): string | null {
  const length = readExactly(4)?.readUInt32LE(0);
  const body = length === undefined ? undefined : readExactly(length);
  return body ? (deserialize(body) as string | null) : null;
}

/** Undefined where the pipe ended. */
function readExactly(length: number): Buffer | undefined {
  const bytes = Buffer.alloc(length);
  for (let at = 0; at < length; ) {
    try {
      const got = readSync(descriptors.answers, bytes, at, length - at, null);
      if (got === 0) return undefined;
      at += got;
    } catch (error) {
      // A signal came: the answer is still to come, and would be taken for that of the next question.
      if ((error as NodeJS.ErrnoException).code !== 'EINTR') throw error;
    }
  }
  return bytes;
}
