// Evaluation at rolling origins: what is known at each, the numbers by hand, and that nothing later is ever read.
import { describe, expect, it } from 'vitest';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import { FitInterrupted, type FitProgress } from '../../../src/tabular/estimator.js';
import { boostedLags } from '../../../src/tabular/series/boosted-lags.js';
import type { ForecastEstimator } from '../../../src/tabular/series/forecaster.js';
import { drift, naive, seasonalNaive } from '../../../src/tabular/series/naive.js';
import { cnn1d, gru, lstm } from '../../../src/tabular/series/network.js';
import { RollingOriginInterrupted, rollingOrigin } from '../../../src/tabular/series/rolling-origin.js';
import type { Series } from '../../../src/tabular/series/series.js';
import { daily, rhythm } from './made.js';

/** Writes down what it is given. */
function watched(estimator: ForecastEstimator) {
  const seen = { fits: [] as Series[], histories: [] as Series[] };
  const watching: ForecastEstimator = {
    ...estimator,
    async fit(series, options) {
      seen.fits.push(series);
      const model = await estimator.fit(series, options);
      return Object.assign(Object.create(model), {
        forecast: (history: Series) => {
          seen.histories.push(history);
          return model.forecast(history);
        },
        dispose: () => model.dispose(),
      });
    },
  };
  return { watching, seen };
}

describe('the past alone', () => {
  it('is what is fitted on and forecast from', async () => {
    const series = rhythm(100);
    const { watching, seen } = watched(naive());
    const { origins, fits } = await rollingOrigin(series, watching, {
      horizon: 7,
      origins: 4,
      step: 5,
      refit: 2,
      minTrain: 50,
    });
    expect(origins.map(({ origin }) => origin)).toEqual([78, 83, 88, 93]);
    expect(seen.fits.map((past) => past.length)).toEqual([78, 88]);
    expect(fits).toBe(2);
    for (const [i, past] of seen.histories.entries()) expect(past).toEqual(series.slice(0, origins[i]?.origin));
  });

  const settings = { window: 14, epochs: 1 };
  it.each([
    naive(),
    seasonalNaive({ period: 7 }),
    drift(),
    boostedLags({ estimator: linearRegression() }),
    boostedLags({ estimator: linearRegression(), strategy: 'recursive' }),
    lstm({ ...settings, hidden: 4 }),
    gru({ ...settings, hidden: 4 }),
    cnn1d({ ...settings, channels: 4, validation: 0.2, calibrate: true }),
  ])('$name never reads a value that comes later: poison there changes nothing, bit for bit', async (estimator) => {
    const series = rhythm(150);
    const options = { horizon: 5, origins: 2, step: 10, refit: 1, minTrain: 100 };
    const clean = await rollingOrigin(series, estimator, options);
    for (const [i, { origin, forecast }] of clean.origins.entries()) {
      const poisoned = daily(series.values.map((value, at) => (at < origin ? value : 1e6)));
      const { origins } = await rollingOrigin(poisoned, estimator, options);
      expect(origins[i]?.forecast).toEqual(forecast);
    }
  });

  it('and what is told of it does not say otherwise: no value after the origin need be there at all', async () => {
    const series = rhythm(120);
    const model = await boostedLags({ estimator: linearRegression() }).fit(series.slice(0, 100), { horizon: 5 });
    const unknown = daily(series.values.map((value, at) => (at < 100 ? value : Number.NaN)));
    expect(await model.forecast(unknown.slice(0, 100))).toEqual(await model.forecast(series.slice(0, 100)));
    await expect(model.forecast(unknown)).rejects.toThrow('is NaN, not a number');
  });
});

describe('numbers', () => {
  it('are those one can work out by hand', async () => {
    // The last value again, of a line that rises by 1: wrong by 1 at the first step and by 2 at the second.
    const result = await rollingOrigin(daily(Array.from({ length: 60 }, (_, i) => i)), naive(), {
      horizon: 2,
      origins: 5,
    });
    expect(result).toMatchObject({
      name: 'Naive',
      mae: 1.5,
      bias: -1.5,
      mase: 1.5,
      coverage: 1,
      width: 0,
      level: 0.9,
      fits: 1,
    });
    expect(result.rmse).toBeCloseTo(Math.sqrt(2.5), 12);
    expect(result.bySteps.map(({ mae }) => mae)).toEqual([1, 2]);
    // The ends of the interval are right here, and the median costs half its error.
    expect(result.pinball).toBeCloseTo(0.75 / 3, 12);
    expect(result.origins.map(({ origin, truth }) => [origin, ...truth])).toEqual(
      [50, 52, 54, 56, 58].map((at) => [at, at, at + 1]),
    );
  });

  it('MASE compares with the value one period before', async () => {
    const weekly = rhythm(200, 0);
    const { mae, mase } = await rollingOrigin(weekly, seasonalNaive({ period: 7 }), {
      horizon: 7,
      origins: 3,
      period: 7,
    });
    const known = weekly.values.slice(0, 200 - 21);
    const expected =
      known.slice(7).reduce((sum, value, i) => sum + Math.abs(value - (known[i] as number)), 0) / (known.length - 7);
    expect(mase).toBeCloseTo(mae / expected, 10);
  });

  it('needs a period before the first origin, and is not defined where nothing ever changes', async () => {
    const options = { horizon: 5, origins: 2, step: 5, minTrain: 30 };
    expect(() => rollingOrigin(daily(Array(40).fill(3)), naive(), { ...options, period: 30 })).toThrow(
      'period is 30, but only 30 values come before the first origin',
    );
    const { mae, mase } = await rollingOrigin(daily(Array(40).fill(3)), naive(), options);
    expect(mae).toBe(0);
    expect(mase).toBeNaN();
  });
});

describe('stopping and progress', () => {
  it('tells how far it is, and stops with what it has', async () => {
    const told: FitProgress[] = [];
    await rollingOrigin(rhythm(100), naive(), {
      horizon: 5,
      origins: 3,
      onProgress: (progress) => told.push(progress),
    });
    expect(told.map(({ done, total }) => [done, total])).toEqual([
      [100, 103],
      [101, 103],
      [102, 103],
      [103, 103],
    ]);
    const controller = new AbortController();
    const stopping = rollingOrigin(rhythm(100), naive(), {
      horizon: 5,
      origins: 3,
      signal: controller.signal,
      onProgress: ({ done }) => done === 102 && controller.abort(),
    });
    const error = (await stopping.catch((thrown) => thrown)) as RollingOriginInterrupted;
    expect(error).toBeInstanceOf(RollingOriginInterrupted);
    expect(error).toBeInstanceOf(FitInterrupted);
    expect(error.message).toBe('Naive was stopped after 2 of 3 origins.');
    expect(error.result?.origins.length).toBe(2);
  });

  it('stops inside a fit too', async () => {
    const controller = new AbortController();
    const stopping = rollingOrigin(rhythm(200), lstm({ epochs: 50, window: 7, hidden: 4 }), {
      horizon: 3,
      signal: controller.signal,
      onProgress: () => controller.abort(),
    });
    await expect(stopping).rejects.toThrow('LSTM was stopped after 0 of 33 origins.');
  });
});

it('says what does not fit', async () => {
  const series = rhythm(100);
  expect(() => rollingOrigin(series, naive(), { horizon: 5, minTrain: 96 })).toThrow(
    'has 100 values; 96 to learn from and a horizon of 5 need 101',
  );
  expect(() => rollingOrigin(series, naive(), { horizon: 5, origins: 20 })).toThrow(
    'of 20 origins, 5 values apart, 10 lie after the first 50 values',
  );
  expect(() => rollingOrigin(series, naive(), { horizon: 5, shuffle: true } as never)).toThrow('shuffle');
});
