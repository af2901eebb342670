// MobileBERT (Sun et al. 2020, https://arxiv.org/abs/2004.02984): deep and thin. Each layer works on a narrow copy of the hidden
// state (the bottleneck), with several feed-forward networks in a row, and scales where BERT normalises (NoNorm).
//
//   const encoder = mobilebertEncoder(config);                     // config.json of google/mobilebert-uncased
//   const { lastHiddenState } = encoder.encode(params, inputs, {});
//
// Word embeddings are narrow too, and a token sees those of its two neighbours. So the last token of a text sees the padding's
// vector where there is padding and zeros where there is none: its logits differ a little between the two, as in transformers.
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { activationNames, activations } from '../nn/activations.js';
import { attention, paddingMask } from '../nn/attention.js';
import { type EncoderInputs, embedTokens } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';
import { firstToken } from '../nn/pooling.js';
import { bertFields } from './bert-layers.js';
import type { Encoder, EncoderOutputs } from './encoder.js';
import { layerOf, Shapes } from './weight-names.js';

/** The part of config.json that shapes the model, with Hugging Face's names and defaults. */
const mobilebertConfig = z
  .looseObject({
    ...bertFields,
    model_type: z.literal('mobilebert'),
    vocab_size: z.int().positive().default(30522),
    hidden_size: z.int().positive().default(512),
    num_hidden_layers: z.int().nonnegative().default(24),
    num_attention_heads: z.int().positive().default(4),
    intermediate_size: z.int().positive().default(512),
    hidden_act: z.enum(activationNames).default('relu'),
    hidden_dropout_prob: z.number().min(0).lt(1).default(0),
    pad_token_id: z.int().nonnegative().nullable().default(0),
    embedding_size: z.int().positive().default(128),
    trigram_input: z.boolean().default(true),
    use_bottleneck: z.boolean().default(true),
    intra_bottleneck_size: z.int().positive().default(128),
    use_bottleneck_attention: z.boolean().default(false),
    key_query_shared_bottleneck: z.boolean().default(true),
    num_feedforward_networks: z.int().positive().default(4),
    normalization_type: z.enum(['no_norm', 'layer_norm']).default('no_norm'),
    classifier_activation: z.boolean().default(true),
  })
  .refine((config) => innerSize(config) % config.num_attention_heads === 0, {
    path: ['num_attention_heads'],
    message: 'must divide the size attention works with: intra_bottleneck_size, or hidden_size without bottleneck',
  })
  .refine((config) => !config.use_bottleneck || config.use_bottleneck_attention || config.key_query_shared_bottleneck, {
    path: ['key_query_shared_bottleneck'],
    message: 'must be true where use_bottleneck is true and use_bottleneck_attention is not',
  });
type MobilebertConfig = z.infer<typeof mobilebertConfig>;

/** The width inside a layer. */
const innerSize = (config: { use_bottleneck: boolean; intra_bottleneck_size: number; hidden_size: number }): number =>
  config.use_bottleneck ? config.intra_bottleneck_size : config.hidden_size;

const prefix = 'mobilebert.';

export function mobilebertEncoder(json: unknown): Encoder {
  const config = mobilebertConfig.parse(json);
  const { hidden_size: hiddenSize, classifier_dropout, hidden_dropout_prob } = config;
  const wordEmbeddings = `${prefix}embeddings.word_embeddings.weight`;
  return {
    modelType: 'mobilebert',
    config,
    prefix,
    hiddenSize,
    layers: config.num_hidden_layers,
    maxLength: config.max_position_embeddings,
    vocabularySize: config.vocab_size,
    initializerRange: config.initializer_range,
    start: (name) => (name === wordEmbeddings ? { zeroRow: config.pad_token_id } : undefined),
    readsTokenTypes: true,
    wordEmbeddings,
    weights: weightsOf(config),
    // Without an activation the pooler takes the first token as it is; weights it was pretrained with are then read by nothing.
    notEncoder: config.classifier_activation
      ? /^cls\.|embeddings\.position_ids$/
      : /^cls\.|^(mobilebert\.)?pooler\.|embeddings\.position_ids$/,
    mayLack: /^mobilebert\.pooler\./,
    // peft has no default for this family; these are BERT's.
    loraTargets: ['query', 'value'],
    head: {
      pythonClass: 'MobileBertForSequenceClassification',
      output: 'classifier',
      weights: (labels) => new Shapes().linear('classifier', labels, hiddenSize),
      isHead: (name) => name.startsWith('classifier.'),
      logits(params, outputs, pass) {
        const first = firstToken(outputs);
        const pooled = config.classifier_activation
          ? tf.tanh(linear(params, `${prefix}pooler.dense`, first, pass))
          : first;
        return linear(params, 'classifier', dropout(pooled, classifier_dropout ?? hidden_dropout_prob, pass), pass);
      },
    },
    layerOf,
    encode: (params, inputs, pass) => mobilebert(config, params, inputs, pass),
    withLayers: (count) => mobilebertEncoder({ ...config, num_hidden_layers: count }),
    withVocabulary: (size, padId = config.pad_token_id) =>
      mobilebertEncoder({ ...config, vocab_size: size, pad_token_id: padId }),
  };
}

function weightsOf(config: MobilebertConfig): Shapes {
  const { hidden_size: h, intermediate_size: i, embedding_size: e } = config;
  const inner = innerSize(config);
  const shapes = new Shapes()
    .set(`${prefix}embeddings.word_embeddings.weight`, [config.vocab_size, e])
    .set(`${prefix}embeddings.position_embeddings.weight`, [config.max_position_embeddings, h])
    .set(`${prefix}embeddings.token_type_embeddings.weight`, [config.type_vocab_size, h])
    .linear(`${prefix}embeddings.embedding_transformation`, h, config.trigram_input ? 3 * e : e)
    .norm(`${prefix}embeddings.LayerNorm`, h);
  /** A linear layer and the norm after it. */
  const block = (at: string, out: number, input: number) =>
    shapes.linear(`${at}.dense`, out, input).norm(`${at}.LayerNorm`, out);
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const at = `${prefix}encoder.layer.${n}`;
    for (const part of ['query', 'key']) shapes.linear(`${at}.attention.self.${part}`, inner, inner);
    shapes.linear(`${at}.attention.self.value`, inner, config.use_bottleneck_attention ? inner : h);
    block(`${at}.attention.output`, inner, inner);
    shapes.linear(`${at}.intermediate.dense`, i, inner);
    block(`${at}.output`, inner, i);
    if (config.use_bottleneck) {
      block(`${at}.output.bottleneck`, h, inner);
      block(`${at}.bottleneck.input`, inner, h);
      if (config.key_query_shared_bottleneck) block(`${at}.bottleneck.attention`, inner, h);
    }
    for (let f = 0; f < config.num_feedforward_networks - 1; f++) {
      shapes.linear(`${at}.ffn.${f}.intermediate.dense`, i, inner);
      block(`${at}.ffn.${f}.output`, inner, i);
    }
  }
  return config.classifier_activation ? shapes.linear(`${prefix}pooler.dense`, h, h) : shapes;
}

function mobilebert(config: MobilebertConfig, params: Params, inputs: EncoderInputs, pass: Pass): EncoderOutputs {
  const { x, attentionMask, batch, length } = embed(config, params, inputs, pass, `${prefix}embeddings`);
  const mask = paddingMask(attentionMask);
  const hiddenStates = [x];
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const last = hiddenStates.at(-1) as tf.Tensor;
    hiddenStates.push(layer(config, params, last, mask, { batch, length }, pass, `${prefix}encoder.layer.${n}`));
  }
  return { hiddenStates, lastHiddenState: hiddenStates.at(-1) as tf.Tensor, attentionMask, batch, length };
}

function embed(config: MobilebertConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string) {
  const { hidden_size: h, embedding_size: e, max_position_embeddings: maxLength, pad_token_id: padId } = config;
  const table = { name: `${at}.word_embeddings.weight`, maxLength, padId };
  const embedded = embedTokens(params, table, inputs, pass);
  const { words, tokenTypeIds, batch, length } = embedded;
  const seen = config.trigram_input ? withNeighbours(words, batch, length, e) : words;
  const rows = tf.reshape(seen, [batch * length, seen.shape[2] as number]);
  const transforms = config.trigram_input || e !== h;
  const wide = transforms ? linear(params, `${at}.embedding_transformation`, rows, pass) : rows;
  const positions = tf.slice(param(params, `${at}.position_embeddings.weight`), [0, 0], [length, h]);
  const types = tf.gather(
    param(params, `${at}.token_type_embeddings.weight`),
    tf.reshape(tokenTypeIds, [batch * length]),
  );
  const placed = tf.reshape(tf.add(tf.reshape(wide, [batch, length, h]), positions), [batch * length, h]);
  const x = normalise(config, params, `${at}.LayerNorm`, tf.add(placed, types), defaultEpsilon);
  return { ...embedded, x: dropout(x, config.hidden_dropout_prob, pass) };
}

/** The next token's vector, the token's own and the one before, side by side; zeros beyond the ends. [batch, length, 3 size] */
function withNeighbours(words: tf.Tensor3D, batch: number, length: number, size: number): tf.Tensor3D {
  const padded = tf.pad(words, [
    [0, 0],
    [1, 1],
    [0, 0],
  ]);
  const from = (start: number) => tf.slice(padded, [0, start, 0], [batch, length, size]);
  return tf.concat([from(2), words, from(0)], 2);
}

function layer(
  config: MobilebertConfig,
  params: Params,
  x: tf.Tensor,
  mask: tf.Tensor,
  size: { batch: number; length: number },
  pass: Pass,
  at: string,
): tf.Tensor {
  const { use_bottleneck, use_bottleneck_attention, key_query_shared_bottleneck, layer_norm_eps } = config;
  const act = activations[config.hidden_act];
  const dense = (name: string, input: tf.Tensor) => linear(params, `${at}.${name}`, input, pass);
  const scaled = (name: string, input: tf.Tensor, epsilon = layer_norm_eps) =>
    normalise(config, params, `${at}.${name}.LayerNorm`, input, epsilon);
  const narrow = (name: string) => scaled(`bottleneck.${name}`, dense(`bottleneck.${name}.dense`, x));
  // With a bottleneck nothing is dropped out before the layer's end.
  const drop = (input: tf.Tensor) => (use_bottleneck ? input : dropout(input, config.hidden_dropout_prob, pass));

  const input = use_bottleneck ? narrow('input') : x;
  const shared = use_bottleneck && !use_bottleneck_attention && key_query_shared_bottleneck;
  const keys = shared ? narrow('attention') : input;
  const qkv = {
    q: dense('attention.self.query', keys),
    k: dense('attention.self.key', keys),
    v: dense('attention.self.value', shared ? x : input),
  };
  const shape = { ...size, heads: config.num_attention_heads };
  const context = attention(qkv, mask, shape, config.attention_probs_dropout_prob, pass);
  let inner = scaled('attention.output', tf.add(drop(dense('attention.output.dense', context)), input));
  for (let n = 0; n < config.num_feedforward_networks - 1; n++) {
    const hidden = act(dense(`ffn.${n}.intermediate.dense`, inner));
    inner = scaled(`ffn.${n}.output`, tf.add(dense(`ffn.${n}.output.dense`, hidden), inner));
  }
  const output = drop(dense('output.dense', act(dense('intermediate.dense', inner))));
  const narrowed = scaled('output', tf.add(output, inner), defaultEpsilon);
  if (!use_bottleneck) return narrowed;
  const wide = dropout(dense('output.bottleneck.dense', narrowed), config.hidden_dropout_prob, pass);
  return scaled('output.bottleneck', tf.add(wide, x));
}

/** Of torch.nn.LayerNorm, where transformers does not pass layer_norm_eps on. */
const defaultEpsilon = 1e-5;

/** NoNorm, x * weight + bias, or layer normalisation. */
function normalise(config: MobilebertConfig, params: Params, name: string, x: tf.Tensor, epsilon: number): tf.Tensor {
  if (config.normalization_type === 'layer_norm') return norm(params, name, x, epsilon);
  return tf.add(tf.mul(x, param(params, `${name}.weight`)), param(params, `${name}.bias`));
}
