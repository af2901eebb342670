// How good are predicted labels? Pure functions of two lists of label indices, equal to scikit-learn's (zero_division=0).
//
//   const truth = [0, 0, 1, 1], predicted = [0, 1, 1, 1];
//   accuracy(truth, predicted);              // 0.75
//   confusionMatrix(truth, predicted, 2);    // [[1, 1], [0, 2]]: rows true, columns predicted
//   macroF1(truth, predicted, 2);            // 0.733
//   wilson(3, 4);                            // { low: 0.30, high: 0.95 }: four rows say little

/** One label's scores, each in [0, 1]; 0 where it would be 0/0. */
export interface LabelScores {
  /** Of the rows predicted as this label, the share that is. */
  readonly precision: number;
  /** Of the rows of this label, the share that was predicted as it. */
  readonly recall: number;
  /** Harmonic mean of precision and recall. */
  readonly f1: number;
  /** Rows of this label. */
  readonly support: number;
}

/** What `scores` tells about a set of predictions. */
export interface ClassificationScores {
  readonly accuracy: number;
  readonly macroF1: number;
  /** `confusionMatrix[t][p]`: rows of true label `t` predicted as `p`. */
  readonly confusionMatrix: readonly (readonly number[])[];
  readonly perLabel: readonly LabelScores[];
}

/** Share of the rows whose label was predicted, in [0, 1]. Throws if there are none. */
export function accuracy(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  check(truth, predicted);
  let right = 0;
  for (let row = 0; row < truth.length; row++) right += Number(truth[row] === predicted[row]);
  return right / truth.length;
}

/**
 * The mean over the labels that occur of their recall: every label counts the same, however rare, so always saying the commonest
 * of k labels gives 1/k.
 */
export function balancedAccuracy(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  const occurring = precisionRecallF1(truth, predicted).filter(({ support }) => support > 0);
  return sum(occurring.map(({ recall }) => recall)) / occurring.length;
}

/** F1 of one label, by default of 1, the positive of two. 0 where the label neither occurs nor is predicted. */
export function f1(truth: ArrayLike<number>, predicted: ArrayLike<number>, label = 1): number {
  return precisionRecallF1(truth, predicted)[label]?.f1 ?? 0;
}

/**
 * Counts, `labelCount` x `labelCount`: element `[t][p]` is how many rows of true label `t` were predicted as `p`.
 * `labelCount` defaults to one more than the largest label that occurs.
 */
export function confusionMatrix(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labelCount = largest(truth, predicted) + 1,
): number[][] {
  check(truth, predicted, labelCount);
  const counts = Array.from({ length: labelCount }, () => new Array<number>(labelCount).fill(0));
  for (let row = 0; row < truth.length; row++)
    (counts[truth[row] as number] as number[])[predicted[row] as number]! += 1;
  return counts;
}

/** Precision, recall and F1 of each label from 0 to `labelCount - 1`. */
export function precisionRecallF1(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labelCount?: number,
): LabelScores[] {
  const counts = confusionMatrix(truth, predicted, labelCount);
  return counts.map((row, label) => {
    const hits = row[label] as number;
    const support = sum(row);
    const named = sum(counts.map((other) => other[label] as number));
    return {
      precision: ratio(hits, named),
      recall: ratio(hits, support),
      f1: ratio(2 * hits, support + named),
      support,
    };
  });
}

/**
 * The mean of the labels' F1: every label counts the same, however rare. With `labelCount`, over the labels from 0 to
 * `labelCount - 1` (one that never occurs counts 0), else, as scikit-learn does by default, over those that occur.
 */
export function macroF1(truth: ArrayLike<number>, predicted: ArrayLike<number>, labelCount?: number): number {
  const occurring = new Set([...Array.from(truth), ...Array.from(predicted)]);
  const counted = precisionRecallF1(truth, predicted, labelCount).filter(
    (_, label) => labelCount !== undefined || occurring.has(label),
  );
  return sum(counted.map((label) => label.f1)) / counted.length;
}

/** All of the above at once. */
export function scores(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  labelCount?: number,
): ClassificationScores {
  return {
    accuracy: accuracy(truth, predicted),
    macroF1: macroF1(truth, predicted, labelCount),
    confusionMatrix: confusionMatrix(truth, predicted, labelCount),
    perLabel: precisionRecallF1(truth, predicted, labelCount),
  };
}

/**
 * The range in which the accuracy on endless such rows lies with 95% confidence, given `correct` of `total` (Wilson 1927).
 * Two models whose ranges overlap widely are not known to differ. Works for few rows and for 0% and 100% too.
 */
export function wilson(correct: number, total: number): { readonly low: number; readonly high: number } {
  if (!Number.isInteger(total) || total < 1)
    throw new Error(`wilson: total must be a whole number from 1, not ${total}.`);
  if (!Number.isInteger(correct) || correct < 0 || correct > total) {
    throw new Error(`wilson: correct must be a whole number from 0 to total (${total}), not ${correct}.`);
  }
  const z = 1.959963984540054; // 97.5% point of the normal distribution
  const share = correct / total;
  const centre = (share + z ** 2 / (2 * total)) / (1 + z ** 2 / total);
  const half = (z / (1 + z ** 2 / total)) * Math.sqrt((share * (1 - share)) / total + z ** 2 / (4 * total ** 2));
  return { low: Math.max(0, centre - half), high: Math.min(1, centre + half) };
}

function check(truth: ArrayLike<number>, predicted: ArrayLike<number>, labelCount = Number.MAX_SAFE_INTEGER): void {
  if (truth.length !== predicted.length) {
    throw new Error(
      `There are ${truth.length} true labels and ${predicted.length} predicted ones: give one for each row.`,
    );
  }
  if (truth.length === 0)
    throw new Error('There are no rows to score: give at least one true and one predicted label.');
  for (const [name, labels] of Object.entries({ true: truth, predicted })) {
    const row = Array.prototype.findIndex.call(
      labels,
      (label) => !Number.isInteger(label) || label < 0 || label >= labelCount,
    );
    if (row < 0) continue;
    const range = labelCount === Number.MAX_SAFE_INTEGER ? 'from 0' : `from 0 to ${labelCount - 1}`;
    throw new Error(`The ${name} label of row ${row} is ${labels[row]}: labels are whole numbers ${range}.`);
  }
}

function largest(truth: ArrayLike<number>, predicted: ArrayLike<number>): number {
  check(truth, predicted);
  let most = 0;
  for (let row = 0; row < truth.length; row++) most = Math.max(most, truth[row] as number, predicted[row] as number);
  return most;
}

function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0);
}

function ratio(part: number, whole: number): number {
  return whole === 0 ? 0 : part / whole;
}
