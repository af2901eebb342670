// DistilBERT against transformers.DistilBertForSequenceClassification.
import { expect, it } from 'vitest';
import { describeEncoder, describeRefused, loadEncoder } from './against-transformers.js';

describeEncoder('tiny-distilbert', { zeroGradients: /k_lin\.bias$/ });

describeRefused('tiny-distilbert', [
  ['activation', 'mish'],
  ['n_heads', 5],
  ['dropout', 1],
  ['dim', 1.5],
]);

it('may give the padding token another id in a new vocabulary', async () => {
  const { encoder } = await loadEncoder('tiny-distilbert');
  expect(encoder.withVocabulary(99, 7).config).toEqual({ ...encoder.config, vocab_size: 99, pad_token_id: 7 });
});
