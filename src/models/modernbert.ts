// ModernBERT (Warner et al. 2024, https://arxiv.org/abs/2412.13663): normalises before each part and not after, turns queries and keys
// by their positions (RoPE), gates its feed-forward networks (GeGLU), and in most layers looks only at near tokens.
//
//   const encoder = modernbertEncoder(config);                     // config.json of answerdotai/ModernBERT-base
//   const { lastHiddenState } = encoder.encode(params, inputs, {});
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { activationNames, activations } from '../nn/activations.js';
import { attention, paddingMask, windowMask } from '../nn/attention.js';
import { type EncoderInputs, embedTokens } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass } from '../nn/pass.js';
import { firstToken, meanPool } from '../nn/pooling.js';
import { type Angles, angles, positionsUpTo, rotate } from '../nn/rotary.js';
import type { Encoder, EncoderOutputs } from './encoder.js';
import { layerOf, Shapes } from './weight-names.js';

const kinds = ['full_attention', 'sliding_attention'] as const;
type Kind = (typeof kinds)[number];
const rate = z.number().min(0).lt(1).default(0);
const rope = z.looseObject({
  rope_type: z.literal('default').optional(),
  rope_theta: z.number().positive().optional(),
});

/** The part of config.json that shapes the model, with Hugging Face's names and defaults; older files spell some of it otherwise. */
const modernbertConfig = z
  .looseObject({
    model_type: z.literal('modernbert'),
    vocab_size: z.int().positive().default(50368),
    hidden_size: z.int().positive().default(768),
    intermediate_size: z.int().positive().default(1152),
    num_hidden_layers: z.int().nonnegative().default(22),
    num_attention_heads: z.int().positive().default(12),
    hidden_activation: z.enum(activationNames).default('gelu'),
    max_position_embeddings: z.int().positive().default(8192),
    initializer_range: z.number().positive().default(0.02),
    initializer_cutoff_factor: z.number().positive().default(2),
    norm_eps: z.number().positive().default(1e-5),
    norm_bias: z.boolean().default(false),
    pad_token_id: z.int().nonnegative().nullable().default(50283),
    attention_bias: z.boolean().default(false),
    attention_dropout: rate,
    embedding_dropout: rate,
    mlp_bias: z.boolean().default(false),
    mlp_dropout: rate,
    local_attention: z.int().positive().default(128),
    classifier_pooling: z.enum(['cls', 'mean']).default('cls'),
    classifier_dropout: rate,
    classifier_bias: z.boolean().default(false),
    classifier_activation: z.enum(activationNames).default('gelu'),
    // Which layers look at everything, and how fast positions turn: in newer files ...
    layer_types: z.array(z.enum(kinds)).nullish(),
    rope_parameters: z.looseObject({ full_attention: rope.nullish(), sliding_attention: rope.nullish() }).nullish(),
    // ... and in older ones.
    global_attn_every_n_layers: z.int().positive().default(3),
    global_rope_theta: z.number().positive().default(160_000),
    local_rope_theta: z.number().positive().default(10_000),
    // What we would read wrongly if it were anything else.
    rope_scaling: z.null().optional(),
    head_dim: z.null().optional(),
  })
  .refine(({ hidden_size: size, num_attention_heads: heads }) => size % (2 * heads) === 0, {
    path: ['num_attention_heads'],
    message: 'must divide hidden_size into heads of even size',
  })
  .refine(({ layer_types: types, num_hidden_layers: layers }) => !types || types.length === layers, {
    path: ['layer_types'],
    message: 'must have one entry for each of num_hidden_layers',
  });
type ModernbertConfig = z.infer<typeof modernbertConfig>;

const prefix = 'model.';

const kindOf = (config: ModernbertConfig, layer: number): Kind =>
  config.layer_types?.[layer] ??
  (layer % config.global_attn_every_n_layers === 0 ? 'full_attention' : 'sliding_attention');

const thetaOf = (config: ModernbertConfig, kind: Kind): number =>
  config.rope_parameters?.[kind]?.rope_theta ??
  (kind === 'full_attention' ? config.global_rope_theta : config.local_rope_theta);

export function modernbertEncoder(json: unknown): Encoder {
  const config = modernbertConfig.parse(json);
  const { hidden_size: hiddenSize, num_hidden_layers: layers, norm_bias, classifier_bias, norm_eps } = config;
  return {
    modelType: 'modernbert',
    config,
    prefix,
    hiddenSize,
    layers,
    maxLength: config.max_position_embeddings,
    vocabularySize: config.vocab_size,
    initializerRange: config.initializer_range,
    start: (name) => ({ deviation: deviationOf(config, name), cutoff: config.initializer_cutoff_factor }),
    readsTokenTypes: false,
    wordEmbeddings: `${prefix}embeddings.tok_embeddings.weight`,
    weights: weightsOf(config),
    notEncoder: /^decoder\.|^head\./,
    // peft has no default for this family; queries, keys and values are one layer here.
    loraTargets: ['Wqkv'],
    head: {
      pythonClass: 'ModernBertForSequenceClassification',
      output: 'classifier',
      weights: (labels) =>
        new Shapes()
          .linear('head.dense', hiddenSize, hiddenSize, classifier_bias)
          .norm('head.norm', hiddenSize, norm_bias)
          .linear('classifier', labels, hiddenSize),
      // What pretraining predicted words with; transformers takes it over too.
      pretrained: /^head\./,
      isHead: (name) => /^(head|classifier)\./.test(name),
      logits(params, outputs, pass) {
        const pooled =
          config.classifier_pooling === 'cls'
            ? firstToken(outputs)
            : meanPool(outputs.lastHiddenState, outputs.attentionMask);
        const dense = linear(params, 'head.dense', pooled, pass, classifier_bias);
        const head = norm(params, 'head.norm', activations[config.classifier_activation](dense), norm_eps, norm_bias);
        return linear(params, 'classifier', dropout(head, config.classifier_dropout, pass), pass);
      },
    },
    layerOf,
    encode: (params, inputs, pass) => modernbert(config, params, inputs, pass),
    withLayers: (count) =>
      modernbertEncoder({
        ...config,
        num_hidden_layers: count,
        ...(config.layer_types ? { layer_types: config.layer_types.slice(0, count) } : {}),
      }),
    withVocabulary: (size, padId = config.pad_token_id) =>
      modernbertEncoder({ ...config, vocab_size: size, pad_token_id: padId }),
  };
}

function weightsOf(config: ModernbertConfig): Shapes {
  const { hidden_size: h, intermediate_size: i, attention_bias, mlp_bias, norm_bias } = config;
  const shapes = new Shapes()
    .set(`${prefix}embeddings.tok_embeddings.weight`, [config.vocab_size, h])
    .norm(`${prefix}embeddings.norm`, h, norm_bias);
  for (let n = 0; n < config.num_hidden_layers; n++) {
    const at = `${prefix}layers.${n}`;
    if (n > 0) shapes.norm(`${at}.attn_norm`, h, norm_bias);
    shapes.linear(`${at}.attn.Wqkv`, 3 * h, h, attention_bias).linear(`${at}.attn.Wo`, h, h, attention_bias);
    shapes.norm(`${at}.mlp_norm`, h, norm_bias);
    shapes.linear(`${at}.mlp.Wi`, 2 * i, h, mlp_bias).linear(`${at}.mlp.Wo`, h, i, mlp_bias);
  }
  return shapes.norm(`${prefix}final_norm`, h, norm_bias);
}

/** Layers that add to the hidden state start smaller the more of them there are. */
function deviationOf(config: ModernbertConfig, name: string): number {
  if (name === 'classifier.weight') return config.hidden_size ** -0.5;
  const adds = name.endsWith('.Wo.weight') || name === 'head.dense.weight';
  return adds ? config.initializer_range / Math.sqrt(2 * config.num_hidden_layers) : config.initializer_range;
}

/** What all layers of one kind share: which tokens may be looked at, and by how much positions turn. */
interface Shared {
  readonly mask: tf.Tensor;
  readonly angles: Angles;
  readonly batch: number;
  readonly length: number;
}

function modernbert(config: ModernbertConfig, params: Params, inputs: EncoderInputs, pass: Pass): EncoderOutputs {
  const { hidden_size: h, max_position_embeddings: maxLength, pad_token_id: padId, norm_eps, norm_bias } = config;
  const table = { name: `${prefix}embeddings.tok_embeddings.weight`, maxLength, padId };
  const { words, attentionMask, batch, length } = embedTokens(params, table, inputs, pass);
  const rows = tf.reshape(words, [batch * length, h]);
  const x = dropout(
    norm(params, `${prefix}embeddings.norm`, rows, norm_eps, norm_bias),
    config.embedding_dropout,
    pass,
  );

  const positions = positionsUpTo(length, maxLength);
  const padding = paddingMask(attentionMask);
  const shared = (kind: Kind): Shared => {
    const size = h / config.num_attention_heads;
    const mask = kind === 'full_attention' ? padding : windowMask(padding, positions, config.local_attention >> 1);
    return { mask, angles: angles(positions, size, thetaOf(config, kind)), batch, length };
  };
  const byKind = { full_attention: shared('full_attention'), sliding_attention: shared('sliding_attention') };

  const hiddenStates = [x];
  let last = x;
  for (let n = 0; n < config.num_hidden_layers; n++) {
    last = layer(config, params, last, byKind[kindOf(config, n)], pass, n);
    hiddenStates.push(last);
  }
  const lastHiddenState = norm(params, `${prefix}final_norm`, last, norm_eps, norm_bias);
  // As transformers lists them: the last is normalised.
  return {
    hiddenStates: [...hiddenStates.slice(0, -1), lastHiddenState],
    lastHiddenState,
    attentionMask,
    batch,
    length,
  };
}

function layer(
  config: ModernbertConfig,
  params: Params,
  x: tf.Tensor,
  shared: Shared,
  pass: Pass,
  n: number,
): tf.Tensor {
  const { norm_eps, norm_bias } = config;
  const at = `${prefix}layers.${n}`;
  // The embeddings are normalised already.
  const input = n === 0 ? x : norm(params, `${at}.attn_norm`, x, norm_eps, norm_bias);
  const attended = tf.add(x, attend(config, params, input, shared, pass, `${at}.attn`));
  const normal = norm(params, `${at}.mlp_norm`, attended, norm_eps, norm_bias);
  return tf.add(attended, feedForward(config, params, normal, pass, `${at}.mlp`));
}

function attend(
  config: ModernbertConfig,
  params: Params,
  x: tf.Tensor,
  shared: Shared,
  pass: Pass,
  at: string,
): tf.Tensor {
  const { attention_bias: bias, attention_dropout, num_attention_heads: heads } = config;
  const [q, k, v] = tf.split(linear(params, `${at}.Wqkv`, x, pass, bias), 3, 1) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const shape = { batch: shared.batch, length: shared.length, heads };
  const turned = { q: rotate(q, shared.angles, shape), k: rotate(k, shared.angles, shape), v };
  const context = attention(turned, shared.mask, shape, attention_dropout, pass);
  return dropout(linear(params, `${at}.Wo`, context, pass, bias), attention_dropout, pass);
}

/** GeGLU (Shazeer 2020, https://arxiv.org/abs/2002.05202): one half of the inner layer, activated, times the other. */
function feedForward(config: ModernbertConfig, params: Params, x: tf.Tensor, pass: Pass, at: string): tf.Tensor {
  const { mlp_bias: bias, hidden_activation, mlp_dropout } = config;
  const [inner, gate] = tf.split(linear(params, `${at}.Wi`, x, pass, bias), 2, 1) as [tf.Tensor, tf.Tensor];
  const gated = dropout(tf.mul(activations[hidden_activation](inner), gate), mlp_dropout, pass);
  return linear(params, `${at}.Wo`, gated, pass, bias);
}
