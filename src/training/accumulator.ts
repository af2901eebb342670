// Gradient accumulation: the mean of the gradients of several batches, each of which overwrites the same arena.
import type { Arena } from '../engine/index.js';

export class Accumulator {
  readonly #sum: Float32Array;

  constructor(readonly gradients: Arena) {
    this.#sum = new Float32Array(gradients.data.length);
  }

  /** Adds what is in the arena now, times `share`. */
  add(share: number): void {
    const { data } = this.gradients;
    for (let i = 0; i < data.length; i++) this.#sum[i] = (this.#sum[i] as number) + share * (data[i] as number);
  }

  /** Puts the sum into the arena and starts anew. */
  finish(): void {
    this.gradients.data.set(this.#sum);
    this.#sum.fill(0);
  }
}
