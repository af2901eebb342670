// How well do scores put the positive rows before the others, wherever the threshold is? ROC and precision-recall curves and the
// areas under them, equal to scikit-learn's. Rows of one score are taken together, so their order does not matter.
//
//   const truth = [0, 0, 1, 1], scores = [0.1, 0.4, 0.35, 0.8];
//   rocAuc(truth, scores);             // 0.75: of 4 pairs of a positive and a negative row, 3 are in the right order
//   averagePrecision(truth, scores);   // 0.833: the area under precision against recall

import { checkBinary, checkFinite, checkRows } from './checks.js';

/** Points of the ROC curve from (0, 0) to (1, 1), one for each distinct score and one before all. */
export interface RocCurve {
  /** Of the negative rows, the share with a score of at least the threshold. Ascending. */
  readonly falsePositiveRate: Float64Array;
  /** Of the positive rows, the share with a score of at least the threshold. Ascending. */
  readonly truePositiveRate: Float64Array;
  /** Descending; the first is Infinity, which no row reaches. */
  readonly thresholds: Float64Array;
}

/** Precision and recall for each distinct score as threshold, and behind them the point (recall 0, precision 1). */
export interface PrecisionRecallCurve {
  readonly precision: Float64Array;
  /** From 1 down to 0. */
  readonly recall: Float64Array;
  /** Ascending; one less than there are points. */
  readonly thresholds: Float64Array;
}

/**
 * The ROC curve, with all its points (scikit-learn's `drop_intermediate=False`).
 * @param truth 1 for a positive row, 0 for another
 * @param scores any finite numbers; higher means more likely positive
 * @param weights how much each row counts, 0 or more
 * @throws Error if the rows are all of one class: a rate of the other is not defined
 */
export function rocCurve(truth: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>): RocCurve {
  checkRows(truth, scores, weights);
  const { truePositives, falsePositives, thresholds } = countsOf(truth, scores, weights);
  const positives = truePositives.at(-1) as number;
  const negatives = falsePositives.at(-1) as number;
  checkBothClasses(positives, negatives, 'ROC curve');
  return {
    falsePositiveRate: startingAt(0, falsePositives, (count) => count / negatives),
    truePositiveRate: startingAt(0, truePositives, (count) => count / positives),
    thresholds: startingAt(Number.POSITIVE_INFINITY, thresholds, (threshold) => threshold),
  };
}

/**
 * The area under the ROC curve: the chance that a positive row scores higher than a negative one, a tie counting half. 0.5 is
 * guessing, 1 a perfect order.
 * @throws Error if the rows are all of one class
 */
export function rocAuc(truth: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>): number {
  checkRows(truth, scores, weights);
  const order = ranked(truth, scores);
  const area = order.rocAuc(weights);
  if (Number.isNaN(area)) {
    const { truePositives, falsePositives } = order.counts(weights);
    checkBothClasses(truePositives.at(-1) as number, falsePositives.at(-1) as number, 'area under the ROC curve');
  }
  return area;
}

/**
 * The mean over classes of the area under the ROC curve of that class against all others (scikit-learn's
 * `multi_class='ovr', average='macro'`).
 * @param truth each row's class, counted from 0
 * @param probabilities one array a class, each with a number a row
 * @throws Error if a class never occurs, or no other does
 */
export function rocAucOneVsRest(truth: ArrayLike<number>, probabilities: readonly ArrayLike<number>[]): number {
  let sum = 0;
  for (const [code, scores] of probabilities.entries()) {
    const isThis = Float64Array.from(truth, (label) => Number(label === code));
    if (!isThis.includes(1))
      throw new Error(`No row is of class ${code}: its area under the ROC curve is not defined. Leave the class out.`);
    sum += rocAuc(isThis, scores);
  }
  return sum / probabilities.length;
}

/**
 * The precision-recall curve, with all its points.
 * @throws Error if no row is positive: recall is not defined
 */
export function precisionRecallCurve(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): PrecisionRecallCurve {
  checkRows(truth, scores, weights);
  const { truePositives, falsePositives, thresholds } = countsOf(truth, scores, weights);
  const positives = truePositives.at(-1) as number;
  if (positives === 0)
    throw new Error(
      'No row is positive: a precision-recall curve needs at least one of class 1 with a weight above 0.',
    );
  const precision = truePositives.map((hits, i) => hits / (hits + (falsePositives[i] as number)));
  return {
    precision: startingAt(1, precision, (value) => value).reverse(),
    recall: startingAt(0, truePositives, (hits) => hits / positives).reverse(),
    thresholds: thresholds.reverse(),
  };
}

/**
 * Average precision: the area under the precision-recall curve as a sum of steps, without the optimism of straight lines between
 * its points. Guessing gives the share of positive rows.
 * @throws Error if no row is positive
 */
export function averagePrecision(
  truth: ArrayLike<number>,
  scores: ArrayLike<number>,
  weights?: ArrayLike<number>,
): number {
  checkRows(truth, scores, weights);
  const area = ranked(truth, scores).averagePrecision(weights);
  if (Number.isNaN(area))
    throw new Error('No row is positive: average precision needs at least one of class 1 with a weight above 0.');
  return area;
}

/** Rows sorted once by their scores, to be measured many times under other weights: a bootstrap sample is one set of weights. */
export interface Ranked {
  /** NaN where only one class has weight. */
  rocAuc(weights?: ArrayLike<number>): number;
  /** NaN where no positive row has weight. */
  averagePrecision(weights?: ArrayLike<number>): number;
  /** Positive and negative rows with at least each distinct score, from the highest down. */
  counts(weights?: ArrayLike<number>): {
    truePositives: Float64Array;
    falsePositives: Float64Array;
    thresholds: Float64Array;
  };
}

/** Sorts the rows by score. Throws where a true value is not 0 or 1, or a score not finite. */
export function ranked(truth: ArrayLike<number>, scores: ArrayLike<number>): Ranked {
  checkBinary(truth);
  checkFinite(scores, 'score');
  const { order, ends } = groups(scores);

  /** Calls `group` with what each distinct score, from the highest, adds to the positive and the negative rows. */
  function sweep(weights: ArrayLike<number> | undefined, group: (positive: number, negative: number) => void): void {
    let place = 0;
    for (const end of ends) {
      let positive = 0;
      let negative = 0;
      for (; place < end; place++) {
        const row = order[place] as number;
        const weight = weights === undefined ? 1 : (weights[row] as number);
        if (truth[row] === 1) positive += weight;
        else negative += weight;
      }
      group(positive, negative);
    }
  }

  return {
    rocAuc(weights) {
      let hits = 0;
      let misses = 0;
      let area = 0;
      sweep(weights, (positive, negative) => {
        area += negative * (hits + positive / 2);
        hits += positive;
        misses += negative;
      });
      return hits === 0 || misses === 0 ? Number.NaN : area / hits / misses;
    },
    averagePrecision(weights) {
      let hits = 0;
      let named = 0;
      let area = 0;
      sweep(weights, (positive, negative) => {
        hits += positive;
        named += positive + negative;
        if (positive > 0) area += positive * (hits / named);
      });
      return hits === 0 ? Number.NaN : area / hits;
    },
    counts(weights) {
      const truePositives = new Float64Array(ends.length);
      const falsePositives = new Float64Array(ends.length);
      let at = 0;
      let hits = 0;
      let misses = 0;
      sweep(weights, (positive, negative) => {
        hits += positive;
        misses += negative;
        truePositives[at] = hits;
        falsePositives[at++] = misses;
      });
      return {
        truePositives,
        falsePositives,
        thresholds: ends.map((end) => scores[order[end - 1] as number] as number),
      };
    },
  };
}

/** The counts of rows that count: a row of weight 0 makes no point of a curve, as in scikit-learn. */
function countsOf(truth: ArrayLike<number>, scores: ArrayLike<number>, weights?: ArrayLike<number>) {
  const rows = Int32Array.from(truth, (_, row) => row).filter((row) => weights === undefined || weights[row] !== 0);
  if (weights === undefined || rows.length === truth.length) return ranked(truth, scores).counts(weights);
  const [someTruth, someScores, someWeights] = [truth, scores, weights].map((values) =>
    Float64Array.from(rows, (row) => values[row] as number),
  ) as [Float64Array, Float64Array, Float64Array];
  return ranked(someTruth, someScores).counts(someWeights);
}

/** Rows by falling score, and after which places the score changes. */
function groups(scores: ArrayLike<number>): { order: Int32Array; ends: Float64Array } {
  const order = Int32Array.from(scores, (_, row) => row);
  order.sort((a, b) => (scores[b] as number) - (scores[a] as number));
  const ends: number[] = [];
  for (let place = 1; place <= order.length; place++)
    if (place === order.length || scores[order[place] as number] !== scores[order[place - 1] as number])
      ends.push(place);
  return { order, ends: Float64Array.from(ends) };
}

function startingAt(first: number, values: Float64Array, of: (value: number) => number): Float64Array {
  const result = new Float64Array(values.length + 1);
  result[0] = first;
  for (const [i, value] of values.entries()) result[i + 1] = of(value);
  return result;
}

function checkBothClasses(positives: number, negatives: number, what: string): void {
  if (positives > 0 && negatives > 0) return;
  throw new Error(
    `All rows are of class ${positives > 0 ? 1 : 0}: the ${what} needs rows of both classes with a weight above 0.`,
  );
}
