import { expect, test } from 'vitest';
import { constantBaseline } from '../../../src/tabular/baselines/constant.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { expectSameAfterSaving } from './cases.js';

const table = new Table([
  numeric('x', [1, 2, null, 4]),
  categorical('kind', ['b', 'a', 'b', 'b']),
  numeric('price', [10, 20, 30, 100]),
]);

test('classes: their shares, and always the commonest', async () => {
  const model = await constantBaseline().fit(table, { target: 'kind' });
  expect((await model.predictProbabilities(table)).map((p) => p[0])).toEqual([0.25, 0.75]);
  expect([...(await model.predict(table))]).toEqual([1, 1, 1, 1]);
  await expectSameAfterSaving(model, table);
});

test('numbers: the mean or the median', async () => {
  const predicted = async (value: 'mean' | 'median', weights?: number[]) => {
    const model = await constantBaseline({ value }).fit(table, {
      target: 'price',
      ...(weights === undefined ? {} : { weights }),
    });
    return (await model.predict(table.slice(0, 1)))[0];
  };
  expect(await predicted('mean')).toBe(40);
  expect(await predicted('median')).toBe(25);
  expect(await predicted('mean', [1, 1, 0, 0])).toBe(15);
  expect(await predicted('median', [1, 1, 1, 4])).toBe(100);
  expect(await predicted('median', [2, 1, 0, 1])).toBe(15);
});

test('explains that no column matters', async () => {
  const model = await constantBaseline().fit(table, { target: 'price' });
  const { base, contributions, unit } = await model.explain(table);
  expect([base, unit]).toEqual([40, 'price']);
  expect(contributions.every((values) => values.every((value) => value === 0))).toBe(true);
});

test('errors name what is wrong', () => {
  expect(() => constantBaseline({ value: 'mode' as 'mean' })).toThrow(/constantBaseline.*value is "mode"/);
});
