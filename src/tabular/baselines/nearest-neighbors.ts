// k nearest neighbours: what the most similar training rows were. Similar means near, by Euclidean distance, so columns should be on
// one scale.
//
//   const model = await pipeline([impute(), standardize(), oneHot()], nearestNeighbors({ k: 15 })).fit(train, { target: 'churned' });
//
// Equal to scikit-learn's KNeighborsClassifier and KNeighborsRegressor; of equally distant rows the earlier ones count.

import { z } from 'zod';
import { InterruptedError } from '../../training/interrupt.js';
import type { Estimator, ExplainOptions, Explanation, FitOptions, ModelJson, ModelReader } from '../estimator.js';
import { sampledShapley } from '../explain/sampled-shapley.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import { decodeNumbers, encodeNumbers } from '../number-arrays.js';
import { checkOptions } from '../options.js';
import { numeric } from '../table/column.js';
import { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { BaselineModel, refuseStartFrom } from './baseline-model.js';
import { completeNumbers } from './complete-numbers.js';
import { pausing } from './pauses.js';

export interface NearestNeighborsOptions {
  /** How many rows are asked, 1 or more. Default 5. */
  readonly k?: number;
  /** 'uniform': all count the same. 'distance': by one over their distance. Default 'uniform'. */
  readonly weights?: 'uniform' | 'distance';
}

const schema = z.strictObject({
  k: z.int().min(1).default(5),
  weights: z.enum(['uniform', 'distance']).default('uniform'),
});
type Settings = z.output<typeof schema>;
const NAME = 'Nearest neighbours';
const CALL = 'nearestNeighbors()';

/** Keeps all training rows. Weights of rows are not known to it. */
export function nearestNeighbors(options: NearestNeighborsOptions = {}): Estimator<NearestNeighborsModel> {
  const settings = checkOptions('nearestNeighbors', schema, options);
  return {
    name: NAME,
    settings,
    async fit(train: Table, fitOptions: FitOptions) {
      refuseStartFrom(NAME, fitOptions);
      if (fitOptions.weights !== undefined)
        throw new Error('nearestNeighbors cannot weigh training rows: leave out weights.');
      const task = taskOf(train, fitOptions);
      if (settings.k > train.rowCount)
        throw new Error(`nearestNeighbors: k is ${settings.k}, and there are ${train.rowCount} rows only.`);
      const features = featuresOf(train, fitOptions.target);
      const columns = completeNumbers(readFeatures(train, features), CALL);
      return new NearestNeighborsModel(task, features, settings, {
        points: byRow(columns),
        truth: targetValues(train, task),
      });
    },
  };
}

interface Kept {
  /** Row by row. */
  readonly points: Float64Array;
  readonly truth: Float64Array;
}

export class NearestNeighborsModel extends BaselineModel {
  readonly name = NAME;
  readonly settings: Settings;
  readonly #kept: Kept;

  constructor(task: Task, features: readonly Feature[], settings: Settings, kept: Kept) {
    super(task, features);
    this.settings = settings;
    this.#kept = kept;
  }

  /** All numbers of the training rows. */
  get parameters(): number {
    return this.#kept.points.length + this.#kept.truth.length;
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    const points = byRow(completeNumbers(readFeatures(table, this.features), CALL));
    const size = this.features.length;
    const { truth } = this.#kept;
    const count = this.task.kind === 'regression' ? 1 : this.task.classes.length;
    const outputs = Array.from({ length: count }, () => new Float64Array(table.rowCount));
    const stopped = () => new InterruptedError(`${NAME}: the prediction was stopped.`);
    await pausing({ stopped }, async (pause) => {
      for (let row = 0; row < table.rowCount; row++) {
        const near = nearest(points.subarray(row * size, (row + 1) * size), this.#kept.points, this.settings.k);
        const votes = votesOf(near.squares, this.settings.weights);
        let total = 0;
        for (const [place, vote] of votes.entries()) {
          const value = truth[near.rows[place] as number] as number;
          const into = outputs[count === 1 ? 0 : value] as Float64Array;
          into[row] = (into[row] as number) + vote * (count === 1 ? value : 1);
          total += vote;
        }
        for (const values of outputs) values[row] = (values[row] as number) / total;
        await pause();
      }
    });
    return outputs;
  }

  /** Shapley values by sampling, against the training rows where no background is given. */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    return sampledShapley(this, table, { ...options, background: options.background ?? this.#training() });
  }

  toJSON(): ModelJson {
    return {
      kind: 'nearest-neighbors',
      name: this.name,
      task: this.task,
      features: this.features,
      settings: this.settings,
      points: encodeNumbers(this.#kept.points),
      truth: encodeNumbers(this.#kept.truth),
    };
  }

  #training(): Table {
    const size = this.features.length;
    const rows = this.#kept.truth.length;
    return new Table(
      this.features.map(({ name }, i) =>
        numeric(
          name,
          Float64Array.from({ length: rows }, (_, row) => this.#kept.points[row * size + i] as number),
        ),
      ),
    );
  }
}

export const readNearestNeighbors: ModelReader = async ({ task, features, settings, points, truth }) => {
  const values = decodeNumbers(truth, 'truth') as Float64Array;
  const kept = decodeNumbers(points, 'points', values.length * features.length) as Float64Array;
  return new NearestNeighborsModel(task, features, schema.parse(settings), { points: kept, truth: values });
};

function byRow(columns: readonly Float64Array[]): Float64Array {
  const rows = columns[0]?.length ?? 0;
  const points = new Float64Array(rows * columns.length);
  for (const [i, values] of columns.entries())
    for (let row = 0; row < rows; row++) points[row * columns.length + i] = values[row] as number;
  return points;
}

/** The k rows nearest to a point, and the squares of their distances, nearest first. */
function nearest(point: Float64Array, points: Float64Array, k: number): { rows: Int32Array; squares: Float64Array } {
  const size = point.length;
  const rows = new Int32Array(k);
  const squares = new Float64Array(k).fill(Number.POSITIVE_INFINITY);
  let worst = Number.POSITIVE_INFINITY;
  for (let row = 0, from = 0; from < points.length; row++, from += size) {
    let square = 0;
    for (let i = 0; i < size && square < worst; i++) {
      const apart = (points[from + i] as number) - (point[i] as number);
      square += apart * apart;
    }
    if (square >= worst) continue;
    let place = k - 1;
    for (; place > 0 && (squares[place - 1] as number) > square; place--) {
      squares[place] = squares[place - 1] as number;
      rows[place] = rows[place - 1] as number;
    }
    squares[place] = square;
    rows[place] = row;
    worst = squares[k - 1] as number;
  }
  return { rows, squares };
}

/** How much each neighbour counts. Where some are at the very place, they alone do. */
function votesOf(squares: Float64Array, weights: Settings['weights']): Float64Array {
  if (weights === 'uniform') return squares.map(() => 1);
  return squares[0] === 0
    ? squares.map((square) => Number(square === 0))
    : squares.map((square) => 1 / Math.sqrt(square));
}
