// Our side of the suite tabular: estimators as a lesson calls them.
import { readFile } from 'node:fs/promises';
import type { Estimator } from '../../src/tabular/estimator.js';
import { type CategoricalColumn, type Column, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { answer } from '../answer.js';
import type { Fitted, Ready, TabularRequest } from '../suites/tabular.js';
import type { TabularCase } from '../suites/tabular-cases.js';
import type { AdultData, Rows } from '../suites/tabular-data.js';

type Settings = Record<string, unknown>;

/** Loaded when the case is asked for. Settings come out of a file: the estimator checks them. */
const estimators: Readonly<Record<TabularCase['name'], (settings: Settings, threads: number) => Promise<Estimator>>> = {
  xgboost: async (settings, threads) => {
    const { xgboost } = await import('../../src/tabular/xgboost/xgboost.js');
    return xgboost({ ...settings, numThreads: threads });
  },
  'ordered-boosting': async (settings) => {
    const { orderedBoosting } = await import('../../src/tabular/ordered-boosting/ordered-boosting.js');
    return orderedBoosting(settings);
  },
  mlp: async (settings) => (await import('../../src/tabular/networks/mlp.js')).mlp(settings),
  tabnet: async (settings) => (await import('../../src/tabular/networks/tabnet.js')).tabnet(settings),
};

/** A prediction of all test rows takes little time: this many are measured after each fit. */
const PREDICTIONS = 3;

let estimator: Estimator;
let adult: { train: Table; test: Table; target: string };

await answer(async (request: TabularRequest | { fit: number }): Promise<Ready | Fitted> => {
  if ('case' in request) {
    const data: AdultData = JSON.parse(await readFile(request.data, 'utf8'));
    adult = { train: tableOf(data.train, data), test: tableOf(data.test, data), target: data.target };
    const { name, settings } = request.case;
    estimator = await estimators[name]({ ...settings, seed: request.seed }, request.threads);
    return { name: 'ours' };
  }
  const { train, test, target } = adult;
  const start = performance.now();
  const model = await estimator.fit(train, { target });
  const fitMilliseconds = performance.now() - start;
  const predictMilliseconds: number[] = [];
  let probabilities = new Float64Array();
  for (let i = 0; i < PREDICTIONS; i++) {
    const before = performance.now();
    const [, second] = await model.predictProbabilities(test);
    predictMilliseconds.push(performance.now() - before);
    probabilities = Float64Array.from(second as Float64Array);
  }
  model.dispose();
  return { fitMilliseconds, predictMilliseconds, probabilities: [...probabilities] };
});

function tableOf({ columns, labels }: Rows, { target, classes }: AdultData): Table {
  const read = columns.map((column): Column => {
    if (column.kind === 'numeric') return numeric(column.name, column.values);
    return { ...column, codes: Int32Array.from(column.codes) };
  });
  const truth: CategoricalColumn = {
    kind: 'categorical',
    name: target,
    categories: classes,
    codes: Int32Array.from(labels),
  };
  return new Table([...read, truth]);
}
