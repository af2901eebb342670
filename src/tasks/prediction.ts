// What a classifier says of a text, and anything that says so.

export interface Prediction {
  readonly text: string;
  /** The most probable label. */
  readonly label: string;
  /** Its index in `labels`. */
  readonly labelIndex: number;
  /** Its probability, in (0, 1]. */
  readonly score: number;
  /** One probability a label, in the order of `labels`; they add up to 1. */
  readonly probabilities: readonly number[];
  /** Tokens of the text that did not fit into the model and were cut; absent where all of it was read. */
  readonly droppedTokens?: number;
}

/** Anything that labels texts: a fine-tuned model, its exported graph, or the bag of words. */
export interface Predictor {
  readonly labels: readonly string[];
  predict(texts: readonly string[]): Promise<readonly Prediction[]> | readonly Prediction[];
}

/** The most probable label with its probability. */
export function predictionOf(
  text: string,
  labels: readonly string[],
  probabilities: readonly number[],
  droppedTokens = 0,
): Prediction {
  const score = Math.max(...probabilities);
  const labelIndex = probabilities.indexOf(score);
  const prediction = { text, label: labels[labelIndex] as string, labelIndex, score, probabilities };
  return droppedTokens > 0 ? { ...prediction, droppedTokens } : prediction;
}

/** Probabilities from the logits of one text. */
export function softmax(logits: readonly number[]): number[] {
  const largest = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp(logit - largest));
  const total = powers.reduce((sum, power) => sum + power, 0);
  return powers.map((power) => power / total);
}
