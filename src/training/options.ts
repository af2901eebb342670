// The options of fineTune: what they mean, what they are by default, and which values make no sense.
import type { ScheduleKind } from './schedule.js';
import { full } from './strategies/full.js';
import type { Strategy } from './strategies/strategy.js';

/** Names and defaults follow the Hugging Face Trainer, and AutoTrain where it differs: a warm-up, and texts grouped by length. */
export interface FineTuneOptions {
  /** What trains and how. Default full(). */
  readonly strategy?: Strategy;
  /** Default 3. */
  readonly epochs?: number;
  /** Rows a step. Default 8. */
  readonly batchSize?: number;
  /** Batches whose gradients are averaged into one update. Default 1. */
  readonly gradientAccumulationSteps?: number;
  /** Highest learning rate. Default 5e-5. */
  readonly learningRate?: number;
  /** Shape of the schedule after the warm-up. Default 'linear'. */
  readonly schedule?: ScheduleKind;
  /** Share of the steps over which the learning rate rises from 0. Default 0.1. */
  readonly warmupRatio?: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** Default 1. */
  readonly maxGradNorm?: number;
  /** Shuffling, dropout, and weights that start at random. Default 42. */
  readonly seed?: number;
  /** Puts texts of like length into a batch. Default true. */
  readonly groupByLength?: boolean;
  /** Keeps the rows in the order given. Default true shuffles them anew each epoch. */
  readonly shuffle?: boolean;
  /**
   * How much each label counts in the loss: one number a label, or 'balanced', rows / (labels * rows of the label), so that rare
   * labels count as much as frequent ones (scikit-learn's formula). Default: all the same.
   */
  readonly classWeights?: 'balanced' | readonly number[];
  /** What the best epoch is judged by, on the validation rows. Default 'loss', the lowest; of the others the highest. */
  readonly metricForBestModel?: BestMetric;
  /** Ends with the weights of the best epoch instead of the last. Default false; true where earlyStoppingPatience is given. */
  readonly loadBestModelAtEnd?: boolean;
  /** Stops after this many epochs in a row without an improvement. Default: never. */
  readonly earlyStoppingPatience?: number;
  /** What counts as an improvement must be larger than this. Default 0. */
  readonly earlyStoppingThreshold?: number;
  /** A folder that keeps the state of the run after each epoch, and when it is stopped, until it ends. Default: none. */
  readonly outputDir?: string;
  /** Keeps the state after every so many steps too. */
  readonly saveSteps?: number;
  /**
   * Goes on from what outputDir holds, to the same weights an unbroken run ends with; starts from the beginning where it holds
   * nothing. Default false.
   */
  readonly resumeFromCheckpoint?: boolean;
  /** Stops between steps. A notebook's Stop button does so too. */
  readonly signal?: AbortSignal;
  /** Called after each step. */
  readonly onStep?: (step: TrainingStep, total: number) => void;
  /** Called after each epoch that was evaluated. */
  readonly onEpoch?: (epoch: EpochResult) => void;
}

export interface TrainingStep {
  /** From 1. */
  readonly step: number;
  /** Epochs done, as a fraction. */
  readonly epoch: number;
  readonly loss: number;
  readonly learningRate: number;
  /** Before clipping. */
  readonly gradientNorm: number;
}

export type BestMetric = 'loss' | 'accuracy' | 'macroF1';

export interface EpochResult {
  readonly epoch: number;
  /** The step after which it was measured. */
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
  readonly macroF1: number;
}

type Optional = 'classWeights' | 'earlyStoppingPatience' | 'outputDir' | 'saveSteps';
type Hooks = 'signal' | 'onStep' | 'onEpoch';

/** The options that shape a run, all of them there that have a default. */
export type Settings = Required<Omit<FineTuneOptions, Optional | Hooks>> & Pick<FineTuneOptions, Optional>;

/** Fills in the defaults. Throws a RangeError that names an option, its value and what it may be. */
export function settingsOf(options: FineTuneOptions): Settings {
  const { classWeights, earlyStoppingPatience, outputDir, saveSteps } = options;
  const settings: Settings = {
    strategy: options.strategy ?? full(),
    epochs: options.epochs ?? 3,
    batchSize: options.batchSize ?? 8,
    gradientAccumulationSteps: options.gradientAccumulationSteps ?? 1,
    learningRate: options.learningRate ?? 5e-5,
    schedule: options.schedule ?? 'linear',
    warmupRatio: options.warmupRatio ?? 0.1,
    weightDecay: options.weightDecay ?? 0,
    maxGradNorm: options.maxGradNorm ?? 1,
    seed: options.seed ?? 42,
    groupByLength: options.groupByLength ?? true,
    shuffle: options.shuffle ?? true,
    metricForBestModel: options.metricForBestModel ?? 'loss',
    loadBestModelAtEnd: options.loadBestModelAtEnd ?? earlyStoppingPatience !== undefined,
    earlyStoppingThreshold: options.earlyStoppingThreshold ?? 0,
    resumeFromCheckpoint: options.resumeFromCheckpoint ?? false,
    ...(classWeights === undefined ? {} : { classWeights }),
    ...(earlyStoppingPatience === undefined ? {} : { earlyStoppingPatience }),
    ...(outputDir === undefined ? {} : { outputDir }),
    ...(saveSteps === undefined ? {} : { saveSteps }),
  };
  checkCount('epochs', settings.epochs);
  checkCount('batchSize', settings.batchSize);
  checkCount('gradientAccumulationSteps', settings.gradientAccumulationSteps);
  checkNumber('learningRate', settings.learningRate, 0, Number.MAX_VALUE);
  checkNumber('warmupRatio', settings.warmupRatio, 0, 1);
  checkNumber('weightDecay', settings.weightDecay, 0, Number.MAX_VALUE);
  checkNumber('maxGradNorm', settings.maxGradNorm, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  checkNumber('earlyStoppingThreshold', settings.earlyStoppingThreshold, 0, Number.MAX_VALUE);
  if (earlyStoppingPatience !== undefined) checkCount('earlyStoppingPatience', earlyStoppingPatience);
  if (saveSteps !== undefined) checkCount('saveSteps', saveSteps);
  if (outputDir === undefined && (saveSteps !== undefined || settings.resumeFromCheckpoint))
    throw new RangeError('saveSteps and resumeFromCheckpoint need outputDir, the folder to keep the run in.');
  if (!['loss', 'accuracy', 'macroF1'].includes(settings.metricForBestModel))
    throw new RangeError(`metricForBestModel is loss, accuracy or macroF1; got ${settings.metricForBestModel}.`);
  if (!Number.isInteger(settings.seed)) throw new RangeError(`seed is a whole number; got ${settings.seed}.`);
  return settings;
}

function checkCount(name: string, value: number): void {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} is a whole number of at least 1; got ${value}.`);
}

function checkNumber(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  const range = high === 1 ? `from ${low} to 1` : low === 0 ? 'of at least 0' : 'above 0';
  throw new RangeError(`${name} is a number ${range}; got ${value}.`);
}
