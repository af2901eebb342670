// The baseline that every text classifier has to beat: count words and pairs of words, forget their order, and weigh each for and
// against each label (tf-idf and logistic regression). It knows nothing but its training texts, and trains in a second.
//
//   const baseline = bagOfWords(reviews.train, reviews.labels);
//   baseline.evaluate(reviews.test).accuracy;
//   baseline.predict(['Not worth the money.']);   // [{ label: 'negative', score: 0.7, probabilities: [0.7, 0.3], ... }]
//   baseline.strongestWords('positive', 3);       // [{ word: 'and', weight: 1.4 }, ...]: often words one would not have guessed

import type { TextRow } from '../hub/text-dataset.js';
import { type ClassificationScores, scores } from '../metrics/classification.js';
import { fitLogisticRegression, type LogisticRegressionOptions, probabilities } from './logistic-regression.js';
import { type Prediction, predictionOf } from './prediction.js';
import { fitVocabulary, tfIdf } from './tf-idf.js';

export interface BagOfWordsClassifier {
  readonly labels: readonly string[];
  /** How many numbers were learnt: a weight for each word or pair and label, and a bias for each label. */
  readonly parameters: number;
  predict(texts: readonly string[]): Prediction[];
  /** Scores on rows with known labels, and what was predicted for each of them. */
  evaluate(rows: readonly TextRow[]): ClassificationScores & { readonly predictions: readonly Prediction[] };
  /** The words and pairs that speak most for a label, the strongest first. Default: ten. */
  strongestWords(label: string, count?: number): { readonly word: string; readonly weight: number }[];
}

/**
 * Trains a bag-of-words classifier; the same rows give the same classifier. Throws if there are no rows, fewer than two
 * labels, or a label outside of `labels`.
 */
export function bagOfWords(
  rows: readonly TextRow[],
  labels: readonly string[],
  options: LogisticRegressionOptions = {},
): BagOfWordsClassifier {
  checkRows(rows, labels);
  const texts = rows.map((row) => row.text);
  const known = rows.map((row) => row.label);
  const vocabulary = fitVocabulary(texts);
  const model = fitLogisticRegression(tfIdf(texts, vocabulary), known, labels.length, options);

  const predict = (given: readonly string[]): Prediction[] => {
    const weighed = tfIdf(given, vocabulary);
    const room = new Float64Array(labels.length);
    return given.map((text, row) => predictionOf(text, labels, [...probabilities(model, weighed, row, room)]));
  };

  return {
    labels,
    parameters: model.weights.length,
    predict,
    evaluate(given) {
      checkRows(given, labels);
      const predictions = predict(given.map((row) => row.text));
      const truth = given.map((row) => row.label);
      const predicted = predictions.map((one) => one.labelIndex);
      return { ...scores(truth, predicted, labels.length), predictions };
    },
    strongestWords(label, count = 10) {
      const index = labels.indexOf(label);
      if (index < 0) throw new Error(`strongestWords: no label '${label}'. The labels are ${labels.join(', ')}.`);
      const weightOf = (column: number) => model.weights[column * labels.length + index] as number;
      const ranked = vocabulary.terms.map((word, column) => ({ word, weight: weightOf(column) }));
      return ranked.sort((a, b) => b.weight - a.weight).slice(0, count);
    },
  };
}

function checkRows(rows: readonly TextRow[], labels: readonly string[]): void {
  if (labels.length < 2) throw new Error(`bagOfWords: give at least 2 labels, not ${labels.length}.`);
  if (rows.length === 0) throw new Error('bagOfWords: there are no rows.');
  const wrong = rows.findIndex(({ label }) => !Number.isInteger(label) || label < 0 || label >= labels.length);
  if (wrong >= 0) {
    throw new Error(
      `bagOfWords: the label of row ${wrong} is ${rows[wrong]?.label}; with ${labels.length} labels it is 0 to ${labels.length - 1}.`,
    );
  }
}
