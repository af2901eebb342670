// Models that are a formula: what there is to explain is known.

import type { TabularModel } from '../../../src/tabular/estimator.js';
import { type Feature, featuresOf, readFeatures } from '../../../src/tabular/features.js';
import { valueAt } from '../../../src/tabular/table/column.js';
import type { Row, Table } from '../../../src/tabular/table/table.js';
import type { Task } from '../../../src/tabular/target.js';

interface Formula {
  readonly table: Table;
  readonly task: Task;
  /** The model's output: a prediction, or the probability of the second class. */
  readonly of: (row: Row) => number;
}

/** How many predictions a model was asked for, in how many calls. */
export interface Counted {
  calls: number;
  rows: number;
}

/** A model with the features of a table (all columns but the target) that predicts by a formula. */
export function formula({ table, task, of }: Formula): TabularModel & { readonly counted: Counted } {
  const features: Feature[] = featuresOf(table, task.target);
  const counted = { calls: 0, rows: 0 };
  const outputs = (given: Table): Float64Array => {
    const columns = readFeatures(given, features);
    counted.calls++;
    counted.rows += given.rowCount;
    return Float64Array.from({ length: given.rowCount }, (_, row) =>
      of(Object.fromEntries(columns.map((column) => [column.name, valueAt(column, row)]))),
    );
  };
  const unused = () => {
    throw new Error('A formula is only asked to predict.');
  };
  return {
    ...{ name: 'formula', task, features, parameters: 0, counted },
    predict: async (given) =>
      task.kind === 'regression' ? outputs(given) : outputs(given).map((p) => Number(p > 0.5)),
    predictProbabilities: async (given) => {
      const second = outputs(given);
      return [second.map((p) => 1 - p), second];
    },
    ...{ explain: unused, toJSON: unused, save: unused, dispose: () => {} },
  };
}
