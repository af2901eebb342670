// mlp() and tabnet() on tables: what they learn, save, explain and refuse.
import { afterAll, describe, expect, it } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { FitInterrupted, type TabularModel } from '../../../src/tabular/estimator.js';
import { loadTabularModel } from '../../../src/tabular/model-file.js';
import { type MlpOptions, mlp } from '../../../src/tabular/networks/mlp.js';
import { type TabnetOptions, tabnet } from '../../../src/tabular/networks/tabnet.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { temporaryFolder } from '../../references.js';

/** Whether somebody leaves depends on plan and age; noise does not matter. Some ages are missing. */
function people(rows: number, seed: number): Table {
  const random = seededRandom(seed);
  const draw = <T>(make: () => T) => Array.from({ length: rows }, make);
  const plan = draw(() => (random() < 0.5 ? 'basic' : 'plus'));
  const age = draw(() => 20 + 50 * random());
  const leaves = plan.map((name, i) => (name === 'basic') === (age[i] as number) > 45);
  const spent = plan.map((name, i) => (name === 'basic' ? 100 : 400) + 5 * (age[i] as number));
  return new Table([
    numeric(
      'age',
      age.map((value) => (random() < 0.05 ? null : value)),
    ),
    categorical('plan', plan),
    numeric(
      'noise',
      draw(() => random()),
    ),
    categorical(
      'leaves',
      leaves.map((value) => (value ? 'yes' : 'no')),
    ),
    numeric('spent', spent),
  ]);
}
const [train, test] = [people(1200, 1), people(400, 2)];
const forClass = { target: 'leaves' };
const small: MlpOptions = { hidden: [16, 8], epochs: 12, batchSize: 32, learningRate: 5e-3 };
const attentive: TabnetOptions = { nD: 4, nA: 4, nSteps: 2, epochs: 25, batchSize: 128, virtualBatchSize: 64 };

const made: TabularModel[] = [];
const kept = <Model extends TabularModel>(model: Model): Model => {
  made.push(model);
  return model;
};
afterAll(() => made.forEach((model) => void model.dispose()));

const right = async (model: TabularModel, table: Table): Promise<number> => {
  const [codes, truth] = [await model.predict(table), table.categorical('leaves')];
  const classes = model.task.kind === 'classification' ? model.task.classes : [];
  return (
    codes.filter((code, row) => classes[code] === truth.categories[truth.codes[row] as number]).length / codes.length
  );
};

describe.each([
  ['mlp', () => mlp(small)],
  ['tabnet', () => tabnet(attentive)],
] as const)('%s', (kind, estimator) => {
  const fitted = estimator().fit(train.drop('spent'), forClass).then(kept);

  it('learns what depends on two columns together', async () => {
    const model = await fitted;
    expect(await right(model, test)).toBeGreaterThan(0.85);
    expect(model.features.map(({ name }) => name)).toEqual(['age', 'plan', 'noise']);
    expect(model.parameters).toBeGreaterThan(100);
    const [no, yes] = (await model.predictProbabilities(test)) as [Float64Array, Float64Array];
    for (const row of test.records().keys()) expect((no[row] as number) + (yes[row] as number)).toBeCloseTo(1, 12);
  });

  it('predicts the same to the bit when it is saved and loaded', async () => {
    const path = `${temporaryFolder()}/model.json`;
    const model = await fitted;
    await model.save(path);
    const again = kept(await loadTabularModel(path));
    expect(again.name).toBe(model.name);
    expect(await again.predictProbabilities(test)).toEqual(await model.predictProbabilities(test));
    expect(again.toJSON()).toEqual(model.toJSON());
  });

  it('predicts tables of any length, with columns and categories it does not know', async () => {
    const model = await fitted;
    const [whole] = (await model.predictProbabilities(test)) as [Float64Array];
    const [first] = (await model.predictProbabilities(test.slice(0, 3))) as [Float64Array];
    for (const [row, value] of first.entries()) expect(value).toBeCloseTo(whole[row] as number, 5);
    expect(await model.predict(test.slice(0, 0))).toHaveLength(0);
    const strange = new Table([categorical('plan', ['gold']), numeric('age', [null]), numeric('noise', [null])]);
    expect(await model.predict(strange)).toHaveLength(1);
  });

  it('explains: contributions add up to the prediction, and noise contributes least', async () => {
    const model = await fitted;
    const some = test.slice(0, 5);
    const { base, contributions } = await model.explain(some);
    const [, yes] = (await model.predictProbabilities(some)) as [Float64Array, Float64Array];
    for (let row = 0; row < 5; row++)
      expect(contributions.reduce((sum, one) => sum + (one[row] as number), base)).toBeCloseTo(yes[row] as number, 6);
    const [age, plan, noise] = contributions.map((one) => one.reduce((sum, value) => sum + Math.abs(value), 0));
    expect(noise).toBeLessThan(Math.min(age as number, plan as number));
  });

  it('learns numbers', async () => {
    const model = kept(await estimator().fit(train.drop('leaves'), { target: 'spent' }));
    const [values, truth] = [await model.predict(test), test.numeric('spent').values];
    const errors = values.map((value, row) => Math.abs(value - (truth[row] as number)));
    // Missing ages alone cost 3 of these.
    expect(errors.reduce((sum, error) => sum + error, 0) / errors.length).toBeLessThan(40);
    await expect(model.predictProbabilities(test)).rejects.toThrow('has no probabilities');
    await expect(model.predictQuantiles(test)).rejects.toThrow('fitted without quantiles');
  });

  it('begins with another model of its kind', async () => {
    const model = await fitted;
    const once = { ...(kind === 'mlp' ? small : attentive), epochs: 1, learningRate: 1e-5 };
    const more = kind === 'mlp' ? mlp(once as MlpOptions) : tabnet(once as TabnetOptions);
    const further = kept(await more.fit(train.drop('spent'), { ...forClass, startFrom: model }));
    expect(Math.abs((await right(further, test)) - (await right(model, test)))).toBeLessThan(0.05);
    const other = kind === 'mlp' ? tabnet() : mlp();
    await expect(other.fit(train, { ...forClass, startFrom: model })).rejects.toThrow(`startFrom is a ${model.name}`);
  });

  it('is the same for the same seed, and stops when told to', async () => {
    const short = train.drop('spent').slice(0, 300);
    const twice = await Promise.all([1, 2].map(() => estimator().fit(short, forClass).then(kept)));
    expect(await twice[0]?.predictProbabilities(test)).toEqual(await twice[1]?.predictProbabilities(test));
    const stop = new AbortController();
    const stopped = await estimator()
      .fit(short, { ...forClass, signal: stop.signal, onProgress: ({ done }) => done === 2 && stop.abort() })
      .catch((error: unknown) => error);
    expect(stopped).toBeInstanceOf(FitInterrupted);
    expect((stopped as Error).message).toContain('stopped after 2 of');
    expect(await kept((stopped as FitInterrupted).model as TabularModel).predict(test)).toHaveLength(400);
  });

  it('does not learn from rows that do not count', async () => {
    // Half of the rows say the opposite, and count nothing.
    const truth = train.categorical('leaves');
    const turned = truth.codes.map((code, row) => (row % 2 === 0 ? code : 1 - code));
    const lying = train.drop('spent').with({ ...truth, codes: turned });
    const weights = Float64Array.from(turned, (_, row) => (row % 2 === 0 ? 1 : 0));
    const model = kept(await estimator().fit(lying, { ...forClass, weights }));
    expect(await right(model, test)).toBeGreaterThan(0.8);
    await expect(estimator().fit(lying, { ...forClass, weights: [1] })).rejects.toThrow('give one for each row');
  });
});

it('learns quantiles that hold the share they should', async () => {
  const random = seededRandom(5);
  const x = Array.from({ length: 3000 }, () => random());
  const y = x.map((value) => 10 * value * random());
  const table = new Table([numeric('x', x), numeric('y', y)]);
  const options = { ...small, quantiles: [0.95, 0.05, 0.5], epochs: 20 };
  const model = kept(await mlp(options).fit(table.slice(0, 2000), { target: 'y' }));
  const rest = table.slice(2000);
  const [low, middle, high] = (await model.predictQuantiles(rest)) as [Float64Array, Float64Array, Float64Array];
  const inside = rest
    .numeric('y')
    .values.filter((value, i) => value >= (low[i] as number) && value <= (high[i] as number));
  expect(inside.length / 1000).toBeGreaterThan(0.86);
  expect(inside.length / 1000).toBeLessThan(0.94);
  expect(await model.predict(rest)).toEqual(middle);
});

describe('TabNet', () => {
  it('shows where it looked: masks sum to 1, and noise is looked at least', async () => {
    const model = kept(await tabnet(attentive).fit(train.drop('spent'), forClass));
    const { features, steps, aggregate } = await model.masks(test);
    expect(features).toEqual(['age', 'plan', 'noise']);
    expect(steps).toHaveLength(2);
    for (const step of steps)
      for (let row = 0; row < 400; row++)
        expect(step.slice(3 * row, 3 * row + 3).reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    expect(aggregate).toHaveLength(1200);
    const shares = await model.importance(test);
    expect(shares.reduce((a, b) => a + b)).toBeCloseTo(1, 12);
    expect(shares[2]).toBeLessThan(0.25);
  });

  it('learns a table from itself, and begins a fit on few labels with that', async () => {
    // Three columns that say the same: what is hidden can be told from what is seen.
    const random = seededRandom(9);
    const size = Array.from({ length: 1000 }, () => random());
    const noisy = (scale: number) => size.map((value) => scale * value + 0.05 * random());
    const table = new Table([
      numeric('a', noisy(1)),
      numeric('b', noisy(-3)),
      categorical(
        'c',
        size.map((value) => (value > 0.5 ? 'large' : 'small')),
      ),
      categorical(
        'label',
        size.map((value) => (value > 0.3 ? 'yes' : 'no')),
      ),
    ]);
    const estimator = tabnet({ ...attentive, epochs: 15 });
    const begun = await estimator.pretrain(table, { target: 'label', validation: table.slice(0, 100) });
    expect(begun.pretraining).toHaveLength(15);
    expect(begun.pretraining.at(-1)?.loss).toBeLessThan(0.7 * (begun.pretraining[0]?.loss as number));

    const few = table.slice(0, 60);
    const atOnce = tabnet({ ...attentive, epochs: 1, learningRate: 1e-9 });
    const own = kept(await atOnce.fit(few, { target: 'label' }));
    const same = kept(await begun.fit(few, { target: 'label' }));
    // The weights come from pretraining: a norm that no step has moved is not that of a network that has seen nothing.
    const norm = (model: typeof own) => [...(model.learnt.weights.get('tabnet.encoder.initial_bn.weight')?.data ?? [])];
    expect(norm(own).every((value) => Math.abs(value - 1) < 1e-3)).toBe(true);
    expect(norm(same).some((value) => Math.abs(value - 1) > 1e-2)).toBe(true);
    expect(same.task).toEqual(own.task);
    await expect(begun.fit(few, { target: 'a' })).rejects.toThrow("pretraining has seen the target 'a'");
  });
});

describe('what is wrong is named', () => {
  it.each([
    [() => mlp({ epoch: 3 } as never), 'mlp: wrong options', 'epoch'],
    [() => mlp({ dropout: 1 }), 'mlp: wrong options', 'dropout is 1'],
    [() => tabnet({ gamma: 0.5 }), 'tabnet: wrong options', 'gamma is 0.5'],
    [
      () => tabnet({ nShared: 0, nIndependent: 0 }),
      'tabnet: wrong options',
      'nIndependent and nShared cannot both be 0',
    ],
  ])('%s', (make, ...parts) => {
    for (const part of parts) expect(make).toThrow(part);
  });

  it('dates, and models that were disposed of', async () => {
    const dated = new Table([date('when', [0, 1, 2]), categorical('y', ['a', 'b', 'a'])]);
    await expect(mlp().fit(dated, { target: 'y' })).rejects.toThrow("'when' is a date");
    const model = await mlp({ ...small, epochs: 1 }).fit(train, forClass);
    model.dispose();
    model.dispose();
    await expect(model.predict(test)).rejects.toThrow('disposed of');
  });
});
