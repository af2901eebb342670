// BERT against transformers.BertForSequenceClassification and BertModel.
import { describe, expect, it } from 'vitest';
import { compile, hostTensor, type tf } from '../../src/engine/index.js';
import { bert, bertConfig, bertWeights, pool } from '../../src/models/bert.js';
import type { EncoderInputs } from '../../src/models/encoder.js';
import type { Params } from '../../src/nn/pass.js';
import { fixtureJson, largestError, references } from '../references.js';
import { describeEncoder, describeRefused, loadEncoder, loadWeights } from './against-transformers.js';

describeEncoder('tiny-bert', { zeroGradients: /key\.bias$/ });

describeRefused('tiny-bert', [
  ['hidden_act', 'mish'],
  ['num_hidden_layers', 1.5],
  ['hidden_dropout_prob', 1],
  ['vocab_size', undefined],
  ['num_attention_heads', 5],
  ['position_embedding_type', 'relative_key'],
  ['is_decoder', true],
  ['add_cross_attention', true],
]);

describe('bert', async () => {
  const expected = await references('tiny-bert/expected.safetensors');
  const inputs = {
    inputIds: expected.get('input_ids'),
    attentionMask: expected.get('attention_mask'),
    tokenTypeIds: expected.get('token_type_ids'),
  };
  /** Hidden states and pooled output of weights whose names have this prefix. */
  const encoder = (prefix: string) => {
    const config = bertConfig.parse(fixtureJson('tiny-bert/config.json'));
    return compile(({ params, inputs: ids }: { params: Params; inputs: EncoderInputs }) => {
      const outputs = bert(config, params, ids, {}, prefix);
      return { hiddenStates: [...outputs.hiddenStates] as tf.Tensor[], pooled: pool(params, outputs, {}, prefix) };
    });
  };

  it.each([
    ['tiny-bert', 'bert.'],
    ['tiny-bert-base', ''],
  ])(
    'reads %s, whose names start with "%s": the same hidden states and pooled output to 1e-5',
    async (folder, prefix) => {
      const forward = encoder(prefix);
      const { hiddenStates, pooled } = await forward({ params: await loadWeights(folder), inputs });
      await forward.dispose();
      hiddenStates.forEach((state, n) => {
        expect(largestError(state, expected.get(`hidden_states.${n}`))).toBeLessThan(1e-5);
      });
      expect(largestError(pooled, expected.get('pooler_output'))).toBeLessThan(1e-5);
    },
  );

  it('has names without prefix where it is saved bare', async () => {
    const config = bertConfig.parse(fixtureJson('tiny-bert-base/config.json'));
    expect(Object.keys(await loadWeights('tiny-bert-base')).sort()).toEqual([...bertWeights(config).keys()].sort());
  });

  it('refuses a text longer than the position embeddings reach', async () => {
    const ids = hostTensor(new Int32Array(65), [1, 65]);
    const long = { inputIds: ids, attentionMask: ids, tokenTypeIds: ids };
    await expect(encoder('bert.')({ params: await loadWeights('tiny-bert'), inputs: long })).rejects.toThrow(
      'The text has 65 tokens, but this model reads 64 at most: truncate it.',
    );
  });

  it('refuses to do without a weight, by its name', async () => {
    const { 'bert.encoder.layer.1.output.dense.bias': _, ...rest } = await loadWeights('tiny-bert');
    await expect(encoder('bert.')({ params: rest, inputs })).rejects.toThrow(
      'There is no weight "bert.encoder.layer.1.output.dense.bias" among the 40 given.',
    );
  });

  it('follows fields of config.json that older and newer files have besides', async () => {
    const { encoder: plain } = await loadEncoder('tiny-bert');
    const config = { ...plain.config, gradient_checkpointing: false, classifier_dropout: 0.2, use_cache: true };
    expect(bertConfig.parse(config)).toMatchObject(config);
  });
});
