// How good is a classifier? Its predictions on labelled rows, and the scores that follow from them.
import { type ClassificationScores, scores, wilson } from '../metrics/classification.js';
import type { Prediction, Predictor } from './prediction.js';
import { cappedRows } from './quick.js';

export interface Evaluation extends ClassificationScores {
  /** Mean negative log-likelihood of the right label. */
  readonly loss: number;
  /** 95% interval of the accuracy (Wilson). */
  readonly interval: { readonly low: number; readonly high: number };
  readonly labels: readonly string[];
  /** Each row with what was predicted for it. */
  readonly predictions: readonly (Prediction & {
    readonly trueLabel: string;
    readonly correct: boolean;
  })[];
  /** Texts that were longer than the model reads, and the tokens they lost. */
  readonly truncated: { readonly texts: number; readonly tokens: number };
  /** Time a row took on average, in milliseconds. */
  readonly millisecondsPerRow: number;
}

/** Scores a classifier on labelled rows. Throws where there are none. */
export async function evaluate(
  model: Predictor,
  rows: readonly { readonly text: string; readonly label: number }[],
): Promise<Evaluation> {
  const looked = cappedRows(rows);
  if (looked.length === 0) throw new RangeError('There are no rows to evaluate on: give at least one labelled row.');
  const started = performance.now();
  const predicted = await model.predict(looked.map((row) => row.text));
  const milliseconds = performance.now() - started;
  const truth = looked.map((row) => row.label);
  const guesses = predicted.map((prediction) => prediction.labelIndex);
  const all = scores(truth, guesses, model.labels.length);
  const likelihoods = predicted.map(({ probabilities }, i) =>
    Math.log(Math.max(probabilities[truth[i] as number] ?? 0, 1e-12)),
  );
  return {
    ...all,
    loss: -likelihoods.reduce((sum, value) => sum + value, 0) / looked.length,
    interval: wilson(truth.filter((label, i) => label === guesses[i]).length, looked.length),
    labels: model.labels,
    predictions: predicted.map((prediction, i) => ({
      ...prediction,
      trueLabel: model.labels[truth[i] as number] as string,
      correct: guesses[i] === truth[i],
    })),
    truncated: {
      texts: predicted.filter(({ droppedTokens = 0 }) => droppedTokens > 0).length,
      tokens: predicted.reduce((sum, { droppedTokens = 0 }) => sum + droppedTokens, 0),
    },
    millisecondsPerRow: milliseconds / looked.length,
  };
}
