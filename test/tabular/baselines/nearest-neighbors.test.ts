// Ours against scikit-learn's predictions.

import { expect, test } from 'vitest';
import { nearestNeighbors } from '../../../src/tabular/baselines/nearest-neighbors.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { cases, expectNear, expectSameAfterSaving, expectToAddUp, featureTable, trainingTable } from './cases.js';

test.each(cases.neighbors)('as scikit-learn: $name', async (known) => {
  const { k, weights } = known;
  const model = await nearestNeighbors({ k, weights }).fit(trainingTable(known, known.classify), { target: 'y' });
  const rows = featureTable(known.new);
  expectNear(await model.predict(rows), known.predicted, 1e-12);
  if (known.probabilities === null) return;
  const probabilities = await model.predictProbabilities(rows);
  for (const [code, theirs] of known.probabilities.entries())
    expectNear(probabilities[code] as Float64Array, theirs, 1e-12);
});

const [first] = cases.neighbors;
const train = trainingTable(first as (typeof cases.neighbors)[number], true);

test('is the same after saving', async () => {
  await expectSameAfterSaving(await nearestNeighbors().fit(train, { target: 'y' }), train.slice(0, 20));
});

test('contributions and the base add up to the probability', async () => {
  const model = await nearestNeighbors({ k: 9 }).fit(train, { target: 'y' });
  const some = train.slice(0, 4);
  const [, second] = await model.predictProbabilities(some);
  await expectToAddUp(model, some, second as Float64Array);
});

test('errors name what is wrong', async () => {
  expect(() => nearestNeighbors({ k: 0 })).toThrow(/nearestNeighbors.*k is 0/);
  await expect(nearestNeighbors({ k: 81 }).fit(train, { target: 'y' })).rejects.toThrow(
    'k is 81, and there are 80 rows only',
  );
  const towns = new Table([categorical('town', ['a', 'b']), numeric('y', [1, 2])]);
  await expect(nearestNeighbors().fit(towns, { target: 'y' })).rejects.toThrow('k is 5, and there are 2 rows');
  await expect(nearestNeighbors({ k: 1 }).fit(towns, { target: 'y' })).rejects.toThrow(
    'Use pipeline([standardize(), oneHot()], nearestNeighbors())',
  );
  const model = await nearestNeighbors({ k: 1 }).fit(new Table([numeric('x', [1, 2]), numeric('y', [1, 2])]), {
    target: 'y',
  });
  await expect(model.predictProbabilities(new Table([numeric('x', [1])]))).rejects.toThrow("predicts the number 'y'");
  await expect(nearestNeighbors().fit(train, { target: 'y', weights: [1] })).rejects.toThrow('leave out weights');
  await expect(nearestNeighbors().fit(train, { target: 'y', startFrom: model })).rejects.toThrow('leave out startFrom');
});
