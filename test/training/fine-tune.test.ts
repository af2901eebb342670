// The training loop: what it reports, what the same seed repeats, what it refuses. Numbers: against-pytorch.test.ts.
import { describe, expect, it } from 'vitest';
import { type EpochResult, type FineTuneOptions, fineTune, type TrainingStep } from '../../src/training/fine-tune.js';
import { fromScratch } from '../../src/training/strategies/from-scratch.js';
import { lora } from '../../src/training/strategies/lora.js';
import { changedSince, rows, snapshot, tinyBert } from './tiny.js';

const settings: FineTuneOptions = { epochs: 2, batchSize: 4, learningRate: 1e-3 };

describe('a run', () => {
  it('reports each step and epoch, and scores the model', async () => {
    const model = await tinyBert();
    const steps: [TrainingStep, number][] = [];
    const epochs: EpochResult[] = [];
    const result = await fineTune(
      model,
      { train: rows(26), validation: rows(10), test: rows(12) },
      {
        ...settings,
        epochs: 3,
        onStep: (step, total) => void steps.push([step, total]),
        onEpoch: (epoch) => void epochs.push(epoch),
      },
    );
    expect(result.history).toHaveLength(21);
    expect(steps).toEqual(result.history.map((step) => [step, 21]));
    expect(epochs).toEqual(result.epochs);
    expect(epochs.map(({ epoch, step }) => [epoch, step])).toEqual([
      [1, 7],
      [2, 14],
      [3, 21],
    ]);
    expect(result.history.map(({ step }) => step)).toEqual(Array.from({ length: 21 }, (_, i) => i + 1));
    expect(result.history.at(-1)?.epoch).toBe(3);
    expect(result.evaluation?.predictions).toHaveLength(12);
    expect(result.seconds).toBeGreaterThan(0);
    expect(result.peakMemoryBytes).toBeGreaterThan(2 ** 20);
    expect(result.optimizerBytes).toBe(12 * result.trainableParameters);
    expect(result.optimizerBytes).toBeLessThan(result.peakMemoryBytes);
  });

  it('learns', async () => {
    const options = { ...settings, epochs: 12, batchSize: 8, learningRate: 3e-3 };
    const { history, evaluation } = await fineTune(await tinyBert(), { train: rows(48), test: rows(24) }, options);
    expect(history.at(-1)!.loss).toBeLessThan(0.1 * history[0]!.loss);
    expect(evaluation?.accuracy).toBe(1);
  });

  it('has the learning rate rise and fall', async () => {
    const { history } = await fineTune(await tinyBert(), { train: rows(20) }, { ...settings, warmupRatio: 0.3 });
    const expected = [0, 1 / 3, 2 / 3, 1, 6 / 7, 5 / 7, 4 / 7, 3 / 7, 2 / 7, 1 / 7];
    history.forEach(({ learningRate }, i) => {
      expect(learningRate).toBeCloseTo(1e-3 * expected[i]!, 12);
    });
  });

  it('scores the validation rows where there is no test, and nothing where there is neither', async () => {
    const one = { ...settings, epochs: 1 };
    const validated = await fineTune(await tinyBert(), { train: rows(4), validation: rows(5) }, one);
    expect(validated.evaluation?.predictions).toHaveLength(5);
    const alone = await fineTune(await tinyBert(), { train: rows(4) }, one);
    expect(alone.evaluation).toBeUndefined();
    expect(alone.epochs).toEqual([]);
  });

  it('takes a last update of fewer batches where accumulation does not divide them', async () => {
    const options = { ...settings, epochs: 2, gradientAccumulationSteps: 2 };
    const { history } = await fineTune(await tinyBert(), { train: rows(20) }, options); // 5 batches an epoch
    expect(history.map(({ epoch }) => epoch)).toEqual([1 / 3, 2 / 3, 1, 4 / 3, 5 / 3, 2]);
  });

  it('works with a single row', async () => {
    const { history } = await fineTune(await tinyBert(), { train: rows(1) }, { ...settings, epochs: 1 });
    expect(history).toHaveLength(1);
  });
});

describe('a seed', () => {
  const train = async (seed: number, dropout: number, options: FineTuneOptions = {}) => {
    const model = await tinyBert({ dropout });
    const { history } = await fineTune(model, { train: rows(20) }, { ...settings, ...options, seed });
    return { weights: snapshot(model), losses: history.map(({ loss }) => loss), adapters: model.adapters };
  };

  it.each([
    ['full', {}],
    ['LoRA', { strategy: lora({ rank: 2 }) }],
    ['from scratch', { strategy: fromScratch() }],
  ])('repeats a run bit for bit: %s', async (_, options) => {
    expect(await train(1, 0.1, options)).toEqual(await train(1, 0.1, options));
  });

  it('of another number gives another run', async () => {
    const [one, two] = [await train(1, 0.1), await train(2, 0.1)];
    expect(one.losses).not.toEqual(two.losses);
    expect(one.weights).not.toEqual(two.weights);
  });

  it('draws dropout: without shuffling it changes the run only where there is dropout', async () => {
    const inOrder = { shuffle: false };
    expect(await train(1, 0, inOrder)).toEqual(await train(2, 0, inOrder));
    expect((await train(1, 0.1, inOrder)).losses).not.toEqual((await train(2, 0.1, inOrder)).losses);
  });

  it('draws a new mask each step', async () => {
    const { losses } = await train(1, 0.3, { shuffle: false, learningRate: 0, epochs: 4 });
    const first = [0, 5, 10, 15].map((at) => losses[at]); // the same batch in each epoch, the weights unchanged
    expect(new Set(first).size).toBe(4);
  });
});

describe('dropout', () => {
  it('is off in predictions', async () => {
    const [dry, wet] = [await tinyBert(), await tinyBert({ dropout: 0.5 })];
    const texts = rows(5).map(({ text }) => text);
    expect(await wet.predict(texts)).toEqual(await dry.predict(texts));
  });
});

describe('a loss or gradient that is no number', () => {
  it('stops the run, names the step and keeps the last good weights', async () => {
    const extreme: FineTuneOptions = {
      epochs: 1,
      batchSize: 4,
      learningRate: 1e30,
      schedule: 'constant',
      warmupRatio: 0,
      shuffle: false,
      groupByLength: false,
    };
    const model = await tinyBert();
    let good = 0;
    const onStep = ({ step }: TrainingStep) => {
      good = step;
    };
    await expect(fineTune(model, { train: rows(20) }, { ...extreme, onStep })).rejects.toThrow(
      /The (loss|gradient norm) of step 2 \(epoch 1, batch 2 of 5\) is (NaN|Infinity): training stopped before it, and the model has the weights from before. Its batch is made of the training rows 4, 5, 6, 7. Try a lower learning rate than 1e\+30./,
    );
    expect(good).toBe(1);
    const shorter = await tinyBert();
    await fineTune(shorter, { train: rows(4) }, extreme);
    expect(changedSince(snapshot(shorter), model)).toEqual([]);
    for (const { data } of model.weights.values()) expect(data.every(Number.isFinite)).toBe(true);
  });

  it('in the first step leaves the model as it was', async () => {
    const model = await tinyBert();
    model.weights.get('classifier.weight')!.data[0] = Number.NaN;
    const before = snapshot(model);
    await expect(fineTune(model, { train: rows(8) }, settings)).rejects.toThrow(
      'The loss of step 1 (epoch 1, batch 1 of 2) is NaN',
    );
    expect(changedSince(before, model)).toEqual([]);
  });
});

describe('what cannot be is refused by name', () => {
  it.each([
    [{ epochs: 0 }, 'epochs is a whole number of at least 1; got 0.'],
    [{ epochs: 1.5 }, 'epochs is a whole number of at least 1; got 1.5.'],
    [{ batchSize: 0 }, 'batchSize is a whole number of at least 1; got 0.'],
    [{ gradientAccumulationSteps: -1 }, 'gradientAccumulationSteps is a whole number of at least 1; got -1.'],
    [{ learningRate: -1e-3 }, 'learningRate is a number of at least 0; got -0.001.'],
    [{ learningRate: Number.NaN }, 'learningRate is a number of at least 0; got NaN.'],
    [{ warmupRatio: 1.1 }, 'warmupRatio is a number from 0 to 1; got 1.1.'],
    [{ weightDecay: -1 }, 'weightDecay is a number of at least 0; got -1.'],
    [{ maxGradNorm: 0 }, 'maxGradNorm is a number above 0; got 0.'],
    [{ seed: 0.5 }, 'seed is a whole number; got 0.5.'],
    [{ schedule: 'step' as 'linear' }, 'There is no schedule "step"; the schedules are linear, cosine, constant.'],
  ])('%j', async (options, message) => {
    const model = await tinyBert();
    const before = snapshot(model);
    await expect(fineTune(model, { train: rows(4) }, options)).rejects.toThrow(message);
    expect(changedSince(before, model)).toEqual([]);
  });

  it('no rows to train on', async () => {
    await expect(fineTune(await tinyBert(), { train: [] })).rejects.toThrow(
      'There are no rows to train on: data.train is empty.',
    );
  });

  it('a label the model does not have', async () => {
    const train = [...rows(4), { text: 'a fourth kind', label: 3 }];
    await expect(fineTune(await tinyBert(), { train })).rejects.toThrow(
      'A row has label 3, but the model has 3 labels',
    );
  });
});
