// BERT (Devlin et al. 2018, https://arxiv.org/abs/1810.04805): the encoder, as a pure function of weights and token ids.
//
//   const { lastHiddenState, pooled } = bert(config, params, { inputIds, attentionMask, tokenTypeIds }, {}, 'bert.');
//
// Weight names are those of the checkpoint; `prefix` is what stands before `embeddings.` ("" for a bare encoder, "bert."
// inside a classifier).
import { z } from 'zod';
import { gelu, tf } from '../engine/index.js';
import { attention, paddingMask } from '../nn/attention.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';

/** The part of config.json that shapes the encoder, with Hugging Face's names and defaults. */
export const bertConfig = z
  .looseObject({
    model_type: z.literal('bert'),
    vocab_size: z.int().positive(),
    hidden_size: z.int().positive(),
    num_hidden_layers: z.int().nonnegative(),
    num_attention_heads: z.int().positive(),
    intermediate_size: z.int().positive(),
    hidden_act: z.literal('gelu').default('gelu'),
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
  })
  .refine(({ hidden_size: size, num_attention_heads: heads }) => size % heads === 0, {
    path: ['num_attention_heads'],
    message: 'must divide hidden_size',
  });
export type BertConfig = z.infer<typeof bertConfig>;

export interface EncoderInputs {
  /** int32 [batch, length] */
  readonly inputIds: tf.Tensor;
  /** int32 [batch, length]: 1 for tokens, 0 for padding. */
  readonly attentionMask: tf.Tensor;
  /** int32 [batch, length]: 0 for the first text, 1 for the second. */
  readonly tokenTypeIds: tf.Tensor;
}

export interface EncoderOutputs {
  /** The embeddings and each layer's output, each [batch * length, hidden]. */
  readonly hiddenStates: readonly tf.Tensor[];
  /** [batch * length, hidden] */
  readonly lastHiddenState: tf.Tensor;
  readonly batch: number;
  readonly length: number;
}

/** Names and shapes of all weights of the encoder, in the order of the PyTorch module. */
export function bertWeights(config: BertConfig, prefix = ''): Map<string, number[]> {
  const { hidden_size: h, intermediate_size: i } = config;
  const shapes = new Map<string, number[]>();
  const layer = (name: string, out: number, inp: number) =>
    shapes.set(`${name}.weight`, [out, inp]).set(`${name}.bias`, [out]);
  const layerNorm = (name: string) => shapes.set(`${name}.weight`, [h]).set(`${name}.bias`, [h]);
  const embeddings = `${prefix}embeddings`;
  shapes.set(`${embeddings}.word_embeddings.weight`, [config.vocab_size, h]);
  shapes.set(`${embeddings}.position_embeddings.weight`, [config.max_position_embeddings, h]);
  shapes.set(`${embeddings}.token_type_embeddings.weight`, [config.type_vocab_size, h]);
  layerNorm(`${embeddings}.LayerNorm`);
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const at = `${prefix}encoder.layer.${n}`;
    for (const part of ['query', 'key', 'value']) layer(`${at}.attention.self.${part}`, h, h);
    layer(`${at}.attention.output.dense`, h, h);
    layerNorm(`${at}.attention.output.LayerNorm`);
    layer(`${at}.intermediate.dense`, i, h);
    layer(`${at}.output.dense`, h, i);
    layerNorm(`${at}.output.LayerNorm`);
  }
  layer(`${prefix}pooler.dense`, h, h);
  return shapes;
}

/** The encoder without its pooler. Throws a RangeError where the text is longer than the position embeddings reach. */
export function bert(
  config: BertConfig,
  params: Params,
  inputs: EncoderInputs,
  pass: Pass,
  prefix = '',
): EncoderOutputs {
  const [batch, length] = inputs.inputIds.shape as [number, number];
  const mask = paddingMask(inputs.attentionMask);
  const hiddenStates = [embed(config, params, inputs, pass, `${prefix}embeddings`)];
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const x = hiddenStates.at(-1) as tf.Tensor;
    hiddenStates.push(layer(config, params, x, mask, { batch, length }, pass, `${prefix}encoder.layer.${n}`));
  }
  return { hiddenStates, lastHiddenState: hiddenStates.at(-1) as tf.Tensor, batch, length };
}

function embed(config: BertConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string): tf.Tensor {
  const [batch, length] = inputs.inputIds.shape as [number, number];
  if (length > config.max_position_embeddings)
    throw new RangeError(
      `The text has ${length} tokens, but this model reads ${config.max_position_embeddings} at most: truncate it.`,
    );
  const lookUp = (table: string, ids: tf.Tensor) =>
    tf.gather(param(params, `${at}.${table}.weight`), tf.reshape(ids, [batch * length]));
  const words = lookUp('word_embeddings', inputs.inputIds);
  const types = lookUp('token_type_embeddings', inputs.tokenTypeIds);
  const positions = tf.slice(param(params, `${at}.position_embeddings.weight`), [0, 0], [length, config.hidden_size]);
  const tokens = tf.reshape(tf.add(words, types), [batch, length, config.hidden_size]);
  const sum = tf.reshape(tf.add(tokens, positions), [batch * length, config.hidden_size]);
  return dropout(norm(params, `${at}.LayerNorm`, sum, config.layer_norm_eps), config.hidden_dropout_prob, pass);
}

function layer(
  config: BertConfig,
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
  const inner = gelu(linear(params, `${at}.intermediate.dense`, attended, pass));
  return addAndNorm(config, params, inner, attended, pass, `${at}.output`);
}

/** Projects back to the hidden size, adds the residual and normalises. */
function addAndNorm(
  config: BertConfig,
  params: Params,
  x: tf.Tensor,
  residual: tf.Tensor,
  pass: Pass,
  at: string,
): tf.Tensor {
  const projected = dropout(linear(params, `${at}.dense`, x, pass), config.hidden_dropout_prob, pass);
  return norm(params, `${at}.LayerNorm`, tf.add(projected, residual), config.layer_norm_eps);
}

/** tanh(W h + b) of the first token ([CLS]): [batch, hidden]. */
export function pool(config: BertConfig, params: Params, outputs: EncoderOutputs, pass: Pass, prefix = ''): tf.Tensor {
  const { batch, length, lastHiddenState } = outputs;
  const tokens = tf.reshape(lastHiddenState, [batch, length, config.hidden_size]);
  const first = tf.reshape(tf.slice(tokens, [0, 0, 0], [batch, 1, config.hidden_size]), [batch, config.hidden_size]);
  return tf.tanh(linear(params, `${prefix}pooler.dense`, first, pass));
}
