// Whatever XGBoost allocates is freed: of a thousand fits nothing is left.

import { describe, expect, it } from 'vitest';
import { xgboost } from '../../../src/tabular/xgboost/xgboost.js';
import { here, restFor, trainOn, why } from './here.js';

describe.skipIf(!here)(`memory${why}`, () => {
  it('does not grow over 1,000 fits, predictions and refused parameters', async () => {
    // Ten times the same rows, so that a table weighs something.
    const train = trainOn('left').take(Array.from({ length: 1600 }, (_, i) => i % 160));
    const rest = restFor('left');
    const estimator = xgboost({ rounds: 6, maxDepth: 4, maxBin: 16, numThreads: 1 });
    const refused = xgboost({ rounds: 1, maxDepth: -1, numThreads: 1 });
    const once = async () => {
      const model = await estimator.fit(train, { target: 'left', validation: rest });
      await model.explain(rest);
      model.featureImportances();
      model.dispose();
      await refused.fit(train, { target: 'left' }).catch(() => undefined);
    };
    const megabytes = () => {
      globalThis.gc?.();
      return process.memoryUsage().rss / 1e6;
    };
    for (let i = 0; i < 150; i++) await once();
    const before = megabytes();
    for (let i = 0; i < 1000; i++) await once();
    // It grows by 5 MB or so. Tables that are kept come to 200 MB, boosters to 35.
    expect(megabytes() - before).toBeLessThan(20);
  });
});
