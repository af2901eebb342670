// fineTune: the loop. A batch, a step, an update, and again; everything it calls is public, and lesson 01 writes it out.
import type { Weights } from '../engine/index.js';
import type { TextBatch } from '../tasks/batching.js';
import { type Evaluation, evaluate } from '../tasks/evaluate.js';
import { cappedEpochs } from '../tasks/quick.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import { type BestEpoch, judge } from './best-epoch.js';
import { labelWeights, weighBatch } from './class-weights.js';
import { InterruptedError, interruptible } from './interrupt.js';
import { type EpochResult, type FineTuneOptions, type Settings, settingsOf, type TrainingStep } from './options.js';
import { hasRun, identityOf, loadRun, type RunState, removeRun, saveRun } from './run-state.js';
import { schedule } from './schedule.js';
import { Trainer } from './trainer.js';

export type { BestEpoch } from './best-epoch.js';
export type { BestMetric, EpochResult, FineTuneOptions, TrainingStep } from './options.js';

type Row = { readonly text: string; readonly label: number };

/** Labelled rows; the parts a run does not find it leaves out. */
export interface TrainingData {
  readonly train: readonly Row[];
  readonly validation?: readonly Row[];
  readonly test?: readonly Row[];
}

/** Labelled rows with some to score the model on after training. */
export type ScoredData = TrainingData & ({ readonly test: readonly Row[] } | { readonly validation: readonly Row[] });

/** What `fineTune` gives for `ScoredData`. */
export interface ScoredResult extends FineTuneResult {
  readonly evaluation: Evaluation;
}

export interface FineTuneResult {
  readonly strategy: string;
  /** Weights that trained in the last epoch, counted as numbers. */
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
  /** The epoch that did best on the validation rows; the model ended with its weights where loadBestModelAtEnd says so. */
  readonly best: BestEpoch | undefined;
  /** Did earlyStoppingPatience end the run before its last epoch? */
  readonly stoppedEarly: boolean;
  /** Scores on the test rows after the last epoch; on the validation rows where there is no test. */
  readonly evaluation: Evaluation | undefined;
}

/**
 * Trains a model in place and scores it.
 * @throws InterruptedError when stopped: the model then has the weights of the last whole step, and outputDir the state to resume
 * @throws Error where the loss is not a number; the model keeps the weights from before that step
 */
export function fineTune(model: TextClassifier, data: ScoredData, options?: FineTuneOptions): Promise<ScoredResult>;
export function fineTune(model: TextClassifier, data: TrainingData, options?: FineTuneOptions): Promise<FineTuneResult>;
export async function fineTune(
  model: TextClassifier,
  data: TrainingData,
  options: FineTuneOptions = {},
): Promise<FineTuneResult> {
  const settings = settingsOf(options);
  if (data.train.length === 0) throw new RangeError('There are no rows to train on: data.train is empty.');
  if ((data.test ?? data.validation) && !data.test?.length && !data.validation?.length)
    throw new RangeError(
      'There are no rows to score on: data.test and data.validation are empty. Leave both out, or give rows.',
    );
  if (settings.loadBestModelAtEnd && !data.validation?.length)
    throw new RangeError('earlyStoppingPatience and loadBestModelAtEnd need validation rows to judge epochs by.');
  const epochs = cappedEpochs(settings.epochs);
  const weights = settings.classWeights && labelWeights(settings.classWeights, data.train, model.labels);
  const epochBatches = (epoch: number): readonly TextBatch[] => {
    const batches = model.batches(data.train, batchOptions(settings, epoch));
    return weights ? batches.map((batch) => weighBatch(batch, weights)) : batches;
  };
  const stepsPerEpoch = Math.ceil(epochBatches(0).length / settings.gradientAccumulationSteps);
  const steps = epochs * stepsPerEpoch;
  const { learningRate, schedule: kind, warmupRatio } = settings;
  const rate = schedule({ kind, learningRate, steps, warmupSteps: Math.ceil(warmupRatio * steps) });

  const run = await startRun(model, data, settings, epochs);
  const { trainer, history, epochResults } = run;
  for (const step of history) options.onStep?.(step, steps);
  for (const epoch of epochResults) options.onEpoch?.(epoch);
  let peakMemoryBytes = process.memoryUsage().rss;
  const patience = settings.earlyStoppingPatience ?? Number.POSITIVE_INFINITY;
  let stoppedEarly = (run.best?.waited ?? 0) >= patience; // so it may be where a run is resumed
  try {
    await interruptible(options.signal, async (interrupted) => {
      const stopWhereAsked = async () => {
        if (!interrupted()) return;
        if (history.length > 0) await run.save();
        throw stopped(history.length, steps, settings.outputDir);
      };
      await stopWhereAsked();
      await trainer.enter(Math.min(run.finishedEpochs, epochs - 1));
      while (run.finishedEpochs < epochs && !stoppedEarly) {
        const epoch = run.finishedEpochs;
        const batches = epochBatches(epoch);
        await trainer.enter(epoch);
        while (history.length < (epoch + 1) * stepsPerEpoch) {
          const started = performance.now();
          const step = history.length + 1;
          const start = (history.length - epoch * stepsPerEpoch) * settings.gradientAccumulationSteps;
          const group = batches.slice(start, start + settings.gradientAccumulationSteps);
          const place = `step ${step} (epoch ${epoch + 1}, batch ${start + 1} of ${batches.length})`;
          const { loss, gradientNorm } = await trainer.step(group, rate(step - 1), place);
          run.milliseconds += performance.now() - started;
          history.push({ step, epoch: step / stepsPerEpoch, loss, learningRate: rate(step - 1), gradientNorm });
          peakMemoryBytes = Math.max(peakMemoryBytes, process.memoryUsage().rss);
          options.onStep?.(history.at(-1) as TrainingStep, steps);
          await new Promise(setImmediate); // a step holds the event loop: let the kernel hear an interrupt
          await stopWhereAsked();
          if (settings.saveSteps && step % settings.saveSteps === 0) await run.save();
        }
        trainer.handOver();
        if (data.validation?.length) {
          const { loss, accuracy, macroF1 } = await evaluate(model, data.validation);
          const result = { epoch: epoch + 1, step: history.length, loss, accuracy, macroF1 };
          epochResults.push(result);
          const { best, improved } = judge(run.best, result, settings);
          run.best = best;
          if (improved && settings.loadBestModelAtEnd) run.bestWeights = trainer.weights();
          stoppedEarly = best.waited >= patience;
          options.onEpoch?.(result);
        }
        run.finishedEpochs += 1;
        await run.save();
        await stopWhereAsked();
      }
    });
    if (run.bestWeights) settings.strategy.merge(model, run.bestWeights);
    else trainer.handOver();
    if (settings.outputDir) await removeRun(settings.outputDir);
  } catch (error) {
    if (history.length > 0) trainer.handOver();
    throw error;
  } finally {
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
    seconds: run.milliseconds / 1000,
    optimizerBytes: 3 * Float32Array.BYTES_PER_ELEMENT * trainableParameters,
    peakMemoryBytes,
    history,
    epochs: epochResults,
    best: run.best,
    stoppedEarly: stoppedEarly && run.finishedEpochs < epochs,
    evaluation: judged && (await evaluate(model, judged)),
  };
}

/** How far a run has come; `save` keeps it in outputDir, where there is one. */
interface Run {
  readonly trainer: Trainer;
  readonly history: TrainingStep[];
  readonly epochResults: EpochResult[];
  finishedEpochs: number;
  best: BestEpoch | undefined;
  bestWeights: Weights | undefined;
  milliseconds: number;
  save(): Promise<void>;
}

/** A new run, or the one that outputDir holds. Throws, leaving the model as it is, where that is another one. */
async function startRun(model: TextClassifier, data: TrainingData, settings: Settings, epochs: number): Promise<Run> {
  const { outputDir, resumeFromCheckpoint } = settings;
  const resumes = outputDir !== undefined && resumeFromCheckpoint && (await hasRun(outputDir));
  // What a stopped run left in the model is in its state too; anything else that was learnt before stays.
  const setAside = resumes ? model.adapters : undefined;
  if (resumes) model.adapters = undefined;
  else model.mergeAdapters();
  try {
    const fresh = new Trainer(model, settings, epochs);
    // Copies weights and hashes them: only for runs that are kept.
    const identity = outputDir === undefined ? {} : identityNow(model, data, settings, fresh.weights());
    const state: RunState | undefined = resumes ? await loadRun(outputDir, identity) : undefined;
    const run: Run = {
      trainer: state ? new Trainer(model, settings, epochs, state.trainer) : fresh,
      history: [...(state?.history ?? [])],
      epochResults: [...(state?.epochs ?? [])],
      finishedEpochs: state?.finishedEpochs ?? 0,
      best: state?.best,
      bestWeights: state?.bestWeights,
      milliseconds: state?.milliseconds ?? 0,
      async save() {
        if (outputDir === undefined) return;
        const { history, epochResults, finishedEpochs, best, bestWeights, milliseconds } = run;
        await saveRun(outputDir, identity, {
          trainer: run.trainer.state(),
          history,
          epochs: epochResults,
          finishedEpochs,
          milliseconds,
          ...(best ? { best } : {}),
          ...(bestWeights ? { bestWeights } : {}),
        });
      },
    };
    return run;
  } catch (error) {
    model.adapters = setAside;
    throw error;
  }
}

const batchOptions = ({ batchSize, groupByLength, shuffle, seed }: Settings, epoch: number) => ({
  batchSize,
  groupByLength,
  ...(shuffle ? { seed: seed + epoch } : {}),
});

function identityNow(model: TextClassifier, data: TrainingData, settings: Settings, trained: Weights) {
  const frozen = new Map([...model.weights].filter(([name]) => !trained.has(name)));
  return identityOf(settings, data, frozen, trained);
}

function stopped(taken: number, steps: number, outputDir: string | undefined): InterruptedError {
  if (taken === 0) return new InterruptedError('Training was stopped before its first step; the model is as it was.');
  const resume = outputDir === undefined ? '' : ` Go on with resumeFromCheckpoint: true; ${outputDir} has its state.`;
  return new InterruptedError(
    `Training was stopped after step ${taken} of ${steps}; the model has the weights of that step.${resume}`,
  );
}

const countNumbers = (weights: Weights): number =>
  [...weights.values()].reduce((sum, { data }) => sum + data.length, 0);
