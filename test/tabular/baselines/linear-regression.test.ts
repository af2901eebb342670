// Ours against scikit-learn's coefficients.

import { expect, test } from 'vitest';
import { linearRegression } from '../../../src/tabular/baselines/linear-regression.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { cases, expectNear, expectSameAfterSaving, expectToAddUp, trainingTable } from './cases.js';

test.each(cases.linear)('as scikit-learn: $name', async (known) => {
  const train = trainingTable(known, false);
  const model = await linearRegression({ ridge: known.ridge }).fit(train, {
    target: 'y',
    ...(known.weights === null ? {} : { weights: known.weights }),
  });
  expectNear(await model.predict(train), known.predicted, 1e-8);
  if (known.name.includes('says')) return; // many coefficients predict the same
  if (known.name.includes('more columns')) return;
  expectNear(Object.values(model.coefficients), known.coefficients, 1e-8);
  expectNear([model.intercept], [known.intercept], 1e-8);
});

const [first] = cases.linear;
const train = trainingTable(first as (typeof cases.linear)[number], false);

test('contributions and the base add up to the prediction', async () => {
  const model = await linearRegression().fit(train, { target: 'y' });
  await expectToAddUp(model, train, await model.predict(train));
  const { base, unit } = await model.explain(train);
  expect(unit).toBe('y');
  expectNear([base], [train.numeric('y').values.reduce((sum, value) => sum + value, 0) / train.rowCount], 1e-10);
  expect(Object.keys(model.coefficients)).toEqual(['x0', 'x1', 'x2', 'x3']);
  expect(model.parameters).toBe(5);
});

test('is the same after saving', async () => {
  await expectSameAfterSaving(await linearRegression({ ridge: 1 }).fit(train, { target: 'y' }), train);
});

test('a column that never changes gets no coefficient', async () => {
  const table = new Table([numeric('one', [1, 1, 1]), numeric('x', [1, 2, 3]), numeric('y', [2, 4, 6])]);
  const model = await linearRegression().fit(table, { target: 'y' });
  expectNear(Object.values(model.coefficients), [0, 2], 1e-12);
});

test('what it cannot read it refuses with the pipeline to write', async () => {
  const table = new Table([
    numeric('age', [1, null, 3]),
    categorical('town', ['a', 'b', 'a']),
    date('since', [new Date(0), null, new Date(1)]),
    numeric('price', [1, 2, 3]),
  ]);
  await expect(linearRegression().fit(table, { target: 'price' })).rejects.toThrow(
    "linearRegression reads complete numbers only, and 'since' is a date, 'town' is categorical, 'age', 'since' have missing values. " +
      'Use pipeline([dateParts(), impute(), standardize(), oneHot()], linearRegression()), or drop these columns.',
  );
  await expect(linearRegression().fit(table.drop('age', 'since'), { target: 'town' })).rejects.toThrow(
    "linearRegression: the target 'town' is a class to tell, which is for logisticRegression()",
  );
});

test('errors name the setting', () => {
  expect(() => linearRegression({ ridge: -1 })).toThrow(/linearRegression.*ridge is -1/);
  expect(() => linearRegression({ alpha: 1 } as object)).toThrow(/alpha/);
});

test('weights are checked', async () => {
  await expect(linearRegression().fit(train, { target: 'y', weights: [1] })).rejects.toThrow(
    'There are 1 weights and 80 rows',
  );
  const below = train.numeric('y').values.map(() => -1);
  await expect(linearRegression().fit(train, { target: 'y', weights: below })).rejects.toThrow(
    'The weight of row 0 is -1',
  );
});
