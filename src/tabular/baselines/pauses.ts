// Long work lets others run now and then, and stops when it is told to.
//
//   await pausing({ signal, stopped: () => new FitInterrupted('stopped') }, async (pause) => { for (...) { ...; await pause(); } });

import { interruptible } from '../../training/interrupt.js';

export interface PauseOptions {
  readonly signal?: AbortSignal | undefined;
  /** What is thrown where the work was stopped. */
  readonly stopped: () => Error;
}

/** Runs work that calls `pause` often: it takes a turn of the event loop where the last one is 40 ms ago. */
export function pausing<T>(
  { signal, stopped }: PauseOptions,
  work: (pause: () => Promise<void> | undefined) => Promise<T>,
): Promise<T> {
  return interruptible(signal, async (interrupted) => {
    let since = performance.now();
    const turn = async () => {
      await new Promise((resolve) => setImmediate(resolve));
      since = performance.now();
    };
    const pause = () => {
      if (interrupted()) throw stopped();
      return performance.now() - since > 40 ? turn() : undefined;
    };
    await pause();
    return work(pause);
  });
}
