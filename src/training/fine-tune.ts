// fineTune: the loop. A batch, a step, an update, and again; everything it calls is public, and lesson 01 writes it out.
import { seedFor, type Weights } from '../engine/index.js';
import type { TextBatch } from '../tasks/batching.js';
import { type Evaluation, evaluate } from '../tasks/evaluate.js';
import { cappedEpochs } from '../tasks/quick.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import { Accumulator } from './accumulator.js';
import { AdamW } from './adamw.js';
import { InterruptedError, interruptible } from './interrupt.js';
import { type EpochResult, type FineTuneOptions, type Settings, settingsOf, type TrainingStep } from './options.js';
import { schedule } from './schedule.js';
import { batchTensors, compileStep, divideWeights, seedTensor } from './step.js';

export type { EpochResult, FineTuneOptions, TrainingStep } from './options.js';

type Row = { readonly text: string; readonly label: number };

/** Labelled rows; the parts a run does not find it leaves out. */
export interface TrainingData {
  readonly train: readonly Row[];
  readonly validation?: readonly Row[];
  readonly test?: readonly Row[];
}

export interface FineTuneResult {
  readonly strategy: string;
  readonly trainableParameters: number;
  readonly totalParameters: number;
  /** Share of the weights in the model and its adapters that trained, in (0, 1]. */
  readonly trainableShare: number;
  /** Training alone, without evaluation. */
  readonly seconds: number;
  /** What the gradients and the optimiser's two moments take: 12 bytes a trained weight. */
  readonly optimizerBytes: number;
  /** Largest resident memory of the process after a step. */
  readonly peakMemoryBytes: number;
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
  const settings = settingsOf(options);
  if (data.train.length === 0) throw new RangeError('There are no rows to train on: data.train is empty.');
  model.mergeAdapters();
  const epochs = cappedEpochs(settings.epochs);
  const epochBatches = (epoch: number) => model.batches(data.train, batchOptions(settings, epoch));
  const stepsPerEpoch = Math.ceil(epochBatches(0).length / settings.gradientAccumulationSteps);
  const steps = epochs * stepsPerEpoch;
  const { learningRate, schedule: kind, warmupRatio } = settings;
  const rate = schedule({ kind, learningRate, steps, warmupSteps: Math.ceil(warmupRatio * steps) });

  const trainer = new Trainer(model, settings);
  const history: TrainingStep[] = [];
  const epochResults: EpochResult[] = [];
  let milliseconds = 0;
  let peakMemoryBytes = process.memoryUsage().rss;
  try {
    await interruptible(options.signal, async (interrupted) => {
      stopWhere(interrupted(), history.length, steps);
      for (let epoch = 0; epoch < epochs; epoch++) {
        const batches = epochBatches(epoch);
        for (let start = 0; start < batches.length; start += settings.gradientAccumulationSteps) {
          const started = performance.now();
          const step = history.length + 1;
          const group = batches.slice(start, start + settings.gradientAccumulationSteps);
          const { loss, gradientNorm } = await trainer.step(group, rate(step - 1), `step ${step} (epoch ${epoch + 1})`);
          milliseconds += performance.now() - started;
          history.push({ step, epoch: step / stepsPerEpoch, loss, learningRate: rate(step - 1), gradientNorm });
          peakMemoryBytes = Math.max(peakMemoryBytes, process.memoryUsage().rss);
          options.onStep?.(history.at(-1) as TrainingStep, steps);
          await new Promise(setImmediate); // a step holds the event loop: let the kernel hear an interrupt
          stopWhere(interrupted(), history.length, steps);
        }
        trainer.handOver();
        if (data.validation?.length) {
          const { loss, accuracy } = await evaluate(model, data.validation);
          epochResults.push({ epoch: epoch + 1, step: history.length, loss, accuracy });
          options.onEpoch?.(epochResults.at(-1) as EpochResult);
        }
        stopWhere(interrupted(), history.length, steps);
      }
    });
  } finally {
    if (history.length > 0) trainer.handOver();
    await trainer.dispose();
  }

  const trainableParameters = countNumbers(trainer.trained);
  const totalParameters = trainableParameters + countNumbers(trainer.frozen);
  const judged = [data.test, data.validation].find((rows) => rows?.length);
  return {
    strategy: settings.strategy.name,
    trainableParameters,
    totalParameters,
    trainableShare: trainableParameters / totalParameters,
    seconds: milliseconds / 1000,
    optimizerBytes: 3 * Float32Array.BYTES_PER_ELEMENT * trainableParameters,
    peakMemoryBytes,
    history,
    epochs: epochResults,
    evaluation: judged && (await evaluate(model, judged)),
  };
}

/** A model under a strategy, with its compiled step and its optimiser. */
class Trainer {
  readonly trained: Weights;
  readonly frozen: Weights;
  readonly #model: TextClassifier;
  readonly #settings: Settings;
  readonly #optimizer: AdamW;
  readonly #accumulator: Accumulator | undefined;
  readonly #run;
  // Hashed, so that the masks of neighbouring seeds have nothing in common.
  #draw: number;

  constructor(model: TextClassifier, settings: Settings) {
    this.#model = model;
    this.#settings = settings;
    const { strategy, seed, weightDecay, maxGradNorm, gradientAccumulationSteps } = settings;
    ({ trained: this.trained, frozen: this.frozen } = divideWeights(model, strategy, seed));
    this.#optimizer = new AdamW(this.trained, { weightDecay, maxGradNorm });
    this.#accumulator = gradientAccumulationSteps > 1 ? new Accumulator(this.#optimizer.gradients) : undefined;
    this.#run = compileStep(model, strategy);
    this.#draw = seedFor(seed, 'dropout');
  }

  /** One update from the mean gradient of the batches. Throws, changing nothing, where it is not a number. */
  async step(batches: readonly TextBatch[], learningRate: number, place: string) {
    const { parameters, gradients } = this.#optimizer;
    let loss = 0;
    for (const batch of batches) {
      const seed = seedTensor(this.#draw++);
      const inputs = {
        trained: parameters.tree,
        frozen: Object.fromEntries(this.frozen),
        batch: batchTensors(batch),
        seed,
      };
      const { value } = await this.#run(inputs, { into: { gradients: gradients.tree } });
      loss += (value.data[0] as number) / batches.length;
      this.#accumulator?.add(1 / batches.length);
    }
    this.#accumulator?.finish();
    this.#checkFinite('loss', loss, place);
    const gradientNorm = await this.#optimizer.step(learningRate);
    this.#checkFinite('gradient norm', gradientNorm, place);
    return { loss, gradientNorm };
  }

  #checkFinite(what: string, value: number, place: string): void {
    if (!Number.isFinite(value))
      throw new Error(
        `The ${what} of ${place} is ${value}: training stopped before it. Try a lower learning rate than ${this.#settings.learningRate}.`,
      );
  }

  /** Gives the model the weights of the last step. */
  handOver(): void {
    this.#settings.strategy.merge(this.#model, new Map(this.#optimizer.parameters.tensors));
  }

  async dispose(): Promise<void> {
    await this.#run.dispose();
    await this.#optimizer.dispose();
  }
}

const batchOptions = ({ batchSize, groupByLength, shuffle, seed }: Settings, epoch: number) => ({
  batchSize,
  groupByLength,
  ...(shuffle ? { seed: seed + epoch } : {}),
});

function stopWhere(asked: boolean, taken: number, steps: number): void {
  if (!asked) return;
  throw new InterruptedError(
    taken === 0
      ? 'Training was stopped before its first step; the model is as it was.'
      : `Training was stopped after step ${taken} of ${steps}; the model has the weights of that step.`,
  );
}

const countNumbers = (weights: Weights): number =>
  [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
