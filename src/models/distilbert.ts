// DistilBERT (Sanh et al. 2019, https://arxiv.org/abs/1910.01108): BERT's layers, half as many, without token types or pooler.
//
//   const encoder = distilbertEncoder(config);                     // config.json of distilbert-base-uncased
//   const { lastHiddenState } = encoder.encode(params, inputs, {});
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { activationNames, activations } from '../nn/activations.js';
import { attention, paddingMask } from '../nn/attention.js';
import { type EncoderInputs, embedTokens } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';
import { firstToken } from '../nn/pooling.js';
import type { Encoder, EncoderOutputs } from './encoder.js';
import { layerOf, Shapes } from './weight-names.js';

const rate = z.number().min(0).lt(1);

/** The part of config.json that shapes the model, with Hugging Face's names and defaults. */
const distilbertConfig = z
  .looseObject({
    model_type: z.literal('distilbert'),
    vocab_size: z.int().positive().default(30522),
    max_position_embeddings: z.int().positive().default(512),
    // Says how fresh position embeddings start; a checkpoint holds them either way.
    sinusoidal_pos_embds: z.boolean().default(false),
    n_layers: z.int().nonnegative().default(6),
    n_heads: z.int().positive().default(12),
    dim: z.int().positive().default(768),
    hidden_dim: z.int().positive().default(3072),
    dropout: rate.default(0.1),
    attention_dropout: rate.default(0.1),
    seq_classif_dropout: rate.default(0.2),
    activation: z.enum(activationNames).default('gelu'),
    initializer_range: z.number().positive().default(0.02),
    pad_token_id: z.int().nonnegative().nullable().default(0),
  })
  .refine(({ dim, n_heads: heads }) => dim % heads === 0, { path: ['n_heads'], message: 'must divide dim' });
type DistilbertConfig = z.infer<typeof distilbertConfig>;

const prefix = 'distilbert.';
const wordEmbeddings = `${prefix}embeddings.word_embeddings.weight`;
const positionEmbeddings = `${prefix}embeddings.position_embeddings.weight`;
const epsilon = 1e-12;

export function distilbertEncoder(json: unknown): Encoder {
  const config = distilbertConfig.parse(json);
  return {
    modelType: 'distilbert',
    config,
    prefix,
    hiddenSize: config.dim,
    layers: config.n_layers,
    maxLength: config.max_position_embeddings,
    vocabularySize: config.vocab_size,
    initializerRange: config.initializer_range,
    start(name) {
      if (name === wordEmbeddings) return { zeroRow: config.pad_token_id };
      if (name !== positionEmbeddings || !config.sinusoidal_pos_embds) return undefined;
      return { values: sinusoids(config.max_position_embeddings, config.dim) };
    },
    readsTokenTypes: false,
    wordEmbeddings,
    weights: weightsOf(config),
    notEncoder: /^vocab_(transform|layer_norm|projector)\.|embeddings\.position_ids$/,
    loraTargets: ['q_lin', 'v_lin'],
    head: {
      pythonClass: 'DistilBertForSequenceClassification',
      output: 'classifier',
      weights: (labels) =>
        new Shapes().linear('pre_classifier', config.dim, config.dim).linear('classifier', labels, config.dim),
      isHead: (name) => /^(pre_)?classifier\./.test(name),
      logits(params, outputs, pass) {
        const hidden = tf.relu(linear(params, 'pre_classifier', firstToken(outputs), pass));
        return linear(params, 'classifier', dropout(hidden, config.seq_classif_dropout, pass), pass);
      },
    },
    layerOf,
    encode: (params, inputs, pass) => distilbert(config, params, inputs, pass),
    withLayers: (count) => distilbertEncoder({ ...config, n_layers: count }),
    withVocabulary: (size, padId = config.pad_token_id) =>
      distilbertEncoder({ ...config, vocab_size: size, pad_token_id: padId }),
  };
}

/** Sines and cosines in turn, as in "Attention Is All You Need": [positions, size], row after row. */
function sinusoids(positions: number, size: number): Float32Array {
  return Float32Array.from({ length: positions * size }, (_, at) => {
    const [position, j] = [Math.floor(at / size), at % size];
    const angle = position / 10_000 ** ((2 * Math.floor(j / 2)) / size);
    return j % 2 === 0 ? Math.sin(angle) : Math.cos(angle);
  });
}

function weightsOf(config: DistilbertConfig): Shapes {
  const { dim } = config;
  const shapes = new Shapes()
    .set(wordEmbeddings, [config.vocab_size, dim])
    .set(positionEmbeddings, [config.max_position_embeddings, dim])
    .norm(`${prefix}embeddings.LayerNorm`, dim);
  for (let n = 0; n < config.n_layers; n++) {
    const at = `${prefix}transformer.layer.${n}`;
    for (const part of ['q_lin', 'k_lin', 'v_lin', 'out_lin']) shapes.linear(`${at}.attention.${part}`, dim, dim);
    shapes.norm(`${at}.sa_layer_norm`, dim);
    shapes.linear(`${at}.ffn.lin1`, config.hidden_dim, dim).linear(`${at}.ffn.lin2`, dim, config.hidden_dim);
    shapes.norm(`${at}.output_layer_norm`, dim);
  }
  return shapes;
}

function distilbert(config: DistilbertConfig, params: Params, inputs: EncoderInputs, pass: Pass): EncoderOutputs {
  const { dim, max_position_embeddings: maxLength, pad_token_id: padId } = config;
  const table = { name: wordEmbeddings, maxLength, padId };
  const { words, attentionMask, batch, length } = embedTokens(params, table, inputs, pass);
  const positions = tf.slice(param(params, positionEmbeddings), [0, 0], [length, dim]);
  const sum = tf.reshape(tf.add(words, positions), [batch * length, dim]);
  const x = dropout(norm(params, `${prefix}embeddings.LayerNorm`, sum, epsilon), config.dropout, pass);
  const mask = paddingMask(attentionMask);
  const hiddenStates = [x];
  for (let n = 0; n < config.n_layers; n++) {
    const last = hiddenStates.at(-1) as tf.Tensor;
    hiddenStates.push(layer(config, params, last, mask, { batch, length }, pass, `${prefix}transformer.layer.${n}`));
  }
  return { hiddenStates, lastHiddenState: hiddenStates.at(-1) as tf.Tensor, attentionMask, batch, length };
}

function layer(
  config: DistilbertConfig,
  params: Params,
  x: tf.Tensor,
  mask: tf.Tensor,
  size: { batch: number; length: number },
  pass: Pass,
  at: string,
): tf.Tensor {
  const project = (part: string, input: tf.Tensor) => linear(params, `${at}.attention.${part}`, input, pass);
  const qkv = { q: project('q_lin', x), k: project('k_lin', x), v: project('v_lin', x) };
  const context = attention(qkv, mask, { ...size, heads: config.n_heads }, config.attention_dropout, pass);
  // Unlike BERT's, what attention gives is not dropped out before it is added.
  const attended = norm(params, `${at}.sa_layer_norm`, tf.add(project('out_lin', context), x), epsilon);
  const inner = activations[config.activation](linear(params, `${at}.ffn.lin1`, attended, pass));
  const output = dropout(linear(params, `${at}.ffn.lin2`, inner, pass), config.dropout, pass);
  return norm(params, `${at}.output_layer_norm`, tf.add(output, attended), epsilon);
}
