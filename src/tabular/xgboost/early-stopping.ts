// When to stop: the metric on the validation rows has not improved for some rounds. As in XGBoost's Python package the
// first of equal scores counts as the best.

export class EarlyStopping {
  best = { round: 0, score: Number.NaN };
  readonly #patience: number;
  #begun = false;

  constructor(patience: number) {
    this.#patience = patience;
  }

  /** Told the score of each round, from round 0 on. */
  shouldStop(round: number, score: number, maximize: boolean): boolean {
    const improved = maximize ? score > this.best.score : score < this.best.score;
    if (!this.#begun || improved) this.best = { round, score };
    this.#begun = true;
    return round - this.best.round >= this.#patience;
  }
}
