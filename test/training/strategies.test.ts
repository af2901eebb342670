// Each strategy trains exactly the weights it should; the others stay as they are, bit for bit.
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import type { HostTensor } from '../../src/engine/index.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { startingValue } from '../../src/tasks/match-weights.js';
import { type FineTuneOptions, fineTune } from '../../src/training/fine-tune.js';
import { divideWeights } from '../../src/training/step.js';
import { freezeEarlyLayers } from '../../src/training/strategies/freeze-early-layers.js';
import { freezeLateLayers } from '../../src/training/strategies/freeze-late-layers.js';
import { fromScratch } from '../../src/training/strategies/from-scratch.js';
import { full } from '../../src/training/strategies/full.js';
import { gradualUnfreezing } from '../../src/training/strategies/gradual-unfreezing.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import type { Strategy } from '../../src/training/strategies/strategy.js';
import { fixture, largestError, temporaryFolder } from '../references.js';
import { changedSince, rows, snapshot, tinyBert } from './tiny.js';

const settings: FineTuneOptions = { epochs: 1, batchSize: 4, learningRate: 1e-3, warmupRatio: 0 };
const texts = rows(9).map(({ text }) => text);

async function train(strategy: Strategy, options: FineTuneOptions = {}) {
  const model = await tinyBert();
  const before = snapshot(model);
  const result = await fineTune(model, { train: rows(16) }, { ...settings, strategy, ...options });
  return { model, result, changed: changedSince(before, model) };
}

const total = 28_931;
const names = [...(await tinyBert()).weights.keys()];
const inLayer = (layer: number) => names.filter((name) => name.includes(`.layer.${layer}.`));
const head = ['classifier.weight', 'classifier.bias'];
const pooler = ['bert.pooler.dense.weight', 'bert.pooler.dense.bias'];
const embeddings = names.filter((name) => name.includes('.embeddings.'));
const layerSize = 8544;

describe.each([
  ['full', full(), names, total],
  ['freeze first 0', freezeEarlyLayers(0), [...inLayer(0), ...inLayer(1), ...pooler, ...head], 2 * layerSize + 1155],
  ['freeze first 1', freezeEarlyLayers(1), [...inLayer(1), ...pooler, ...head], layerSize + 1155],
  ['freeze first 2', freezeEarlyLayers(2), [...pooler, ...head], 1155],
  ['freeze last 0', freezeLateLayers(0), names, total],
  ['freeze last 1', freezeLateLayers(1), [...embeddings, ...inLayer(0), ...pooler, ...head], total - layerSize],
  ['freeze last 2', freezeLateLayers(2), [...embeddings, ...pooler, ...head], total - 2 * layerSize],
] as const)('%s', (name, strategy, expected, count) => {
  it('trains exactly its weights', async () => {
    const { result, changed } = await train(strategy);
    expect(changed).toEqual(expected);
    expect(result).toMatchObject({ strategy: name, trainableParameters: count, totalParameters: total });
    expect(result.trainableShare).toBeCloseTo(count / total, 12);
  });
});

describe('freezeEarlyLayers', () => {
  it.each([-1, 3, 0.5])('refuses to freeze %d of 2 layers', async (count) => {
    await expect(train(freezeEarlyLayers(count))).rejects.toThrow(
      /freezeEarlyLayers takes a whole number from 0 to 2, the layers of .*; got/,
    );
  });
});

describe('freezeLateLayers', () => {
  it.each([-1, 3, 0.5])('refuses to freeze %d of 2 layers', async (count) => {
    await expect(train(freezeLateLayers(count))).rejects.toThrow(
      /freezeLateLayers takes a whole number from 0 to 2, the layers of .*; got/,
    );
  });
});

describe('gradualUnfreezing', () => {
  /** The names of the weights that change in each epoch. */
  async function changes(strategy: Strategy, epochs: number) {
    const model = await tinyBert();
    const changed: string[][] = [];
    let before = snapshot(model);
    const onEpoch = () => {
      changed.push(changedSince(before, model));
      before = snapshot(model);
    };
    const data = { train: rows(16), validation: rows(2) };
    const result = await fineTune(model, data, { ...settings, epochs, strategy, onEpoch });
    return { changed, result };
  }
  const top = [...pooler, ...head];

  it('trains the head first, then a layer more in each epoch, the embeddings last', async () => {
    const { changed, result } = await changes(gradualUnfreezing(), 4);
    expect(changed).toEqual([top, [...inLayer(1), ...top], [...inLayer(0), ...inLayer(1), ...top], names]);
    expect(result).toMatchObject({ strategy: 'gradual unfreezing', trainableParameters: total });
  });

  it('trains all in the last epoch where there are fewer, and the head alone where there is one', async () => {
    expect((await changes(gradualUnfreezing(), 2)).changed).toEqual([top, names]);
    expect((await changes(gradualUnfreezing(), 1)).changed).toEqual([top]);
  });

  it('takes as many layers an epoch as it is told', async () => {
    const { changed } = await changes(gradualUnfreezing({ layersPerEpoch: 2 }), 3);
    expect(changed).toEqual([top, [...inLayer(0), ...inLayer(1), ...top], names]);
  });

  it.each([0, 1.5])('refuses %d layers an epoch', (layersPerEpoch) => {
    expect(() => gradualUnfreezing({ layersPerEpoch })).toThrow('layersPerEpoch is a whole number of at least 1; got');
  });
});

describe('promptTuning', () => {
  const prompted = async (options: object, strategy = promptTuning(options)) => {
    const model = await tinyBert({ maxLength: 40 });
    const before = snapshot(model);
    const result = await fineTune(model, { train: rows(16) }, { ...settings, strategy });
    return { model, result, changed: changedSince(before, model) };
  };

  it('trains the head and the vectors before each text', async () => {
    const { model, result, changed } = await prompted({ virtualTokens: 5 });
    expect(changed).toEqual(head);
    expect(result).toMatchObject({ strategy: 'prompt of 5', trainableParameters: 5 * 32 + 99 });
    expect(result.totalParameters).toBe(total + 5 * 32);
    const [[name, { shape }]] = [...model.adapters!.weights] as [[string, HostTensor]];
    expect([name, shape]).toEqual(['prompt_embeddings', [5, 32]]);
  });

  /** The vectors before the first step. */
  const start = async (options: object, seed = 1) => {
    const model = await tinyBert({ maxLength: 40 });
    const { trained } = divideWeights(model, promptTuning(options), seed);
    const prompt = trained.get('prompt_embeddings') as HostTensor;
    const table = model.weights.get(model.encoder.wordEmbeddings) as HostTensor;
    const words = Array.from({ length: table.shape[0] as number }, (_, i) => [
      ...table.data.slice(32 * i, 32 * i + 32),
    ]);
    const vectors = Array.from({ length: prompt.shape[0] as number }, (_, i) => [
      ...prompt.data.slice(32 * i, 32 * i + 32),
    ]);
    return { model, ids: vectors.map((vector) => words.findIndex((word) => String(word) === String(vector))), prompt };
  };

  it('starts as words of the vocabulary, drawn by the seed', async () => {
    const { ids } = await start({ virtualTokens: 6 });
    expect(ids).not.toContain(-1);
    expect((await start({ virtualTokens: 6 })).ids).toEqual(ids);
    expect((await start({ virtualTokens: 6 }, 2)).ids).not.toEqual(ids);
  });

  it('starts as a text, repeated as often as it takes', async () => {
    const { ids, model } = await start({ virtualTokens: 7, init: { text: 'good food' } });
    const [cls, good, food, sep] = model.tokenizer.encode('good food', 10).ids;
    expect(ids).toEqual([cls, good, food, sep, cls, good, food]);
  });

  it('starts as random numbers', async () => {
    const { ids, prompt } = await start({ virtualTokens: 20, init: 'random' });
    expect(new Set(ids)).toEqual(new Set([-1]));
    const variance = Array.from(prompt.data).reduce((sum, value) => sum + value ** 2, 0) / prompt.data.length;
    expect(Math.abs(variance - 1)).toBeLessThan(0.2);
  });

  it('goes on from what an earlier run learnt', async () => {
    const { model } = await prompted({ virtualTokens: 5 });
    const before = await model.predict(texts);
    await fineTune(model, { train: rows(4) }, { ...settings, strategy: full(), learningRate: 0 });
    (await model.predict(texts)).forEach(({ probabilities }, i) => {
      expect(largestError({ data: probabilities }, { data: before[i]!.probabilities })).toBeLessThan(1e-5);
    });
  });

  it('refuses what cannot be', async () => {
    expect(() => promptTuning({ virtualTokens: 0 })).toThrow('virtualTokens is a whole number of at least 1; got 0.');
    await expect(prompted({ virtualTokens: 30 })).rejects.toThrow(
      /Texts of 40 tokens with a prompt of 30 are more than the 64 tokens that .* reads: load it with maxLength: 34/,
    );
    await expect(prompted({ init: { text: ' ' } })).rejects.toThrow('is empty: give some words.');
  });
});

describe('fromScratch', () => {
  it('forgets every weight, the head too, and trains all', async () => {
    const { result, changed } = await train(fromScratch());
    expect(changed).toEqual(names);
    expect(result).toMatchObject({ strategy: 'from scratch', trainableParameters: total, trainableShare: 1 });
  });

  it('starts where the seed says, whatever the model was', async () => {
    const start = async (seed: number) => {
      const model = await tinyBert();
      for (const { data } of model.weights.values()) data.fill(seed);
      return Object.fromEntries(
        [...divideWeights(model, fromScratch(), seed).trained].map(([n, { data }]) => [n, data]),
      );
    };
    const name = 'bert.encoder.layer.0.output.dense.weight';
    expect(await start(1)).toEqual(await start(1));
    expect((await start(1))[name]).not.toEqual((await start(2))[name]);
    expect((await start(1))[name]).toEqual(startingValue(name, [32, 64], 0.2, 1).data);
    expect(new Set((await start(1))['bert.embeddings.LayerNorm.weight'])).toEqual(new Set([1]));
    expect(new Set((await start(1))['bert.pooler.dense.bias'])).toEqual(new Set([0]));
  });
});

describe('lora', () => {
  const strategy = lora({ rank: 4, alpha: 8 });

  it('trains the head and two thin matrices beside each query and value', async () => {
    const { model, result, changed } = await train(strategy);
    expect(changed).toEqual(head);
    expect(result).toMatchObject({ strategy: 'LoRA r=4', trainableParameters: 1123, totalParameters: total + 1024 });
    expect(result.trainableShare).toBeCloseTo(1123 / (total + 1024), 12);
    expect(model.adapters?.weights.size).toBe(8);
    for (const [name, { data }] of model.adapters!.weights)
      expect(
        data.some((value) => value !== 0),
        name,
      ).toBe(true);
  });

  it('changes nothing before its first step', async () => {
    const model = await tinyBert();
    const plain = await model.predict(texts);
    const { trained: weights } = divideWeights(model, strategy, 1);
    const adapters = new Map([...weights].filter(([name]) => name.includes('.lora_')));
    model.adapters = { kind: 'lora', rank: 4, alpha: 8, dropout: 0, targets: ['query', 'value'], weights: adapters };
    (await model.predict(texts)).forEach(({ probabilities }, i) => {
      expect(largestError({ data: probabilities }, { data: plain[i]!.probabilities })).toBeLessThan(1e-6);
    });
  });

  it('saves a model that predicts the same', async () => {
    const folder = join(temporaryFolder(), 'saved');
    const { model } = await train(strategy);
    const apart = await model.predict(texts);
    await model.save(folder);
    expect(model.adapters).toBeDefined();
    const saved = await (await loadModel(folder, { task: 'text-classification' })).predict(texts);
    const merged = await model.mergeAdapters().predict(texts);
    apart.forEach(({ probabilities }, i) => {
      expect(largestError({ data: saved[i]!.probabilities }, { data: probabilities })).toBeLessThan(1e-5);
      expect(merged[i]!.probabilities).toEqual(saved[i]!.probabilities);
    });
  });

  it('predicts with what it learnt, also where the model predicted before', async () => {
    const { model } = await train(strategy);
    const asked = await tinyBert();
    await asked.predict(texts);
    await fineTune(asked, { train: rows(16) }, { ...settings, strategy });
    expect(await asked.predict(texts)).toEqual(await model.predict(texts));
  });

  it('goes on from what an earlier run learnt', async () => {
    const { model } = await train(strategy);
    const before = await model.predict(texts);
    await fineTune(model, { train: rows(4) }, { ...settings, strategy: lora({ rank: 2, alpha: 64 }), learningRate: 0 });
    (await model.predict(texts)).forEach(({ probabilities }, i) => {
      expect(largestError({ data: probabilities }, { data: before[i]!.probabilities })).toBeLessThan(1e-5);
    });
  });

  it('corrects no layer of the head, which trains whole', async () => {
    const model = await loadModel(fixture('tiny-roberta'), { task: 'text-classification', maxLength: 40 });
    const { trained } = divideWeights(model, lora({ targets: ['dense'] }), 1);
    expect([...trained.keys()].filter((name) => name.startsWith('classifier.'))).toEqual([
      'classifier.dense.weight',
      'classifier.dense.bias',
      'classifier.out_proj.weight',
      'classifier.out_proj.bias',
    ]);
  });

  it('corrects other layers where told', async () => {
    const { model, changed } = await train(lora({ rank: 2, targets: ['dense'] }));
    expect(changed).toEqual(head);
    expect([...model.adapters!.weights.keys()].filter((name) => name.endsWith('lora_A.weight'))).toHaveLength(7);
  });

  it('refuses targets that are nowhere, and ranks that are none', async () => {
    await expect(train(lora({ targets: ['q_proj'] }))).rejects.toThrow(/No linear layer of .* ends in q_proj/);
    expect(() => lora({ rank: 0 })).toThrow("LoRA's rank is a whole number of at least 1; got 0.");
    expect(() => lora({ dropout: 1 })).toThrow("LoRA's dropout is a number from 0 to below 1; got 1.");
    expect(() => lora({ alpha: Number.NaN })).toThrow("LoRA's alpha is a number above 0; got NaN.");
  });
});
