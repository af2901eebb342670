// RoBERTa (Liu et al. 2019, https://arxiv.org/abs/1907.11692) and XLM-RoBERTa (Conneau et al. 2019, https://arxiv.org/abs/1911.02116):
// BERT's layers, with positions counted from the padding token's id and a head of its own in place of a pooler.
//
//   const encoder = robertaEncoder(config);                        // config.json of roberta-base or xlm-roberta-base
//   const { lastHiddenState } = encoder.encode(params, inputs, {});
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { type EncoderInputs, embedTokens, lookUp } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';
import { firstToken } from '../nn/pooling.js';
import { addLayerWeights, bertFields, bertLayers, unevenHeads } from './bert-layers.js';
import type { Encoder } from './encoder.js';
import { layerOf, Shapes } from './weight-names.js';

/** The part of config.json that shapes the model. */
const robertaConfig = z
  .looseObject({
    ...bertFields,
    model_type: z.enum(['roberta', 'xlm-roberta']),
    pad_token_id: z.int().nonnegative().default(1),
  })
  .refine(({ hidden_size: size, num_attention_heads: heads }) => size % heads === 0, unevenHeads);
type RobertaConfig = z.infer<typeof robertaConfig>;

const prefix = 'roberta.';

export function robertaEncoder(json: unknown): Encoder {
  const config = robertaConfig.parse(json);
  const { hidden_size: hiddenSize, hidden_dropout_prob, classifier_dropout } = config;
  const xlm = config.model_type === 'xlm-roberta';
  return {
    modelType: config.model_type,
    config,
    prefix,
    hiddenSize,
    layers: config.num_hidden_layers,
    maxLength: longest(config),
    vocabularySize: config.vocab_size,
    initializerRange: config.initializer_range,
    start: (name) => (/(word|position)_embeddings\.weight$/.test(name) ? { zeroRow: config.pad_token_id } : undefined),
    readsTokenTypes: config.type_vocab_size > 1,
    wordEmbeddings: `${prefix}embeddings.word_embeddings.weight`,
    weights: weightsOf(config),
    // The pooler that encoders without a head are saved with is read by nothing.
    notEncoder: /^lm_head\.|^(roberta\.)?pooler\.|embeddings\.(position|token_type)_ids$/,
    loraTargets: ['query', 'value'],
    head: {
      pythonClass: xlm ? 'XLMRobertaForSequenceClassification' : 'RobertaForSequenceClassification',
      output: 'classifier.out_proj',
      weights: (labels) =>
        new Shapes()
          .linear('classifier.dense', hiddenSize, hiddenSize)
          .linear('classifier.out_proj', labels, hiddenSize),
      isHead: (name) => name.startsWith('classifier.'),
      logits(params, outputs, pass) {
        const rate = classifier_dropout ?? hidden_dropout_prob;
        const first = dropout(firstToken(outputs), rate, pass);
        const hidden = dropout(tf.tanh(linear(params, 'classifier.dense', first, pass)), rate, pass);
        return linear(params, 'classifier.out_proj', hidden, pass);
      },
    },
    layerOf,
    encode(params, inputs, pass) {
      const embedded = embed(config, params, inputs, pass, `${prefix}embeddings`);
      return bertLayers(config, params, embedded, pass, `${prefix}encoder`);
    },
    withLayers: (count) => robertaEncoder({ ...config, num_hidden_layers: count }),
    withVocabulary(size, padId = config.pad_token_id) {
      if (padId !== config.pad_token_id)
        throw new RangeError(
          `A ${config.model_type} counts positions from the padding token's id, ${config.pad_token_id}: in a new vocabulary it must keep that id; got ${padId}.`,
        );
      return robertaEncoder({ ...config, vocab_size: size });
    },
  };
}

/** The first position is the one after the padding token's id: so many rows fewer are left for tokens. */
const longest = (config: RobertaConfig): number => config.max_position_embeddings - config.pad_token_id - 1;

function weightsOf(config: RobertaConfig): Shapes {
  const { hidden_size: h } = config;
  const at = `${prefix}embeddings`;
  const shapes = new Shapes()
    .set(`${at}.word_embeddings.weight`, [config.vocab_size, h])
    .set(`${at}.position_embeddings.weight`, [config.max_position_embeddings, h])
    .set(`${at}.token_type_embeddings.weight`, [config.type_vocab_size, h])
    .norm(`${at}.LayerNorm`, h);
  addLayerWeights(shapes, config, `${prefix}encoder`);
  return shapes;
}

function embed(config: RobertaConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string) {
  const { hidden_size: h, pad_token_id: padId } = config;
  const table = { name: `${at}.word_embeddings.weight`, maxLength: longest(config), padId };
  const embedded = embedTokens(params, table, inputs, pass);
  const { words, batch, length } = embedded;
  const placed = tf.add(words, positions(config, params, inputs, pass, at));
  const sum = tf.add(tf.reshape(placed, [batch * length, h]), types(config, params, embedded, at));
  const x = dropout(norm(params, `${at}.LayerNorm`, sum, config.layer_norm_eps), config.hidden_dropout_prob, pass);
  return { ...embedded, x };
}

/** Position vectors, [batch, length, hidden]; [length, hidden] with a prompt. */
function positions(config: RobertaConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string): tf.Tensor {
  const { hidden_size: h, pad_token_id: padId } = config;
  const table = param(params, `${at}.position_embeddings.weight`);
  const [batch, length] = inputs.inputIds.shape as [number, number];
  // Behind a prompt transformers sees vectors and no ids, and counts every place.
  if (pass.prompt) return tf.slice(table, [padId + 1, 0], [length + (pass.prompt.shape[0] as number), h]);
  // Otherwise tokens are counted, and padding, also where a text spells it out, stays at the row of its id.
  const isToken = tf.cast(tf.notEqual(inputs.inputIds, tf.scalar(padId, 'int32')), 'int32');
  const places = tf.add(tf.mul(tf.cumsum(isToken, 1), isToken), tf.scalar(padId, 'int32'));
  return tf.reshape(lookUp(table, tf.reshape(places, [batch * length]), padId), [batch, length, h]);
}

/** Token type vectors, [batch * length, hidden]; [1, hidden] where there is but one. */
function types(
  config: RobertaConfig,
  params: Params,
  { tokenTypeIds, batch, length }: { tokenTypeIds: tf.Tensor; batch: number; length: number },
  at: string,
): tf.Tensor {
  const table = param(params, `${at}.token_type_embeddings.weight`);
  return config.type_vocab_size === 1 ? table : tf.gather(table, tf.reshape(tokenTypeIds, [batch * length]));
}
