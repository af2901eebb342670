// Progress bars: for loops, and for work that is not a loop.
//
//   for (const batch of progress(batches, { label: 'training' })) train(batch);
//
//   const bar = progressBar(files.length, { label: 'reading' });
//   for (const file of files) { await read(file); bar.advance(); }
//   bar.end();

import type { ProgressState } from './progress-text.js';
import { openView, type ProgressView } from './progress-view.js';

export interface ProgressOptions {
  /** What is being done. */
  readonly label?: string;
  /** Whether it stays when it has ended. Default true. */
  readonly leave?: boolean;
}

export interface LoopOptions extends ProgressOptions {
  /** How many there are, where the loop's source does not say: it does by `length` or `size`. */
  readonly total?: number;
}

/** Milliseconds between two updates. */
const pause = 100;

export class ProgressBar {
  /** What is being done; shown beside the bar. */
  label: string;
  readonly #total: number | undefined;
  readonly #leave: boolean;
  readonly #view: ProgressView;
  readonly #start = performance.now();
  #done = 0;
  #shownAt = this.#start;
  /** Where the rate was measured last. */
  #measured = { at: this.#start, done: 0 };
  #rate: number | undefined;
  #timer: NodeJS.Timeout | undefined;
  #ended = false;

  /** @param total how many there are; undefined where nobody knows */
  constructor(total: number | undefined, { label = '', leave = true }: ProgressOptions = {}) {
    if (total !== undefined && !(total >= 0 && total < Number.POSITIVE_INFINITY)) {
      throw new RangeError(
        `progressBar: the total is ${total}; give a number from 0, or undefined where nobody knows it.`,
      );
    }
    this.label = label;
    this.#total = total;
    this.#leave = leave;
    this.#view = openView(this.#state());
  }

  /** How many are done. */
  get done(): number {
    return this.#done;
  }

  set done(done: number) {
    if (!(done >= 0 && done < Number.POSITIVE_INFINITY)) {
      throw new RangeError(`progressBar: ${done} cannot be done; give a number from 0.`);
    }
    this.#done = done;
    this.#changed();
  }

  /** `count` more are done. */
  advance(count = 1): void {
    this.done += count;
  }

  /** Shows it as it ended. What was not done is left open. */
  end(): void {
    if (this.#ended) return;
    this.#ended = true;
    this.#show();
    if (!this.#leave) this.#view.remove();
  }

  [Symbol.dispose](): void {
    this.end();
  }

  #changed(): void {
    if (this.#ended) return;
    const now = performance.now();
    const rest = pause - (now - this.#shownAt);
    if (rest <= 0) this.#show();
    else if (!this.#timer) this.#timer = setTimeout(() => this.#show(), rest).unref();
  }

  #show(): void {
    clearTimeout(this.#timer);
    this.#timer = undefined;
    this.#measure();
    this.#shownAt = performance.now();
    this.#view.show(this.#state());
  }

  /** The rate of about the last few seconds; of all the time at the end. */
  #measure(): void {
    const now = performance.now();
    const { at, done } = this.#measured;
    const seconds = (now - at) / 1000;
    if (this.#ended) {
      this.#rate = this.#done > 0 ? this.#done / Math.max(1e-3, (now - this.#start) / 1000) : undefined;
    } else if (seconds > 0 && this.#done > done) {
      const latest = (this.#done - done) / seconds;
      const weight = this.#rate === undefined ? 1 : 1 - Math.exp(-seconds / 3);
      this.#rate = (this.#rate ?? 0) * (1 - weight) + latest * weight;
      this.#measured = { at: now, done: this.#done };
    }
  }

  #state(): ProgressState {
    return {
      label: this.label,
      done: this.#done,
      total: this.#total,
      seconds: (performance.now() - this.#start) / 1000,
      rate: this.#rate,
      ended: this.#ended,
    };
  }
}

/** A progress bar that you move: `advance`, or set `done`; then `end`. */
export function progressBar(total: number | undefined, options?: ProgressOptions): ProgressBar {
  return new ProgressBar(total, options);
}

/** The same items, with a bar that shows how many the loop has been through. */
export function progress<T>(source: Iterable<T>, options?: LoopOptions): Generator<T, void, undefined>;
export function progress<T>(source: AsyncIterable<T>, options?: LoopOptions): AsyncGenerator<T, void, undefined>;
export function progress<T>(source: Iterable<T> | AsyncIterable<T>, options: LoopOptions = {}) {
  const { length, size } = source as { length?: unknown; size?: unknown };
  const total = options.total ?? [length, size].find((count) => typeof count === 'number');
  return Symbol.asyncIterator in source ? asyncLoop(source, total, options) : loop(source, total, options);
}

function* loop<T>(source: Iterable<T>, total: number | undefined, options: ProgressOptions) {
  const bar = new ProgressBar(total, options);
  try {
    for (const item of source) {
      yield item;
      bar.advance();
    }
  } finally {
    bar.end();
  }
}

async function* asyncLoop<T>(source: AsyncIterable<T>, total: number | undefined, options: ProgressOptions) {
  const bar = new ProgressBar(total, options);
  try {
    for await (const item of source) {
      yield item;
      bar.advance();
    }
  } finally {
    bar.end();
  }
}
