// BERT (Devlin et al. 2018, https://arxiv.org/abs/1810.04805): the encoder, as a pure function of weights and token ids.
//
//   const { lastHiddenState } = bert(config, params, { inputIds, attentionMask, tokenTypeIds }, {}, 'bert.');
//
// Weight names are those of the checkpoint; `prefix` is what stands before `embeddings.` ("" for a bare encoder, "bert."
// inside a classifier).
import { z } from 'zod';
import { gelu, tf } from '../engine/index.js';
import { attention, paddingMask } from '../nn/attention.js';
import { type EncoderInputs, embedTokens } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';
import { firstToken } from '../nn/pooling.js';
import type { Encoder, EncoderOutputs } from './encoder.js';

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
  const { x, attentionMask, batch, length } = embed(config, params, inputs, pass, `${prefix}embeddings`);
  const mask = paddingMask(attentionMask);
  const hiddenStates = [x];
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const last = hiddenStates.at(-1) as tf.Tensor;
    hiddenStates.push(layer(config, params, last, mask, { batch, length }, pass, `${prefix}encoder.layer.${n}`));
  }
  return { hiddenStates, lastHiddenState: hiddenStates.at(-1) as tf.Tensor, attentionMask, batch, length };
}

function embed(config: BertConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string) {
  const { hidden_size: h, max_position_embeddings: longest } = config;
  const embedded = embedTokens(params, `${at}.word_embeddings.weight`, inputs, longest, pass);
  const { words, tokenTypeIds, batch, length } = embedded;
  const types = tf.gather(
    param(params, `${at}.token_type_embeddings.weight`),
    tf.reshape(tokenTypeIds, [batch * length]),
  );
  const positions = tf.slice(param(params, `${at}.position_embeddings.weight`), [0, 0], [length, h]);
  const tokens = tf.add(words, tf.reshape(types, [batch, length, h]));
  const sum = tf.reshape(tf.add(tokens, positions), [batch * length, h]);
  const x = dropout(norm(params, `${at}.LayerNorm`, sum, config.layer_norm_eps), config.hidden_dropout_prob, pass);
  return { ...embedded, x };
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
export const pool = (params: Params, outputs: EncoderOutputs, pass: Pass, prefix = ''): tf.Tensor =>
  tf.tanh(linear(params, `${prefix}pooler.dense`, firstToken(outputs), pass));

/** BERT as the tasks see it, with the head of BertForSequenceClassification. */
export function bertEncoder(json: unknown): Encoder {
  const config = bertConfig.parse(json);
  const prefix = 'bert.';
  const { hidden_size: hiddenSize, num_hidden_layers: layers, hidden_dropout_prob } = config;
  return {
    modelType: 'bert',
    config,
    prefix,
    hiddenSize,
    layers,
    maxLength: config.max_position_embeddings,
    vocabularySize: config.vocab_size,
    initializerRange: config.initializer_range,
    readsTokenTypes: true,
    wordEmbeddings: `${prefix}embeddings.word_embeddings.weight`,
    weights: bertWeights(config, prefix),
    notEncoder: /^cls\.|embeddings\.position_ids$/,
    mayLack: /^bert\.pooler\./,
    loraTargets: ['query', 'value'],
    head: {
      pythonClass: 'BertForSequenceClassification',
      output: 'classifier',
      weights: (labels) =>
        new Map([
          ['classifier.weight', [labels, hiddenSize]],
          ['classifier.bias', [labels]],
        ]),
      isHead: (name) => name.startsWith('classifier.'),
      logits(params, outputs, pass) {
        const pooled = pool(params, outputs, pass, prefix);
        return linear(
          params,
          'classifier',
          dropout(pooled, config.classifier_dropout ?? hidden_dropout_prob, pass),
          pass,
        );
      },
    },
    layerOf(name) {
      if (name.includes('embeddings.')) return -1;
      const layer = /\.layer\.(\d+)\./.exec(name)?.[1];
      return layer === undefined ? undefined : Number(layer);
    },
    encode: (params, inputs, pass) => bert(config, params, inputs, pass, prefix),
    withLayers: (count) => bertEncoder({ ...config, num_hidden_layers: count }),
    withVocabulary: (size) => bertEncoder({ ...config, vocab_size: size }),
  };
}
