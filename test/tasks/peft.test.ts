// Adapters in peft's files. What peft saved opens here; test/python/test_adapters.py opens with peft what is saved here.
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readSafetensors, type StoredTensor, writeSafetensors } from '../../src/hub/safetensors.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import { fixture, largestError, references, temporaryFolder } from '../references.js';
import { rows, snapshot, tinyBert } from '../training/tiny.js';

const texts = rows(6).map(({ text }) => text);
const tiny = () => tinyBert({ maxLength: 32 });

/** The token ids of tiny-bert/expected.safetensors. */
async function batch() {
  const given = await references('tiny-bert/expected.safetensors');
  return {
    inputIds: given.get('input_ids'),
    attentionMask: given.get('attention_mask'),
    tokenTypeIds: given.get('token_type_ids'),
  };
}

describe.each(['tiny-bert-lora', 'tiny-bert-prompt'])('%s, saved by peft', (name) => {
  it('gives the logits peft gives, apart and merged', async () => {
    const expected = (await references(`${name}/expected.safetensors`)).get('logits');
    const model = await (await tiny()).loadAdapter(fixture(name));
    expect(largestError(await model.forward(await batch()), expected)).toBeLessThan(1e-5);
    const apart = await model.predict(texts);
    const merged = model.mergeAdapters();
    expect(merged.adapters).toBeUndefined();
    (await merged.predict(texts)).forEach(({ probabilities }, i) => {
      expect(largestError({ data: probabilities }, { data: apart[i]!.probabilities })).toBeLessThan(1e-5);
    });
  });

  it('is saved again with the same weights under the same names', async () => {
    const folder = join(temporaryFolder(), 'again');
    const model = await (await tiny()).loadAdapter(fixture(name));
    await model.saveAdapter(folder);
    expect(readdirSync(folder).sort()).toEqual(['adapter_config.json', 'adapter_model.safetensors']);
    const [ours, theirs] = await Promise.all(
      [folder, fixture(name)].map((where) => readSafetensors(join(where, 'adapter_model.safetensors'))),
    );
    expect([...ours!.tensors.keys()].sort()).toEqual([...theirs!.tensors.keys()].sort());
    for (const [tensor, value] of theirs!.tensors) expect(ours!.tensors.get(tensor)).toEqual(value);
  });
});

describe.each([
  ['LoRA', lora({ rank: 2 })],
  ['LoRA on other layers', lora({ rank: 2, targets: ['dense'] })],
  ['a prompt', promptTuning({ virtualTokens: 4 })],
] as const)('%s, trained here', (_, strategy) => {
  it('is saved and opened: the same predictions on a fresh copy of the model', async () => {
    const folder = join(temporaryFolder(), 'adapter');
    const model = await tiny();
    await fineTune(model, { train: rows(16) }, { strategy, epochs: 1, batchSize: 4, learningRate: 1e-2 });
    await model.saveAdapter(folder);
    const opened = await (await tiny()).loadAdapter(folder);
    expect(await opened.predict(texts)).toEqual(await model.predict(texts));
    expect(opened.adapters?.weights).toEqual(model.adapters?.weights);
  });
});

describe('saveAdapter', () => {
  it('replaces an adapter, keeps notes beside it, and leaves other folders alone', async () => {
    const folder = temporaryFolder();
    const model = await (await tiny()).loadAdapter(fixture('tiny-bert-lora'));
    await model.saveAdapter(join(folder, 'a'));
    writeFileSync(join(folder, 'a', 'README.md'), 'mine');
    await (await tiny()).loadAdapter(fixture('tiny-bert-prompt')).then((other) => other.saveAdapter(join(folder, 'a')));
    expect(readFileSync(join(folder, 'a', 'README.md'), 'utf8')).toBe('mine');
    expect(JSON.parse(readFileSync(join(folder, 'a', 'adapter_config.json'), 'utf8')).peft_type).toBe('PROMPT_TUNING');
    mkdirSync(join(folder, 'b'));
    writeFileSync(join(folder, 'b', 'thesis.txt'), '');
    await expect(model.saveAdapter(join(folder, 'b'))).rejects.toThrow(/holds other things \(thesis.txt\)/);
    expect(readdirSync(join(folder, 'b'))).toEqual(['thesis.txt']);
  });

  it('names the layers one by one where their last parts would tell others too', async () => {
    const folder = temporaryFolder();
    const model = await (await tiny()).loadAdapter(fixture('tiny-bert-lora'));
    const first = [...model.adapters!.weights].filter(([name]) => name.includes('.layer.0.'));
    Object.assign(model, { adapters: { ...model.adapters, weights: new Map(first) } });
    await model.saveAdapter(join(folder, 'first'));
    const config = JSON.parse(readFileSync(join(folder, 'first', 'adapter_config.json'), 'utf8'));
    expect(config.target_modules).toEqual(
      ['query', 'value'].map((part) => `bert.encoder.layer.0.attention.self.${part}`),
    );
  });

  it('needs an adapter', async () => {
    await expect((await tiny()).saveAdapter('nowhere')).rejects.toThrow(
      'has no adapter: it was not trained with LoRA or a prompt, or merged them; use save(folder).',
    );
  });
});

/** A copy of an adapter, changed. */
async function altered(
  name: string,
  change: { settings?: object; tensors?: (all: Map<string, StoredTensor>) => void; without?: string },
) {
  const folder = join(temporaryFolder(), 'adapter');
  cpSync(fixture(name), folder, { recursive: true });
  const file = join(folder, 'adapter_config.json');
  writeFileSync(file, JSON.stringify({ ...JSON.parse(readFileSync(file, 'utf8')), ...change.settings }));
  const weights = join(folder, 'adapter_model.safetensors');
  const { tensors } = await readSafetensors(weights);
  const all = new Map(tensors);
  change.tensors?.(all);
  await writeSafetensors(weights, all);
  if (change.without) rmSync(join(folder, change.without));
  return folder;
}

const query = 'base_model.model.bert.encoder.layer.0.attention.self.query';
const ones = (...shape: number[]): StoredTensor => ({
  dtype: 'F32',
  shape,
  data: new Float32Array(shape.reduce((a, b) => a * b, 1)).fill(1),
});

describe('loadAdapter refuses by name', () => {
  it.each<[string, RegExp, Parameters<typeof altered>[1], string?]>([
    ['DoRA', /adapter_config.json asks for what we do not have: use_dora is true\./, { settings: { use_dora: true } }],
    ['trained biases', /bias is "all"\./, { settings: { bias: 'all' } }],
    ['a rank for each layer', /rank_pattern is \{"query":8\}/, { settings: { rank_pattern: { query: 8 } } }],
    ['a start that changes the model', /init_lora_weights is "pissa"/, { settings: { init_lora_weights: 'pissa' } }],
    ['a setting of tomorrow', /use_magic is 3, r is -1|r is -1, use_magic is 3/, { settings: { use_magic: 3, r: -1 } }],
    ['another task', /task_type is "CAUSAL_LM"/, { settings: { task_type: 'CAUSAL_LM' } }],
    ['another method', /is of peft_type "IA3"; we read LORA and PROMPT_TUNING\./, { settings: { peft_type: 'IA3' } }],
    ['no config', /holds no adapter: there is no adapter_config.json in it\./, { without: 'adapter_config.json' }],
    ['no weights', /half an adapter: there is no adapter_model.safetensors/, { without: 'adapter_model.safetensors' }],
    [
      'a matrix without its other',
      /half an adapter: bert.encoder.layer.0.attention.self.query.lora_A.weight is alone\./,
      { tensors: (all) => void all.delete(`${query}.lora_B.weight`) },
    ],
    [
      'no matrices at all',
      /half an adapter: it has no matrices\./,
      { tensors: (all) => [...all.keys()].forEach((name) => void (name.includes('lora') && all.delete(name))) },
    ],
    [
      'half a head',
      /lacks classifier.bias\./,
      { tensors: (all) => void all.delete('base_model.model.classifier.bias') },
    ],
    [
      'a matrix of another shape',
      /does not fit .*query.lora_A.weight has shape \[4,16\], but \[4,32\] was expected\./,
      { tensors: (all) => void all.set(`${query}.lora_A.weight`, ones(4, 16)) },
    ],
    [
      'a weight that has no place',
      /lora_magnitude_vector has shape \[32\], but there is no place for it\./,
      { tensors: (all) => void all.set(`${query}.lora_magnitude_vector`, ones(32)) },
    ],
    ['no prompt', /it has no prompt_embeddings/, { tensors: (all) => void all.delete('prompt_embeddings') }, 'prompt'],
    [
      'a prompt of another number of vectors',
      /prompt_embeddings has shape \[3,32\], but \[5,32\] was expected\./,
      { settings: { num_virtual_tokens: 5 } },
      'prompt',
    ],
    [
      'a prompt that leaves no room',
      /Texts of 32 tokens with a prompt of 33 are more than the 64 tokens/,
      { settings: { num_virtual_tokens: 33 }, tensors: (all) => void all.set('prompt_embeddings', ones(33, 32)) },
      'prompt',
    ],
  ])('%s', async (_, message, change, kind = 'lora') => {
    const folder = await altered(`tiny-bert-${kind}`, change);
    const model = await tiny();
    const before = snapshot(model);
    await expect(model.loadAdapter(folder)).rejects.toThrow(message);
    expect(snapshot(model)).toEqual(before);
    expect(model.adapters).toBeUndefined();
  });

  it('a head that is random on both sides', async () => {
    const folder = await altered('tiny-bert-lora', {
      tensors: (all) => [...all.keys()].forEach((name) => void (name.includes('classifier') && all.delete(name))),
    });
    const labels = ['a', 'b', 'c'];
    const fresh = await loadModel(fixture('tiny-bert-base'), { task: 'text-classification', labels });
    await expect(fresh.loadAdapter(folder)).rejects.toThrow(
      /brings no classifier.weight, classifier.bias, and .* has random numbers there: load the model the adapter/,
    );
    // Where the checkpoint has one, it is kept.
    expect((await (await tiny()).loadAdapter(folder)).adapters?.kind).toBe('lora');
  });
});

it('scales as rank-stabilised LoRA where the adapter says so', async () => {
  const [plain, stabilised] = await Promise.all(
    [{ lora_alpha: 16 }, { lora_alpha: 8, use_rslora: true }].map(async (settings) => {
      const folder = await altered('tiny-bert-lora', { settings });
      return (await (await tiny()).loadAdapter(folder)).predict(texts);
    }),
  );
  // alpha / sqrt(4) is twice alpha / 4
  expect(stabilised).toEqual(plain);
});

it('an adapter brings a pooler that no checkpoint had', async () => {
  const folder = temporaryFolder();
  const base = join(folder, 'base');
  cpSync(fixture('tiny-bert-base'), base, { recursive: true });
  const file = join(base, 'model.safetensors');
  const { tensors } = await readSafetensors(file);
  await writeSafetensors(file, new Map([...tensors].filter(([name]) => !name.startsWith('pooler.'))));
  const load = (seed: number) =>
    loadModel(base, { task: 'text-classification', labels: ['a', 'b', 'c'], maxLength: 32, seed });
  const model = await load(1);
  await fineTune(model, { train: rows(8) }, { strategy: lora({ rank: 2 }), epochs: 1, batchSize: 4 });
  await model.saveAdapter(join(folder, 'adapter'));
  const config = JSON.parse(readFileSync(join(folder, 'adapter', 'adapter_config.json'), 'utf8'));
  expect(config.modules_to_save.sort()).toEqual(['bert.pooler.dense', 'classifier']);
  const other = await (await load(2)).loadAdapter(join(folder, 'adapter'));
  expect(await other.predict(texts)).toEqual(await model.predict(texts));
});
