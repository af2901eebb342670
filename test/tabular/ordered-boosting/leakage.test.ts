// Target leakage: a column of ids says nothing about new rows. Encoded by the mean target of all training rows it gives the
// training target away, and a model believes in it; ordered statistics never show a row its own answer.

import { expect, test } from 'vitest';
import { seededRandom, shuffled } from '../../../src/hub/random.js';
import { logLoss } from '../../../src/metrics/probability.js';
import { rocAuc } from '../../../src/metrics/ranking.js';
import { orderedBoosting } from '../../../src/tabular/ordered-boosting/ordered-boosting.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';

const ROWS = 1200;

/** The columns `id` and `answer`, tossed like a coin: whatever a model finds is not there. Each id has `rowsPerId` rows. */
function coins(rowsPerId: number, seed: number): { train: Table; test: Table } {
  const random = seededRandom(seed);
  const draw = (prefix: string) =>
    new Table([
      categorical(
        'id',
        shuffled(
          Array.from({ length: ROWS }, (_, i) => `${prefix}${Math.floor(i / rowsPerId)}`),
          random,
        ),
      ),
      categorical(
        'answer',
        Array.from({ length: ROWS }, () => (random() < 0.5 ? 'no' : 'yes')),
      ),
    ]);
  // New rows of the same ids, where an id has several; else ids of their own.
  return { train: draw('id'), test: draw(rowsPerId === 1 ? 'new' : 'id') };
}

/** Target encoding as it must not be done: an id becomes the mean answer of all its training rows, its own among them. */
function naivelyEncoded(table: Table, train: Table): Table {
  const { codes, categories } = train.categorical('id');
  const answers = train.categorical('answer').codes;
  const sums = new Map<string, { yes: number; rows: number }>();
  codes.forEach((code, row) => {
    const name = categories[code] as string;
    const { yes, rows } = sums.get(name) ?? { yes: 0, rows: 0 };
    sums.set(name, { yes: yes + (answers[row] as number), rows: rows + 1 });
  });
  const id = table.categorical('id');
  const means = Array.from(id.codes, (code) => {
    const { yes, rows } = sums.get(id.categories[code] as string) ?? { yes: 0.5, rows: 1 };
    return yes / rows;
  });
  return new Table([numeric('id', means), table.column('answer')]);
}

/** ROC AUC on the training rows and on others, and the log loss there; knowing nothing, it is log 2 = 0.69. */
async function scores(train: Table, other: Table): Promise<{ train: number; test: number; loss: number }> {
  const model = await orderedBoosting({ rounds: 60, depth: 4 }).fit(train, { target: 'answer' });
  const auc = (table: Table) => rocAuc(table.categorical('answer').codes, model.rawScores(table)[0] as Float64Array);
  const loss = logLoss(other.categorical('answer').codes, await model.predictProbabilities(other));
  return { train: auc(train), test: auc(other), loss };
}

test('each row an id of its own: the naive mean is the answer itself, the ordered statistic is no more than its prior', async () => {
  const { train, test: others } = coins(1, 7);
  const naive = await scores(naivelyEncoded(train, train), naivelyEncoded(others, train));
  expect(naive.train).toBe(1);
  expect(naive.test).toBeCloseTo(0.5, 5);

  // All rows look alike while learning, so there is nothing to ask, and everyone gets the same score.
  const ordered = await scores(train, others);
  expect(ordered.train).toBeCloseTo(0.5, 5);
  expect(ordered.test).toBeCloseTo(0.5, 5);
});

test('two rows an id: the naive mean makes the model sure of what it cannot know; ordered statistics do not', async () => {
  const { train, test: others } = coins(2, 8);
  const naive = await scores(naivelyEncoded(train, train), naivelyEncoded(others, train));
  expect(naive.train).toBeGreaterThan(0.85);
  expect(Math.abs(naive.test - 0.5)).toBeLessThan(0.05);
  expect(naive.loss).toBeGreaterThan(1);

  const ordered = await scores(train, others);
  expect(Math.abs(ordered.test - 0.5)).toBeLessThan(0.05);
  expect(ordered.loss).toBeLessThan(0.72);
});

test('beside a real signal, an id column ruins the naive model and costs ours nothing', async () => {
  const random = seededRandom(9);
  const made = (prefix: string) => {
    const signal = Array.from({ length: ROWS }, () => random() * 2 - 1);
    return new Table([
      categorical(
        'id',
        signal.map((_, row) => `${prefix}${row}`),
      ),
      numeric('signal', signal),
      categorical(
        'answer',
        signal.map((value) => (random() < 1 / (1 + Math.exp(-3 * value)) ? 'yes' : 'no')),
      ),
    ]);
  };
  const train = made('id');
  const others = made('new');
  const without = await scores(train.drop('id'), others.drop('id'));
  const ordered = await scores(train, others);
  const withSignal = (table: Table) => naivelyEncoded(table, train).with(table.column('signal'));
  const naive = await scores(withSignal(train), withSignal(others));
  expect(naive.train).toBe(1);
  expect(naive.loss).toBeGreaterThan(1.3 * without.loss);
  expect(ordered.loss).toBeLessThan(1.02 * without.loss);
});
