// Networks that read a window: that they learn, repeat themselves under a seed, stop, calibrate, and come back from a file.
import { readFileSync } from 'node:fs';
import { describe, expect, it, vi } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import type { FitProgress } from '../../../src/tabular/estimator.js';
import { ForecastInterrupted } from '../../../src/tabular/series/forecaster.js';
import { forecasterFromJson, loadForecaster } from '../../../src/tabular/series/forecaster-file.js';
import { seasonalNaive } from '../../../src/tabular/series/naive.js';
import { cnn1d, gru, lstm } from '../../../src/tabular/series/network.js';
import { rollingOrigin } from '../../../src/tabular/series/rolling-origin.js';
import { daily, expectSameAfterLoading, rhythm } from './made.js';

const series = rhythm(600);
const quick = { window: 14, epochs: 25, batchSize: 16, learningRate: 0.01, dropout: 0, calendar: false };

describe.each([
  ['lstm', (more: object) => lstm({ ...quick, hidden: 16, ...more })],
  ['gru', (more: object) => gru({ ...quick, hidden: 16, ...more })],
  ['cnn1d', (more: object) => cnn1d({ ...quick, channels: 16, ...more })],
] as const)('%s', (_, make) => {
  it('learns a rhythm better than its last turn tells it', async () => {
    const options = { horizon: 7, minTrain: 500 };
    const learnt = await rollingOrigin(series, make({}), options);
    const simple = await rollingOrigin(series, seasonalNaive({ period: 7 }), options);
    expect(learnt.mae).toBeLessThan(0.9 * simple.mae);
    expect(learnt.pinball).toBeLessThan(0.9 * simple.pinball);
    expect(Math.abs(learnt.coverage - 0.9)).toBeLessThan(0.12);
    for (const { forecast } of learnt.origins)
      for (const step of forecast.median.keys()) {
        expect(forecast.lower[step]).toBeLessThan(forecast.median[step] as number);
        expect(forecast.upper[step]).toBeGreaterThan(forecast.median[step] as number);
      }
  });

  it('repeats itself under its seed, and comes back from a file', async () => {
    const few = make({ epochs: 2, validation: 0.2, calibrate: true });
    const [first, second] = [await few.fit(series, { horizon: 3 }), await few.fit(series, { horizon: 3 })];
    expect(await second.forecast(series)).toEqual(await first.forecast(series));
    const other = await make({ epochs: 2, seed: 1 }).fit(series, { horizon: 3 });
    expect((await other.forecast(series)).median).not.toEqual((await first.forecast(series)).median);
    await expectSameAfterLoading(first, series);
    for (const model of [first, second, other]) await model.dispose();
  });
});

it('several layers and other values are learnt and kept too', async () => {
  const random = seededRandom(5);
  const noise = Float64Array.from({ length: 500 }, () => random());
  const follows = daily(
    noise.map((_, i) => 10 * (noise[i - 1] ?? 0)),
    { ahead: noise },
  );
  const estimator = gru({
    window: 5,
    epochs: 40,
    learningRate: 0.01,
    hidden: 16,
    layers: 2,
    calendar: false,
    dropout: 0,
    difference: false,
  });
  const { bySteps } = await rollingOrigin(follows, estimator, { horizon: 2, minTrain: 400 });
  expect(bySteps[0]?.mae).toBeLessThan(0.6);
  expect(bySteps[1]?.mae).toBeGreaterThan(2);
  const model = await lstm({ window: 5, epochs: 1, hidden: 4, layers: 2 }).fit(follows, { horizon: 2 });
  await expectSameAfterLoading(model, follows);
  await expect(model.forecast(daily(noise))).rejects.toThrow("learnt from 'ahead' too");
});

it('intervals that are too narrow are widened until they hold what they should', async () => {
  // One epoch at a rate at which nothing is learnt: only the calibration knows how wrong it is.
  const hardly = { window: 7, epochs: 1, learningRate: 1e-6, hidden: 4, validation: 0.4 };
  const options = { horizon: 3, minTrain: 500 };
  const raw = await rollingOrigin(series, lstm(hardly), options);
  const calibrated = await rollingOrigin(series, lstm({ ...hardly, calibrate: true }), options);
  expect(raw.coverage).toBeLessThan(0.8);
  expect(Math.abs(calibrated.coverage - 0.9)).toBeLessThan(0.08);
});

describe('fitting', () => {
  it('tells each epoch and stops with what it has learnt', async () => {
    const told: FitProgress[] = [];
    const controller = new AbortController();
    const fitting = lstm({ window: 7, epochs: 50, hidden: 4, validation: 0.2 }).fit(series, {
      horizon: 2,
      signal: controller.signal,
      onProgress: (progress) => {
        told.push(progress);
        if (told.length === 3) controller.abort();
      },
    });
    const error = await fitting.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ForecastInterrupted);
    expect(error.message).toBe('LSTM was stopped after 3 of 50 epochs.');
    expect(told.map(({ done, total }) => [done, total])).toEqual([
      [1, 50],
      [2, 50],
      [3, 50],
    ]);
    expect(told[2]).toMatchObject({ loss: expect.any(Number), validationLoss: expect.any(Number) });
    expect((await error.forecaster.forecast(series)).median).toHaveLength(2);
  });

  it('takes one epoch in the quick form', async () => {
    vi.stubEnv('MODEL_TYPES_QUICK', '1');
    try {
      const told: FitProgress[] = [];
      await lstm({ window: 7, hidden: 4 }).fit(series, { horizon: 2, onProgress: (progress) => told.push(progress) });
      expect(told.map(({ total }) => total)).toEqual([1]);
    } finally {
      vi.unstubAllEnvs();
    }
  });

  it('a series that never changes is forecast as it is', async () => {
    const model = await cnn1d({ window: 7, epochs: 5, channels: 4 }).fit(daily(new Float64Array(100).fill(5)), {
      horizon: 2,
    });
    const { median } = await model.forecast(daily(new Float64Array(10).fill(5)));
    for (const value of median) expect(Math.abs(value - 5)).toBeLessThan(1);
  });

  it('says what is wrong', async () => {
    expect(() => lstm({ hidden: 0 })).toThrow('lstm: wrong options: hidden is 0');
    expect(() => cnn1d({ hidden: 4 } as never)).toThrow('hidden');
    expect(() => gru({ calibrate: true })).toThrow(
      'gru: calibrate and earlyStoppingPatience look at validation windows',
    );
    await expect(lstm({ window: 56 }).fit(rhythm(60), { horizon: 7 })).rejects.toThrow(
      'LSTM with a window of 56 and a horizon of 7 needs 83 or more',
    );
  });
});

describe('files', () => {
  it('that are something else, or cut, are named with what is wrong', async () => {
    await expect(loadForecaster('package.json')).rejects.toThrow('package.json: not written by forecaster.save(path)');
    const json = (await lstm({ window: 7, epochs: 1, hidden: 4 }).fit(series, { horizon: 2 })).toJSON();
    await expect(forecasterFromJson({ ...json, kind: 'oracle' })).rejects.toThrow(
      "There is no kind of forecaster 'oracle'",
    );
    await expect(forecasterFromJson({ ...json, weights: [] })).rejects.toThrow(
      'the weight "lstm.weight_ih_l0" is missing',
    );
    expect(JSON.parse(JSON.stringify(json))).toEqual(json);
    expect(readFileSync('package.json', 'utf8')).toContain('model-types');
  });
});
