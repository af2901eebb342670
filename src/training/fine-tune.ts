// fineTune: the loop. A batch, a step, an update, and again; everything it calls is public, and lesson 01 writes it out.
import { type Arena, seedFor } from '../engine/index.js';
import type { TextBatch } from '../tasks/batching.js';
import { type Evaluation, evaluate } from '../tasks/evaluate.js';
import { cappedEpochs } from '../tasks/quick.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import { AdamW } from './adamw.js';
import { InterruptedError, interruptible } from './interrupt.js';
import { type ScheduleKind, schedule } from './schedule.js';
import { batchTensors, compileStep, divideWeights, seedTensor } from './step.js';
import { full } from './strategies/full.js';
import type { Strategy } from './strategies/strategy.js';

type Row = { readonly text: string; readonly label: number };

/** Labelled rows; the parts a run does not find it leaves out. */
export interface TrainingData {
  readonly train: readonly Row[];
  readonly validation?: readonly Row[];
  readonly test?: readonly Row[];
}

/** Names and defaults follow the Hugging Face Trainer. */
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

export interface EpochResult {
  readonly epoch: number;
  /** The step after which it was measured. */
  readonly step: number;
  readonly loss: number;
  readonly accuracy: number;
}

export interface FineTuneResult {
  readonly strategy: string;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** Share of the weights in the model and its adapters that trained, in (0, 1]. */
  readonly trainableShare: number;
  /** Training alone, without evaluation. */
  readonly seconds: number;
  /** Largest resident memory of the process after a step. */
  readonly peakMemoryBytes: number;
  /** How much of that came with the run. */
  readonly addedMemoryBytes: number;
  readonly history: readonly TrainingStep[];
  /** Scores on the validation rows after each epoch. */
  readonly epochs: readonly EpochResult[];
  /** Scores on the test rows after the last epoch; on the validation rows where there is no test. */
  readonly evaluation: Evaluation | undefined;
}

/**
 * Trains a model in place and scores it.
 * @throws InterruptedError when stopped: the model then has the weights of the last whole step
 * @throws Error where the loss is not a number; the model keeps the weights from before that step
 */
export async function fineTune(
  model: TextClassifier,
  data: TrainingData,
  options: FineTuneOptions = {},
): Promise<FineTuneResult> {
  const { strategy = full(), batchSize = 8, gradientAccumulationSteps = 1, learningRate = 5e-5, seed = 42 } = options;
  const { warmupRatio = 0.1, weightDecay = 0, maxGradNorm = 1, groupByLength = true, shuffle = true } = options;
  const epochs = cappedEpochs(checkedCount('epochs', options.epochs ?? 3));
  checkedCount('batchSize', batchSize);
  checkedCount('gradientAccumulationSteps', gradientAccumulationSteps);
  checkedNumber('learningRate', learningRate, 0, Number.MAX_VALUE);
  checkedNumber('warmupRatio', warmupRatio, 0, 1);
  checkedNumber('weightDecay', weightDecay, 0, Number.MAX_VALUE);
  checkedNumber('maxGradNorm', maxGradNorm, Number.MIN_VALUE, Number.POSITIVE_INFINITY);
  if (!Number.isInteger(seed)) throw new RangeError(`seed is a whole number; got ${seed}.`);
  if (data.train.length === 0) throw new RangeError('There are no rows to train on: data.train is empty.');

  model.mergeAdapters();
  const memoryBefore = process.memoryUsage().rss;
  const { trained, frozen } = divideWeights(model, strategy, seed);
  const optimizer = new AdamW(trained, { weightDecay, maxGradNorm });
  const step = compileStep(model, strategy);
  const accumulator = gradientAccumulationSteps > 1 ? new Accumulator(optimizer.gradients) : undefined;
  const epochBatches = (epoch: number) =>
    model.batches(data.train, { batchSize, groupByLength, ...(shuffle ? { seed: seed + epoch } : {}) });
  const stepsPerEpoch = Math.ceil(epochBatches(0).length / gradientAccumulationSteps);
  const steps = epochs * stepsPerEpoch;
  const rate = schedule({
    kind: options.schedule ?? 'linear',
    learningRate,
    steps,
    warmupSteps: Math.ceil(warmupRatio * steps),
  });

  const history: TrainingStep[] = [];
  const epochResults: EpochResult[] = [];
  let milliseconds = 0;
  let peak = memoryBefore;
  // Hashed, so that the masks of neighbouring seeds have nothing in common.
  const firstDraw = seedFor(seed, 'dropout');
  let draws = 0;

  /** Loss and gradients of the batches of one update; the gradients land in the optimiser's arena. */
  const gradients = async (batches: readonly TextBatch[]): Promise<number> => {
    let loss = 0;
    for (const batch of batches) {
      const { value } = await step(
        {
          trained: optimizer.parameters.tree,
          frozen: Object.fromEntries(frozen),
          batch: batchTensors(batch),
          seed: seedTensor(firstDraw + draws++),
        },
        { into: { gradients: optimizer.gradients.tree } },
      );
      loss += (value.data[0] as number) / batches.length;
      accumulator?.add(1 / batches.length);
    }
    accumulator?.finish();
    return loss;
  };

  const stopWhere = (asked: boolean) => {
    if (asked) throw new InterruptedError(stoppedAfter(history.length, steps));
  };

  try {
    await interruptible(options.signal, async (interrupted) => {
      stopWhere(interrupted());
      for (let epoch = 0; epoch < epochs; epoch++) {
        const batches = epochBatches(epoch);
        for (let start = 0; start < batches.length; start += gradientAccumulationSteps) {
          const started = performance.now();
          const at = history.length;
          const loss = await gradients(batches.slice(start, start + gradientAccumulationSteps));
          const finite = (what: string, value: number) => {
            if (Number.isFinite(value)) return value;
            throw new Error(
              `The ${what} of step ${at + 1} (epoch ${epoch + 1}) is ${value}: training stopped before it. Try a lower learning rate than ${learningRate}.`,
            );
          };
          finite('loss', loss);
          const gradientNorm = finite('gradient norm', await optimizer.step(rate(at)));
          milliseconds += performance.now() - started;
          history.push({ step: at + 1, epoch: (at + 1) / stepsPerEpoch, loss, learningRate: rate(at), gradientNorm });
          peak = Math.max(peak, process.memoryUsage().rss);
          options.onStep?.(history.at(-1) as TrainingStep, steps);
          await new Promise(setImmediate); // a step holds the event loop: let the kernel hear an interrupt
          stopWhere(interrupted());
        }
        strategy.merge(model, new Map(optimizer.parameters.tensors));
        if (data.validation?.length) {
          const { loss, accuracy } = await evaluate(model, data.validation);
          epochResults.push({ epoch: epoch + 1, step: history.length, loss, accuracy });
          options.onEpoch?.(epochResults.at(-1) as EpochResult);
        }
        stopWhere(interrupted());
      }
    });
  } finally {
    if (history.length > 0) strategy.merge(model, new Map(optimizer.parameters.tensors));
    await step.dispose();
    await optimizer.dispose();
  }

  const count = (weights: Iterable<{ data: { length: number } }>) =>
    [...weights].reduce((sum, { data: { length } }) => sum + length, 0);
  const trainableParameters = count(trained.values());
  const totalParameters = trainableParameters + count(frozen.values());
  const judged = [data.test, data.validation].find((rows) => rows?.length);
  return {
    strategy: strategy.name,
    trainableParameters,
    totalParameters,
    trainableShare: trainableParameters / totalParameters,
    seconds: milliseconds / 1000,
    peakMemoryBytes: peak,
    addedMemoryBytes: peak - memoryBefore,
    history,
    epochs: epochResults,
    evaluation: judged && (await evaluate(model, judged)),
  };
}

const stoppedAfter = (taken: number, steps: number): string =>
  taken === 0
    ? 'Training was stopped before its first step; the model is as it was.'
    : `Training was stopped after step ${taken} of ${steps}; the model has the weights of that step.`;

/** Averages the gradients of several batches, which each overwrite the same arena. */
class Accumulator {
  readonly #sum: Float32Array;

  constructor(readonly gradients: Arena) {
    this.#sum = new Float32Array(gradients.data.length);
  }

  add(share: number): void {
    const { data } = this.gradients;
    for (let i = 0; i < data.length; i++) this.#sum[i] = (this.#sum[i] as number) + share * (data[i] as number);
  }

  finish(): void {
    this.gradients.data.set(this.#sum);
    this.#sum.fill(0);
  }
}

function checkedCount(name: string, value: number): number {
  if (!Number.isInteger(value) || value < 1)
    throw new RangeError(`${name} is a whole number of at least 1; got ${value}.`);
  return value;
}

function checkedNumber(name: string, value: number, low: number, high: number): void {
  if (value >= low && value <= high) return;
  const range = high === 1 ? `from ${low} to 1` : low === 0 ? 'of at least 0' : 'above 0';
  throw new RangeError(`${name} is a number ${range}; got ${value}.`);
}
