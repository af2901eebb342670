// Linear regression: the target as a weighted sum of the columns, by least squares (with `ridge` above 0, ridge regression).
//
//   const model = await pipeline([impute(), standardize(), oneHot()], linearRegression()).fit(train, { target: 'price' });
//   model.model.coefficients;   // { horsepower: 1203.5, ... }: in the target's unit per unit of the column
//
// Equal to scikit-learn's LinearRegression and Ridge.

import { z } from 'zod';
import {
  type Estimator,
  type ExplainOptions,
  type Explanation,
  FitInterrupted,
  type FitOptions,
  type ModelJson,
  type ModelReader,
} from '../estimator.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import { checkOptions } from '../options.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { BaselineModel, checkedWeights, refuseStartFrom, requireTask } from './baseline-model.js';
import { completeNumbers } from './complete-numbers.js';
import { pausing } from './pauses.js';
import { solveSymmetric } from './symmetric-solve.js';

export interface LinearRegressionOptions {
  /** How much the sum of squared coefficients counts beside the sum of squared errors, 0 or more (scikit-learn: alpha). Default 0. */
  readonly ridge?: number;
}

const schema = z.strictObject({ ridge: z.number().min(0).default(0) });
const NAME = 'Linear regression';
const CALL = 'linearRegression()';

/**
 * Least squares. Where columns say the same thing twice, such as the codes of all categories, and many coefficients fit equally well,
 * the smallest ones are taken (of columns in units of their standard deviation).
 */
export function linearRegression(options: LinearRegressionOptions = {}): Estimator<LinearRegressionModel> {
  const settings = checkOptions('linearRegression', schema, options);
  return {
    name: NAME,
    settings,
    async fit(train: Table, fitOptions: FitOptions) {
      refuseStartFrom(NAME, fitOptions);
      const task = taskOf(train, fitOptions);
      requireTask('linearRegression', task, 'regression', 'logisticRegression()');
      const features = featuresOf(train, fitOptions.target);
      const columns = completeNumbers(readFeatures(train, features), CALL);
      const weights = checkedWeights(fitOptions.weights, train.rowCount);
      const rows = { columns, target: targetValues(train, task), weights };
      const stopped = () => new FitInterrupted(`${NAME}: stopped before it was solved.`);
      const fitted = await pausing({ signal: fitOptions.signal, stopped }, (pause) =>
        leastSquares(rows, settings.ridge, pause),
      );
      return new LinearRegressionModel(task, features, fitted);
    },
  };
}

interface Fitted {
  readonly weights: readonly number[];
  readonly intercept: number;
  /** Of the columns, over the training rows. */
  readonly means: readonly number[];
}

export class LinearRegressionModel extends BaselineModel {
  readonly name = NAME;
  readonly fitted: Fitted;

  constructor(task: Task, features: readonly Feature[], fitted: Fitted) {
    super(task, features);
    this.fitted = fitted;
  }

  /** By how much the prediction grows when a column grows by one, by its name. */
  get coefficients(): Readonly<Record<string, number>> {
    return Object.fromEntries(this.features.map(({ name }, i) => [name, this.fitted.weights[i] as number]));
  }

  /** The prediction where all columns are 0. */
  get intercept(): number {
    return this.fitted.intercept;
  }

  get parameters(): number {
    return this.features.length + 1;
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    const sums = new Float64Array(table.rowCount).fill(this.fitted.intercept);
    for (const [i, values] of completeNumbers(readFeatures(table, this.features), CALL).entries())
      for (let row = 0; row < sums.length; row++)
        sums[row] = (sums[row] as number) + (this.fitted.weights[i] as number) * (values[row] as number);
    return [sums];
  }

  /** Exact: coefficient x (value - mean of the training rows). */
  async explain(table: Table, _options?: ExplainOptions): Promise<Explanation> {
    const { weights, means, intercept } = this.fitted;
    const columns = completeNumbers(readFeatures(table, this.features), CALL);
    return {
      features: this.features.map(({ name }) => name),
      contributions: columns.map((values, i) =>
        values.map((value) => (weights[i] as number) * (value - (means[i] as number))),
      ),
      base: weights.reduce((sum, weight, i) => sum + weight * (means[i] as number), intercept),
      unit: this.task.target,
      method: 'exact: coefficient x (value - mean)',
    };
  }

  toJSON(): ModelJson {
    return {
      kind: 'linear-regression',
      name: this.name,
      task: this.task,
      features: this.features,
      fitted: this.fitted,
    };
  }
}

export const readLinearRegression: ModelReader = async ({ task, features, fitted }) => {
  const numbers = z.array(z.number()).length(features.length);
  const checked = z.object({ weights: numbers, intercept: z.number(), means: numbers }).parse(fitted);
  return new LinearRegressionModel(task, features, checked);
};

async function leastSquares(
  { columns, target, weights }: { columns: readonly Float64Array[]; target: Float64Array; weights: Float64Array },
  ridge: number,
  pause: () => Promise<void> | undefined,
): Promise<Fitted> {
  const total = weights.reduce((sum, weight) => sum + weight, 0);
  const meanOf = (values: Float64Array) =>
    values.reduce((sum, value, row) => sum + value * (weights[row] as number), 0) / total;
  // In units of their standard deviation columns of euros and of cents weigh alike, which keeps rounding errors small.
  const means = columns.map(meanOf);
  const spreads = columns.map((values, i) => {
    const mean = means[i] as number;
    const variance = meanOf(values.map((value) => (value - mean) ** 2));
    return variance > 1e-24 * mean * mean ? Math.sqrt(variance) : 0;
  });
  const scaled = columns.map((values, i) => {
    const [mean, spread] = [means[i] as number, spreads[i] as number];
    return values.map((value, row) => (spread === 0 ? 0 : (value - mean) / spread) * Math.sqrt(weights[row] as number));
  });
  const targetMean = meanOf(target);
  const centred = target.map((value, row) => (value - targetMean) * Math.sqrt(weights[row] as number));
  const size = columns.length;
  const products = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j <= i; j++) {
      products[i * size + j] = products[j * size + i] = dot(scaled[i] as Float64Array, scaled[j] as Float64Array);
      await pause();
    }
    const spread = spreads[i] as number;
    products[i * size + i] = (products[i * size + i] as number) + (spread === 0 ? 0 : ridge / spread ** 2);
  }
  const right = Float64Array.from({ length: size }, (_, i) => dot(scaled[i] as Float64Array, centred));
  const solution = solveSymmetric(products, right);
  const found = spreads.map((spread, i) => (spread === 0 ? 0 : (solution[i] as number) / spread));
  const intercept = found.reduce((sum, weight, i) => sum - weight * (means[i] as number), targetMean);
  return { weights: found, intercept, means };
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i] as number) * (b[i] as number);
  return sum;
}
