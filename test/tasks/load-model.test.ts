// loadModel: a strict match of weights, a head that is kept or new, and folders that save() wrote.
import { cp, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type Checkpoint, readCheckpoint, writeCheckpoint } from '../../src/hub/checkpoint.js';
import type { StoredTensor } from '../../src/hub/safetensors.js';
import { type LoadModelOptions, loadModel } from '../../src/tasks/load-model.js';
import { fixture, fixtureJson, largestError, temporaryFolder } from '../references.js';

const task = 'text-classification';
const tinyLabels = ['negative', 'neutral', 'positive'];
const { texts } = fixtureJson('tiny-bert/expected.json') as { texts: { text: string; logits: number[] }[] };

/** tiny-bert with changes, in a folder of its own. */
async function changed(
  change: (checkpoint: { tensors: Map<string, StoredTensor>; config: Record<string, unknown> }) => void,
  from = 'tiny-bert',
): Promise<string> {
  const read: Checkpoint = await readCheckpoint(fixture(from));
  const checkpoint = { ...read, config: { ...read.config } };
  change(checkpoint);
  const folder = join(temporaryFolder(), 'model');
  await writeCheckpoint(folder, checkpoint);
  return folder;
}

const load = (folder: string, options: Partial<LoadModelOptions> = {}) => loadModel(folder, { task, ...options });

/** Logits of each text, as forward() gives them. */
async function logits(model: Awaited<ReturnType<typeof load>>): Promise<number[]> {
  const batches = model.batches(
    texts.map(({ text }) => ({ text, label: 0 })),
    { batchSize: texts.length, groupByLength: false },
  );
  const result = await model.forward(batches[0]!.inputs);
  await model.dispose();
  return [...result.data];
}

describe('a checkpoint with a classifier', () => {
  it('gives the logits of Python for texts, with its own labels', async () => {
    const model = await load(fixture('tiny-bert'));
    expect(model.labels).toEqual(tinyLabels);
    expect(model.newWeights).toEqual([]);
    const expected = texts.flatMap((row) => row.logits);
    expect(largestError({ data: await logits(model) }, { data: expected })).toBeLessThan(1e-5);
  });

  it('may be as old as bert-base-uncased, with gamma and beta for weight and bias of norms, and a head of pretraining', async () => {
    const folder = await changed(({ tensors }) => {
      for (const [name, tensor] of [...tensors]) {
        if (!name.includes('LayerNorm')) continue;
        tensors.delete(name);
        tensors.set(name.replace(/weight$/, 'gamma').replace(/bias$/, 'beta'), tensor);
      }
      tensors.set('cls.predictions.bias', { dtype: 'F32', shape: [1], data: new Float32Array(1) });
    });
    expect(await logits(await load(folder))).toEqual(await logits(await load(fixture('tiny-bert'))));
  });

  it('keeps its head where the labels agree', async () => {
    expect((await load(fixture('tiny-bert'), { labels: tinyLabels })).newWeights).toEqual([]);
  });

  it.each([[['bad', 'good']], [['positive', 'neutral', 'negative']]])(
    'gets a new head for the labels %j',
    async (labels) => {
      const model = await load(fixture('tiny-bert'), { labels });
      expect(model.newWeights).toEqual(['classifier.weight', 'classifier.bias']);
      expect(model.weights.get('classifier.weight')?.shape).toEqual([labels.length, 32]);
    },
  );

  it('draws a new head from the seed alone', async () => {
    const head = async (seed?: number) => {
      const model = await load(fixture('tiny-bert'), { labels: ['a', 'b'], ...(seed === undefined ? {} : { seed }) });
      return model.weights.get('classifier.weight')?.data;
    };
    expect(await head()).toEqual(await head(42));
    expect(await head(7)).toEqual(await head(7));
    expect(await head(7)).not.toEqual(await head(8));
  });
});

describe('a bare encoder', () => {
  it('loads from names without prefix, position_ids and all, and needs labels', async () => {
    const model = await load(fixture('tiny-bert-base'), { labels: ['no', 'yes'] });
    const whole = await load(fixture('tiny-bert'));
    for (const [name, { data }] of whole.weights)
      if (!name.startsWith('classifier.')) expect(model.weights.get(name)?.data, name).toEqual(data);
    expect([...model.weights.keys()]).toEqual([...whole.weights.keys()]);
    expect(model.newWeights).toEqual(['classifier.weight', 'classifier.bias']);
    await expect(load(fixture('tiny-bert-base'))).rejects.toThrow(/has no classifier, so it needs labels: loadModel\(/);
  });

  it('whose pooler was never saved gets a new one', async () => {
    const folder = await changed(({ tensors }) => {
      tensors.delete('pooler.dense.weight');
      tensors.delete('pooler.dense.bias');
    }, 'tiny-bert-base');
    const model = await load(folder, { labels: ['no', 'yes'] });
    expect(model.newWeights).toEqual([
      'bert.pooler.dense.weight',
      'bert.pooler.dense.bias',
      'classifier.weight',
      'classifier.bias',
    ]);
  });
});

describe('a tokenizer', () => {
  it('may not have more tokens than the model has embeddings', async () => {
    const folder = await changed(({ tensors, config }) => {
      const name = 'bert.embeddings.word_embeddings.weight';
      const table = tensors.get(name) as StoredTensor;
      tensors.set(name, { ...table, shape: [200, 32], data: (table.data as Float32Array).slice(0, 200 * 32) });
      config.vocab_size = 200;
    });
    await expect(load(folder)).rejects.toThrow(
      'tokenizer.json has 266 tokens, but the model has embeddings for 200: they do not belong together.',
    );
  });

  it('may name its padding token in special_tokens_map.json alone, as older ones do', async () => {
    const folder = await changed(() => undefined);
    const config = JSON.parse(await readFile(join(folder, 'tokenizer_config.json'), 'utf8'));
    await writeFile(join(folder, 'tokenizer_config.json'), JSON.stringify({ ...config, pad_token: undefined }));
    await writeFile(join(folder, 'special_tokens_map.json'), JSON.stringify({ pad_token: { content: '[MASK]' } }));
    const model = await load(folder);
    expect(model.tokenizer.padId).toBe(4);
    await model.save(folder);
    expect((await load(folder)).tokenizer.padId).toBe(4);
    expect(model.pruneVocabulary(['food']).tokenizerFiles.tokenizerConfig.pad_token).toBe('[MASK]');
  });
});

describe('what does not match is refused by name', () => {
  const floats = (shape: number[]): StoredTensor => ({
    dtype: 'F32',
    shape,
    data: new Float32Array(shape.reduce((a, b) => a * b, 1)),
  });
  const cases: [string, Parameters<typeof changed>[0], Partial<LoadModelOptions>, string][] = [
    [
      'a missing weight',
      ({ tensors }) => void tensors.delete('bert.encoder.layer.1.output.dense.bias'),
      {},
      'lacks a weight that its config.json asks for: bert.encoder.layer.1.output.dense.bias.',
    ],
    [
      'half a pooler',
      ({ tensors }) => void tensors.delete('bert.pooler.dense.bias'),
      {},
      'lacks a weight that its config.json asks for: bert.pooler.dense.bias.',
    ],
    [
      'half a head',
      ({ tensors }) => void tensors.delete('classifier.bias'),
      {},
      'lacks a weight that its config.json asks for: classifier.bias.',
    ],
    [
      'more layers in config.json than in the file',
      ({ config }) => void Object.assign(config, { num_hidden_layers: 3 }),
      {},
      'lacks 16 weights that its config.json asks for: bert.encoder.layer.2.attention.self.query.weight, ',
    ],
    [
      'fewer layers in config.json than in the file',
      ({ config }) => void Object.assign(config, { num_hidden_layers: 1 }),
      {},
      'holds 16 weights that a bert of its config.json has no place for: bert.encoder.layer.1.',
    ],
    [
      'a left-over weight',
      ({ tensors }) => void tensors.set('bert.extra', floats([2])),
      {},
      'holds a weight that a bert of its config.json has no place for: bert.extra.',
    ],
    [
      'a wrong shape',
      ({ tensors }) => void tensors.set('bert.pooler.dense.bias', floats([31])),
      {},
      'weight "bert.pooler.dense.bias" is F32[31], but config.json asks for floats of shape [32].',
    ],
    [
      'whole numbers in place of floats',
      ({ tensors }) =>
        void tensors.set('bert.pooler.dense.bias', { dtype: 'I64', shape: [32], data: new BigInt64Array(32) }),
      {},
      'weight "bert.pooler.dense.bias" is I64[32], but config.json asks for floats of shape [32].',
    ],
    [
      'an architecture we lack',
      ({ config }) => void Object.assign(config, { model_type: 'mamba' }),
      {},
      'has model_type "mamba", an architecture we do not have. We have: bert, distilbert',
    ],
    [
      'a variant of BERT that we would compute wrongly',
      ({ config }) => void Object.assign(config, { position_embedding_type: 'relative_key' }),
      {},
      'has a config.json that we cannot follow: position_embedding_type: ',
    ],
    [
      'heads that do not divide the hidden size',
      ({ config }) => void Object.assign(config, { num_attention_heads: 5 }),
      {},
      'num_attention_heads: must divide hidden_size.',
    ],
    [
      'a single label',
      () => {},
      { labels: ['yes'] },
      'A classifier needs at least two labels, each named once; got [yes]',
    ],
    ['a label named twice', () => {}, { labels: ['a', 'b', 'a'] }, 'each named once; got [a, b, a]'],
    ['a maxLength without room', () => {}, { maxLength: 2 }, 'maxLength is a whole number of at least 3'],
  ];
  it.each(cases)('%s', async (_, change, options, message) => {
    await expect(load(await changed(change), options)).rejects.toThrow(message);
  });

  it('a task we lack', async () => {
    const options = { task: 'translation' } as unknown as LoadModelOptions;
    await expect(loadModel(fixture('tiny-bert'), options)).rejects.toThrow('There is no task "translation"');
  });

  it('a classifier that gives a text several labels, unless it gets a new head', async () => {
    const folder = temporaryFolder();
    await cp(fixture('tiny-bert'), folder, { recursive: true });
    const path = join(folder, 'config.json');
    const config = JSON.parse(await readFile(path, 'utf8'));
    await writeFile(path, JSON.stringify({ ...config, problem_type: 'multi_label_classification' }));
    await expect(load(folder)).rejects.toThrow('was trained for multi_label_classification; we have single_label');
    expect((await load(folder, { labels: ['no', 'yes'] })).newWeights).toContain('classifier.weight');
  });

  it('a folder without weights', async () => {
    const folder = temporaryFolder();
    await cp(fixture('tiny-bert'), folder, { recursive: true });
    await rm(join(folder, 'model.safetensors'));
    await expect(load(folder)).rejects.toThrow('model.safetensors');
  });
});

describe('save', () => {
  it('writes a model card, and a newer one over it, but not over what somebody wrote', async () => {
    const folder = join(temporaryFolder(), 'saved');
    const readme = () => readFile(join(folder, 'README.md'), 'utf8');
    const model = await load(fixture('tiny-bert'));
    await model.save(folder);
    expect(await readme()).toContain('library_name: transformers');
    await model.save(folder, { card: { license: 'apache-2.0' } });
    expect(await readme()).toContain('license: apache-2.0');
    await writeFile(join(folder, 'README.md'), '# My notes\n');
    await model.save(folder);
    expect(await readme()).toBe('# My notes\n');
  });

  it('writes a folder that loads with the same weights, bit for bit, and the same logits', async () => {
    const folder = join(temporaryFolder(), 'saved');
    const model = await load(fixture('tiny-bert-base'), { labels: ['no', 'yes', 'perhaps', 'never'] });
    await model.save(folder);
    const again = await load(folder);
    expect(again.labels).toEqual(model.labels);
    expect(again.newWeights).toEqual([]);
    expect([...again.weights.keys()].sort()).toEqual([...model.weights.keys()].sort());
    for (const [name, { shape, data }] of model.weights) {
      expect(again.weights.get(name)?.shape, name).toEqual(shape);
      expect(again.weights.get(name)?.data, name).toEqual(data);
    }
    expect(await logits(again)).toEqual(await logits(model));
  });

  it('tells Python the class, the labels and the type of the weights', async () => {
    const folder = join(temporaryFolder(), 'saved');
    const half = await changed(({ config }) => {
      config.dtype = 'float16'; // Python would round the float32 weights we write to halves
      config.torch_dtype = 'float16';
    });
    await (await load(half, { labels: ['bad', 'good'] })).keepLayers(1).save(folder);
    const config = JSON.parse(await readFile(join(folder, 'config.json'), 'utf8'));
    expect(config).toMatchObject({
      model_type: 'bert',
      architectures: ['BertForSequenceClassification'],
      problem_type: 'single_label_classification',
      id2label: { 0: 'bad', 1: 'good' },
      label2id: { bad: 0, good: 1 },
      num_hidden_layers: 1,
      dtype: 'float32',
      vocab_size: 266,
    });
    expect(config).not.toHaveProperty('torch_dtype');
    expect((await load(folder)).encoder.layers).toBe(1);
  });

  it('replaces what it saved before', async () => {
    const folder = join(temporaryFolder(), 'saved');
    await (await load(fixture('tiny-bert'))).save(folder);
    await (await load(fixture('tiny-bert'), { labels: ['bad', 'good'] })).save(folder);
    expect((await load(folder)).labels).toEqual(['bad', 'good']);
  });
});
