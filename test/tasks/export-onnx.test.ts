// An exported model says in transformers.js, and in loadOnnx, what the model said here: for each family, format and batch.
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { env, pipeline } from '@huggingface/transformers';
import { describe, expect, it } from 'vitest';
import { encodeModel } from '../../src/engine/index.js';
import { evaluate } from '../../src/tasks/evaluate.js';
import { inferenceGraph } from '../../src/tasks/export-onnx.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { loadOnnx, type OnnxDType } from '../../src/tasks/onnx-model.js';
import { type Prediction, predictionOf, softmax } from '../../src/tasks/prediction.js';
import type { TextClassifier } from '../../src/tasks/text-classification.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import { wholes } from '../engine/values.js';
import { fixture, temporaryFolder } from '../references.js';
import { rows } from '../training/tiny.js';

const texts = [
  'great',
  'the food was bad and cold, and the staff were rude',
  'This very long story about coffee was fine, it works!',
  'naïve café',
  'a room in this hotel was great. never again. '.repeat(3),
];

/** How far a score may lie from the model's own: rounding, 11 bits of a weight, 7 or 8 bits of a weight and an activation. */
const tolerance: Readonly<Record<OnnxDType, number>> = { fp32: 1e-5, fp16: 2e-3, int8: 0.05 };
const dtypes = Object.keys(tolerance) as OnnxDType[];

interface Scored {
  readonly label: string;
  readonly score: number;
}

/** What transformers.js's pipeline says of texts, from local files only, in one batch. */
async function inTransformers(folder: string, dtype: OnnxDType, batch: readonly string[]): Promise<Scored[]> {
  env.allowRemoteModels = false;
  env.localModelPath = `${dirname(folder)}/`;
  const classify = await pipeline('text-classification', basename(folder), { dtype: dtype === 'int8' ? 'q8' : dtype });
  try {
    return (await classify([...batch])) as Scored[];
  } finally {
    await classify.dispose();
  }
}

/** Compares labels, where they are not all but tied, and scores. */
function expectSame(
  actual: readonly Scored[],
  expected: readonly (Scored & { probabilities: readonly number[] })[],
  within: number,
) {
  expect(actual).toHaveLength(expected.length);
  expected.forEach(({ label, score, probabilities }, i) => {
    const [first = 0, second = 0] = [...probabilities].sort((a, b) => b - a);
    if (first - second > 2 * within) expect(actual[i]?.label).toBe(label);
    expect(Math.abs((actual[i] as Scored).score - score)).toBeLessThan(within);
  });
}

/**
 * What the model itself says of texts padded to the longest of them, as those do that we compare with. predict() pads further, and
 * MobileBERT's scores depend on padding, here and in Python: its last token sees the vector of the one after it.
 */
async function predictPadded(model: TextClassifier, batch: readonly string[]): Promise<Prediction[]> {
  const encoded = batch.map((text) => model.tokenizer.encode(text, model.maxLength).ids);
  const length = Math.max(...encoded.map((ids) => ids.length));
  const padded = (value: (id: number) => number, padding: number) =>
    wholes(
      encoded.flatMap((ids) => [...ids.map(value), ...Array<number>(length - ids.length).fill(padding)]),
      [batch.length, length],
    );
  const { data } = await model.forward({
    inputIds: padded((id) => id, model.tokenizer.padId),
    attentionMask: padded(() => 1, 0),
    tokenTypeIds: padded(() => 0, 0),
  });
  const labels = model.labels.length;
  return batch.map((text, i) =>
    predictionOf(text, model.labels, softmax([...data.subarray(i * labels, (i + 1) * labels)])),
  );
}

const load = (name: string, options = {}): Promise<TextClassifier> =>
  loadModel(fixture(name), { task: 'text-classification', ...options });

/** Every family's tiny classifier. */
const families = readdirSync(fixture('.')).filter((name) => {
  const config = join(fixture(name), 'config.json');
  if (!name.startsWith('tiny-') || !existsSync(config)) return false;
  return /ForSequenceClassification/.test(JSON.parse(readFileSync(config, 'utf8')).architectures[0]);
});

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

describe('what adapters learnt is exported', () => {
  it.each([
    ['lora', lora({ rank: 4 })],
    ['a prompt', promptTuning({ virtualTokens: 5 })],
  ] as const)('%s', async (_, strategy) => {
    const model = await load('tiny-bert', { maxLength: 59 });
    const plain = await model.predict(texts);
    await fineTune(model, { train: rows(8) }, { strategy, epochs: 1, batchSize: 4, learningRate: 3e-2 });
    const expected = await model.predict(texts);
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

  it('cuts texts where the model does', async () => {
    const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification', maxLength: 16 });
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
