// An exported model says in transformers.js, and in loadOnnx, what the model said here: for each family, format and batch.
import { readdirSync, statSync } from 'node:fs';
import { readFile, writeFile } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/engine/index.js';
import { evaluate } from '../../src/tasks/evaluate.js';
import { inferenceGraph } from '../../src/tasks/export-onnx.js';
import { loadOnnx, type OnnxDType } from '../../src/tasks/onnx-model.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import { temporaryFolder } from '../references.js';
import { rows } from '../training/tiny.js';
import {
  dtypes,
  expectSame,
  families,
  load,
  nameInTransformers,
  predictPadded,
  type Scored,
  texts,
  tolerance,
} from './exported.js';

/** What transformers.js's pipeline says of texts, from local files only, in one batch. */
async function inTransformers(folder: string, dtype: OnnxDType, batch: readonly string[]): Promise<Scored[]> {
  env.allowRemoteModels = false;
  const classify = await pipeline('text-classification', folder, {
    dtype: nameInTransformers(dtype) as 'fp32',
  });
  try {
    return (await classify([...batch])) as Scored[];
  } finally {
    await classify.dispose();
  }
}

describe.each(families)('%s', (name) => {
  it('gives the same labels and scores in transformers.js and in loadOnnx, alone and in a batch with padding', async () => {
    const model = await load(name);
    const folder = join(temporaryFolder(), 'exported');
    const files = await model.exportOnnx(folder);
    expect(files.map(({ dtype }) => dtype)).toEqual(dtypes);
    const expected = await predictPadded(model, texts);
    const alone = await predictPadded(model, texts.slice(1, 2));
    for (const { dtype, file, bytes } of files) {
      expect(statSync(file).size).toBe(bytes);
      expectSame(await inTransformers(folder, dtype, texts), expected, tolerance[dtype]);
      expectSame(await inTransformers(folder, dtype, texts.slice(1, 2)), alone, tolerance[dtype]);
      const ours = await loadOnnx(folder, { dtype });
      expect(ours.labels).toEqual(model.labels);
      expectSame(await ours.predict(texts), expected, tolerance[dtype]);
      expectSame(await ours.predict(texts.slice(1, 2)), alone, tolerance[dtype]);
      expect(await ours.predict([])).toEqual([]);
      await ours.dispose();
    }
    await model.dispose();
  });

  it('reads the inputs its family reads, and holds each weight under its name', async () => {
    const model = await load(name);
    const graph = inferenceGraph(model);
    const inputs = ['input_ids', 'attention_mask', ...(model.encoder.readsTokenTypes ? ['token_type_ids'] : [])];
    expect(graph.inputs).toEqual(inputs.map((input) => ({ name: input, type: 'int64', shape: ['batch', 'sequence'] })));
    expect(graph.outputs).toEqual([{ name: 'logits', type: 'float32', shape: ['batch', model.labels.length] }]);
    const held = new Map(graph.initializers.map((weight) => [weight.name, weight]));
    for (const [weight, { shape, data }] of model.weights) {
      if (/mobilebert.*bottleneck\.attention/.test(weight) && !held.has(weight)) continue; // not read in every configuration
      expect(held.get(weight)?.shape).toEqual(shape);
      expect(held.get(weight)?.bytes.buffer).toBe(data.buffer);
    }
    await model.dispose();
  });
});

describe.each(families.filter((name) => !name.endsWith('-other')))('what adapters of %s learnt is exported', (name) => {
  it.each([
    ['lora', lora({ rank: 4 })],
    ['a prompt', promptTuning({ virtualTokens: 5 })],
  ] as const)('%s', async (_, strategy) => {
    const model = await load(name, { maxLength: 59 });
    const plain = await predictPadded(model, texts);
    await fineTune(model, { train: rows(8) }, { strategy, epochs: 1, batchSize: 4, learningRate: 3e-2 });
    const expected = await predictPadded(model, texts);
    expect(Math.abs((expected[0]?.score ?? 0) - (plain[0]?.score ?? 0))).toBeGreaterThan(1e-3);
    const folder = join(temporaryFolder(), 'exported');
    await model.exportOnnx(folder, { dtypes: ['fp32'] });
    expect(model.adapters).toBeDefined();
    expectSame(await inTransformers(folder, 'fp32', texts), expected, tolerance.fp32);
    const ours = await loadOnnx(folder);
    expectSame(await ours.predict(texts), expected, tolerance.fp32);
    await ours.dispose();
    await model.dispose();
  });
});

describe('exportOnnx', () => {
  it('measures each file on the test rows, and says so in the card', async () => {
    const model = await load('tiny-bert');
    const folder = join(temporaryFolder(), 'exported');
    const files = await model.exportOnnx(folder, {
      test: rows(20),
      card: { license: 'apache-2.0', data: { name: 'made-up' } },
    });
    const { accuracy } = await evaluate(model, rows(20));
    expect(files[0]?.evaluation?.accuracy).toBe(accuracy);
    const card = await readFile(join(folder, 'README.md'), 'utf8');
    for (const { file, bytes, evaluation } of files) {
      expect(evaluation?.millisecondsPerRow).toBeGreaterThan(0);
      expect(card).toContain(
        `\`onnx/${basename(file)}\` | ${(bytes / 1e6).toFixed(2)} MB | ${((evaluation?.accuracy ?? 0) * 100).toFixed(1)}%`,
      );
    }
    expect(card).toContain('license: apache-2.0');
    await model.dispose();
  });

  it('takes a model with fewer layers and fewer words', async () => {
    const model = (await load('tiny-bert')).keepLayers(1).pruneVocabulary(texts);
    const folder = join(temporaryFolder(), 'exported');
    await model.exportOnnx(folder, { dtypes: ['fp32'] });
    expectSame(await inTransformers(folder, 'fp32', texts), await predictPadded(model, texts), tolerance.fp32);
    await model.dispose();
  });

  it('cuts texts where the model does', async () => {
    const model = await load('tiny-bert', { maxLength: 16 });
    const folder = join(temporaryFolder(), 'exported');
    await model.exportOnnx(folder, { dtypes: ['fp32'] });
    const config = JSON.parse(await readFile(join(folder, 'tokenizer_config.json'), 'utf8'));
    expect(config.model_max_length).toBe(16);
    const ours = await loadOnnx(folder);
    const long = ['the food was bad '.repeat(30)];
    expectSame(await ours.predict(long), await model.predict(long), tolerance.fp32);
    await ours.dispose();
    await model.dispose();
  });

  it('replaces an earlier export and keeps what else lies there, as in a folder of save()', async () => {
    const model = await load('tiny-bert');
    const folder = join(temporaryFolder(), 'exported');
    await model.save(folder);
    await model.exportOnnx(folder);
    await model.exportOnnx(folder, { dtypes: ['int8'] });
    expect(readdirSync(folder).sort()).toEqual([
      'README.md',
      'config.json',
      'model.safetensors',
      'onnx',
      'tokenizer.json',
      'tokenizer_config.json',
    ]);
    expect(readdirSync(join(folder, 'onnx'))).toEqual(['model_quantized.onnx']);
    await expect(loadOnnx(folder)).rejects.toThrow(`There is no onnx/model.onnx in ${folder}`);
    await model.dispose();
  });

  it('leaves a README alone that somebody wrote', async () => {
    const model = await load('tiny-bert');
    const folder = join(temporaryFolder(), 'exported');
    await model.exportOnnx(folder, { dtypes: ['int8'] });
    const readme = join(folder, 'README.md');
    expect(await readFile(readme, 'utf8')).toContain('library_name: transformers.js');
    await writeFile(readme, '# My notes\n');
    await model.exportOnnx(folder, { dtypes: ['int8'] });
    expect(await readFile(readme, 'utf8')).toBe('# My notes\n');
    await model.dispose();
  });

  it('leaves nothing behind where it fails', async () => {
    const model = await load('tiny-bert');
    const parent = temporaryFolder();
    const weight = model.weights.get('bert.encoder.layer.0.output.dense.weight');
    weight?.data.fill(1e6);
    await expect(model.exportOnnx(join(parent, 'exported'))).rejects.toThrow(
      '"bert.encoder.layer.0.output.dense.weight" has the value 1000000, beyond what float16 holds',
    );
    expect(readdirSync(parent)).toEqual([]);
    await expect(model.exportOnnx(join(parent, 'exported'), { dtypes: ['q4' as OnnxDType] })).rejects.toThrow(
      'exportOnnx takes a list of the dtypes fp32, fp16, int8; got [q4].',
    );
    await model.dispose();
  });

  it('writes the same bytes again', async () => {
    const [one, other] = [await load('tiny-bert'), await load('tiny-bert')].map((model) =>
      encodeModel(inferenceGraph(model)),
    );
    expect(Buffer.compare(one as Uint8Array, other as Uint8Array)).toBe(0);
  });
});
