// Steps and an estimator as one.

import { expect, test } from 'vitest';
import { pipeline, readPipeline } from '../../src/tabular/pipeline.js';
import { impute } from '../../src/tabular/preprocessing/impute.js';
import { oneHot } from '../../src/tabular/preprocessing/one-hot.js';
import { standardize } from '../../src/tabular/preprocessing/scale.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { leastSquares, readLeastSquares } from './least-squares.js';

const people = new Table([
  numeric('age', [31, null, 58, 40, 22, 35]),
  categorical('plan', ['basic', 'plus', null, 'basic', 'plus', 'pro']),
  numeric('paid', [10, 20, 35, 12, 18, 50]),
]);

test('predicts from categories and missing values, and the same after JSON', async () => {
  const model = await pipeline([impute(), standardize(), oneHot()], leastSquares()).fit(people, { target: 'paid' });
  const values = await model.predict(people.drop('paid'));
  expect(values.length).toBe(6);
  const json = JSON.parse(JSON.stringify(model.toJSON()));
  const again = await readPipeline(json, (inner) => readLeastSquares(inner, async () => again));
  expect(await again.predict(people)).toEqual(values);
  const why = await model.explain(people);
  expect(why.features).toEqual(['age', 'plan']);
  for (const [row, value] of values.entries())
    expect(why.base + why.contributions.reduce((sum, of) => sum + (of[row] as number), 0)).toBeCloseTo(value, 9);
});
