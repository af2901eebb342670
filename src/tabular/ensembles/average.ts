// Several models, whose predictions are averaged: errors of one that others do not share shrink.
//
//   average([xgboost(), logistic], { weights: [2, 1] })   // probabilities, two thirds and one third
//   bag(decisionTree(), { times: 20 })                    // one estimator on 20 draws of the rows (Breiman 1996)

import { z } from 'zod';
import { seededRandom } from '../../hub/random.js';
import type {
  Estimator,
  ExplainOptions,
  Explanation,
  FitOptions,
  ModelJson,
  ModelReader,
  TabularModel,
} from '../estimator.js';
import { sampledShapley } from '../explain/sampled-shapley.js';
import type { Feature } from '../features.js';
import { probabilitiesIn, weightsOf } from '../inner-fits.js';
import { mostProbable } from '../most-probable.js';
import { checkOptions } from '../options.js';
import { saveModel } from '../save.js';
import type { Table } from '../table/table.js';
import { tableToJson } from '../table/table-json.js';
import { type Task, taskOf } from '../target.js';
import { backgroundOf, checkMembers, featuresOfAll, fitAll, type InnerFit, readMembers } from './members.js';

export interface AverageOptions {
  /** How much each estimator counts, above 0; divided by their sum. Default: all the same. */
  readonly weights?: readonly number[];
  /** What it is called in tables and pictures. Default 'Average'. */
  readonly name?: string;
}

export interface BagOptions {
  /** Models to fit. Default 10. */
  readonly times?: number;
  /** Seed of the draws. Default 42. */
  readonly seed?: number;
  /** What it is called in tables and pictures. Default: the estimator's name with 'Bagged' before it. */
  readonly name?: string;
}

const averageSchema = z.strictObject({
  weights: z.array(z.number().positive()).optional(),
  name: z.string().min(1).default('Average'),
});
const bagSchema = z.strictObject({
  times: z.int().min(1).default(10),
  seed: z.int().default(42),
  name: z.string().min(1).optional(),
});

/**
 * Fits each on all training rows. Values of a regression are averaged, and of a classification the probabilities. A fit that is
 * stopped leaves the average of those already fitted. `startFrom` takes such an average, each going on from its own.
 * @throws Error if there are no estimators or not as many weights
 */
export function average(estimators: readonly Estimator[], options: AverageOptions = {}): Estimator<AverageModel> {
  checkMembers('average', estimators);
  const { weights, name } = checkOptions('average', averageSchema, options);
  if (weights !== undefined && weights.length !== estimators.length)
    throw new Error(`average: ${weights.length} weights for ${estimators.length} estimators. Give one each.`);
  const shares = weights ?? estimators.map(() => 1);
  const members = estimators.map((estimator) => ({ name: estimator.name, settings: estimator.settings }));
  return {
    name,
    settings: { estimators: members, weights: shares },
    async fit(train, { startFrom, ...fitOptions }) {
      const starts = startsOf(name, startFrom, estimators.length);
      const fits = estimators.map((estimator, i) => ({
        estimator,
        train,
        ...(starts === undefined ? {} : { options: { startFrom: starts[i] as TabularModel } }),
      }));
      return fitAverage(name, fits, shares, train, fitOptions);
    },
  };
}

/**
 * Fits one estimator `times` times, each time on as many rows drawn with replacement, and averages. Rows come more than once in a
 * draw, so that an estimator that sets rows aside itself (out-of-fold target encoding) sees some of them on both sides.
 */
export function bag(estimator: Estimator, options: BagOptions = {}): Estimator<AverageModel> {
  const { times, seed, name = `Bagged ${estimator.name}` } = checkOptions('bag', bagSchema, options);
  return {
    name,
    settings: { estimator: { name: estimator.name, settings: estimator.settings }, times, seed },
    async fit(train, { startFrom, weights, ...fitOptions }) {
      const starts = startsOf(name, startFrom, times);
      const random = seededRandom(seed);
      const fits = Array.from({ length: times }, (_, i): InnerFit => {
        const rows = Int32Array.from({ length: train.rowCount }, () => Math.floor(random() * train.rowCount));
        const start = starts === undefined ? {} : { startFrom: starts[i] as TabularModel };
        return { estimator, train: train.take(rows), options: { ...weightsOf(weights, rows), ...start } };
      });
      return fitAverage(
        name,
        fits,
        fits.map(() => 1),
        train,
        fitOptions,
      );
    },
  };
}

async function fitAverage(
  name: string,
  fits: readonly InnerFit[],
  weights: readonly number[],
  train: Table,
  options: FitOptions,
): Promise<AverageModel> {
  const task = taskOf(train, options);
  const made = (models: readonly TabularModel[]) => {
    const sum = weights.slice(0, models.length).reduce((total, weight) => total + weight, 0);
    const shares = models.map((_, i) => (weights[i] as number) / sum);
    return new AverageModel(name, task, models, shares, backgroundOf(train, featuresOfAll(models)));
  };
  return made(await fitAll(fits, task, options, made));
}

function startsOf(
  name: string,
  startFrom: TabularModel | undefined,
  count: number,
): readonly TabularModel[] | undefined {
  if (startFrom === undefined) return undefined;
  if (startFrom instanceof AverageModel && startFrom.models.length === count) return startFrom.models;
  throw new Error(`${name} goes on from an average of ${count} models, not from ${startFrom.name}.`);
}

/** Models and how much each counts. */
export class AverageModel implements TabularModel {
  readonly name: string;
  readonly task: Task;
  readonly models: readonly TabularModel[];
  /** Sum 1. */
  readonly weights: readonly number[];
  readonly features: readonly Feature[];
  readonly #background: Table;

  constructor(
    name: string,
    task: Task,
    models: readonly TabularModel[],
    weights: readonly number[],
    background: Table,
  ) {
    this.name = name;
    this.task = task;
    this.models = models;
    this.weights = weights;
    this.features = featuresOfAll(models);
    this.#background = background;
  }

  get parameters(): number {
    return this.models.reduce((sum, model) => sum + model.parameters, 0);
  }

  async predict(table: Table): Promise<Float64Array> {
    if (this.task.kind === 'classification') return mostProbable(await this.predictProbabilities(table));
    const values: Float64Array[] = [];
    for (const model of this.models) values.push(await model.predict(table));
    return this.#averaged(values);
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    const { task } = this;
    if (task.kind === 'regression')
      throw new Error(`${this.name} predicts the number '${task.target}', which has no probabilities.`);
    const all: Float64Array[][] = [];
    for (const model of this.models) all.push(await probabilitiesIn(task.classes, model, table));
    return task.classes.map((_, code) => this.#averaged(all.map((of) => of[code] as Float64Array)));
  }

  /**
   * Where all models explain what is averaged (a regression's value, or a probability), the average of their contributions.
   * Log-odds do not average to those of the average: then Shapley values of the whole, sampled.
   */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    const unit = this.task.kind === 'regression' ? this.task.target : 'probability';
    const own: Explanation[] = [];
    for (const model of this.models) {
      const explanation = sameClasses(model.task, this.task) ? await model.explain(table, options) : undefined;
      if (explanation?.unit !== unit) return sampledShapley(this, table, { background: this.#background, ...options });
      own.push(explanation);
    }
    return this.#averageOf(own, table.rowCount);
  }

  toJSON(): ModelJson {
    return {
      kind: 'average',
      name: this.name,
      task: this.task,
      features: this.features,
      models: this.models.map((model) => model.toJSON()),
      weights: this.weights,
      background: tableToJson(this.#background),
    };
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    for (const model of this.models) model.dispose();
  }

  #averaged(values: readonly Float64Array[]): Float64Array {
    return Float64Array.from(values[0] as Float64Array, (_, row) =>
      values.reduce((sum, of, i) => sum + (this.weights[i] as number) * (of[row] as number), 0),
    );
  }

  #averageOf(all: readonly Explanation[], rowCount: number): Explanation {
    const first = all[0] as Explanation;
    const sums = new Map(this.features.map(({ name }) => [name, new Float64Array(rowCount)]));
    let base = 0;
    for (const [i, { features, contributions, base: own }] of all.entries()) {
      const weight = this.weights[i] as number;
      base += weight * own;
      for (const [j, feature] of features.entries()) {
        const sum = sums.get(feature) as Float64Array;
        for (const [row, value] of (contributions[j] as Float64Array).entries())
          sum[row] = (sum[row] as number) + weight * value;
      }
    }
    const methods = [...new Set(all.map(({ method }) => method))].join(', ');
    return {
      ...first,
      features: [...sums.keys()],
      contributions: [...sums.values()],
      base,
      method: `average of ${methods}`,
    };
  }
}

export const readAverage: ModelReader = async (json, load) => {
  const { models, background } = await readMembers(json, load);
  const { data: weights } = z.array(z.number()).length(models.length).safeParse(json.weights);
  if (weights === undefined)
    throw new Error(`The ensemble '${json.name}' is damaged: it has no weight for each model.`);
  return new AverageModel(json.name, json.task, models, weights, background);
};

const sameClasses = (a: Task, b: Task): boolean => JSON.stringify(a) === JSON.stringify(b);
