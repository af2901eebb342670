// TabNet (Arik, Pfister 2019, https://arxiv.org/abs/1908.07442): a network that chooses, row by row and step by step, which features to
// look at. The masks it chooses by can be drawn.
//
//   const model = await tabnet({ epochs: 30 }).fit(train, { target: 'income', validation });
//   show(maskHeatMap(await model.masks(test)));
//   model.importance(test);                               // each feature's share of the attention
//
//   const begun = await tabnet().pretrain(unlabelled);    // learns the table from itself
//   const better = await begun.fit(few, { target: 'income' });
import { z } from 'zod';
import { tf } from '../../engine/index.js';
import { InterruptedError } from '../../training/interrupt.js';
import type { Estimator, FitProgress, ModelJson, ModelReader, TabularModel } from '../estimator.js';
import { featuresOf } from '../features.js';
import { checkOptions } from '../options.js';
import { cappedEpochs, cappedTable } from '../quick.js';
import type { Table } from '../table/table.js';
import { type Encoding, encodeRows, learnEncoding, widthOf } from './encoding.js';
import { type Beginning, fitNetwork } from './fit-network.js';
import { quantilesSchema } from './mlp.js';
import { type Forward, type Learnt, learntFromJson, NetworkModel } from './network-model.js';
import { lossOf } from './objective.js';
import { aggregated, maskEntropy, type TabnetShape, tabnetForward, tabnetStart } from './tabnet-network.js';
import { hiddenFeatures, pretrainingStart, reconstruct, reconstructionLoss } from './tabnet-pretraining.js';
import { type EpochLosses, evenBatchSize, train } from './train.js';

/** The defaults are those of pytorch-tabnet 4.1.0. */
export interface TabnetOptions {
  /** Numbers a step decides by. Default 8. */
  readonly nD?: number;
  /** Numbers a step chooses the next mask by. Default 8. */
  readonly nA?: number;
  /** Default 3. */
  readonly nSteps?: number;
  /** How free a step is to look again at what was looked at: at 1 each feature is chosen in one step only. Default 1.3. */
  readonly gamma?: number;
  /** Gated layers of its own in each step. Default 2. */
  readonly nIndependent?: number;
  /** Gated layers that all steps share. Default 2. */
  readonly nShared?: number;
  /** Rows that batch norms normalise together, at most. Default 128. */
  readonly virtualBatchSize?: number;
  /** How far running statistics move a batch. Default 0.02. */
  readonly momentum?: number;
  /** How much masks that look at many features cost. Default 1e-3. */
  readonly lambdaSparse?: number;
  /** How masks are made. Default and only one: 'sparsemax'. */
  readonly maskType?: 'sparsemax';
  /** Numbers each category becomes. Default 1. */
  readonly embeddingDimension?: number;
  /** Default 2e-2. */
  readonly learningRate?: number;
  /** 'linear' and 'cosine' fall to 0 over the run. Default 'constant'. */
  readonly schedule?: 'constant' | 'linear' | 'cosine';
  /** Rows a step, at most: they are shared out evenly, in multiples of virtualBatchSize. Default 1024. */
  readonly batchSize?: number;
  /** Passes over the training rows. Default 100. */
  readonly epochs?: number;
  /** Gradients are scaled down to this norm at most. Default 1. */
  readonly maxGradNorm?: number;
  /** Epochs without a lower loss on the validation rows after which the fit ends. Default 10. */
  readonly earlyStoppingPatience?: number;
  /** For a regression: the quantiles to learn, by pinball loss, in place of the mean. */
  readonly quantiles?: readonly number[];
  /** Seed of starting weights, order and what pretraining hides. Default 42. */
  readonly seed?: number;
}

const whole = z.int().min(1);
const schema = z
  .strictObject({
    nD: whole.default(8),
    nA: whole.default(8),
    nSteps: whole.default(3),
    gamma: z.number().min(1).default(1.3),
    nIndependent: z.int().min(0).default(2),
    nShared: z.int().min(0).default(2),
    virtualBatchSize: z.int().min(2).default(128),
    momentum: z.number().gt(0).max(1).default(0.02),
    lambdaSparse: z.number().min(0).default(1e-3),
    maskType: z.literal('sparsemax').default('sparsemax'),
    embeddingDimension: whole.default(1),
    learningRate: z.number().positive().default(2e-2),
    schedule: z.enum(['constant', 'linear', 'cosine']).default('constant'),
    batchSize: z.int().min(2).default(1024),
    epochs: whole.default(100),
    maxGradNorm: z.number().positive().default(1),
    earlyStoppingPatience: whole.default(10),
    quantiles: quantilesSchema,
    seed: z.int().default(42),
  })
  .refine(({ nIndependent, nShared }) => nIndependent + nShared > 0, 'nIndependent and nShared cannot both be 0');
type Settings = z.output<typeof schema>;
const NAME = 'TabNet';

export interface PretrainOptions {
  /** The column that is to be predicted later, if the table has it: pretraining does not see it. */
  readonly target?: string;
  /** How many features are hidden, as a share. Default 0.5. */
  readonly ratio?: number;
  /** Default: those of the estimator. */
  readonly epochs?: number;
  /** Rows to stop early by; their features are all shown and all to be reconstructed. */
  readonly validation?: Table;
  readonly onProgress?: (progress: FitProgress) => void;
  readonly signal?: AbortSignal;
}

export interface TabnetEstimator extends Estimator<TabnetModel> {
  /**
   * Learns to reconstruct hidden features of a table without labels.
   * @returns an estimator of the same settings whose fits begin with what was learnt
   * @throws InterruptedError where it was stopped
   */
  pretrain(table: Table, options?: PretrainOptions): Promise<PretrainedTabnet>;
}

export interface PretrainedTabnet extends TabnetEstimator {
  /** The reconstruction loss of each epoch: 1 is what guessing each feature's mean gives. */
  readonly pretraining: readonly EpochLosses[];
}

/** Classification by cross-entropy, regression by squared error or pinball loss; optimised by Adam. */
export function tabnet(options: TabnetOptions = {}): TabnetEstimator {
  return estimator(checkOptions('tabnet', schema, options));
}

function estimator(settings: Settings, beginning?: Beginning): TabnetEstimator {
  return {
    name: NAME,
    settings,
    fit: (table, fitOptions) =>
      fitNetwork(
        {
          name: NAME,
          settings,
          batchMultiple: settings.virtualBatchSize,
          beginning,
          start: (encoding, objective) => tabnetStart(shapeOf(settings, encoding, objective.outputs), settings.seed),
          loss: (encoding, objective) => {
            const shape = shapeOf(settings, encoding, objective.outputs);
            const loss = lossOf(objective);
            return (params, batch, pass) => {
              const { outputs, masks } = tabnetForward(shape, params, batch, pass);
              const own = loss(outputs, batch);
              // The price of wide masks steers training; what is stopped early by is the loss alone.
              if (pass.statistics === undefined || settings.lambdaSparse === 0) return own;
              return tf.add(own, tf.mul(maskEntropy(masks), settings.lambdaSparse));
            };
          },
          model: (learnt) => new TabnetModel(learnt, settings),
          begins: (model: TabularModel) => (model instanceof TabnetModel ? model.learnt : undefined),
        },
        table,
        fitOptions,
      ),
    pretrain: (table, pretrainOptions = {}) => pretrain(settings, table, pretrainOptions, beginning),
  };
}

async function pretrain(
  settings: Settings,
  table: Table,
  { target, ratio = 0.5, epochs = settings.epochs, validation, onProgress, signal }: PretrainOptions,
  beginning?: Beginning,
): Promise<PretrainedTabnet> {
  if (!(ratio > 0 && ratio < 1))
    throw new RangeError(`tabnet.pretrain: ratio is ${ratio}, but must be between 0 and 1.`);
  if (table.rowCount < 2) throw new Error(`tabnet.pretrain: the table has ${table.rowCount} rows; give many.`);
  const rows = cappedTable(table);
  const encoding = beginning?.encoding ?? learnEncoding(rows, featuresOf(rows, target ?? ''));
  const shape = shapeOf(settings, encoding, 1);
  const total = cappedEpochs(epochs);
  const trained = await train({
    ...pretrainingStart(shape, settings.seed),
    loss: (params, batch, pass) => {
      const count = (Object.values(batch)[0] as tf.Tensor).shape[0] as number;
      const hidden = pass.statistics && hiddenFeatures(shape, count, ratio, pass);
      return reconstructionLoss(reconstruct(shape, params, batch, pass, hidden));
    },
    rows: encodeRows(encoding, rows),
    validation: validation && encodeRows(encoding, cappedTable(validation)),
    settings: {
      ...settings,
      epochs: total,
      batchSize: evenBatchSize(rows.rowCount, settings.batchSize, settings.virtualBatchSize),
    },
    onProgress,
    signal,
  });
  if (trained.interrupted)
    throw new InterruptedError(`TabNet: pretraining stopped after ${trained.epochs.length} of ${total} epochs.`);
  const renamed = (all: Beginning['weights']) =>
    new Map([...all].map(([name, tensor]) => [name.replace(/^encoder\./, 'tabnet.encoder.'), tensor]));
  const learnt = { encoding, weights: renamed(trained.weights), statistics: renamed(trained.statistics) };
  return { ...estimator(settings, learnt), pretraining: trained.epochs };
}

/** Where a fitted TabNet looked. */
export interface TabnetMasks {
  readonly features: readonly string[];
  /** Row after row, a number a feature: its attention over all steps, weighted by how much each step decided. */
  readonly aggregate: Float64Array;
  /** The mask of each step, laid out alike; a row's numbers sum to 1. */
  readonly steps: readonly Float64Array[];
}

export class TabnetModel extends NetworkModel {
  readonly name = NAME;
  readonly kind = 'tabnet';
  protected readonly forward: Forward;
  readonly #shape: TabnetShape;
  #masks: ((table: Table) => Promise<Float32Array>) | undefined;

  constructor(learnt: Learnt, settings: Settings) {
    super(learnt, settings);
    this.#shape = shapeOf(settings, learnt.encoding, learnt.objective.outputs);
    this.forward = (params, rows) => tabnetForward(this.#shape, params, rows, {}).outputs;
  }

  /** Which features each row's decision looked at, step by step. `maskHeatMap` draws it. */
  async masks(table: Table): Promise<TabnetMasks> {
    this.#masks ??= this.runner((params, rows) => {
      const encoded = tabnetForward(this.#shape, params, rows, {});
      return tf.concat([aggregated(encoded), ...encoded.masks], 1);
    });
    const all = await this.#masks(table);
    const features = this.features.map(({ name }) => name);
    const parts = this.#shape.nSteps + 1;
    const part = (index: number): Float64Array => {
      const values = new Float64Array(table.rowCount * features.length);
      for (let row = 0; row < table.rowCount; row++)
        for (let feature = 0; feature < features.length; feature++)
          values[row * features.length + feature] = all[(row * parts + index) * features.length + feature] as number;
      return values;
    };
    return { features, aggregate: part(0), steps: Array.from({ length: parts - 1 }, (_, step) => part(step + 1)) };
  }

  /** Each feature's share of the attention paid to a table, in the order of `features`; they sum to 1. */
  async importance(table: Table): Promise<Float64Array> {
    const { features, aggregate } = await this.masks(table);
    const sums = new Float64Array(features.length);
    aggregate.forEach((value, i) => {
      sums[i % features.length] = (sums[i % features.length] as number) + value;
    });
    const all = sums.reduce((sum, value) => sum + value, 0);
    return sums.map((value) => (all > 0 ? value / all : 1 / features.length));
  }
}

export const readTabnet: ModelReader = async (json: ModelJson) =>
  new TabnetModel(learntFromJson(json), checkOptions('a saved TabNet', schema, json.settings));

function shapeOf(settings: Settings, { inputs }: Encoding, outputs: number): TabnetShape {
  return {
    ...settings,
    outputs,
    inputs: inputs.map((input) =>
      input.kind === 'categorical'
        ? { kind: 'categorical', rows: input.rows, width: settings.embeddingDimension }
        : { kind: 'numeric', width: widthOf(input) },
    ),
  };
}
