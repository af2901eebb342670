// The real thing: four years of Seattle's highest temperatures. What is learnt beats the last value and the day a year ago, two weeks
// ahead, over all of 2015, and its intervals hold about nine of ten truths.
import { describe, expect, it } from 'vitest';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import { boostedLags } from '../../../src/tabular/series/boosted-lags.js';
import { naive, seasonalNaive } from '../../../src/tabular/series/naive.js';
import { cnn1d, gru, lstm } from '../../../src/tabular/series/network.js';
import { rollingOrigin } from '../../../src/tabular/series/rolling-origin.js';
import { hasXgboost } from '../../../src/tabular/xgboost/library.js';
import { heat } from './made.js';

const options = { horizon: 14, step: 7, minTrain: 1096 }; // 2012 to 2014 are learnt from

describe('temperatures two weeks ahead', async () => {
  const series = await heat();
  const simple = [
    await rollingOrigin(series, naive(), options),
    await rollingOrigin(series, seasonalNaive({ period: 365 }), options),
  ];
  const best = Math.min(...simple.map(({ mae }) => mae));

  it.each([
    boostedLags({ estimator: linearRegression() }),
    ...(hasXgboost() ? [boostedLags()] : []),
    lstm({ epochs: 15 }),
    gru({ epochs: 15 }),
    cnn1d({ epochs: 15 }),
  ])('$name beats the naive ones by a sixth or more', async (estimator) => {
    const { mae, pinball, coverage } = await rollingOrigin(series, estimator, options);
    expect(mae).toBeLessThan(best * (5 / 6));
    for (const one of simple) expect(pinball).toBeLessThan(one.pinball * (5 / 6));
    expect(Math.abs(coverage - 0.9)).toBeLessThan(0.05);
  });
});
