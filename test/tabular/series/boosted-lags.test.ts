// Forecasts by models for tables: the columns they get, both strategies, quantiles, calibration, saving and stopping.
import { describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import type { FitProgress } from '../../../src/tabular/estimator.js';
import { orderedBoosting } from '../../../src/tabular/ordered-boosting/ordered-boosting.js';
import { boostedLags } from '../../../src/tabular/series/boosted-lags.js';
import { ForecastInterrupted } from '../../../src/tabular/series/forecaster.js';
import { type LagFeatures, lagTable } from '../../../src/tabular/series/lag-features.js';
import { naive } from '../../../src/tabular/series/naive.js';
import { rollingOrigin } from '../../../src/tabular/series/rolling-origin.js';
import { hasXgboost } from '../../../src/tabular/xgboost/library.js';
import { daily, expectSameAfterLoading, rhythm } from './made.js';

describe('the table', () => {
  const features: LagFeatures = { lags: [1, 3], rollingMeans: [2], cycles: [], difference: false, others: ['wind'] };
  const series = daily([1, 2, 4, 8, 16, 32], { wind: [10, 20, 30, 40, 50, 60] });

  it('has what is known at an origin, and the value to learn', () => {
    const table = lagTable(series, features, [3, 4], 1, true);
    expect(table.records()).toEqual([
      { lag_1: 4, lag_3: 1, mean_2: 3, wind: 30, target: 16 },
      { lag_1: 8, lag_3: 2, mean_2: 6, wind: 40, target: 32 },
    ]);
  });

  it('with differences tells all but the height by distance from the last value', () => {
    const [row] = lagTable(series, { ...features, difference: true }, [3], 1, true).records();
    expect(row).toEqual({ lag_1: 4, lag_3: -3, mean_2: -1, wind: 30, target: 12 });
  });

  it('has the calendar of the time to forecast, not of the origin', () => {
    const week = { ...features, cycles: ['week' as const] };
    // The series begins on a Monday: six known values, then Sunday, then Monday.
    expect(lagTable(series, week, [6], 1, false).row(0).week_cos).toBeCloseTo(1, 10);
    expect(lagTable(series, week, [6], 0, false).row(0).week_cos).toBeCloseTo(Math.cos((2 * Math.PI * 6) / 7), 10);
  });
});

/** Each value is made of the two before it; nothing else is to be known. */
function autoregressive(length: number): ReturnType<typeof daily> {
  const random = seededRandom(3);
  const values = [0, 0];
  for (let i = 2; i < length; i++)
    values.push(1.2 * (values[i - 1] as number) - 0.5 * (values[i - 2] as number) + (random() - 0.5));
  return daily(values);
}

describe.each(['direct', 'recursive'] as const)('%s', (strategy) => {
  const lines = boostedLags({
    estimator: linearRegression(),
    strategy,
    lags: [1, 2],
    rollingMeans: [],
    calendar: false,
  });

  it('finds the rule that made a series, as well as it can be known', async () => {
    const series = autoregressive(3000);
    const model = await lines.fit(series, { horizon: 3 });
    const [before, last] = series.values.slice(-2) as unknown as [number, number];
    const one = 1.2 * last - 0.5 * before;
    const two = 1.2 * one - 0.5 * last;
    const { median } = await model.forecast(series);
    for (const [step, value] of [one, two, 1.2 * two - 0.5 * one].entries())
      expect(Math.abs((median[step] as number) - value)).toBeLessThan(0.1);
  });

  it('has intervals that hold what they should, and grow with the horizon', async () => {
    const { coverage, bySteps } = await rollingOrigin(autoregressive(2000), lines, { horizon: 3, minTrain: 1000 });
    expect(Math.abs(coverage - 0.9)).toBeLessThan(0.03);
    expect(bySteps[2]?.width).toBeGreaterThan(1.2 * (bySteps[0]?.width as number));
  });

  it('is the same after saving and loading', async () => {
    const series = rhythm(200);
    await expectSameAfterLoading(await lines.fit(series, { horizon: 4 }), series);
  });
});

describe('estimators', () => {
  it('our own trees beat the last value', async () => {
    const series = rhythm(400);
    const options = { horizon: 7, minTrain: 300 };
    const trees = boostedLags({ estimator: orderedBoosting({ rounds: 40, depth: 3 }) });
    const [ours, simple] = [await rollingOrigin(series, trees, options), await rollingOrigin(series, naive(), options)];
    expect(ours.name).toBe('Ordered boosting on lags');
    expect(ours.mae).toBeLessThan(0.4 * simple.mae);
  });

  it.skipIf(!hasXgboost())('XGBoost, the default, learns the three quantiles themselves', async () => {
    const series = rhythm(900);
    const estimator = boostedLags();
    const { name, coverage, mae } = await rollingOrigin(series, estimator, { horizon: 3, minTrain: 700, step: 7 });
    expect(name).toBe('XGBoost on lags');
    expect(estimator.settings).toMatchObject({ quantiles: true, calibration: 0, strategy: 'direct' });
    expect(mae).toBeLessThan(0.5);
    expect(Math.abs(coverage - 0.9)).toBeLessThan(0.1);
    const model = await estimator.fit(series, { horizon: 2 });
    await expectSameAfterLoading(model, series);
    await model.dispose();
  });

  it('other values are used where they say more', async () => {
    const random = seededRandom(5);
    const noise = Float64Array.from({ length: 500 }, () => random());
    const follows = daily(
      noise.map((_, i) => 10 * (noise[i - 1] ?? 0)),
      { ahead: noise },
    );
    const lines = boostedLags({ estimator: linearRegression() });
    const { bySteps } = await rollingOrigin(follows, lines, { horizon: 2, minTrain: 300 });
    expect(bySteps[0]?.mae).toBeLessThan(1e-6);
    expect(bySteps[1]?.mae).toBeGreaterThan(2);
    const recursive = boostedLags({ estimator: linearRegression(), strategy: 'recursive' });
    await expect(recursive.fit(follows, { horizon: 2 })).rejects.toThrow(
      'other values (ahead) are not known of the steps',
    );
    const model = await lines.fit(follows, { horizon: 1 });
    await expect(model.forecast(daily(noise))).rejects.toThrow(
      "learnt from 'ahead' too, and the history 'value' lacks it",
    );
  });
});

describe('fitting', () => {
  it('tells its progress to the end', async () => {
    const told: FitProgress[] = [];
    const estimator = boostedLags({ estimator: linearRegression() });
    await estimator.fit(rhythm(100), { horizon: 3, onProgress: (progress) => told.push(progress) });
    expect(told.at(-1)).toMatchObject({ done: 600, total: 600 });
    expect(told.map(({ done }) => done)).toEqual(told.map(({ done }) => done).sort((a, b) => a - b));
  });

  it('stops between its fits', async () => {
    const controller = new AbortController();
    const fitting = boostedLags({ estimator: linearRegression() }).fit(rhythm(100), {
      horizon: 3,
      signal: controller.signal,
      onProgress: ({ done }) => done >= 200 && controller.abort(),
    });
    const error = await fitting.catch((thrown) => thrown);
    expect(error).toBeInstanceOf(ForecastInterrupted);
    expect(error.message).toBe('Linear regression on lags was stopped after 2 of 6 fits.');
  });

  it('says what is wrong', async () => {
    expect(() => boostedLags({ lag: [1] } as never)).toThrow('lag');
    expect(() => boostedLags({ estimator: linearRegression(), calibration: 0 })).toThrow(
      'has intervals from nothing else',
    );
    expect(() => boostedLags({ estimator: 'xgboost' as never })).toThrow('give { estimator }');
    await expect(boostedLags({ estimator: linearRegression() }).fit(rhythm(50), { horizon: 7 })).rejects.toThrow(
      'with a horizon of 7 and 28 values to look back on needs 75 or more',
    );
  });
});
