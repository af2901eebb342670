// `fit` shows what the estimator tells, and gives back the estimator's own model.

import { afterEach, beforeEach, expect, expectTypeOf, test } from 'vitest';
import { jupyterDisplay } from '../../src/plots/figure.js';
import { fit as fitShown } from '../../src/plots/fit.js';
import { fitCurve } from '../../src/plots/fit-curve.js';
import type { DisplayContent } from '../../src/plots/kernel.js';
import type { Estimator, FitProgress, TabularModel } from '../../src/tabular/estimator.js';
import { numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { formula } from '../tabular/explain/models.js';

const train = new Table([numeric('x', [1, 2]), numeric('y', [2, 4])]);
interface Doubling extends TabularModel {
  readonly doubled: true;
}
/** Tells what it is given, one event a round. */
const telling = (events: readonly FitProgress[], failure?: Error): Estimator<Doubling> => ({
  name: 'doubling',
  settings: { rounds: events.length },
  fit: async (table, { target, onProgress }) => {
    for (const event of events) onProgress?.(event);
    if (failure) throw failure;
    const model = formula({ table, task: { kind: 'regression', target }, of: ({ x }) => 2 * Number(x) });
    return { ...model, doubled: true };
  },
});
const losses = Array.from({ length: 40 }, (_, i) => ({
  ...{ done: i + 1, total: 50, loss: 1 / (i + 1), validationLoss: 0.3 + Math.abs(i - 19) / 100 },
}));

const kernel = globalThis as { [jupyterDisplay]?: unknown };
let sent: DisplayContent[] = [];
beforeEach(() => {
  sent = [];
  kernel[jupyterDisplay] = (content: DisplayContent) => sent.push(content);
});
afterEach(() => {
  delete kernel[jupyterDisplay];
});
const lastText = () => String(sent.at(-1)?.data['text/plain']);

test('losses become a curve that ends where the fit did', async () => {
  const heard: number[] = [];
  const model = await fitShown(telling(losses), train, { target: 'y', onProgress: ({ done }) => heard.push(done) });
  expectTypeOf(model).toEqualTypeOf<Doubling>();
  expect([...(await model.predict(train))]).toEqual([2, 4]);
  expect(heard).toHaveLength(40);
  expect(lastText()).toContain(
    'Loss over 40 rounds: on the training rows from 1.000 to 0.02500; on the validation rows lowest 0.3000, after round 20.',
  );
  expect(sent.at(-1)?.data['application/vnd.plotly.v1+json']).toMatchObject({
    layout: { title: { text: 'Fitting doubling' }, xaxis: { range: [0, 40.4] } },
  });
  expect(new Set(sent.map(({ transient }) => transient.display_id)).size).toBe(1);
});

test('without losses a line says how far it has come', async () => {
  await fitShown(
    telling([
      { done: 1, total: 3 },
      { done: 3, total: 3 },
    ]),
    train,
    { target: 'y' },
  );
  expect(lastText()).toMatch(/^Fitting doubling: 3 of 3 \(100%\)/);
});

test('nothing is shown where nothing is told or wanted', async () => {
  await fitShown(telling([]), train, { target: 'y' });
  await fitShown(telling(losses), train, { target: 'y', progress: false });
  expect(sent).toEqual([]);
});

test('an error of the fit comes through, the picture before it', async () => {
  const failing = fitShown(telling(losses.slice(0, 3), new Error('diverged')), train, { target: 'y' });
  await expect(failing).rejects.toThrow('diverged');
  expect(lastText()).toContain('Loss over 3 rounds');
});

test('a curve: its numbers, and what cannot be drawn', () => {
  const picture = fitCurve(losses.slice(0, 2), { step: 'epoch', total: 10 });
  expect(picture.text.split('\n')).toEqual([
    'epoch  training rows  validation rows',
    '    1         1.0000           0.4900',
    '    2         0.5000           0.4800',
  ]);
  expect(picture.layout).toMatchObject({ xaxis: { title: { text: 'Epoch' }, range: [0, 10.1] } });
  expect(() => fitCurve([])).toThrow('fitCurve: nothing to draw');
  expect(() => fitCurve([{ done: 1, total: 2 }])).toThrow('no loss is known');
  expect(() => fitCurve([{ done: 1, total: 2, loss: Number.NaN }])).toThrow(
    'loss after round 1 must be a finite number',
  );
});
