// The table of architectures: config.json's model_type -> what the tasks need to know of the family.
import { z } from 'zod';
import type { tf } from '../engine/index.js';
import type { Params, Pass } from '../nn/pass.js';
import {
  type BertConfig,
  bert,
  bertConfig,
  bertWeights,
  type EncoderInputs,
  type EncoderOutputs,
  pool,
} from './bert.js';

/** Configurations of every family we have; one so far. */
export type EncoderConfig = BertConfig;

export interface Architecture {
  /** What stands before the encoder's weights inside a model with a head, for instance "bert.". */
  readonly prefix: string;
  /** The Python class of the encoder with a classification head. */
  readonly classifierClass: string;
  /** Reads config.json. */
  readonly parseConfig: (config: unknown) => EncoderConfig;
  /** Names and shapes of all the encoder's weights. */
  readonly weights: (config: EncoderConfig, prefix: string) => Map<string, number[]>;
  readonly encode: (
    config: EncoderConfig,
    params: Params,
    inputs: EncoderInputs,
    pass: Pass,
    prefix: string,
  ) => EncoderOutputs;
  /** One vector a text, [batch, hidden]. */
  readonly pool: (
    config: EncoderConfig,
    params: Params,
    outputs: EncoderOutputs,
    pass: Pass,
    prefix: string,
  ) => tf.Tensor;
  /** Names in a checkpoint that are no weights of the encoder: heads of pretraining, and buffers. */
  readonly notEncoder: RegExp;
  /** The linear layers LoRA is added to by default, as in peft. */
  readonly loraTargets: readonly string[];
  /** The layer a weight belongs to, from 0; -1 for the embeddings, undefined for what stands after the layers. */
  readonly layerOf: (name: string) => number | undefined;
}

const bertFamily: Architecture = {
  prefix: 'bert.',
  classifierClass: 'BertForSequenceClassification',
  parseConfig: (config) => bertConfig.parse(config),
  weights: bertWeights,
  encode: bert,
  pool,
  notEncoder: /^cls\.|embeddings\.position_ids$/,
  loraTargets: ['query', 'value'],
  layerOf: (name) => {
    if (name.includes('embeddings.')) return -1;
    const layer = /\.layer\.(\d+)\./.exec(name)?.[1];
    return layer === undefined ? undefined : Number(layer);
  },
};

const architectures: Readonly<Record<string, Architecture>> = { bert: bertFamily };

/** The architecture config.json names; throws where we lack it, with the list of those we have. */
export function architectureOf(config: Readonly<Record<string, unknown>>, source: string): Architecture {
  const family = architectures[String(config.model_type)];
  if (family === undefined)
    throw new RangeError(
      `${source} has model_type "${String(config.model_type)}", an architecture we do not have. We have: ${Object.keys(architectures).join(', ')}.`,
    );
  return family;
}

/** Reads config.json; throws naming the fields that are missing or that we cannot follow. */
export function readConfig(architecture: Architecture, config: unknown, source: string): EncoderConfig {
  try {
    return architecture.parseConfig(config);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new RangeError(`${source} has a config.json that we cannot follow: ${problems.join('; ')}.`, {
      cause: error,
    });
  }
}

/** The longest input a task reads: what was asked for, or what the model reads where that is less. Throws below 3. */
export function readLength(asked: number, longest: number): number {
  if (!Number.isInteger(asked) || asked < 3)
    throw new RangeError(
      `maxLength is a whole number of at least 3, in tokens ([CLS], one word, [SEP]); got ${asked}.`,
    );
  return Math.min(asked, longest);
}
