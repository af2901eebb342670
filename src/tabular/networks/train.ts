// The training loop of the networks for tables and series: rows shuffled into batches of one size, AdamW, the best epoch kept.
//
//   const trained = await train({
//     weights,                                          // Weights by name: where training begins; not changed
//     statistics,                                       // running statistics of batch norms, where there are any
//     loss: (params, batch, pass) => tf.mean(...),      // a scalar, of tensors; `pass` is for dropout and batch norms
//     rows: { numeric, codes, y },                      // host tensors whose first dimension is the rows
//     validation: { numeric, codes, y },                // the same of rows to stop early on
//     settings: { epochs: 20, batchSize: 256, learningRate: 1e-3, seed: 42 },
//   });
//   trained.weights;                                    // those of the best epoch
//
// `loss` is called once for training and once for validation, with symbolic tensors: batch.numeric is [batchSize, ...]. While
// training, `pass.dropout` and `pass.statistics` are there; in validation `pass` is empty. Weights and statistics come in
// `params` together, under their names.

import { allocate, sizeOf } from '../../engine/host-tensor.js';
import {
  type Compiled,
  compile,
  DropoutSource,
  type HostTensor,
  hostTensor,
  seedFor,
  type tf,
  valueAndGradients,
  type Weights,
} from '../../engine/index.js';
import { seededRandom } from '../../hub/random.js';
import type { Params, Pass } from '../../nn/pass.js';
import { AdamW } from '../../training/adamw.js';
import { interruptible } from '../../training/interrupt.js';
import { type ScheduleKind, schedule } from '../../training/schedule.js';
import type { FitProgress } from '../estimator.js';

/** Host tensors by name that have the same first dimension, the rows. */
export type Rows = Readonly<Record<string, HostTensor>>;

/** The mean loss of a batch, a scalar. */
export type BatchLoss = (params: Params, batch: Readonly<Record<string, tf.Tensor>>, pass: Pass) => tf.Tensor;

export interface TrainingSettings {
  readonly epochs: number;
  /** Rows a step. The rows that do not fill a batch rest in that epoch; of fewer rows than one batch, all are one batch. */
  readonly batchSize: number;
  readonly learningRate: number;
  /** Default 0. */
  readonly weightDecay?: number;
  /** How the learning rate changes over the run. Default 'constant'. */
  readonly schedule?: ScheduleKind;
  /** Share of all steps over which the learning rate rises from 0. Default 0. */
  readonly warmup?: number;
  /** Gradients are scaled down to this global norm at most. Default Infinity: never. */
  readonly maxGradNorm?: number;
  /** Epochs without a lower validation loss after which training ends. Default Infinity: none. */
  readonly earlyStoppingPatience?: number;
  /** False: batches are the rows as they stand. Default true: they are shuffled before each epoch. */
  readonly shuffle?: boolean;
  readonly seed: number;
}

export interface TrainingRun {
  readonly weights: Weights;
  readonly statistics?: Weights;
  readonly loss: BatchLoss;
  readonly rows: Rows;
  readonly validation?: Rows | undefined;
  readonly settings: TrainingSettings;
  /** Told after each epoch. */
  readonly onProgress?: ((progress: FitProgress) => void) | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** Losses of an epoch. */
export interface EpochLosses {
  /** Mean over the steps, each before its update. */
  readonly loss: number;
  readonly validationLoss?: number;
}

export interface Trained {
  /** Of the epoch with the lowest validation loss; of the last one where nothing is validated. */
  readonly weights: Weights;
  readonly statistics: Weights;
  readonly epochs: readonly EpochLosses[];
  /** Index of the epoch that the weights are from; -1 where there was no whole one. */
  readonly bestEpoch: number;
  /** True where it was stopped before its end. */
  readonly interrupted: boolean;
}

/** The size of batches that share rows out evenly, `atMost` a batch; above `multiple` a multiple of it. */
export function evenBatchSize(rows: number, atMost: number, multiple = 1): number {
  const even = Math.floor(rows / Math.ceil(rows / atMost));
  return even > multiple ? even - (even % multiple) : even;
}

/** @throws Error where the loss is no number, naming the epoch and what to do */
export function train(run: TrainingRun): Promise<Trained> {
  return interruptible(run.signal, async (interrupted) => {
    const steps = new Steps(run);
    const validate = run.validation && rowsOf(run.validation) > 0 ? new MeanLoss(run.loss, run.validation) : undefined;
    try {
      return await loop(run, steps, validate, interrupted);
    } finally {
      await steps.dispose();
      await validate?.dispose();
    }
  });
}

async function loop(
  { settings, onProgress }: TrainingRun,
  steps: Steps,
  validate: MeanLoss | undefined,
  interrupted: () => boolean,
): Promise<Trained> {
  const { epochs: total, earlyStoppingPatience = Number.POSITIVE_INFINITY } = settings;
  const epochs: EpochLosses[] = [];
  let best: (Pick<Trained, 'weights' | 'statistics'> & { epoch: number; loss: number }) | undefined;
  let stopped = interrupted();
  while (epochs.length < total && !stopped) {
    const loss = await steps.epoch(epochs.length, interrupted);
    stopped = interrupted();
    if (loss === undefined) break;
    const validationLoss = await validate?.of(steps.params);
    epochs.push({ loss, ...(validationLoss === undefined ? {} : { validationLoss }) });
    if (validationLoss !== undefined && !(validationLoss >= (best?.loss ?? Number.POSITIVE_INFINITY)))
      best = { ...steps.copy(), epoch: epochs.length - 1, loss: validationLoss };
    onProgress?.({ done: epochs.length, total, ...(epochs.at(-1) as EpochLosses) });
    if (best && epochs.length - 1 - best.epoch >= earlyStoppingPatience) break;
  }
  const { weights, statistics } = best ?? steps.copy();
  return { weights, statistics, epochs, bestEpoch: best?.epoch ?? epochs.length - 1, interrupted: stopped };
}

interface StepInputs {
  readonly trained: Record<string, tf.Tensor>;
  readonly statistics: Record<string, tf.Tensor>;
  readonly batch: Record<string, tf.Tensor>;
  readonly seed: tf.Tensor;
}

interface StepOutputs {
  readonly value: tf.Tensor;
  readonly gradients: Record<string, tf.Tensor>;
  readonly moved: Record<string, tf.Tensor>;
}

/** Weights, statistics and the compiled step that moves them. */
class Steps {
  readonly #rows: Rows;
  readonly #batch: Rows;
  readonly #batchSize: number;
  readonly #perEpoch: number;
  readonly #order: Int32Array;
  readonly #random: () => number;
  readonly #rate: (step: number) => number;
  readonly #shuffle: boolean;
  readonly #optimizer: AdamW;
  readonly #statistics: Weights;
  readonly #seed = hostTensor(new Int32Array(1), []);
  readonly #compiled: Compiled<StepInputs, StepOutputs>;
  readonly #step: () => Promise<{ value: HostTensor }>;
  #steps = 0;

  constructor({ weights, statistics = new Map(), loss, rows, settings }: TrainingRun) {
    const { seed, weightDecay = 0, maxGradNorm = Number.POSITIVE_INFINITY, warmup = 0 } = settings;
    const count = rowsOf(rows);
    this.#rows = rows;
    this.#batchSize = Math.min(settings.batchSize, count);
    this.#perEpoch = Math.floor(count / this.#batchSize);
    this.#order = Int32Array.from({ length: count }, (_, row) => row);
    this.#random = seededRandom(seedFor(seed, 'order'));
    this.#shuffle = settings.shuffle ?? true;
    this.#seed.data[0] = seedFor(seed, 'dropout');
    const steps = settings.epochs * this.#perEpoch;
    this.#rate = schedule({
      kind: settings.schedule ?? 'constant',
      learningRate: settings.learningRate,
      steps,
      warmupSteps: Math.round(warmup * steps),
    });
    this.#optimizer = new AdamW(weights, { weightDecay, maxGradNorm });
    this.#statistics = copies(statistics);
    this.#batch = mapRows(rows, ({ dtype, shape }) => {
      const wanted = [this.#batchSize, ...shape.slice(1)];
      return hostTensor(allocate(dtype, sizeOf(wanted)), wanted);
    });
    this.#compiled = compile(stepOf(loss));
    const state = Object.fromEntries(this.#statistics);
    const { parameters, gradients } = this.#optimizer;
    this.#step = this.#compiled.bind(
      { trained: parameters.tree, statistics: state, batch: this.#batch, seed: this.#seed } as never,
      { into: { gradients: gradients.tree, moved: state } },
    ) as unknown as () => Promise<{ value: HostTensor }>;
  }

  /** Weights and statistics as they are now: views. */
  get params(): Weights {
    return new Map([...this.#optimizer.parameters.tensors, ...this.#statistics]);
  }

  copy(): Pick<Trained, 'weights' | 'statistics'> {
    return { weights: copies(this.#optimizer.parameters.tensors), statistics: copies(this.#statistics) };
  }

  /** One pass over the rows. @returns the mean loss, undefined where it was interrupted before its end */
  async epoch(index: number, interrupted: () => boolean): Promise<number | undefined> {
    if (this.#shuffle) shuffle(this.#order, this.#random);
    let sum = 0;
    for (let step = 0; step < this.#perEpoch; step++) {
      if (interrupted()) return undefined;
      const from = step * this.#batchSize;
      fill(this.#batch, this.#rows, this.#order.subarray(from, from + this.#batchSize));
      const { value } = await this.#step();
      const loss = value.data[0] as number;
      const norm = Number.isFinite(loss) ? await this.#optimizer.step(this.#rate(this.#steps)) : Number.NaN;
      if (!Number.isFinite(norm))
        throw new Error(
          `The loss in epoch ${index + 1} is ${loss} and the gradient's norm ${norm}: training cannot go on. Try a lower learningRate, and look for infinite values among the features.`,
        );
      sum += loss;
      this.#steps += 1;
      (this.#seed.data as Int32Array)[0] = (this.#seed.data[0] as number) + 1;
    }
    return sum / this.#perEpoch;
  }

  async dispose(): Promise<void> {
    await this.#compiled.dispose();
    await this.#optimizer.dispose();
  }
}

const stepOf =
  (loss: BatchLoss) =>
  ({ trained, statistics, batch, seed }: StepInputs): StepOutputs =>
    valueAndGradients((weights) => {
      const moved = new Map<string, tf.Tensor>();
      const pass = { dropout: new DropoutSource(seed), statistics: moved };
      const value = loss({ ...statistics, ...weights }, batch, pass);
      return { value, moved: Object.fromEntries(moved) };
    }, trained);

const validationBatch = 4096;

/** The mean loss of all rows. */
class MeanLoss {
  readonly #parts: { rows: number; batch: Rows }[] = [];
  readonly #rows: number;
  readonly #compiled: Compiled<{ params: Record<string, tf.Tensor>; batch: Record<string, tf.Tensor> }, tf.Tensor>;

  constructor(loss: BatchLoss, rows: Rows) {
    this.#rows = rowsOf(rows);
    for (let from = 0; from < this.#rows; from += validationBatch) {
      const to = Math.min(from + validationBatch, this.#rows);
      this.#parts.push({ rows: to - from, batch: mapRows(rows, (tensor) => rowsFrom(tensor, from, to)) });
    }
    this.#compiled = compile(({ params, batch }) => loss(params, batch, {}));
  }

  async of(params: Weights): Promise<number> {
    let sum = 0;
    for (const { rows, batch } of this.#parts) {
      const inputs = { params: Object.fromEntries(params), batch };
      const loss = (await this.#compiled(inputs as never)) as unknown as HostTensor;
      sum += (loss.data[0] as number) * rows;
    }
    return sum / this.#rows;
  }

  dispose(): Promise<void> {
    return this.#compiled.dispose();
  }
}

/** How many rows these are. Throws RangeError where they differ. */
export function rowsOf(rows: Rows): number {
  const counts = new Set(Object.values(rows).map(({ shape }) => shape[0] ?? 0));
  if (counts.size !== 1)
    throw new RangeError(
      `All tensors of a table have the same first dimension; these have ${[...counts].join(', ') || 'none'}.`,
    );
  return [...counts][0] as number;
}

/** The rows `from` up to, not including, `to`: a view. */
export function rowsFrom({ shape, data }: HostTensor, from: number, to: number): HostTensor {
  const wanted = [to - from, ...shape.slice(1)];
  const width = sizeOf(shape.slice(1));
  return hostTensor(data.subarray(from * width, to * width), wanted);
}

export const mapRows = (rows: Rows, to: (tensor: HostTensor, name: string) => HostTensor): Rows =>
  Object.fromEntries(Object.entries(rows).map(([name, tensor]) => [name, to(tensor, name)]));

/** Copies the rows of these indices into the batch. */
function fill(batch: Rows, rows: Rows, order: Int32Array): void {
  for (const [name, { data: into }] of Object.entries(batch)) {
    const { data } = rows[name] as HostTensor;
    const width = into.length / order.length;
    let at = 0;
    for (const row of order)
      for (let i = row * width; i < (row + 1) * width; i++) {
        into[at] = data[i] as number;
        at += 1;
      }
  }
}

function shuffle(order: Int32Array, random: () => number): void {
  for (let last = order.length - 1; last > 0; last--) {
    const other = Math.floor(random() * (last + 1));
    [order[last], order[other]] = [order[other] as number, order[last] as number];
  }
}

export const copies = (weights: ReadonlyMap<string, HostTensor>): Weights =>
  new Map([...weights].map(([name, tensor]) => [name, { ...tensor, data: tensor.data.slice() }]));
