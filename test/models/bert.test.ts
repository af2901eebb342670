// BERT against PyTorch: test/fixtures/tiny-bert holds what transformers computes for four padded rows, dropout off.
import { describe, expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, type tf, valueAndGradients } from '../../src/engine/index.js';
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { type BertConfig, bert, bertConfig, bertWeights, pool } from '../../src/models/bert.js';
import { crossEntropy } from '../../src/nn/cross-entropy.js';
import { linear } from '../../src/nn/linear.js';
import type { Params } from '../../src/nn/pass.js';
import { fixture, fixtureJson, largestError, references, toHost } from '../references.js';

const expected = await references('tiny-bert/expected.safetensors');
const inputs = {
  inputIds: expected.get('input_ids'),
  attentionMask: expected.get('attention_mask'),
  tokenTypeIds: expected.get('token_type_ids'),
};
const labels = expected.get('labels');

async function load(folder: string): Promise<{ config: BertConfig; params: Record<string, HostTensor> }> {
  const { config, tensors } = await readCheckpoint(fixture(folder));
  const floats = [...tensors].filter(([, { dtype }]) => dtype === 'F32');
  return {
    config: bertConfig.parse(config),
    params: Object.fromEntries(floats.map(([name, tensor]) => [name, toHost(tensor)])),
  };
}

interface Inputs {
  readonly params: Params;
  readonly inputs: { inputIds: tf.Tensor; attentionMask: tf.Tensor; tokenTypeIds: tf.Tensor };
}

/** The encoder's outputs as a compiled function. */
const encoder = (config: BertConfig, prefix: string) =>
  compile(({ params, inputs: ids }: Inputs) => {
    const outputs = bert(config, params, ids, {}, prefix);
    return { hiddenStates: [...outputs.hiddenStates], pooled: pool(params, outputs, {}, prefix) };
  });

describe('tiny-bert, as transformers.BertForSequenceClassification', () => {
  it('has the same hidden states, pooled output and logits to 1e-5', async () => {
    const { config, params } = await load('tiny-bert');
    const forward = compile(({ params: weights, inputs: ids }: Inputs) => {
      const outputs = bert(config, weights, ids, {}, 'bert.');
      const pooled = pool(weights, outputs, {}, 'bert.');
      return { hiddenStates: [...outputs.hiddenStates], pooled, logits: linear(weights, 'classifier', pooled, {}) };
    });
    const { hiddenStates, pooled, logits } = await forward({ params, inputs });
    await forward.dispose();
    expect(hiddenStates).toHaveLength(3);
    hiddenStates.forEach((state, n) => {
      expect(largestError(state, expected.get(`hidden_states.${n}`)), `hidden state ${n}`).toBeLessThan(1e-5);
    });
    expect(largestError(pooled, expected.get('pooler_output'))).toBeLessThan(1e-5);
    expect(logits.shape).toEqual([4, 3]);
    expect(largestError(logits, expected.get('logits'))).toBeLessThan(1e-5);
  });

  it('has the same loss to 1e-6 and the same gradient of every weight to 1e-4', async () => {
    const { config, params } = await load('tiny-bert');
    type Batch = { ids: Inputs['inputs']; labels: tf.Tensor; rowWeights: tf.Tensor };
    const step = compile(({ weights, batch }: { weights: Record<string, tf.Tensor>; batch: Batch }) =>
      valueAndGradients((trained) => {
        const outputs = bert(config, trained, batch.ids, {}, 'bert.');
        const logits = linear(trained, 'classifier', pool(trained, outputs, {}, 'bert.'), {});
        return { value: crossEntropy(logits, batch.labels, batch.rowWeights) };
      }, weights),
    );
    const rowWeights = hostTensor(new Float32Array(4).fill(1), [4]);
    const { value, gradients } = await step({ weights: params, batch: { ids: inputs, labels, rowWeights } });
    await step.dispose();
    expect(largestError(value, expected.get('loss'))).toBeLessThan(1e-6);

    const names = expected.names.flatMap((name) => (name.startsWith('gradient.') ? [name.slice(9)] : []));
    expect(Object.keys(gradients).sort()).toEqual(names.sort());
    for (const name of names) {
      // Absolute errors. All but the attention keys' biases, whose gradient is 0, have gradients of 0.01 to 1; see below.
      const error = largestError(gradients[name] as HostTensor, expected.get(`gradient.${name}`));
      expect(error, `gradient of ${name}`).toBeLessThan(1e-4);
      const scale = Math.max(...expected.get(`gradient.${name}`).data.map(Math.abs));
      if (!name.endsWith('key.bias'))
        expect(error / scale, `gradient of ${name}, relative to its largest element`).toBeLessThan(1e-4);
    }
  });

  it('does not let padding change a text: the same row alone has the same logits', async () => {
    const { texts } = fixtureJson('tiny-bert/expected.json') as { texts: { input_ids: number[]; logits: number[] }[] };
    const { config, params } = await load('tiny-bert');
    const forward = compile(({ params: weights, inputs: ids }: Inputs) => {
      const outputs = bert(config, weights, ids, {}, 'bert.');
      return linear(weights, 'classifier', pool(weights, outputs, {}, 'bert.'), {});
    });
    for (const length of [24, 64]) {
      const padded = (values: number[]) =>
        hostTensor(
          Int32Array.from({ length }, (_, i) => values[i] ?? 0),
          [1, length],
        );
      for (const { input_ids: ids, logits } of texts) {
        const batch = {
          inputIds: padded(ids),
          attentionMask: padded(ids.map(() => 1)),
          tokenTypeIds: padded([]),
        };
        expect(largestError(await forward({ params, inputs: batch }), { data: logits })).toBeLessThan(1e-5);
      }
    }
    await forward.dispose();
  });
});

describe('tiny-bert-base, as transformers.BertModel', () => {
  it('has names without prefix, and the same hidden states', async () => {
    const { config, params } = await load('tiny-bert-base');
    expect(Object.keys(params).sort()).toEqual([...bertWeights(config).keys()].sort());
    const forward = encoder(config, '');
    const { hiddenStates, pooled } = await forward({ params, inputs });
    await forward.dispose();
    hiddenStates.forEach((state, n) => {
      expect(largestError(state, expected.get(`hidden_states.${n}`))).toBeLessThan(1e-5);
    });
    expect(largestError(pooled, expected.get('pooler_output'))).toBeLessThan(1e-5);
  });
});

describe('bertWeights', () => {
  it('names every weight of the checkpoint, with its shape', async () => {
    const { config, params } = await load('tiny-bert');
    const wanted = bertWeights(config, 'bert.');
    for (const [name, shape] of wanted) expect(params[name]?.shape, name).toEqual(shape);
    const others = Object.keys(params).filter((name) => !wanted.has(name));
    expect(others.sort()).toEqual(['classifier.bias', 'classifier.weight']);
  });
});

describe('what BERT cannot do is refused', () => {
  it('a text longer than the position embeddings reach', async () => {
    const { config, params } = await load('tiny-bert');
    const ids = hostTensor(new Int32Array(65), [1, 65]);
    const forward = encoder(config, 'bert.');
    await expect(forward({ params, inputs: { inputIds: ids, attentionMask: ids, tokenTypeIds: ids } })).rejects.toThrow(
      'The text has 65 tokens, but this model reads 64 at most: truncate it.',
    );
  });

  it('a weight that is not there, by its name', async () => {
    const { config, params } = await load('tiny-bert');
    const { 'bert.encoder.layer.1.output.dense.bias': _, ...rest } = params;
    await expect(encoder(config, 'bert.')({ params: rest, inputs })).rejects.toThrow(
      'There is no weight "bert.encoder.layer.1.output.dense.bias" among the 40 given.',
    );
  });

  it.each([
    ['hidden_act', 'relu'],
    ['num_hidden_layers', 1.5],
    ['hidden_dropout_prob', 1],
    ['vocab_size', undefined],
  ])('config.json with %s %s', (field, value) => {
    const config = { ...(fixtureJson('tiny-bert/config.json') as object), [field]: value };
    expect(() => bertConfig.parse(config)).toThrow(field);
  });
});
