// What fitting is the same for all networks on tables: encode, start from what there is, train, stop.

import type { Weights } from '../../engine/index.js';
import { seededRandom } from '../../hub/random.js';
import { checkedWeights } from '../baselines/baseline-model.js';
import { FitInterrupted, type FitOptions, type TabularModel } from '../estimator.js';
import { sampleRows } from '../explain/sample-rows.js';
import { featuresOf } from '../features.js';
import { cappedEpochs, cappedTable } from '../quick.js';
import type { Table } from '../table/table.js';
import { targetValues, taskOf } from '../target.js';
import { type Encoding, encodeRows, learnEncoding } from './encoding.js';
import type { Learnt } from './network-model.js';
import { backgroundRows, NetworkModel } from './network-model.js';
import { learnObjective, type Objective, targetRows } from './objective.js';
import { type BatchLoss, evenBatchSize, type TrainingSettings, train } from './train.js';

/** Weights and running statistics before training. */
export interface Start {
  readonly weights: Weights;
  readonly statistics: Weights;
}

/** What has learnt to read a table: a fitted network, or a pretrained one. */
export interface Beginning extends Start {
  readonly encoding: Encoding;
}

export interface NetworkKind<Model extends TabularModel> {
  readonly name: string;
  readonly settings: Omit<TrainingSettings, 'earlyStoppingPatience'> & {
    readonly earlyStoppingPatience: number;
    readonly quantiles: readonly number[];
  };
  /** Batches above this size are multiples of it. Default 1. */
  readonly batchMultiple?: number;
  /** Pieces that columns of numbers are cut into. Default 0: they are standardised. */
  readonly pieces?: number;
  /** What to begin with where `startFrom` is not given. */
  readonly beginning?: Beginning | undefined;
  start(encoding: Encoding, objective: Objective): Start;
  loss(encoding: Encoding, objective: Objective): BatchLoss;
  model(learnt: Learnt): Model;
  /** Whether a fitted model is of this kind. */
  begins(model: TabularModel): Beginning | undefined;
}

/** @throws Error naming what does not fit; FitInterrupted with the model so far */
export async function fitNetwork<Model extends TabularModel>(
  kind: NetworkKind<Model>,
  table: Table,
  options: FitOptions,
): Promise<Model> {
  const rowWeights = options.weights === undefined ? undefined : checkedWeights(options.weights, table.rowCount);
  const { rows, weights } = counting(cappedIndices(table), rowWeights);
  const learnFrom = rows === undefined ? table : table.take(rows);
  const task = taskOf(table, options);
  const beginning = options.startFrom ? beginningOf(kind, options.startFrom) : kind.beginning;
  if (beginning?.encoding.features.some(({ name }) => name === options.target))
    throw new Error(
      `${kind.name}: ${kind.beginning ? 'pretraining' : 'startFrom'} has seen the target '${options.target}' as a feature: leave it out there.`,
    );
  const features = beginning?.encoding.features ?? featuresOf(learnFrom, options.target);
  const encoding = beginning?.encoding ?? learnEncoding(learnFrom, features, kind.pieces);
  const values = targetValues(learnFrom, task);
  const sameTask = options.startFrom instanceof NetworkModel && sameTasks(options.startFrom.task, task);
  const objective = sameTask
    ? (options.startFrom as NetworkModel).learnt.objective
    : learnObjective(task, values, kind.settings.quantiles);
  const start = over(kind.start(encoding, objective), beginning);
  const validation = options.validation && cappedTable(options.validation);
  const { quantiles: _, earlyStoppingPatience, ...settings } = kind.settings;
  const epochs = cappedEpochs(settings.epochs);
  const trained = await train({
    ...start,
    loss: kind.loss(encoding, objective),
    rows: { ...encodeRows(encoding, learnFrom), ...targetRows(objective, values, weights) },
    validation: validation && {
      ...encodeRows(encoding, validation),
      ...targetRows(objective, targetValues(validation, task)),
    },
    settings: {
      ...settings,
      epochs,
      batchSize: evenBatchSize(learnFrom.rowCount, settings.batchSize, kind.batchMultiple),
      earlyStoppingPatience,
    },
    onProgress: options.onProgress,
    signal: options.signal,
  });
  const background = sampleRows(
    learnFrom.select(...features.map(({ name }) => name)),
    backgroundRows,
    seededRandom(settings.seed),
  );
  const { weights: learntWeights, statistics } = trained;
  const model = kind.model({ task, encoding, objective, weights: learntWeights, statistics, background });
  if (trained.interrupted)
    throw new FitInterrupted(
      `${kind.name}: stopped after ${trained.epochs.length} of ${epochs} epochs. error.model has what was learnt by then.`,
      model,
    );
  return model;
}

function cappedIndices(table: Table): Int32Array | undefined {
  const capped = cappedTable(table).rowCount;
  if (capped === table.rowCount) return undefined;
  return Int32Array.from({ length: capped }, (_, i) => Math.floor((i * table.rowCount) / capped));
}

/** The rows that count at all, and how much. */
function counting(rows: Int32Array | undefined, weights: Float64Array | undefined) {
  if (weights === undefined) return { rows, weights };
  const all = rows ?? Int32Array.from(weights, (_, row) => row);
  const kept = all.filter((row) => (weights[row] as number) > 0);
  return { rows: kept, weights: Float64Array.from(kept, (row) => weights[row] as number) };
}

const sameTasks = (a: unknown, b: unknown): boolean => JSON.stringify(a) === JSON.stringify(b);

function beginningOf<Model extends TabularModel>(kind: NetworkKind<Model>, model: TabularModel): Beginning {
  const beginning = kind.begins(model);
  if (beginning === undefined)
    throw new Error(`${kind.name} begins with the weights of a ${kind.name}; startFrom is a ${model.name}.`);
  return beginning;
}

/** The start with those weights of the beginning that have its names and shapes. Throws Error where none has. */
function over(start: Start, beginning: Beginning | undefined): Start {
  if (beginning === undefined) return start;
  let taken = 0;
  const merge = (own: Weights, given: Weights): Weights =>
    new Map(
      [...own].map(([name, tensor]) => {
        const other = given.get(name);
        if (other === undefined || String(other.shape) !== String(tensor.shape)) return [name, tensor];
        taken += 1;
        return [name, other];
      }),
    );
  const merged = {
    weights: merge(start.weights, beginning.weights),
    statistics: merge(start.statistics, beginning.statistics),
  };
  if (taken === 0)
    throw new Error(
      'None of the weights to begin with has a shape that these settings ask for: use the same settings.',
    );
  return merged;
}
