// RoBERTa and XLM-RoBERTa against transformers' classes of those names with ForSequenceClassification.
import { expect, it } from 'vitest';
import { describeEncoder, describeRefused, loadEncoder } from './against-transformers.js';

const expectations = { zeroGradients: /key\.bias$/, leftOut: ['pooler.dense.weight', 'pooler.dense.bias'] };

describeEncoder('tiny-roberta', expectations);
describeEncoder('tiny-xlm-roberta', expectations);

describeRefused('tiny-roberta', [
  ['hidden_act', 'mish'],
  ['num_attention_heads', 5],
  ['position_embedding_type', 'relative_key'],
  ['pad_token_id', null],
]);

it('reads as many tokens as there are positions after the padding token', async () => {
  expect((await loadEncoder('tiny-roberta')).encoder).toMatchObject({ maxLength: 64, readsTokenTypes: false });
  expect((await loadEncoder('tiny-xlm-roberta')).encoder).toMatchObject({ maxLength: 64, readsTokenTypes: true });
});

it('keeps the id of the padding token in a new vocabulary', async () => {
  const { encoder } = await loadEncoder('tiny-roberta');
  expect(encoder.withVocabulary(99, 1).vocabularySize).toBe(99);
  expect(() => encoder.withVocabulary(99, 0)).toThrow("A roberta counts positions from the padding token's id, 1");
});
