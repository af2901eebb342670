// How much each label counts in the loss, as torch.nn.CrossEntropyLoss(weight=...): the mean over a batch is weighted by its labels.
import { hostTensor } from '../engine/index.js';
import type { TextBatch } from '../tasks/batching.js';

/**
 * One weight a label. 'balanced' is scikit-learn's: rows / (labels * rows of the label), with 0 for a label that has none.
 * @throws RangeError naming what is wrong with weights given as numbers
 */
export function labelWeights(
  given: 'balanced' | readonly number[],
  rows: readonly { readonly label: number }[],
  labels: readonly string[],
): readonly number[] {
  if (given === 'balanced') {
    const counts = labels.map((_, label) => rows.filter((row) => row.label === label).length);
    return counts.map((count) => (count === 0 ? 0 : rows.length / (labels.length * count)));
  }
  if (!Array.isArray(given) || given.length !== labels.length)
    throw new RangeError(
      `classWeights is 'balanced' or one number for each of the ${labels.length} labels (${labels.join(', ')}); got ${JSON.stringify(given)}.`,
    );
  const wrong = given.findIndex((weight) => !(weight > 0 && weight < Number.POSITIVE_INFINITY));
  if (wrong >= 0)
    throw new RangeError(`The class weight of ${labels[wrong]} is a number above 0; got ${given[wrong]}.`);
  return given;
}

/** The same batch with each row as heavy as its label; rows that only fill up stay at 0. */
export function weighBatch(batch: TextBatch, weights: readonly number[]): TextBatch {
  const data = Float32Array.from(
    batch.rowWeights.data,
    (own, i) => own * (weights[batch.labels.data[i] as number] as number),
  );
  return { ...batch, rowWeights: hostTensor(data, batch.rowWeights.shape) };
}
