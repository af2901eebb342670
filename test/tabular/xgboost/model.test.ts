// What a model of XGBoost's can do here, beyond predicting what Python's does.

import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { FitInterrupted, type FitProgress } from '../../../src/tabular/estimator.js';
import { loadTabularModel, modelFromJson } from '../../../src/tabular/model-file.js';
import { pipeline } from '../../../src/tabular/pipeline.js';
import { impute } from '../../../src/tabular/preprocessing/impute.js';
import { categorical, date, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';
import { openLibrary, XgboostError } from '../../../src/tabular/xgboost/library.js';
import { XgboostModel } from '../../../src/tabular/xgboost/model.js';
import type { XgboostNode } from '../../../src/tabular/xgboost/trees.js';
import { xgboost } from '../../../src/tabular/xgboost/xgboost.js';
import { features, here, restFor, trainOn, why } from './here.js';

it('without the library an error says how to get it', () => {
  expect(() => openLibrary('/nowhere/libxgboost.so')).toThrow(
    'XGBoost’s library is not here: /nowhere/libxgboost.so is missing. Run npm run xgboost',
  );
});

it('options are checked before anything else', () => {
  expect(() => xgboost({ maxdepth: 3 } as object)).toThrow('xgboost(): wrong options: Unrecognized key: "maxdepth".');
  expect(() => xgboost({ rounds: 0 })).toThrow('rounds is 0 (');
  expect(() => xgboost({ monotoneConstraints: { age: 2 as 1 } })).toThrow('monotoneConstraints.age is 2 (');
  expect(xgboost({ rounds: 5 }).settings).toMatchObject({ rounds: 5, maxDepth: 6, learningRate: 0.3, seed: 42 });
});

describe.skipIf(!here)(`a model of XGBoost’s${why}`, () => {
  let folder: string;
  let binary: XgboostModel;
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'xgboost-'));
    const options = { rounds: 12, maxDepth: 3, maxCatToOnehot: 1 };
    binary = await xgboost(options).fit(trainOn('left'), { target: 'left' });
  });
  afterAll(async () => {
    binary?.dispose();
    await rm(folder, { recursive: true });
  });

  it('is saved as a file of XGBoost’s and predicts the same again, bit for bit', async () => {
    const path = join(folder, 'made', 'left.json');
    await binary.save(path);
    expect(JSON.parse(await readFile(path, 'utf8')).learner.objective.name).toBe('binary:logistic');
    for (const again of [await loadTabularModel(path), await modelFromJson(JSON.parse(JSON.stringify(binary)))]) {
      expect(again.task).toEqual({ kind: 'classification', target: 'left', classes: ['no', 'yes'] });
      expect(again.features).toEqual(binary.features);
      expect(await again.predictProbabilities(restFor('left'))).toEqual(
        await binary.predictProbabilities(restFor('left')),
      );
      again.dispose();
    }
  });

  it('keeps names of categories that are not ASCII', async () => {
    const colours = ['grün', 'blå', 'rouge', '赤'];
    const colour = Array.from({ length: 80 }, (_, i) => colours[i % 4]);
    const table = new Table([
      categorical('colour', colour),
      numeric(
        'warm',
        Array.from(colour, (name) => Number(name === '赤')),
      ),
    ]);
    const model = await xgboost({ rounds: 3 }).fit(table, { target: 'warm' });
    await model.save(join(folder, 'colours.json'));
    const again = await loadTabularModel(join(folder, 'colours.json'));
    expect(again.features[0]?.categories).toEqual(['blå', 'grün', 'rouge', '赤']);
    expect(await again.predict(table)).toEqual(await model.predict(table));
    model.dispose();
    again.dispose();
  });

  it('takes odd names, and columns in which nothing is known', async () => {
    const count = 40;
    const table = new Table([
      numeric(
        'size "in" [cm] <',
        Array.from({ length: count }, (_, i) => i % 7),
      ),
      categorical('never', new Array(count).fill(undefined)),
      numeric('nothing', new Array(count).fill(undefined)),
      numeric(
        'price',
        Array.from({ length: count }, (_, i) => 3 * (i % 7)),
      ),
    ]);
    const model = await xgboost({ rounds: 3 }).fit(table, { target: 'price' });
    expect(model.featureImportances('weight').map(({ importance }) => importance > 0)).toEqual([true, false, false]);
    await model.save(join(folder, 'odd.json'));
    const again = await loadTabularModel(join(folder, 'odd.json'));
    expect(again.features).toEqual(model.features);
    expect(await again.predict(table)).toEqual(await model.predict(table));
    model.dispose();
    again.dispose();
  });

  it('is saved within a pipeline', async () => {
    const model = await pipeline([impute()], xgboost({ rounds: 3 })).fit(trainOn('kind'), { target: 'kind' });
    await model.save(join(folder, 'pipeline.json'));
    const again = await loadTabularModel(join(folder, 'pipeline.json'));
    expect(await again.predictProbabilities(restFor('kind'))).toEqual(
      await model.predictProbabilities(restFor('kind')),
    );
    model.dispose();
    again.dispose();
  });

  it('shows its trees: walked down by hand they add up to the raw score', () => {
    const { count, leaves, splits, depth } = binary.trees;
    expect([count, splits, depth]).toEqual([12, leaves - 12, 3]);
    expect(binary.parameters).toBe(leaves + splits);
    const rest = restFor('left');
    const walk = (node: XgboostNode, row: Readonly<Record<string, unknown>>): number => {
      if (node.leaf !== undefined) return node.leaf;
      const value = row[node.feature as string];
      const answer =
        value === undefined
          ? node.missing
          : (node.oneOf?.includes(String(value)) ?? Math.fround(value as number) < (node.lessThan as number))
            ? 'yes'
            : 'no';
      return walk((answer === 'yes' ? node.yes : node.no) as XgboostNode, row);
    };
    const raw = binary.rawScores(rest)[0] as Float64Array;
    const sums = rest
      .records()
      .map((row) => Array.from({ length: count }, (_, i) => walk(binary.dump(i), row)).reduce((a, b) => a + b));
    // What is left is the start value, the same for all rows.
    const starts = sums.map((sum, row) => (raw[row] as number) - sum);
    for (const start of starts) expect(start).toBeCloseTo(starts[0] as number, 5);
    expect(() => binary.dump(12)).toThrow('There is no tree 12: the model has 12, counted from 0.');
  });

  it('explains itself: contributions add up to the raw score, and of the other class to its opposite', async () => {
    const rest = restFor('left');
    const raw = binary.rawScores(rest)[0] as Float64Array;
    for (const [name, sign] of [
      ['yes', 1],
      ['no', -1],
    ] as const) {
      const { contributions, base, unit, method } = await binary.explain(rest, { class: name });
      expect([unit, method]).toEqual(['log-odds', 'tree SHAP']);
      for (let row = 0; row < rest.rowCount; row++) {
        const sum = contributions.reduce((total, values) => total + (values[row] as number), base);
        expect(sum).toBeCloseTo(sign * (raw[row] as number), 4);
      }
    }
    await expect(binary.explain(rest, { class: 'maybe' })).rejects.toThrow(
      "There is no class 'maybe' to explain. The classes are no, yes.",
    );
  });

  it('goes on from another: 5 rounds and 7 more are 12', async () => {
    const options = { maxDepth: 3, maxCatToOnehot: 1 };
    const train = trainOn('left');
    const first = await xgboost({ ...options, rounds: 5 }).fit(train, { target: 'left' });
    const both = await xgboost({ ...options, rounds: 7 }).fit(train, { target: 'left', startFrom: first });
    expect([first.rounds, both.rounds]).toEqual([5, 12]);
    const [, ours] = await both.predictProbabilities(restFor('left'));
    const [, whole] = await binary.predictProbabilities(restFor('left'));
    ours?.forEach((p, row) => {
      expect(p).toBeCloseTo(whole?.[row] as number, 6);
    });
    first.dispose();
    both.dispose();
  });

  it('stops where it is told to, with the trees so far', async () => {
    const abort = new AbortController();
    const told: FitProgress[] = [];
    const onProgress = (progress: FitProgress) => {
      told.push(progress);
      if (progress.done === 3) abort.abort();
    };
    const fit = xgboost({ rounds: 50 }).fit(trainOn('spend'), { target: 'spend', signal: abort.signal, onProgress });
    const stopped = await fit.catch((error) => error);
    expect(stopped).toBeInstanceOf(FitInterrupted);
    expect(stopped.message).toBe("The fit was stopped after 3 of 50 rounds. The error's model has the trees so far.");
    expect(stopped.model.rounds).toBe(3);
    expect(told.at(-1)).toMatchObject({ done: 3, total: 50 });
    expect(told[2]?.loss).toBeLessThan(told[0]?.loss as number);
    expect((await stopped.model.predict(restFor('spend'))).length).toBe(80);
    stopped.model.dispose();
  });

  it('measures by a function, and stops early by it', async () => {
    const within2 = (predictions: Float32Array, labels: Float64Array) =>
      predictions.filter((value, i) => Math.abs(value - (labels[i] as number)) < 2).length / labels.length;
    const options = { rounds: 60, evalMetric: ['mae', within2], maximize: true, earlyStoppingRounds: 4 };
    const model = await xgboost(options).fit(trainOn('spend'), { target: 'spend', validation: restFor('spend') });
    const scores = model.history.validation?.within2 ?? [];
    expect(Object.keys(model.history.train ?? {})).toEqual(['mae', 'within2']);
    expect(model.rounds).toBe(scores.indexOf(Math.max(...scores)) + 1);
    expect(scores.length).toBe(model.rounds + 4);
    model.dispose();
  });

  it('obeys constraints named by column', async () => {
    const options = {
      monotoneConstraints: { age: 1 },
      interactionConstraints: [['age', 'income'], ['calls']],
    } as const;
    const model = await xgboost(options).fit(trainOn('spend'), { target: 'spend' });
    const row = restFor('spend').slice(0, 1);
    const ages = Array.from({ length: 60 }, (_, i) => 20 + i);
    const same = row.take(ages.map(() => 0)).with(numeric('age', ages));
    const predicted = await model.predict(same);
    predicted.forEach((value, i) => {
      expect(value).toBeGreaterThanOrEqual(predicted[i - 1] ?? value);
    });
    const together = (node: XgboostNode, above: readonly string[]): string[] =>
      node.feature === undefined
        ? [above.join()]
        : [node.yes, node.no].flatMap((next) =>
            together(next as XgboostNode, [...new Set([...above, node.feature])].sort() as string[]),
          );
    for (let i = 0; i < model.trees.count; i++)
      for (const columns of together(model.dump(i), []))
        expect(['', 'age', 'income', 'age,income', 'calls', 'plan']).toContain(columns);
    model.dispose();
    await expect(
      xgboost({ monotoneConstraints: { agee: 1 } }).fit(trainOn('spend'), { target: 'spend' }),
    ).rejects.toThrow("monotoneConstraints names a column 'agee', and the features are age, income, plan, calls.");
  });

  it('classifies where there are numbers, if told to', async () => {
    const table = trainOn('spend').drop('spend');
    const model = await xgboost({ rounds: 2 }).fit(table, { target: 'calls', task: 'classification' });
    expect(model.task).toMatchObject({ kind: 'classification', classes: expect.arrayContaining(['0', '1', '2']) });
    const sums = (await model.predictProbabilities(table)).map((values) => values[0] as number);
    expect(sums.reduce((a, b) => a + b)).toBeCloseTo(1, 5);
    model.dispose();
  });

  it.each([
    [{ maxDepth: -3 }, 'xgboost().fit: value -3 for Parameter max_depth should be greater equal to 0'],
    [{ subsample: 3 }, 'value 3 for Parameter subsample exceed bound [0,1]'],
    [{ evalMetric: 'nonsense' }, 'Unknown metric function nonsense'],
    [{ objective: 'binary:nonsense' }, 'Unknown objective function: `binary:nonsense`'],
    [{ params: { rate_drop: 0.1 } }, 'Parameters: { "rate_drop" } are not used.'],
  ])('XGBoost itself says what is wrong with %j', async (options, words) => {
    const fit = xgboost(options).fit(trainOn('left'), { target: 'left', validation: restFor('left') });
    const error = await fit.catch((error) => error);
    expect(error).toBeInstanceOf(XgboostError);
    expect(error.message).toContain(words);
    expect(error.message).not.toMatch(/Stack trace|workspace/);
  });

  it('says nothing of its own accord', async () => {
    const streams = [process.stdout, process.stderr].map((stream) => vi.spyOn(stream, 'write'));
    const model = await xgboost({ rounds: 2, params: { booster: 'dart', rate_drop: 0.5 } }).fit(trainOn('left'), {
      target: 'left',
      validation: restFor('left'),
    });
    for (const stream of streams) {
      expect(stream).not.toHaveBeenCalled();
      stream.mockRestore();
    }
    expect(model.trees.count).toBe(2);
    model.dispose();
  });

  it('refuses what it cannot learn from or predict on', async () => {
    const train = trainOn('spend');
    const joined = date(
      'joined',
      Array.from({ length: train.rowCount }, (_, i) => i * 1e9),
    );
    const fitOn = (table: Table, more: object = {}) => xgboost().fit(table, { target: 'spend', ...more });
    await expect(fitOn(train.with(joined))).rejects.toThrow("The column 'joined' holds dates.");
    const infinite = Array.from({ length: train.rowCount }, (_, i) => (i === 3 ? Number.POSITIVE_INFINITY : i));
    await expect(fitOn(train.with(numeric('age', infinite)))).rejects.toThrow('contains `inf`');
    await expect(fitOn(train, { weights: [1, 2] })).rejects.toThrow('There are 2 weights for 160 rows.');
    await expect(xgboost({ earlyStoppingRounds: 3 }).fit(train, { target: 'spend' })).rejects.toThrow('{ validation }');
    await expect(xgboost({ objective: 'binary:logistic' }).fit(train, { target: 'spend' })).rejects.toThrow(
      "XGBoost's objective 'binary:logistic' does not fit a regression",
    );
    const short = () => ({ gradient: [1], hessian: [1] });
    await expect(xgboost({ objective: short }).fit(train, { target: 'spend' })).rejects.toThrow(
      'its gradient has 1 values where 160 are expected',
    );
    await expect(binary.predict(restFor('left').drop('age'))).rejects.toThrow("learnt from a column 'age'");
    const none = await binary.predictProbabilities(
      restFor('left')
        .select(...features)
        .slice(0, 0),
    );
    expect(none).toEqual([new Float64Array(), new Float64Array()]);
  });

  it('cannot be used once it is disposed of', async () => {
    const model = await xgboost({ rounds: 1 }).fit(trainOn('spend'), { target: 'spend' });
    model.dispose();
    model.dispose();
    await expect(model.predict(restFor('spend'))).rejects.toThrow('was disposed of');
  });

  it.each(['{"learner": {}}', '{"learner": {"attributes": 3', '{"version": [3, 2, 0]}'])(
    'a file that is broken is refused: %s',
    async (text) => {
      const path = join(folder, 'broken.json');
      await writeFile(path, text);
      await expect(loadTabularModel(path)).rejects.toThrow(path);
    },
  );

  it('grows a few trees alone in the quick form', async () => {
    vi.stubEnv('MODEL_TYPES_QUICK', '1');
    const model = await xgboost({ rounds: 300 }).fit(trainOn('spend'), { target: 'spend' });
    vi.unstubAllEnvs();
    expect(model.rounds).toBe(5);
    expect(model).toBeInstanceOf(XgboostModel);
    model.dispose();
  });
});
