// The training loop: XGBoost grows the trees of one round, is asked how good they are, and the next round begins.

import { interruptible } from '../../training/interrupt.js';
import { FitInterrupted, type FitOptions } from '../estimator.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import { cappedRounds } from '../quick.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { Booster } from './booster.js';
import { DMatrix } from './dmatrix.js';
import { EarlyStopping } from './early-stopping.js';
import { library, passOnWarnings, XgboostError } from './library.js';
import { type History, trainedModel, XgboostModel } from './model.js';
import { defaultObjective, linkOf } from './objective.js';
import {
  type CheckedOptions,
  type CustomMetric,
  type CustomObjective,
  constraintsOf,
  parametersOf,
} from './options.js';

const WHO = 'xgboost().fit';

/** Rows to train or judge on. */
interface Rows {
  readonly matrix: DMatrix;
  readonly labels: Float64Array;
  readonly weights: ArrayLike<number> | undefined;
}

export async function fitXgboost(settings: CheckedOptions, train: Table, options: FitOptions): Promise<XgboostModel> {
  const { validation, startFrom } = options;
  if (startFrom !== undefined && !(startFrom instanceof XgboostModel))
    throw new Error(`xgboost() goes on from an XGBoost model, not from ${startFrom.name}.`);
  if (settings.earlyStoppingRounds !== undefined && validation === undefined)
    throw new Error(
      'xgboost({ earlyStoppingRounds }) stops by rows it does not learn from: fit(train, { validation }).',
    );
  const task: Task = startFrom ? { ...startFrom.task, target: options.target } : taskOf(train, options);
  const features = startFrom?.features ?? featuresOf(train, options.target);
  const weights = options.weights;
  if (weights !== undefined && weights.length !== train.rowCount)
    throw new Error(`There are ${weights.length} weights for ${train.rowCount} rows.`);

  const rowsOf = (table: Table, weights?: ArrayLike<number>): Rows => {
    const labels = targetValues(table, task);
    const columns = columnsOf(table, features);
    const threads = settings.numThreads ?? 0;
    const more = weights === undefined ? {} : { weights };
    return { matrix: new DMatrix(columns, { who: WHO, labels, threads, categories: true, ...more }), labels, weights };
  };
  const sets: Record<string, Rows> = {};
  let booster: Booster | undefined;
  library().warnings();
  try {
    sets.train = rowsOf(train, weights);
    if (validation !== undefined) sets.validation = rowsOf(validation);
    const matrices = Object.values(sets).map(({ matrix }) => matrix);
    booster = startFrom ? startFrom.copy(WHO, matrices) : new Booster(WHO, matrices);
    return await grow(booster, settings, task, features, sets, startFrom?.allRounds ?? 0, options);
  } catch (error) {
    // A stopped fit's model lives on that booster.
    if (!(error instanceof FitInterrupted && error.model !== undefined)) booster?.dispose();
    throw error;
  } finally {
    for (const { matrix } of Object.values(sets)) matrix.dispose();
  }
}

/**
 * The columns a model reads.
 * @throws Error naming a date
 */
export function columnsOf(table: Table, features: readonly Feature[]) {
  const columns = readFeatures(table, features);
  const date = columns.find(({ kind }) => kind === 'date');
  if (date !== undefined)
    throw new Error(`The column '${date.name}' holds dates. Turn them into numbers with dateParts() first.`);
  return columns;
}

async function grow(
  booster: Booster,
  settings: CheckedOptions,
  task: Task,
  features: readonly Feature[],
  sets: Readonly<Record<string, Rows>>,
  before: number,
  { signal, onProgress }: FitOptions,
): Promise<XgboostModel> {
  const custom = typeof settings.objective === 'function' ? settings.objective : undefined;
  const named = typeof settings.objective === 'string' ? settings.objective : undefined;
  const objective = named ?? String(settings.params?.objective ?? defaultObjective(task));
  linkOf(objective, task);
  const metrics = [settings.evalMetric ?? []].flat();
  booster.set([
    ['objective', objective],
    ...(objective.startsWith('multi:') && task.kind === 'classification'
      ? [['num_class', String(task.classes.length)] as const]
      : []),
    ...metrics.filter((metric) => typeof metric === 'string').map((metric) => ['eval_metric', metric] as const),
    ...parametersOf(settings),
    ...constraintsOf(settings, features),
  ]);
  booster.setFeatures(features);

  const train = sets.train as Rows;
  const matrices = Object.fromEntries(Object.entries(sets).map(([name, { matrix }]) => [name, matrix]));
  const ownMetrics = metrics.filter((metric) => typeof metric === 'function');
  // Measuring takes some percent of the time, so it is done only for those who asked.
  const measured = settings.evalMetric !== undefined || sets.validation !== undefined || onProgress !== undefined;
  const history: Record<string, Record<string, number[]>> = {};
  const stopping =
    settings.earlyStoppingRounds === undefined ? undefined : new EarlyStopping(settings.earlyStoppingRounds);
  const total = cappedRounds(settings.rounds);

  const finished = (done: number): XgboostModel => {
    const best = stopping === undefined ? undefined : before + stopping.best.round;
    booster.setAttribute('best_iteration', best === undefined ? null : String(best));
    booster.setAttribute('best_score', stopping === undefined ? null : String(stopping.best.score));
    booster.endTraining();
    passOnWarnings();
    const [rounds, allRounds] = [best === undefined ? before + done : best + 1, before + done];
    return trainedModel({ booster, task, features, objective, rounds, allRounds, history });
  };

  return interruptible(signal, async (interrupted) => {
    let turn = performance.now();
    let done = 0;
    for (let round = 0; round < total; round++) {
      if (interrupted())
        throw new FitInterrupted(
          `The fit was stopped after ${round} of ${total} rounds. The error's model has the trees so far.`,
          round > 0 ? finished(round) : undefined,
        );
      if (custom === undefined) booster.update(round, train.matrix);
      else boostByHand(booster, round, train, custom);
      done = round + 1;
      if (round === 0) heedWarnings(settings);

      const scores = measured ? booster.evaluate(round, matrices) : [];
      for (const metric of ownMetrics)
        for (const [name, rows] of Object.entries(sets)) {
          const { values } = booster.predict(rows.matrix, custom === undefined ? 'value' : 'margin');
          scores.push([`${name}-${metric.name || 'custom'}`, checkedScore(metric, values, rows)]);
        }
      for (const [place, score] of scores) record(history, place, score);
      const last = lastMetric(history);
      onProgress?.({
        done,
        total,
        ...(last.train === undefined ? {} : { loss: last.train }),
        ...(last.validation === undefined ? {} : { validationLoss: last.validation }),
      });
      if (stopping?.shouldStop(round, last.validation as number, settings.maximize ?? isBetterLarger(last.name))) break;
      if (performance.now() - turn > 50) {
        await new Promise((resolve) => setImmediate(resolve));
        turn = performance.now();
      }
    }
    return finished(done);
  });
}

function boostByHand(
  booster: Booster,
  round: number,
  { matrix, labels, weights }: Rows,
  objective: CustomObjective,
): void {
  const { values, shape } = booster.predict(matrix, 'margin', { training: true });
  const { gradient, hessian } = objective(values, labels, weights);
  for (const [name, given] of Object.entries({ gradient, hessian }))
    if (given?.length !== values.length)
      throw new Error(
        `xgboost({ objective }): its ${name} has ${given?.length} values where ${values.length} are expected.`,
      );
  booster.boost(round, matrix, Float32Array.from(gradient), Float32Array.from(hessian), shape);
}

function checkedScore(metric: CustomMetric, predictions: Float32Array, { labels, weights }: Rows): number {
  const score = metric(predictions, labels, weights);
  if (typeof score === 'number') return score;
  throw new Error(`xgboost({ evalMetric }): ${metric.name || 'the function'} gave ${String(score)}, not a number.`);
}

/** 'validation-logloss' and its value into history.validation.logloss. */
function record(history: Record<string, Record<string, number[]>>, place: string, score: number): void {
  const [rows = '', metric = ''] = [place.slice(0, place.indexOf('-')), place.slice(place.indexOf('-') + 1)];
  history[rows] ??= {};
  const byMetric = history[rows];
  byMetric[metric] ??= [];
  byMetric[metric].push(score);
}

function lastMetric(history: History): { name: string; train: number | undefined; validation: number | undefined } {
  const name = Object.keys(history.train ?? {}).at(-1) ?? '';
  return { name, train: history.train?.[name]?.at(-1), validation: history.validation?.[name]?.at(-1) };
}

/** As XGBoost's Python package decides where it is not told. */
const isBetterLarger = (metric: string): boolean => /^(auc|aucpr|pre|map|ndcg)(?!e)/.test(metric);

/** A parameter that nothing reads is a mistake; other warnings are passed on. */
function heedWarnings({ params }: CheckedOptions): void {
  passOnWarnings((warning) => {
    if (params !== undefined && warning.includes('are not used')) throw new XgboostError(`${WHO}: ${warning}`);
  });
}
