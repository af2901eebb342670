// The table of architectures, with config.json as well-known checkpoints of each have it.
import { expect, it } from 'vitest';
import { encoderOf } from '../../src/models/architectures.js';

const bert = {
  attention_probs_dropout_prob: 0.1,
  hidden_act: 'gelu',
  hidden_dropout_prob: 0.1,
  hidden_size: 768,
  initializer_range: 0.02,
  intermediate_size: 3072,
  layer_norm_eps: 1e-12,
  max_position_embeddings: 512,
  num_attention_heads: 12,
  num_hidden_layers: 12,
  pad_token_id: 0,
  position_embedding_type: 'absolute',
  type_vocab_size: 2,
  vocab_size: 30522,
  gradient_checkpointing: false,
  use_cache: true,
};
const roberta = { ...bert, layer_norm_eps: 1e-5, max_position_embeddings: 514, pad_token_id: 1, type_vocab_size: 1 };

// Counts with a head for two labels, by transformers 5.23.
it.each([
  ['bert-base-uncased', 109_483_778, { ...bert, model_type: 'bert', architectures: ['BertForMaskedLM'] }],
  ['roberta-base', 124_647_170, { ...roberta, model_type: 'roberta', bos_token_id: 0, vocab_size: 50265 }],
  ['xlm-roberta-base', 278_045_186, { ...roberta, model_type: 'xlm-roberta', output_past: true, vocab_size: 250002 }],
  [
    'distilbert-base-uncased',
    66_955_010,
    {
      model_type: 'distilbert',
      activation: 'gelu',
      attention_dropout: 0.1,
      dim: 768,
      dropout: 0.1,
      hidden_dim: 3072,
      initializer_range: 0.02,
      max_position_embeddings: 512,
      n_heads: 12,
      n_layers: 6,
      pad_token_id: 0,
      qa_dropout: 0.1,
      seq_classif_dropout: 0.2,
      sinusoidal_pos_embds: false,
      tie_weights_: true,
      vocab_size: 30522,
    },
  ],
  [
    'google/mobilebert-uncased',
    24_582_914,
    {
      model_type: 'mobilebert',
      classifier_activation: false,
      embedding_size: 128,
      hidden_act: 'relu',
      hidden_size: 512,
      intermediate_size: 512,
      intra_bottleneck_size: 128,
      key_query_shared_bottleneck: true,
      normalization_type: 'no_norm',
      num_attention_heads: 4,
      num_feedforward_networks: 4,
      num_hidden_layers: 24,
      trigram_input: true,
      true_hidden_size: 128,
      use_bottleneck: true,
      use_bottleneck_attention: false,
      vocab_size: 30522,
    },
  ],
  [
    'answerdotai/ModernBERT-base',
    149_606_402,
    {
      model_type: 'modernbert',
      classifier_pooling: 'mean',
      global_attn_every_n_layers: 3,
      global_rope_theta: 160000,
      hidden_activation: 'gelu',
      hidden_size: 768,
      intermediate_size: 1152,
      layer_norm_eps: 1e-5,
      local_attention: 128,
      local_rope_theta: 10000,
      max_position_embeddings: 8192,
      num_attention_heads: 12,
      num_hidden_layers: 22,
      pad_token_id: 50283,
      position_embedding_type: 'absolute',
      vocab_size: 50368,
    },
  ],
])('%s has its %i parameters', (name, count, config) => {
  const encoder = encoderOf(config, name);
  const shapes = [...encoder.weights.values(), ...encoder.head.weights(2).values()];
  expect(shapes.reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0)).toBe(count);
  expect(encoder.config).toMatchObject(config);
});

it.each(['mamba', 'constructor', 'Bert'])('an architecture we lack is refused, with those we have: %s', (name) => {
  expect(() => encoderOf({ model_type: name }, 'org/model')).toThrow(
    `org/model has model_type "${name}", an architecture we do not have. We have: bert, distilbert, mobilebert, modernbert, roberta, xlm-roberta.`,
  );
});

it('names every field of config.json it cannot follow', () => {
  expect(() => encoderOf({ ...bert, model_type: 'bert', hidden_act: 'mish', is_decoder: true }, 'org/model')).toThrow(
    /org\/model has a config.json that we cannot follow: hidden_act: .*; is_decoder: /,
  );
});
