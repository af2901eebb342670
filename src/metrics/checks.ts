// What every metric asks of its inputs: as many of one as of the other, at least one row, and numbers that are numbers.

/** @throws Error if there are no rows, or the lists differ in length */
export function checkRows(
  truth: ArrayLike<number>,
  predicted: ArrayLike<number>,
  weights: ArrayLike<number> | undefined,
): void {
  if (truth.length !== predicted.length)
    throw new Error(
      `There are ${truth.length} true values and ${predicted.length} predictions: give one for each row.`,
    );
  if (truth.length === 0) throw new Error('There are no rows to score: give at least one.');
  if (weights !== undefined) checkWeights(weights, truth.length);
}

/** @throws Error naming the first value that is no finite number */
export function checkFinite(values: ArrayLike<number>, what: string): void {
  for (let row = 0; row < values.length; row++)
    if (!Number.isFinite(values[row])) throw new Error(`The ${what} of row ${row} is ${values[row]}, not a number.`);
}

/** @throws Error naming the first value that is neither 0 nor 1 */
export function checkBinary(truth: ArrayLike<number>): void {
  for (let row = 0; row < truth.length; row++)
    if (truth[row] !== 0 && truth[row] !== 1)
      throw new Error(
        `The true value of row ${row} is ${truth[row]}: give 1 for the positive class and 0 for the other.`,
      );
}

/** @throws Error naming the first value outside [0, 1] */
export function checkProbabilities(values: ArrayLike<number>, what = 'probability'): void {
  for (let row = 0; row < values.length; row++) {
    const value = values[row] as number;
    if (!(value >= 0 && value <= 1)) throw new Error(`The ${what} of row ${row} is ${value}: it must be from 0 to 1.`);
  }
}

/** The weighted mean of a number each row has. Rows count the same without weights. */
export function weightedMean(
  rowCount: number,
  weights: ArrayLike<number> | undefined,
  value: (row: number) => number,
): number {
  let sum = 0;
  let total = 0;
  for (let row = 0; row < rowCount; row++) {
    const weight = weights === undefined ? 1 : (weights[row] as number);
    if (weight === 0) continue; // so that a row left out may hold anything
    sum += weight * value(row);
    total += weight;
  }
  return sum / total;
}

function checkWeights(weights: ArrayLike<number>, rowCount: number): void {
  if (weights.length !== rowCount)
    throw new Error(`There are ${weights.length} weights and ${rowCount} rows: give one for each row.`);
  let total = 0;
  for (let row = 0; row < rowCount; row++) {
    const weight = weights[row] as number;
    if (!(weight >= 0 && Number.isFinite(weight)))
      throw new Error(`The weight of row ${row} is ${weight}: weights are finite and not below 0.`);
    total += weight;
  }
  if (total === 0) throw new Error('All weights are 0: no row counts.');
}
