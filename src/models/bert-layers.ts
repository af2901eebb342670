// The layers BERT and RoBERTa are built of: attention and a feed-forward network, each added to its input and normalised.
//
//   const { hiddenStates } = bertLayers(config, params, embedded, {}, 'bert.encoder');
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { activationNames, activations } from '../nn/activations.js';
import { attention, paddingMask } from '../nn/attention.js';
import type { Embedded } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass } from '../nn/pass.js';
import type { EncoderOutputs } from './encoder.js';
import type { Shapes } from './weight-names.js';

/** The fields of config.json that BERT and RoBERTa share, with Hugging Face's names and defaults. */
export const bertFields = {
  vocab_size: z.int().positive(),
  hidden_size: z.int().positive(),
  num_hidden_layers: z.int().nonnegative(),
  num_attention_heads: z.int().positive(),
  intermediate_size: z.int().positive(),
  hidden_act: z.enum(activationNames).default('gelu'),
  hidden_dropout_prob: z.number().min(0).lt(1).default(0.1),
  attention_probs_dropout_prob: z.number().min(0).lt(1).default(0.1),
  classifier_dropout: z.number().min(0).lt(1).nullish(),
  max_position_embeddings: z.int().positive().default(512),
  type_vocab_size: z.int().positive().default(2),
  initializer_range: z.number().positive().default(0.02),
  layer_norm_eps: z.number().positive().default(1e-12),
  // What we would read wrongly if it were anything else.
  position_embedding_type: z.literal('absolute').optional(),
  is_decoder: z.literal(false).optional(),
  add_cross_attention: z.literal(false).optional(),
};

/** The message of a config.json whose heads do not share the hidden size out evenly. */
export const unevenHeads = { path: ['num_attention_heads'], message: 'must divide hidden_size' };

export interface LayersConfig {
  readonly hidden_size: number;
  readonly num_hidden_layers: number;
  readonly num_attention_heads: number;
  readonly intermediate_size: number;
  readonly hidden_act: (typeof activationNames)[number];
  readonly hidden_dropout_prob: number;
  readonly attention_probs_dropout_prob: number;
  readonly layer_norm_eps: number;
}

/** Adds the weights of the layers under `at`, for instance "bert.encoder". */
export function addLayerWeights(shapes: Shapes, config: LayersConfig, at: string): void {
  const { hidden_size: h, intermediate_size: i } = config;
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const layer = `${at}.layer.${n}`;
    for (const part of ['query', 'key', 'value']) shapes.linear(`${layer}.attention.self.${part}`, h, h);
    shapes.linear(`${layer}.attention.output.dense`, h, h).norm(`${layer}.attention.output.LayerNorm`, h);
    shapes.linear(`${layer}.intermediate.dense`, i, h);
    shapes.linear(`${layer}.output.dense`, h, i).norm(`${layer}.output.LayerNorm`, h);
  }
}

/** @param embedded with `x`, the normalised embeddings [batch * length, hidden] */
export function bertLayers(
  config: LayersConfig,
  params: Params,
  embedded: Omit<Embedded, 'words'> & { readonly x: tf.Tensor },
  pass: Pass,
  at: string,
): EncoderOutputs {
  const { x, attentionMask, batch, length } = embedded;
  const mask = paddingMask(attentionMask);
  const hiddenStates = [x];
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const last = hiddenStates.at(-1) as tf.Tensor;
    hiddenStates.push(layer(config, params, last, mask, { batch, length }, pass, `${at}.layer.${n}`));
  }
  return { hiddenStates, lastHiddenState: hiddenStates.at(-1) as tf.Tensor, attentionMask, batch, length };
}

function layer(
  config: LayersConfig,
  params: Params,
  x: tf.Tensor,
  mask: tf.Tensor,
  size: { batch: number; length: number },
  pass: Pass,
  at: string,
): tf.Tensor {
  const project = (part: string) => linear(params, `${at}.attention.self.${part}`, x, pass);
  const qkv = { q: project('query'), k: project('key'), v: project('value') };
  const shape = { ...size, heads: config.num_attention_heads };
  const context = attention(qkv, mask, shape, config.attention_probs_dropout_prob, pass);
  const attended = addAndNorm(config, params, context, x, pass, `${at}.attention.output`);
  const inner = activations[config.hidden_act](linear(params, `${at}.intermediate.dense`, attended, pass));
  return addAndNorm(config, params, inner, attended, pass, `${at}.output`);
}

/** Projects back to the hidden size, adds the residual and normalises. */
function addAndNorm(
  config: LayersConfig,
  params: Params,
  x: tf.Tensor,
  residual: tf.Tensor,
  pass: Pass,
  at: string,
): tf.Tensor {
  const projected = dropout(linear(params, `${at}.dense`, x, pass), config.hidden_dropout_prob, pass);
  return norm(params, `${at}.LayerNorm`, tf.add(projected, residual), config.layer_norm_eps);
}
