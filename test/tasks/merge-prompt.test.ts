// A prompt made words of the vocabulary: the model predicts the same and knows nothing of prompts. test_adapters.py asks Python too.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type HostTensor, hostTensor } from '../../src/engine/index.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { mergePrompt } from '../../src/tasks/merge-prompt.js';
import { fixture, largestError, references, temporaryFolder } from '../references.js';
import { rows } from '../training/tiny.js';

const texts = [...rows(5).map(({ text }) => text), '', 'never again, the staff were rude and the room was cold'];
const families = [
  'tiny-bert',
  'tiny-distilbert',
  'tiny-roberta',
  'tiny-xlm-roberta',
  'tiny-mobilebert',
  'tiny-modernbert',
];

/** The family's fixture with the prompt of its expected.safetensors. */
async function prompted(family: string) {
  const model = await loadModel(fixture(family), { task: 'text-classification', maxLength: 32 });
  const prompt = (await references(`${family}/expected.safetensors`)).get('prompt');
  model.adapters = { kind: 'prompt', weights: new Map([['prompt_embeddings', prompt]]) };
  return { model, prompt };
}

describe.each(families)('%s', (family) => {
  it('predicts the same merged, and saved and opened again', async () => {
    const folder = join(temporaryFolder(), 'saved');
    const { model, prompt } = await prompted(family);
    const { vocabularySize } = model.encoder;
    const apart = await model.predict(texts);
    await model.save(folder);
    expect(model.adapters).toBeDefined(); // saving a copy leaves the model as it is
    const saved = await loadModel(folder, { task: 'text-classification', maxLength: 35 });
    const merged = model.mergeAdapters();
    for (const other of [saved, merged]) {
      expect(other.encoder.vocabularySize).toBe(vocabularySize + 3);
      expect(other.maxLength).toBe(35);
      (await other.predict(texts)).forEach(({ probabilities }, i) => {
        expect(largestError({ data: probabilities }, { data: apart[i]!.probabilities })).toBeLessThan(1e-5);
      });
    }
    // The prompt's vectors stand at the end of the table, under the first ids of every text.
    const table = merged.weights.get(merged.encoder.wordEmbeddings) as HostTensor;
    expect(table.data.slice(-prompt.data.length)).toEqual(prompt.data);
    const ids = merged.tokenizer.encode('good', 10).ids.slice(0, 3);
    expect(ids).toEqual([vocabularySize, vocabularySize + 1, vocabularySize + 2]);
  });
});

describe('mergePrompt', () => {
  const special = (id: string) => ({ SpecialToken: { id, type_id: 0 } });

  it('puts tokens that are no words of a text before every text', async () => {
    const { model } = await prompted('tiny-bert');
    const { tokenizer } = model.mergeAdapters();
    expect(tokenizer.tokens('good food')).toEqual([
      ...['[PROMPT_0]', '[PROMPT_1]', '[PROMPT_2]', '[CLS]', 'good', 'food', '[SEP]'],
    ]);
    // A text that is too long loses its end, not the prompt.
    expect(tokenizer.encode('good food and more', 6).ids).toHaveLength(6);
    expect(tokenizer.encode('good food and more', 6).dropped).toBe(3);
  });

  it('can be done twice', async () => {
    const { model, prompt } = await prompted('tiny-bert');
    model.mergeAdapters();
    model.adapters = { kind: 'prompt', weights: new Map([['prompt_embeddings', prompt]]) };
    expect(model.mergeAdapters().tokenizer.tokens('good')).toEqual([
      ...['[PROMPT_3]', '[PROMPT_4]', '[PROMPT_5]', '[PROMPT_0]', '[PROMPT_1]', '[PROMPT_2]', '[CLS]', 'good', '[SEP]'],
    ]);
  });

  it.each([
    ['BertProcessing', { type: 'BertProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }, 1],
    ['RobertaProcessing', { type: 'RobertaProcessing', sep: ['[SEP]', 3], cls: ['[CLS]', 2] }, 2],
  ])('writes %s out as a template', async (_, processor, separators) => {
    const { model, prompt } = await prompted('tiny-bert');
    const table = model.weights.get(model.encoder.wordEmbeddings) as HostTensor;
    const { tokenizerConfig, ...files } = model.tokenizerFiles;
    const tokenizerJson = { ...files.tokenizerJson, post_processor: processor };
    const one = hostTensor(prompt.data.slice(0, 32), [1, 32]);
    const merged = mergePrompt(
      { encoder: model.encoder, table, tokenizerFiles: { tokenizerJson, tokenizerConfig } },
      one,
    ).tokenizerFiles.tokenizerJson as {
      post_processor: { single: object[]; pair: object[] };
    };
    const { single, pair } = merged.post_processor;
    expect(single).toEqual([
      ...[special('[PROMPT_0]'), special('[CLS]'), { Sequence: { id: 'A', type_id: 0 } }, special('[SEP]')],
    ]);
    expect(pair).toHaveLength(5 + separators);
  });

  it('leaves the prompt where it is when it cannot be merged', async () => {
    const { model } = await prompted('tiny-bert');
    Object.assign(model.tokenizerFiles.tokenizerJson, { post_processor: { type: 'ByteLevel' } });
    expect(() => model.mergeAdapters()).toThrow(/Keep the prompt apart: saveAdapter/);
    expect(model.adapters?.kind).toBe('prompt');
  });

  it('refuses a tokenizer that puts nothing around texts', async () => {
    const { model, prompt } = await prompted('tiny-bert');
    const table = model.weights.get(model.encoder.wordEmbeddings) as HostTensor;
    expect(() =>
      mergePrompt(
        { encoder: model.encoder, table, tokenizerFiles: { tokenizerJson: {}, tokenizerConfig: {} } },
        prompt,
      ),
    ).toThrow(
      /post_processor is none; a prompt can be merged where it is TemplateProcessing, BertProcessing or RobertaProcessing/,
    );
  });
});
