// Stopping between steps: by an AbortSignal, or by the interrupt a notebook's Stop button and Ctrl-C send.

/** Thrown when a run was stopped; the model keeps the weights of the last whole step. */
export class InterruptedError extends Error {
  override readonly name = 'InterruptedError';
}

/** Watches for an interrupt while `work` runs. `work` asks `interrupted()` between steps. */
export async function interruptible<T>(
  signal: AbortSignal | undefined,
  work: (interrupted: () => boolean) => Promise<T>,
): Promise<T> {
  let stopped = false;
  const stop = () => {
    stopped = true;
  };
  // Not in the same turn as the cell that calls us: a kernel runs that turn under `vm`'s breakOnSigint, which afterwards
  // takes away the system's handler of a listener added meanwhile, and then Stop would end the kernel itself.
  await new Promise((resolve) => setImmediate(resolve));
  process.on('SIGINT', stop);
  try {
    return await work(() => stopped || signal?.aborted === true);
  } finally {
    process.off('SIGINT', stop);
  }
}
