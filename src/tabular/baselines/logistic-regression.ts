// Logistic regression: the log-odds of a class as a weighted sum of the columns; with more than two classes a sum for each, and
// their softmax.
//
//   const model = await pipeline([impute(), standardize(), oneHot()], logisticRegression()).fit(train, { target: 'churned' });
//   model.model.coefficients;   // { tenure_months: -0.41, ... }: log-odds of the second class per unit of the column
//
// The same coefficients as scikit-learn's LogisticRegression of the same C.

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
import { softmax } from '../softmax.js';
import type { Table } from '../table/table.js';
import { type Classification, type Task, targetValues, taskOf } from '../target.js';
import { BaselineModel, checkedWeights, requireTask } from './baseline-model.js';
import { completeNumbers } from './complete-numbers.js';
import { lbfgs } from './lbfgs.js';
import { type LogisticProblem, logisticLoss, logisticProblem } from './logistic-loss.js';
import { pausing } from './pauses.js';

export interface LogisticRegressionOptions {
  /** How much the rows count against small coefficients: above 0; less keeps them smaller. Default 1. */
  readonly C?: number;
  /** Stop after so many steps in any case. Default 1000; about 30 are usual. */
  readonly maxSteps?: number;
}

const schema = z.strictObject({
  C: z.number().positive().default(1),
  maxSteps: z.int().min(1).default(1000),
});
const NAME = 'Logistic regression';
const CALL = 'logisticRegression()';

/** Of the gradient, for each row. */
const TOLERANCE = 1e-8;

/** Deterministic; validation rows are not used. With `startFrom` it begins at another one's coefficients, and finds the same. */
export function logisticRegression(options: LogisticRegressionOptions = {}): Estimator<LogisticRegressionModel> {
  const settings = checkOptions('logisticRegression', schema, options);
  return {
    name: NAME,
    settings,
    async fit(train: Table, fitOptions: FitOptions) {
      const task = taskOf(train, fitOptions);
      requireTask('logisticRegression', task, 'classification', 'linearRegression()');
      const features = featuresOf(train, fitOptions.target);
      const columns = completeNumbers(readFeatures(train, features), CALL);
      const weights = checkedWeights(fitOptions.weights, train.rowCount);
      const classes = (task as Classification).classes.length;
      const problem = logisticProblem(columns, targetValues(train, task), weights, { classes, C: settings.C });
      const start = startOf(problem, task, features, fitOptions);
      const model = (x: Float64Array) => new LogisticRegressionModel(task, features, fittedOf(problem, x));
      let steps = 0;
      let latest = start;
      const stopped = () => new FitInterrupted(`${NAME}: stopped after ${steps} steps.`, model(latest));
      return pausing({ signal: fitOptions.signal, stopped }, async (pause) => {
        const result = await lbfgs(start, (x, gradient) => logisticLoss(problem, x, gradient), {
          maxSteps: settings.maxSteps,
          tolerance: TOLERANCE,
          async afterStep({ step, value, x }) {
            steps = step;
            latest = x;
            fitOptions.onProgress?.({ done: step, total: settings.maxSteps, loss: value });
            await pause();
          },
        });
        return model(result.x);
      });
    },
  };
}

export interface FittedLogistic {
  /** By output (one for two classes, else one a class), then by column. */
  readonly weights: readonly (readonly number[])[];
  /** By output. */
  readonly intercepts: readonly number[];
  /** Of the columns, over the training rows. */
  readonly means: readonly number[];
}

export class LogisticRegressionModel extends BaselineModel {
  readonly name = NAME;
  readonly fitted: FittedLogistic;

  constructor(task: Task, features: readonly Feature[], fitted: FittedLogistic) {
    super(task, features);
    this.fitted = fitted;
  }

  /**
   * By how much the log-odds of the second of two classes grow when a column grows by one, by the column's name.
   * @throws Error where there are more classes: ask `coefficientsOf` for one
   */
  get coefficients(): Readonly<Record<string, number>> {
    return this.coefficientsOf((this.task as Classification).classes[this.classCode()] as string);
  }

  /** The same for a class. With more than two classes it is the score of that class, whose softmax are the probabilities. */
  coefficientsOf(name: string): Readonly<Record<string, number>> {
    const { weights } = this.#output(this.classCode({ class: name }));
    return Object.fromEntries(this.features.map((feature, i) => [feature.name, weights[i] as number]));
  }

  /** The log-odds (with more than two classes the score) of a class where all columns are 0. Default: of the second of two. */
  interceptOf(name?: string): number {
    return this.#output(this.classCode(name === undefined ? {} : { class: name })).intercept;
  }

  get parameters(): number {
    return (this.features.length + 1) * this.fitted.intercepts.length;
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    const scores = this.#scores(table);
    if (scores.length === 1) {
      const second = (scores[0] as Float64Array).map((score) => 1 / (1 + Math.exp(-score)));
      return [(scores[0] as Float64Array).map((score) => 1 / (1 + Math.exp(score))), second];
    }
    const row = new Float64Array(scores.length);
    for (let i = 0; i < table.rowCount; i++) {
      for (const [k, values] of scores.entries()) row[k] = values[i] as number;
      softmax(row);
      for (const [k, values] of scores.entries()) values[i] = row[k] as number;
    }
    return scores;
  }

  /** Exact: coefficient x (value - mean of the training rows), on the scale of the coefficients. */
  async explain(table: Table, options?: ExplainOptions): Promise<Explanation> {
    const code = this.classCode(options);
    const { weights, intercept } = this.#output(code);
    const { means } = this.fitted;
    const columns = completeNumbers(readFeatures(table, this.features), CALL);
    return {
      features: this.features.map(({ name }) => name),
      contributions: columns.map((values, i) =>
        values.map((value) => (weights[i] as number) * (value - (means[i] as number))),
      ),
      base: weights.reduce((sum, weight, i) => sum + weight * (means[i] as number), intercept),
      unit: 'log-odds',
      method: 'exact: coefficient x (value - mean)',
      class: (this.task as Classification).classes[code] as string,
    };
  }

  toJSON(): ModelJson {
    return {
      kind: 'logistic-regression',
      name: this.name,
      task: this.task,
      features: this.features,
      fitted: this.fitted,
    };
  }

  /** The sum that speaks for a class: with two, that of the second, and its negative for the first. */
  #output(code: number): { weights: readonly number[]; intercept: number } {
    const { weights, intercepts } = this.fitted;
    if (intercepts.length > 1)
      return { weights: weights[code] as readonly number[], intercept: intercepts[code] as number };
    const sign = code === 1 ? 1 : -1;
    return { weights: (weights[0] ?? []).map((weight) => sign * weight), intercept: sign * (intercepts[0] as number) };
  }

  #scores(table: Table): Float64Array[] {
    const columns = completeNumbers(readFeatures(table, this.features), CALL);
    return this.fitted.intercepts.map((intercept, k) => {
      const scores = new Float64Array(table.rowCount).fill(intercept);
      for (const [i, values] of columns.entries()) {
        const weight = this.fitted.weights[k]?.[i] as number;
        for (let row = 0; row < scores.length; row++)
          scores[row] = (scores[row] as number) + weight * (values[row] as number);
      }
      return scores;
    });
  }
}

export const readLogisticRegression: ModelReader = async ({ task, features, fitted }) => {
  const outputs =
    task.kind === 'classification' && task.classes.length === 2 ? 1 : (task as Classification).classes.length;
  const numbers = z.array(z.number()).length(features.length);
  const checked = z
    .object({
      weights: z.array(numbers).length(outputs),
      intercepts: z.array(z.number()).length(outputs),
      means: numbers,
    })
    .parse(fitted);
  return new LogisticRegressionModel(task, features, checked);
};

/** Coefficients of columns as they are, from those of scaled and centred ones. */
function fittedOf({ means, spreads, outputs }: LogisticProblem, x: Float64Array): FittedLogistic {
  const each = Array.from({ length: outputs }, (_, k) => k);
  const weights = each.map((k) => Array.from(spreads, (spread, i) => (x[i * outputs + k] as number) / spread));
  const free = spreads.length * outputs;
  const intercepts = each.map((k) =>
    means.reduce((sum, mean, i) => sum - mean * (weights[k]?.[i] as number), x[free + k] as number),
  );
  return { weights, intercepts, means: [...means] };
}

function startOf(
  problem: LogisticProblem,
  task: Task,
  features: readonly Feature[],
  { startFrom }: FitOptions,
): Float64Array {
  const { means, spreads, outputs } = problem;
  const x = new Float64Array((spreads.length + 1) * outputs);
  if (startFrom === undefined) return x;
  if (
    !(startFrom instanceof LogisticRegressionModel) ||
    JSON.stringify([startFrom.task, startFrom.features]) !== JSON.stringify([task, features])
  )
    throw new Error(`${NAME} goes on from a logistic regression of the same target, classes and columns only.`);
  const { weights, intercepts } = startFrom.fitted;
  for (let k = 0; k < outputs; k++) {
    let intercept = intercepts[k] as number;
    for (const [i, spread] of spreads.entries()) {
      const weight = weights[k]?.[i] as number;
      x[i * outputs + k] = weight * spread;
      intercept += weight * (means[i] as number);
    }
    x[spreads.length * outputs + k] = intercept;
  }
  return x;
}
