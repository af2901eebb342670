// Stopping a run between steps: the model has the weights of a whole step and works on.
import { describe, expect, it } from 'vitest';
import { type FineTuneOptions, fineTune } from '../../src/training/fine-tune.js';
import { InterruptedError } from '../../src/training/interrupt.js';
import { full } from '../../src/training/strategies/full.js';
import { lora } from '../../src/training/strategies/lora.js';
import type { Strategy } from '../../src/training/strategies/strategy.js';
import { changedSince, rows, snapshot, tinyBert } from './tiny.js';

// Nothing that depends on how many steps there are, so that a shorter run takes the same steps.
const settings: FineTuneOptions = {
  epochs: 1,
  batchSize: 4,
  learningRate: 1e-3,
  schedule: 'constant',
  warmupRatio: 0,
  shuffle: false,
  groupByLength: false,
};
const texts = rows(6).map(({ text }) => text);

/** A run that `stop` interrupts after step 3 of 10; returns the model and the steps it took. */
async function interrupted(strategy: Strategy, stop: () => void, signal?: AbortSignal) {
  const model = await tinyBert({ dropout: 0.1 });
  let taken = 0;
  const onStep = ({ step }: { step: number }) => {
    taken = step;
    if (step === 3) stop();
  };
  const options = { ...settings, strategy, onStep, ...(signal ? { signal } : {}) };
  const error = await fineTune(model, { train: rows(40) }, options).catch((thrown: unknown) => thrown);
  return { model, error, taken };
}

/** A run of exactly so many steps. */
async function whole(strategy: Strategy, steps: number) {
  const model = await tinyBert({ dropout: 0.1 });
  await fineTune(model, { train: rows(4 * steps) }, { ...settings, strategy });
  return model;
}

describe.each([
  ['full', full()],
  ['LoRA', lora({ rank: 2 })],
] as const)('%s', (_, strategy) => {
  it('stopped by an AbortSignal has the weights of that step, bit for bit', async () => {
    const controller = new AbortController();
    const { model, error, taken } = await interrupted(strategy, () => controller.abort(), controller.signal);
    expect(error).toBeInstanceOf(InterruptedError);
    expect((error as Error).message).toBe(
      'Training was stopped after step 3 of 10; the model has the weights of that step.',
    );
    expect(taken).toBe(3);
    const expected = await whole(strategy, 3);
    expect(changedSince(snapshot(expected), model)).toEqual([]);
    expect(model.adapters).toEqual(expected.adapters);
    expect(await model.predict(texts)).toEqual(await expected.predict(texts));
  });

  it('stopped by SIGINT, as by a Stop button, has the weights of a whole step too', async () => {
    const listeners = process.listenerCount('SIGINT');
    const { model, error, taken } = await interrupted(strategy, () => process.kill(process.pid, 'SIGINT'));
    expect(error).toBeInstanceOf(InterruptedError);
    expect(taken).toBeLessThan(10);
    const expected = await whole(strategy, taken);
    expect(changedSince(snapshot(expected), model)).toEqual([]);
    expect(await model.predict(texts)).toEqual(await expected.predict(texts));
    expect(process.listenerCount('SIGINT')).toBe(listeners);
  });
});

describe('a model whose training was stopped', () => {
  it('trains on', async () => {
    const controller = new AbortController();
    const { model } = await interrupted(full(), () => controller.abort(), controller.signal);
    const before = snapshot(model);
    const { history } = await fineTune(model, { train: rows(8) }, settings);
    expect(history).toHaveLength(2);
    expect(changedSince(before, model)).not.toEqual([]);
  });
});

describe('a signal that was aborted before', () => {
  it('takes no step', async () => {
    const model = await tinyBert();
    const before = snapshot(model);
    await expect(fineTune(model, { train: rows(8) }, { ...settings, signal: AbortSignal.abort() })).rejects.toThrow(
      'Training was stopped before its first step; the model is as it was.',
    );
    expect(changedSince(before, model)).toEqual([]);
  });
});

describe('an error in onStep', () => {
  it('ends the run, and the model has the weights of that step', async () => {
    const model = await tinyBert({ dropout: 0.1 });
    const onStep = ({ step }: { step: number }) => {
      if (step === 2) throw new Error('the plot broke');
    };
    await expect(fineTune(model, { train: rows(20) }, { ...settings, onStep })).rejects.toThrow('the plot broke');
    expect(changedSince(snapshot(await whole(full(), 2)), model)).toEqual([]);
  });
});
