// BERT (Devlin et al. 2018, https://arxiv.org/abs/1810.04805): the encoder, as a pure function of weights and token ids.
//
//   const { lastHiddenState } = bert(config, params, { inputIds, attentionMask, tokenTypeIds }, {}, 'bert.');
//
// Weight names are those of the checkpoint; `prefix` is what stands before `embeddings.` ("" for a bare encoder, "bert."
// inside a classifier).
import { z } from 'zod';
import { tf } from '../engine/index.js';
import { type EncoderInputs, embedTokens } from '../nn/embeddings.js';
import { linear } from '../nn/linear.js';
import { norm } from '../nn/norm.js';
import { dropout, type Params, type Pass, param } from '../nn/pass.js';
import { firstToken } from '../nn/pooling.js';
import { addLayerWeights, bertFields, bertLayers, unevenHeads } from './bert-layers.js';
import type { Encoder, EncoderOutputs } from './encoder.js';
import { layerOf, Shapes } from './weight-names.js';

/** The part of config.json that shapes the encoder. */
export const bertConfig = z
  .looseObject({
    ...bertFields,
    model_type: z.literal('bert'),
    pad_token_id: z.int().nonnegative().nullable().default(0),
  })
  .refine(({ hidden_size: size, num_attention_heads: heads }) => size % heads === 0, unevenHeads);
export type BertConfig = z.infer<typeof bertConfig>;

/** Names and shapes of all weights of the encoder, in the order of the PyTorch module. */
export function bertWeights(config: BertConfig, prefix = ''): Map<string, number[]> {
  const { hidden_size: h } = config;
  const at = `${prefix}embeddings`;
  const shapes = new Shapes()
    .set(`${at}.word_embeddings.weight`, [config.vocab_size, h])
    .set(`${at}.position_embeddings.weight`, [config.max_position_embeddings, h])
    .set(`${at}.token_type_embeddings.weight`, [config.type_vocab_size, h])
    .norm(`${at}.LayerNorm`, h);
  addLayerWeights(shapes, config, `${prefix}encoder`);
  return shapes.linear(`${prefix}pooler.dense`, h, h);
}

/** The encoder without its pooler. Throws a RangeError where the text is longer than the position embeddings reach. */
export function bert(
  config: BertConfig,
  params: Params,
  inputs: EncoderInputs,
  pass: Pass,
  prefix = '',
): EncoderOutputs {
  const embedded = embed(config, params, inputs, pass, `${prefix}embeddings`);
  return bertLayers(config, params, embedded, pass, `${prefix}encoder`);
}

function embed(config: BertConfig, params: Params, inputs: EncoderInputs, pass: Pass, at: string) {
  const { hidden_size: h, max_position_embeddings: maxLength, pad_token_id: padId } = config;
  const table = { name: `${at}.word_embeddings.weight`, maxLength, padId };
  const embedded = embedTokens(params, table, inputs, pass);
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

/** tanh(W h + b) of the first token ([CLS]): [batch, hidden]. */
export const pool = (params: Params, outputs: EncoderOutputs, pass: Pass, prefix = ''): tf.Tensor =>
  tf.tanh(linear(params, `${prefix}pooler.dense`, firstToken(outputs), pass));

/** BERT as the tasks see it, with the head of BertForSequenceClassification. */
export function bertEncoder(json: unknown): Encoder {
  const config = bertConfig.parse(json);
  const prefix = 'bert.';
  const wordEmbeddings = `${prefix}embeddings.word_embeddings.weight`;
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
    start: (name) => (name === wordEmbeddings ? { zeroRow: config.pad_token_id } : undefined),
    readsTokenTypes: true,
    wordEmbeddings,
    weights: bertWeights(config, prefix),
    notEncoder: /^cls\.|embeddings\.position_ids$/,
    mayLack: /^bert\.pooler\./,
    loraTargets: ['query', 'value'],
    head: {
      pythonClass: 'BertForSequenceClassification',
      output: 'classifier',
      weights: (labels) => new Shapes().linear('classifier', labels, hiddenSize),
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
    layerOf,
    encode: (params, inputs, pass) => bert(config, params, inputs, pass, prefix),
    withLayers: (count) => bertEncoder({ ...config, num_hidden_layers: count }),
    withVocabulary: (size, padId = config.pad_token_id) =>
      bertEncoder({ ...config, vocab_size: size, pad_token_id: padId }),
  };
}
