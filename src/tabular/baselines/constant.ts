// The least a model must beat: the same answer for every row, whatever its columns say.
//
//   const least = await constantBaseline().fit(train, { target: 'churned' });
//   await least.predictProbabilities(test);   // the class shares of the training rows
//   await constantBaseline({ value: 'median' }).fit(train, { target: 'price' });

import { z } from 'zod';
import type { Estimator, ExplainOptions, Explanation, FitOptions, ModelJson, ModelReader } from '../estimator.js';
import { type Feature, featuresOf } from '../features.js';
import { checkOptions } from '../options.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { BaselineModel, checkedWeights, refuseStartFrom } from './baseline-model.js';

export interface ConstantBaselineOptions {
  /** What a regression predicts: the mean, with the smallest squared error, or the median, with the smallest absolute one. Default 'mean'. */
  readonly value?: 'mean' | 'median';
}

const schema = z.strictObject({ value: z.enum(['mean', 'median']).default('mean') });
const NAME = 'Constant';

/** Learns the mean or median of a number, or the share of each class, of which the commonest is predicted. */
export function constantBaseline(options: ConstantBaselineOptions = {}): Estimator<ConstantModel> {
  const settings = checkOptions('constantBaseline', schema, options);
  return {
    name: NAME,
    settings,
    async fit(train: Table, fitOptions: FitOptions) {
      refuseStartFrom(NAME, fitOptions);
      const task = taskOf(train, fitOptions);
      const truth = targetValues(train, task);
      const weights = checkedWeights(fitOptions.weights, train.rowCount);
      const features = featuresOf(train, fitOptions.target);
      if (task.kind === 'classification') {
        const shares = new Float64Array(task.classes.length);
        for (const [row, code] of truth.entries()) shares[code] = (shares[code] as number) + (weights[row] as number);
        const total = shares.reduce((sum, share) => sum + share, 0);
        return new ConstantModel(task, features, [...shares.map((share) => share / total)]);
      }
      return new ConstantModel(task, features, [
        settings.value === 'mean' ? mean(truth, weights) : median(truth, weights),
      ]);
    },
  };
}

/** Says the same of every row. */
export class ConstantModel extends BaselineModel {
  readonly name = NAME;
  /** Regression: the value. Classification: the share of each class. */
  readonly values: readonly number[];

  constructor(task: Task, features: readonly Feature[], values: readonly number[]) {
    super(task, features);
    this.values = values;
  }

  get parameters(): number {
    return this.values.length;
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    return this.values.map((value) => new Float64Array(table.rowCount).fill(value));
  }

  /** No feature contributes anything. */
  async explain(table: Table, options?: ExplainOptions): Promise<Explanation> {
    const code = this.classCode(options);
    return {
      features: this.features.map(({ name }) => name),
      contributions: this.features.map(() => new Float64Array(table.rowCount)),
      base: this.values[code] as number,
      method: 'exact: no feature is used',
      ...(this.task.kind === 'regression'
        ? { unit: this.task.target }
        : { unit: 'probability', class: this.task.classes[code] as string }),
    };
  }

  toJSON(): ModelJson {
    return { kind: 'constant', name: this.name, task: this.task, features: this.features, values: this.values };
  }
}

export const readConstant: ModelReader = async ({ task, features, values }) =>
  new ConstantModel(task, features, z.array(z.number()).length(outputCount(task)).parse(values));

const outputCount = (task: Task): number => (task.kind === 'regression' ? 1 : task.classes.length);

function mean(values: Float64Array, weights: Float64Array): number {
  let sum = 0;
  let total = 0;
  for (const [row, value] of values.entries()) {
    sum += value * (weights[row] as number);
    total += weights[row] as number;
  }
  return sum / total;
}

/** The value with half of the weight below it; in the middle of two where the half ends between them. */
function median(values: Float64Array, weights: Float64Array): number {
  const order = Int32Array.from(values, (_, row) => row)
    .filter((row) => weights[row] !== 0)
    .sort((a, b) => (values[a] as number) - (values[b] as number));
  const half = order.reduce((sum, row) => sum + (weights[row] as number), 0) / 2;
  let below = 0;
  for (const [place, row] of order.entries()) {
    below += weights[row] as number;
    if (below === half) return ((values[row] as number) + (values[order[place + 1] ?? row] as number)) / 2;
    if (below > half) return values[row] as number;
  }
  return values[order.at(-1) as number] as number;
}
