// A multi-layer perceptron for tables: each category becomes a trained vector, numbers are standardised, layers of ReLU follow.
//
//   const model = await mlp({ hidden: [128, 64], epochs: 20 }).fit(train, { target: 'income', validation });
//   const codes = await model.predict(test);
//
//   const range = await mlp({ quantiles: [0.05, 0.5, 0.95] }).fit(train, { target: 'price' });
//   const [low, middle, high] = await range.predictQuantiles(test);
import { z } from 'zod';
import type { Estimator, ModelJson, ModelReader, TabularModel } from '../estimator.js';
import { checkOptions } from '../options.js';
import { type Encoding, numberCount, tableRows } from './encoding.js';
import { fitNetwork } from './fit-network.js';
import { embeddingWidth, type MlpShape, mlpForward, mlpStart } from './mlp-network.js';
import { type Forward, type Learnt, learntFromJson, NetworkModel } from './network-model.js';
import { lossOf, type Objective } from './objective.js';

export interface MlpOptions {
  /** Numbers in each hidden layer. Default [128, 64]. */
  readonly hidden?: readonly number[];
  /** Numbers each category becomes. Default 'fastai': min(50, 1.6 n^0.56) rounded, of n categories with the one for missing. */
  readonly embeddingDimension?: number | 'fastai';
  /**
   * Pieces that columns of numbers are cut into, at quantiles, so that the network can bend there (https://arxiv.org/abs/2203.05556).
   * Default 0: numbers are standardised.
   */
  readonly pieces?: number;
  /** Rate of the dropout after each hidden layer. Default 0.2. */
  readonly dropout?: number;
  /** Rate of the dropout on what goes in. Default 0. */
  readonly inputDropout?: number;
  /** Batch norm in each hidden layer. Default false. */
  readonly batchNorm?: boolean;
  /** The highest learning rate. Default 1e-3. */
  readonly learningRate?: number;
  /** 'linear' and 'cosine' fall to 0 over the run. Default 'cosine'. */
  readonly schedule?: 'constant' | 'linear' | 'cosine';
  /** Share of the run over which the learning rate rises from 0. Default 0. */
  readonly warmup?: number;
  /** Rows a step, at most: they are shared out evenly. Default 256. */
  readonly batchSize?: number;
  /** Passes over the training rows. Default 20. */
  readonly epochs?: number;
  /** Of matrices, not of biases and norms. Default 0.01. */
  readonly weightDecay?: number;
  /** Gradients are scaled down to this norm at most. Default 1. */
  readonly maxGradNorm?: number;
  /** Epochs without a lower loss on the validation rows after which the fit ends. Default 5. */
  readonly earlyStoppingPatience?: number;
  /** For a regression: the quantiles to learn, by pinball loss, in place of the mean. */
  readonly quantiles?: readonly number[];
  /** Seed of starting weights, order and dropout. Default 42. */
  readonly seed?: number;
}

const whole = z.int().min(1);
const rate = z.number().min(0).lt(1);
/** Quantiles in ascending order. */
export const quantilesSchema = z
  .array(z.number().gt(0).lt(1))
  .default([])
  .transform((quantiles) => [...new Set(quantiles)].sort((a, b) => a - b));
const schema = z.strictObject({
  hidden: z.array(whole).default([128, 64]),
  embeddingDimension: z.union([whole, z.literal('fastai')]).default('fastai'),
  pieces: z.int().min(0).max(1000).default(0),
  dropout: rate.default(0.2),
  inputDropout: rate.default(0),
  batchNorm: z.boolean().default(false),
  learningRate: z.number().positive().default(1e-3),
  schedule: z.enum(['constant', 'linear', 'cosine']).default('cosine'),
  warmup: z.number().min(0).max(1).default(0),
  batchSize: whole.default(256),
  epochs: whole.default(20),
  weightDecay: z.number().min(0).default(0.01),
  maxGradNorm: z.number().positive().default(1),
  earlyStoppingPatience: whole.default(5),
  quantiles: quantilesSchema,
  seed: z.int().default(42),
});
type Settings = z.output<typeof schema>;
const NAME = 'MLP';

/** Classification by cross-entropy, regression by squared error or pinball loss; optimised by AdamW. */
export function mlp(options: MlpOptions = {}): Estimator<MlpModel> {
  const settings = checkOptions('mlp', schema, options);
  return {
    name: NAME,
    settings,
    fit: (train, fitOptions) =>
      fitNetwork(
        {
          name: NAME,
          settings,
          pieces: settings.pieces,
          start: (encoding, objective) => mlpStart(shapeOf(settings, encoding, objective), settings.seed),
          loss: (encoding, objective) => {
            const shape = shapeOf(settings, encoding, objective);
            const loss = lossOf(objective);
            return (params, batch, pass) => loss(mlpForward(shape, params, batch, pass), batch);
          },
          model: (learnt) => new MlpModel(learnt, settings),
          begins: (model: TabularModel) =>
            model instanceof MlpModel ? { ...model.learnt, encoding: model.learnt.encoding } : undefined,
        },
        train,
        fitOptions,
      ),
  };
}

export class MlpModel extends NetworkModel {
  readonly name = NAME;
  readonly kind = 'mlp';
  protected readonly forward: Forward;

  constructor(learnt: Learnt, settings: Settings) {
    super(learnt, settings);
    const shape = shapeOf(settings, learnt.encoding, learnt.objective);
    this.forward = (params, rows) => mlpForward(shape, params, rows, {});
  }
}

export const readMlp: ModelReader = async (json: ModelJson) =>
  new MlpModel(learntFromJson(json), checkOptions('a saved MLP', schema, json.settings));

function shapeOf(settings: Settings, encoding: Encoding, { outputs }: Objective): MlpShape {
  const { hidden, embeddingDimension, batchNorm, dropout, inputDropout } = settings;
  const width = (rows: number) => (embeddingDimension === 'fastai' ? embeddingWidth(rows) : embeddingDimension);
  return {
    numbers: numberCount(encoding),
    tables: tableRows(encoding).map((rows) => [rows, width(rows)] as const),
    hidden,
    outputs,
    batchNorm,
    dropout,
    inputDropout,
  };
}
