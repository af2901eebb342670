// How good is an estimator, and how much does that vary with the rows it happens to get?
//
//   const result = await crossValidate(pipeline([targetEncode()], logisticRegression()), train, { target: 'churned' });
//   result.mean.rocAuc;                // 0.84
//   result.standardDeviation.rocAuc;   // 0.011, over the folds
//   result.predictions;                // each row's, by the one model that did not learn from it
//
// Everything is fitted anew in each fold, the steps of a pipeline too. Encoding or scaling all rows before would let each fold's
// model know something of the rows it is judged by.

import { interruptible } from '../training/interrupt.js';
import { type Estimator, FitInterrupted, type FitOptions, type FitProgress, type TabularModel } from './estimator.js';
import { fitWhole, probabilitiesIn, progressOf, tellDone, weightsOf } from './inner-fits.js';
import { mostProbable } from './most-probable.js';
import { classificationMeasure, regressionMeasure } from './score.js';
import { type Fold, kFold } from './splits.js';
import type { Table } from './table/table.js';
import { type Task, targetValues, taskOf } from './target.js';

/** Numbers by name. */
export type Scores = Readonly<Record<string, number>>;

export interface CrossValidateOptions extends Pick<FitOptions, 'target' | 'task' | 'weights' | 'signal'> {
  /** Default 5. */
  readonly folds?: number;
  /** Rows that have the same value here stay in one fold. */
  readonly group?: string;
  /** The order of rows: each fold learns from what came before its test rows, whose first part is then never predicted. */
  readonly time?: string;
  /** Which rows go into which fold. Default 42. */
  readonly seed?: number;
  /** Splits of one's own instead. */
  readonly splits?: readonly Fold[];
  /** Scores of a fold's model on its test rows. Default: all metrics of `score`. */
  readonly score?: (model: TabularModel, test: Table) => Scores | Promise<Scores>;
  /** `done` and `total` are hundredths of a fit; `fold` counts from 0. */
  readonly onProgress?: (progress: FitProgress & { readonly fold: number }) => void;
}

export interface CrossValidation {
  /** As all rows make it. */
  readonly task: Task;
  readonly splits: readonly Fold[];
  /** One a fold. */
  readonly scores: readonly Scores[];
  /** Of each score over the folds; folds in which it is not defined (NaN) do not count. */
  readonly mean: Scores;
  /** As `mean`, of a sample (divided by one fewer than there are folds): NaN for a single one. */
  readonly standardDeviation: Scores;
  /** One a row, by the model that did not learn from it: what `predict` gives, classes as in `task`. NaN where no fold tested the row. */
  readonly predictions: Float64Array;
  /** For classification, one array a class of `task`. */
  readonly probabilities?: readonly Float64Array[];
}

/**
 * Fits once a fold on its training rows, predicts its test rows (without their target) and scores that. Folds of a classification
 * have about the same share of each class, unless rows are grouped or ordered.
 * @throws Error if there are too few rows for the folds or a split has a row on both sides; FitInterrupted where it was stopped
 */
export async function crossValidate(
  estimator: Estimator,
  table: Table,
  options: CrossValidateOptions,
): Promise<CrossValidation> {
  const { score } = options;
  const task = taskOf(table, options);
  const truth = targetValues(table, task);
  const splits = options.splits ?? foldsFor(table, task, options);
  const scores: Scores[] = [];
  const predicted = await outOfFold(estimator, table, splits, options, async (model, { test }, values) => {
    const own = Float64Array.from(test, (row) => truth[row] as number);
    if (score !== undefined) scores.push(await score(model, table.take(test)));
    else if (task.kind === 'classification') scores.push(classificationMeasure(own, values)());
    else scores.push(regressionMeasure(own, values[0] as Float64Array)());
  });
  const [mean, standardDeviation] = summary(scores);
  if (task.kind === 'regression')
    return { task, splits, scores, mean, standardDeviation, predictions: predicted[0] as Float64Array };
  const tested = (predicted[0] as Float64Array).map((p) => (Number.isNaN(p) ? Number.NaN : 0));
  const predictions = mostProbable(predicted).map((code, row) => code + (tested[row] as number));
  return { task, splits, scores, mean, standardDeviation, predictions, probabilities: predicted };
}

/** The folds of a table for a task: stratified by class, unless rows are grouped or ordered. */
export function foldsFor(
  table: Table,
  task: Task,
  { folds = 5, seed = 42, group, time }: Pick<CrossValidateOptions, 'folds' | 'seed' | 'group' | 'time'>,
): Fold[] {
  const stratify = task.kind === 'classification' && group === undefined && time === undefined;
  return kFold(table, {
    folds,
    seed,
    ...(stratify ? { stratify: task.target } : {}),
    ...(group === undefined ? {} : { group }),
    ...(time === undefined ? {} : { time }),
  });
}

/**
 * Fits once a split and predicts its test rows: the values of a regression as one array, the probabilities of a classification as one
 * a class; NaN for rows no split tests. `visit` sees each split's model, which is disposed afterwards, and its predictions.
 */
export async function outOfFold(
  estimator: Estimator,
  table: Table,
  splits: readonly Fold[],
  {
    target,
    task: kind,
    weights,
    signal,
    validation,
    onProgress,
  }: Omit<CrossValidateOptions, 'score'> & Pick<FitOptions, 'validation'>,
  visit?: (model: TabularModel, split: Fold, predicted: readonly Float64Array[]) => Promise<void>,
): Promise<Float64Array[]> {
  const task = taskOf(table, { target, ...(kind === undefined ? {} : { task: kind }) });
  const count = task.kind === 'regression' ? 1 : task.classes.length;
  const result = Array.from({ length: count }, () => new Float64Array(table.rowCount).fill(Number.NaN));
  for (const split of splits) checkSplit(split, table);
  await interruptible(signal, async (interrupted) => {
    for (const [fold, split] of splits.entries()) {
      const part = { first: fold, total: splits.length };
      const told = onProgress === undefined ? undefined : (progress: FitProgress) => onProgress({ ...progress, fold });
      const model = await fitWhole(estimator, table.take(split.train), {
        target,
        task: task.kind,
        ...weightsOf(weights, split.train),
        ...progressOf(told, part),
        ...(validation === undefined ? {} : { validation }),
        ...(signal === undefined ? {} : { signal }),
      });
      try {
        const rows = table.drop(target).take(split.test);
        const predicted =
          task.kind === 'regression' ? [await model.predict(rows)] : await probabilitiesIn(task.classes, model, rows);
        for (const [code, values] of predicted.entries())
          for (const [i, row] of split.test.entries()) (result[code] as Float64Array)[row] = values[i] as number;
        await visit?.(model, split, predicted);
      } finally {
        model.dispose();
      }
      tellDone(told, part);
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupted())
        throw new FitInterrupted(`${estimator.name}: stopped after ${fold + 1} of ${splits.length} folds.`);
    }
  });
  return result;
}

function checkSplit({ train, test }: Fold, table: Table): void {
  const learnt = new Set(train);
  const both = test.find((row) => learnt.has(row));
  if (both !== undefined)
    throw new Error(`A split learns from row ${both} and tests on it too: it must be on one side.`);
  if (train.length === 0 || test.length === 0)
    throw new Error(`A split of ${table.rowCount} rows has ${train.length} to learn from and ${test.length} to test.`);
}

/** Mean and standard deviation of each score. */
function summary(scores: readonly Scores[]): [Scores, Scores] {
  const names = [...new Set(scores.flatMap((of) => Object.keys(of)))];
  const statistics = names.map((name) => {
    const values = scores.map((of) => of[name] ?? Number.NaN).filter((value) => !Number.isNaN(value));
    const mean = values.reduce((sum, value) => sum + value, 0) / values.length;
    const squares = values.reduce((sum, value) => sum + (value - mean) ** 2, 0);
    return { name, mean, deviation: Math.sqrt(squares / (values.length - 1)) };
  });
  return [
    Object.fromEntries(statistics.map(({ name, mean }) => [name, mean])),
    Object.fromEntries(statistics.map(({ name, deviation }) => [name, deviation])),
  ];
}
