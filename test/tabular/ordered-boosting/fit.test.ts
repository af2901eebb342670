import { describe, expect, test } from 'vitest';
import { FitInterrupted, type FitProgress } from '../../../src/tabular/estimator.js';
import { OrderedBoostingModel } from '../../../src/tabular/ordered-boosting/model.js';
import { orderedBoosting } from '../../../src/tabular/ordered-boosting/ordered-boosting.js';
import { date } from '../../../src/tabular/table/column.js';
import { categoriesTable, exactTable } from './fixture.js';

const { train, test: others } = categoriesTable();
const target = 'bought';

describe('options', () => {
  test('defaults are filled in', () => {
    expect(orderedBoosting({ depth: 4, subsample: undefined as unknown as number }).settings).toMatchObject({
      rounds: 500,
      learningRate: 0.1,
      depth: 4,
      subsample: 0.8,
      bootstrapType: 'MVS',
    });
  });

  test.each([
    [{ iterations: 100 }, "no option 'iterations'"],
    [{ rounds: 0 }, 'rounds is 0; it must be a whole number from 1'],
    [{ depth: 17 }, 'depth is 17; it must be a whole number from 1 to 12'],
    [{ learningRate: 1.5 }, 'learningRate is 1.5; it must be a number over 0 up to 1'],
    [{ bootstrapType: 'Poisson' }, `bootstrapType is "Poisson"; it must be 'MVS' or 'Bayesian' or 'Bernoulli' or 'No'`],
  ])('%j is refused', (options, message) => {
    expect(() => orderedBoosting(options as object)).toThrow(message);
  });
});

test('the same seed gives the same model, another another', async () => {
  const learnt = async (seed: number) =>
    (await orderedBoosting({ rounds: 10, depth: 3, seed }).fit(train, { target })).rawScores(others);
  expect(await learnt(1)).toEqual(await learnt(1));
  expect(await learnt(1)).not.toEqual(await learnt(2));
});

test.each(['MVS', 'Bayesian', 'Bernoulli', 'No'] as const)('learns with the bootstrap %s', async (bootstrapType) => {
  const losses: number[] = [];
  await orderedBoosting({ rounds: 30, depth: 3, bootstrapType }).fit(train, {
    target,
    validation: others,
    onProgress: ({ validationLoss }) => losses.push(validationLoss as number),
  });
  expect(losses.at(-1)).toBeLessThan(0.65); // log 2 = 0.69 knows nothing
});

test('progress tells rounds and losses; the training loss falls', async () => {
  const seen: FitProgress[] = [];
  await orderedBoosting({ rounds: 20, depth: 3 }).fit(train, { target, onProgress: (progress) => seen.push(progress) });
  expect(seen.map(({ done }) => done)).toEqual(Array.from({ length: 20 }, (_, i) => i + 1));
  expect(seen[0]?.total).toBe(20);
  expect(seen[0]?.validationLoss).toBeUndefined();
  expect(seen.at(-1)?.loss).toBeLessThan(seen[0]?.loss as number);
});

test('early stopping keeps the best trees', async () => {
  const estimator = orderedBoosting({ rounds: 500, depth: 6, learningRate: 0.5, earlyStoppingRounds: 10 });
  const model = await estimator.fit(train, { target, validation: others });
  const losses = model.validationLosses;
  const best = losses.indexOf(Math.min(...losses)) + 1;
  expect(model.rounds).toBe(best);
  expect(losses.length).toBe(best + 10);
  const last = losses[best - 1] as number;
  const truth = others.categorical(target).codes;
  const p = (await model.predictProbabilities(others))[1] as Float64Array;
  const loss = truth.reduce(
    (sum, code, row) => sum - Math.log(code === 1 ? (p[row] as number) : 1 - (p[row] as number)),
    0,
  );
  expect(loss / truth.length).toBeCloseTo(last, 10);
});

test('weights of 0 are as good as no rows', async () => {
  const table = exactTable('binary');
  const half = table.slice(0, 120);
  const weights = Array.from({ length: table.rowCount }, (_, row) => Number(row < 120));
  const nothingRandom = { rounds: 5, randomStrength: 0, bootstrapType: 'No', oneHotMaxSize: 10, l2LeafReg: 0 } as const;
  const weighted = await orderedBoosting(nothingRandom).fit(table, { target: 'target', weights });
  const few = await orderedBoosting(nothingRandom).fit(half, { target: 'target' });
  // Borders are chosen over all rows, so questions differ a little; what is learnt about the half hardly does.
  const [a, b] = [weighted.rawScores(half)[0] as Float64Array, few.rawScores(half)[0] as Float64Array];
  const agree = a.filter((score, row) => score > 0 === (b[row] as number) > 0).length;
  expect(agree / half.rowCount).toBeGreaterThan(0.95);
  await expect(orderedBoosting().fit(table, { target: 'target', weights: [1] })).rejects.toThrow('1 weights for 240');
  await expect(orderedBoosting().fit(table, { target: 'target', weights: weights.map(() => -1) })).rejects.toThrow(
    'The weight of row 0 is -1',
  );
});

describe('going on from a model', () => {
  test('adds trees to it, and reads the table as it does', async () => {
    const first = await orderedBoosting({ rounds: 10, depth: 3 }).fit(train, { target });
    const losses: number[] = [];
    const second = await orderedBoosting({ rounds: 15, depth: 3, seed: 7 }).fit(train, {
      target,
      startFrom: first,
      onProgress: ({ loss }) => losses.push(loss as number),
    });
    expect(second.rounds).toBe(25);
    expect(second.forest.trees.slice(0, 10)).toEqual(first.forest.trees);
    expect(second.forest.grids).toBe(first.forest.grids);
    expect(losses.at(-1)).toBeLessThan(losses[0] as number);
  });

  test('refuses a model of another target', async () => {
    const first = await orderedBoosting({ rounds: 2 }).fit(exactTable('binary'), { target: 'target' });
    await expect(orderedBoosting().fit(train, { target, startFrom: first })).rejects.toThrow("predicts 'target'");
  });
});

test('stopped, it gives what it has learnt by then', async () => {
  const controller = new AbortController();
  const stopped = orderedBoosting({ rounds: 1000 }).fit(train, {
    target,
    signal: controller.signal,
    onProgress: ({ done }) => done === 4 && controller.abort(),
  });
  const error = await stopped.catch((reason: unknown) => reason);
  expect(error).toBeInstanceOf(FitInterrupted);
  expect((error as Error).message).toContain('after 4 of 1000 rounds');
  const { model } = error as FitInterrupted;
  expect(model).toBeInstanceOf(OrderedBoostingModel);
  expect((model as OrderedBoostingModel).rounds).toBe(4);
  expect(await model?.predict(others)).toHaveLength(others.rowCount);
});

test('the event loop has its turn while trees grow', async () => {
  let turns = 0;
  const timer = setInterval(() => turns++, 5);
  await orderedBoosting({ rounds: 400, depth: 6 }).fit(train, { target });
  clearInterval(timer);
  expect(turns).toBeGreaterThan(1);
});

test('MODEL_TYPES_QUICK grows a few trees only', async () => {
  process.env.MODEL_TYPES_QUICK = '1';
  try {
    expect((await orderedBoosting().fit(train, { target })).rounds).toBeLessThanOrEqual(10);
  } finally {
    delete process.env.MODEL_TYPES_QUICK;
  }
});

test('what cannot be learnt from is refused', async () => {
  const dated = train.with(date('when', new Float64Array(train.rowCount)));
  await expect(orderedBoosting().fit(dated, { target })).rejects.toThrow("The column 'when' is a date");
  await expect(orderedBoosting().fit(train, { target, validation: others.slice(0, 0) })).rejects.toThrow(
    'The validation table has no rows',
  );
});

test('a column that never changes, and nothing to ask at all: a model all the same', async () => {
  const constant = train
    .select('bought')
    .with({ kind: 'numeric', name: 'one', values: new Float64Array(train.rowCount) });
  const model = await orderedBoosting({ rounds: 30 }).fit(constant, { target });
  const [, p] = await model.predictProbabilities(constant);
  const share = train.categorical('bought').codes.reduce((sum, code) => sum + code, 0) / train.rowCount;
  expect(p?.[0]).toBeCloseTo(share, 1);
  const { base, contributions } = await model.explain(constant);
  expect(base).toBeCloseTo(model.rawScores(constant)[0]?.[0] as number, 10);
  expect(contributions[0]?.[0]).toBe(0);
});
