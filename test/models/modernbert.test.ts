// ModernBERT against transformers.ModernBertForSequenceClassification.
import { expect, it } from 'vitest';
import { encoderOf } from '../../src/models/architectures.js';
import { describeEncoder, describeRefused, loadEncoder } from './against-transformers.js';

// Padding far from the text has only padding in its window; PyTorch's fused attention gives it zeros, we the mean.
describeEncoder('tiny-modernbert', { onlyTokens: true });
// Biases everywhere, the mean of all tokens, other activations and thetas, config.json as newer versions write it.
describeEncoder('tiny-modernbert-other', { onlyTokens: true });

describeRefused('tiny-modernbert-other', [
  ['hidden_activation', 'mish'],
  ['num_attention_heads', 5],
  ['classifier_pooling', 'max'],
  ['layer_types', ['full_attention']],
  ['rope_scaling', { type: 'linear', factor: 2 }],
  ['rope_parameters', { full_attention: { rope_type: 'yarn', factor: 2 } }],
]);

it('keeps the kinds of its first layers where it keeps those', async () => {
  const { encoder } = await loadEncoder('tiny-modernbert-other');
  expect(encoder.withLayers(2).config.layer_types).toEqual(['full_attention', 'sliding_attention']);
});

it('may give the padding token another id in a new vocabulary', async () => {
  const { encoder } = await loadEncoder('tiny-modernbert');
  expect(encoder.withVocabulary(99, 7).config).toEqual({ ...encoder.config, vocab_size: 99, pad_token_id: 7 });
});

it('fills in what a short config.json leaves out as transformers does', () => {
  const encoder = encoderOf({ model_type: 'modernbert' }, 'ModernBERT-base');
  const count = [...encoder.weights.values()].reduce((sum, shape) => sum + shape.reduce((a, b) => a * b), 0);
  expect(encoder).toMatchObject({ layers: 22, hiddenSize: 768, maxLength: 8192 });
  expect(count).toBe(149_014_272);
});
