// Several fits inside one: their progress as one, the share of options each gets, and their classes in one order.

import { type Estimator, FitInterrupted, type FitOptions, type FitProgress, type TabularModel } from './estimator.js';
import type { Table } from './table/table.js';

/** Of how many steps one inner fit is told to consist, whatever number of rounds or epochs it has. */
const stepsPerFit = 100;

/** Which of an outer fit's inner fits are meant: `fits` of them, by default one, from `first` on, of `total` in all. */
export interface Part {
  readonly first: number;
  readonly fits?: number;
  readonly total: number;
}

type Told = ((progress: FitProgress) => void) | undefined;

/** The `onProgress` of a part, as options: its rounds as hundredths of a fit. */
export function progressOf(onProgress: Told, { first, fits = 1, total: all }: Part): Pick<FitOptions, 'onProgress'> {
  if (onProgress === undefined) return {};
  return {
    onProgress: ({ done, total, ...losses }) => {
      const share = total > 0 ? Math.min(1, done / total) : 0;
      onProgress({ done: Math.floor(stepsPerFit * (first + fits * share)), total: stepsPerFit * all, ...losses });
    },
  };
}

/** Says that a part is done, as some fits tell no progress of their own. */
export function tellDone(onProgress: Told, { first, fits = 1, total }: Part): void {
  onProgress?.({ done: stepsPerFit * (first + fits), total: stepsPerFit * total });
}

/** A fit of which nothing is left where it is stopped: part of one model is no part of what the outer fit makes. */
export async function fitWhole(estimator: Estimator, train: Table, options: FitOptions): Promise<TabularModel> {
  try {
    return await estimator.fit(train, options);
  } catch (error) {
    if (!(error instanceof FitInterrupted) || error.model === undefined) throw error;
    error.model.dispose();
    throw new FitInterrupted(error.message);
  }
}

/** The weights of some of the rows. */
export function weightsOf(weights: FitOptions['weights'], rows: ArrayLike<number>): Pick<FitOptions, 'weights'> {
  return weights === undefined ? {} : { weights: Float64Array.from(rows, (row) => weights[row] as number) };
}

/**
 * A model's probabilities in the order of `classes`. A class that none of its own training rows had has probability 0.
 * @throws Error if the model knows a class that is not among them
 */
export async function probabilitiesIn(
  classes: readonly string[],
  model: TabularModel,
  table: Table,
): Promise<Float64Array[]> {
  const own = model.task.kind === 'classification' ? model.task.classes : [];
  const other = own.find((name) => !classes.includes(name));
  if (other !== undefined)
    throw new Error(`${model.name} predicts a class '${other}', not among ${classes.join(', ')}.`);
  const probabilities = await model.predictProbabilities(table);
  return classes.map((name) => probabilities[own.indexOf(name)] ?? new Float64Array(table.rowCount));
}
