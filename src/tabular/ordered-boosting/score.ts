// How good each question about a column is, from its histogram.
//
// A question parts every leaf. With G the sum of a part's gradients, W of its weights, its value would be v = G / (W + l2), and
// the score is, over all parts, sum v G ('L2': how much the loss falls), or sum v G / sqrt(sum v² W) ('Cosine': how well the
// values point the way the gradients do, whatever their length).

export interface ScoreSettings {
  readonly scoreFunction: 'Cosine' | 'L2';
  readonly l2: number;
}

/** Where a column's cells are in a histogram. */
export interface HistogramView {
  readonly histogram: Float64Array;
  /** Gradient sums a cell has, before the weight sum. */
  readonly dimensions: number;
  readonly leaves: number;
  /** Numbers from one leaf's cells to the next one's. */
  readonly leafSize: number;
  /** Where the column's cells begin in a leaf. */
  readonly offset: number;
  readonly bins: number;
}

const numerators = new Float64Array(256);
const denominators = new Float64Array(256);

/**
 * The score of each question: "above border b?" for b from 0 to bins - 2, or, where `oneBin`, "in bin b?" for each bin.
 * The array is overwritten by the next call.
 */
export function scoresOf(view: HistogramView, oneBin: boolean, { scoreFunction, l2 }: ScoreSettings): Float64Array {
  const questions = oneBin ? view.bins : view.bins - 1;
  numerators.fill(0, 0, questions);
  denominators.fill(1e-100, 0, questions);
  if (view.dimensions === 1) addOne(view, questions, oneBin, l2);
  else addMany(view, questions, oneBin, l2);
  if (scoreFunction === 'Cosine')
    for (let q = 0; q < questions; q++)
      numerators[q] = (numerators[q] as number) / Math.sqrt(denominators[q] as number);
  return numerators.subarray(0, questions);
}

function addOne(view: HistogramView, questions: number, oneBin: boolean, l2: number): void {
  const { histogram, leaves, leafSize, offset, bins } = view;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const start = leaf * leafSize + offset;
    let gradient = 0;
    let weight = 0;
    for (let at = start; at < start + bins * 2; at += 2) {
      gradient += histogram[at] as number;
      weight += histogram[at + 1] as number;
    }
    if (weight <= 1e-12) continue;
    let partGradient = 0;
    let partWeight = 0;
    for (let q = 0; q < questions; q++) {
      const at = start + q * 2;
      partGradient = oneBin ? (histogram[at] as number) : partGradient + (histogram[at] as number);
      partWeight = oneBin ? (histogram[at + 1] as number) : partWeight + (histogram[at + 1] as number);
      const otherGradient = gradient - partGradient;
      const otherWeight = weight - partWeight;
      const value = partWeight > 1e-12 ? partGradient / (partWeight + l2) : 0;
      const otherValue = otherWeight > 1e-12 ? otherGradient / (otherWeight + l2) : 0;
      numerators[q] = (numerators[q] as number) + value * partGradient + otherValue * otherGradient;
      denominators[q] =
        (denominators[q] as number) + value * value * partWeight + otherValue * otherValue * otherWeight;
    }
  }
}

function addMany(view: HistogramView, questions: number, oneBin: boolean, l2: number): void {
  const { histogram, leaves, leafSize, offset, bins, dimensions } = view;
  const cell = dimensions + 1;
  for (let leaf = 0; leaf < leaves; leaf++) {
    const start = leaf * leafSize + offset;
    let weight = 0;
    for (let bin = 0; bin < bins; bin++) weight += histogram[start + bin * cell + dimensions] as number;
    if (weight <= 1e-12) continue;
    for (let k = 0; k < dimensions; k++) {
      let gradient = 0;
      for (let bin = 0; bin < bins; bin++) gradient += histogram[start + bin * cell + k] as number;
      let partGradient = 0;
      let partWeight = 0;
      for (let q = 0; q < questions; q++) {
        const at = start + q * cell;
        partGradient = (oneBin ? 0 : partGradient) + (histogram[at + k] as number);
        partWeight = (oneBin ? 0 : partWeight) + (histogram[at + dimensions] as number);
        const otherGradient = gradient - partGradient;
        const otherWeight = weight - partWeight;
        const value = partWeight > 1e-12 ? partGradient / (partWeight + l2) : 0;
        const otherValue = otherWeight > 1e-12 ? otherGradient / (otherWeight + l2) : 0;
        numerators[q] = (numerators[q] as number) + value * partGradient + otherValue * otherGradient;
        denominators[q] =
          (denominators[q] as number) + value * value * partWeight + otherValue * otherValue * otherWeight;
      }
    }
  }
}
