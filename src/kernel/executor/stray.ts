// Rejections and exceptions that nobody handles: told to the cell that made them, never fatal.

import { context } from './context.js';
import { describeError } from './errors.js';
import { Reset } from './first-stretch.js';
import { Interrupted } from './interrupted.js';
import { send } from './wire.js';

/** Tells of an error that no cell can be blamed for any more. */
export function reportStray(error: unknown): void {
  const { task, take } = context();
  const content = describeError(error);
  if (take) take({ output_type: 'error', ...content });
  else send({ type: 'stray', context: task.id, error: content });
}

export function catchStrays(): void {
  // Node.js runs both in the asynchronous context of what failed (20 to 26 do; an exception in a microtask on 20 and 22 is the
  // exception, and goes to the latest cell).
  process.on('unhandledRejection', report);
  process.on('uncaughtException', report);
}

function report(error: unknown): void {
  if (error instanceof Reset) return;
  // A stopped cell leaves promises behind that were stopped with it.
  if (error instanceof Interrupted && context().task.running) return;
  reportStray(error);
}
