// A text classifier: predictions, copies and smaller models.
import { describe, expect, it } from 'vitest';
import { randomNormal } from '../../src/engine/index.js';
import { evaluate } from '../../src/tasks/evaluate.js';
import { loadModel } from '../../src/tasks/load-model.js';
import type { AdapterSet } from '../../src/tasks/text-classification.js';
import { fixture, fixtureJson, largestError } from '../references.js';

const rows = (fixtureJson('tiny-bert/expected.json') as { texts: { text: string; logits: number[] }[] }).texts;
const texts = rows.map(({ text }) => text);
const load = (labels?: string[]) =>
  loadModel(fixture('tiny-bert'), { task: 'text-classification', ...(labels ? { labels } : {}) });

const softmax = (logits: number[]) => {
  const powers = logits.map(Math.exp);
  return powers.map((power) => power / powers.reduce((a, b) => a + b));
};

/** Adapters on the queries of both layers, large enough to change predictions. */
const adapters = (scale: number, seed = 1): AdapterSet => ({
  kind: 'lora',
  rank: 4,
  alpha: 4 * scale,
  targets: ['query'],
  dropout: 0.5, // for training: predictions must not draw
  weights: new Map(
    [0, 1].flatMap((layer) => {
      const name = `bert.encoder.layer.${layer}.attention.self.query`;
      return [
        [`${name}.lora_A.weight`, randomNormal([4, 32], 0.5, seed + layer)],
        [`${name}.lora_B.weight`, randomNormal([32, 4], 0.5, seed + 10 + layer)],
      ] as const;
    }),
  ),
});

const probabilities = async (model: Awaited<ReturnType<typeof load>>) => {
  const predictions = await model.predict(texts);
  return predictions.flatMap((prediction) => [...prediction.probabilities]);
};

describe('predict', () => {
  it('gives the probabilities of Python, in the order of the texts', async () => {
    const model = await load();
    const predictions = await model.predict(texts);
    expect(predictions.map(({ text }) => text)).toEqual(texts);
    predictions.forEach((prediction, i) => {
      const expected = softmax(rows[i]!.logits);
      expect(largestError({ data: prediction.probabilities }, { data: expected })).toBeLessThan(1e-5);
      expect(prediction.labelIndex).toBe(expected.indexOf(Math.max(...expected)));
      expect(prediction.label).toBe(model.labels[prediction.labelIndex]);
      expect(prediction.score).toBe(prediction.probabilities[prediction.labelIndex]);
    });
  });

  it('does so for more texts than fit a batch, whatever their lengths', async () => {
    const model = await load();
    const many = Array.from({ length: 75 }, (_, i) => texts[(i * 5) % texts.length] as string);
    const predictions = await model.predict(many);
    predictions.forEach(({ text, probabilities: found }, i) => {
      expect(text).toBe(many[i]);
      const expected = softmax(rows.find((row) => row.text === text)!.logits);
      expect(largestError({ data: found }, { data: expected })).toBeLessThan(1e-5);
    });
  });

  it('has nothing to say about no texts', async () => {
    expect(await (await load()).predict([])).toEqual([]);
  });

  it.each([2, 3, 24])('works for %i labels, with probabilities that add up to 1', async (count) => {
    const model = await load(Array.from({ length: count }, (_, i) => `label ${i}`));
    for (const prediction of await model.predict(texts)) {
      expect(prediction.probabilities).toHaveLength(count);
      expect(prediction.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
      expect(prediction.score).toBe(Math.max(...prediction.probabilities));
    }
  });

  it('is sure where logits are huge, instead of NaN', async () => {
    const model = await load();
    model.weights.get('classifier.bias')?.data.set([1000, 0, -1000]);
    const [prediction] = await model.predict(['good']);
    expect(prediction?.probabilities).toEqual([1, 0, 0]);
  });

  it('follows the weights as they change', async () => {
    const model = await load();
    const before = await probabilities(model);
    model.weights.get('classifier.weight')?.data.fill(0);
    model.weights.get('classifier.bias')?.data.fill(0);
    expect(await probabilities(model)).not.toEqual(before);
    expect((await model.predict(['good']))[0]?.probabilities[0]).toBeCloseTo(1 / 3, 6);
  });

  it('says how many tokens of a text did not fit, and so does an evaluation', async () => {
    const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification', maxLength: 6 });
    const long = 'bad food, bad food, bad food';
    const whole = model.tokenizer.encode(long, 100).ids.length;
    const [short, cut] = await model.predict(['bad food', long]);
    expect(short).not.toHaveProperty('droppedTokens');
    expect(cut?.droppedTokens).toBe(whole - 6);
    const rows = [long, 'bad', long].map((text) => ({ text, label: 0 }));
    expect((await evaluate(model, rows)).truncated).toEqual({ texts: 2, tokens: 2 * (whole - 6) });
  });

  it('works again after dispose', async () => {
    const model = await load();
    const before = await probabilities(model);
    await model.dispose();
    expect(await probabilities(model)).toEqual(before);
  });
});

describe('adapters', () => {
  it('take part in predictions, also when they come after the first one or change their scale', async () => {
    const model = await load();
    const plain = await probabilities(model);
    model.adapters = adapters(2);
    const adapted = await probabilities(model);
    expect(largestError({ data: adapted }, { data: plain })).toBeGreaterThan(0.01);

    const fresh = await load();
    fresh.adapters = adapters(2);
    expect(await probabilities(fresh)).toEqual(adapted);
    fresh.adapters = adapters(0);
    expect(await probabilities(fresh)).toEqual(plain);
  });

  it('merge into the weights without changing predictions by more than 1e-5', async () => {
    const model = await load();
    model.adapters = adapters(2);
    const apart = await probabilities(model);
    expect(model.mergeAdapters().adapters).toBeUndefined();
    expect(largestError({ data: await probabilities(model) }, { data: apart })).toBeLessThan(1e-5);
  });

  it('stay in effect in a model of fewer layers', async () => {
    const model = await load();
    model.adapters = adapters(2);
    const merged = (await load()).clone();
    merged.adapters = adapters(2);
    expect(await probabilities(model.keepLayers(1))).toEqual(await probabilities(merged.mergeAdapters().keepLayers(1)));
    expect(model.adapters).toBeDefined();
  });
});

describe('clone', () => {
  it('predicts the same, and shares no weight', async () => {
    const model = await load();
    const before = await probabilities(model);
    const copy = model.clone();
    expect(await probabilities(copy)).toEqual(before);
    for (const { data } of copy.weights.values()) data.fill(0);
    expect(await probabilities(model)).toEqual(before);
    expect(await probabilities(copy)).not.toEqual(before);
  });
});

describe('keepLayers', () => {
  it('keeps the embeddings, the first layers and the head', async () => {
    const model = await load();
    const small = model.keepLayers(1);
    expect(small.encoder.layers).toBe(1);
    expect(model.encoder.layers).toBe(2);
    const gone = [...model.weights.keys()].filter((name) => !small.weights.has(name));
    expect(gone).toHaveLength(16);
    expect(gone.every((name) => name.startsWith('bert.encoder.layer.1.'))).toBe(true);
    for (const [name, { data }] of small.weights) {
      expect(data).toEqual(model.weights.get(name)?.data);
      expect(data).not.toBe(model.weights.get(name)?.data);
    }
    expect(small.parameterCount).toBeLessThan(model.parameterCount);
    expect(await small.predict(texts)).toHaveLength(texts.length);
  });

  it('of all layers changes nothing', async () => {
    const model = await load();
    expect(await probabilities(model.keepLayers(2))).toEqual(await probabilities(model));
  });

  it.each([0, 3, 1.5, -1, Number.NaN])('refuses %d layers', async (count) => {
    const model = await load();
    expect(() => model.keepLayers(count)).toThrow(/keepLayers takes a whole number from 1 to 2, the layers of .*; got/);
  });
});

describe('batches', () => {
  it.each([-1, 3, 0.5, Number.NaN])('refuses the label %d, and shows the row', async (label) => {
    const model = await load();
    expect(() => model.batches([{ text: 'a poor film', label }], { batchSize: 2 })).toThrow(
      `A row has label ${label}, but the model has 3 labels (negative, neutral, positive), numbered from 0: "a poor film".`,
    );
  });
});

it('counts its parameters', async () => {
  const model = await load();
  expect(model.parameterCount).toBe(28_931);
});
