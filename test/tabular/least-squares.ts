// A small estimator to test what works with any: ridge regression by the normal equations, on complete numbers. A classifier is the
// same on 0 and 1 for each class, clipped and made to add up to 1.

import {
  type Estimator,
  type Explanation,
  FitInterrupted,
  type FitOptions,
  type ModelJson,
  type ModelReader,
  type TabularModel,
} from '../../src/tabular/estimator.js';
import { type Feature, featuresOf, readFeatures } from '../../src/tabular/features.js';
import { saveModel } from '../../src/tabular/save.js';
import type { Table } from '../../src/tabular/table/table.js';
import { type Task, targetValues, taskOf } from '../../src/tabular/target.js';

export interface Seen {
  /** Tables that fit was given. */
  readonly fits: Table[];
  readonly validations: (Table | undefined)[];
  readonly startedFrom: (TabularModel | undefined)[];
  disposed: number;
}

export const seen = (): Seen => ({ fits: [], validations: [], startedFrom: [], disposed: 0 });

export function leastSquares(name = 'Least squares', ridge = 1e-6, notes: Seen = seen()): Estimator<LeastSquaresModel> {
  return {
    name,
    settings: { ridge },
    async fit(train, options) {
      const { signal, onProgress, validation, startFrom } = options;
      notes.fits.push(train);
      notes.validations.push(validation);
      notes.startedFrom.push(startFrom);
      const model = solve(name, train, options, ridge, notes);
      for (let done = 1; done <= 4; done++) {
        onProgress?.({ done, total: 4 });
        await new Promise((resolve) => setImmediate(resolve));
        if (signal?.aborted) throw new FitInterrupted(`${name}: stopped.`, model);
      }
      return model;
    },
  };
}

function solve(name: string, train: Table, options: FitOptions, ridge: number, notes: Seen): LeastSquaresModel {
  const task = taskOf(train, options);
  const features = featuresOf(train, options.target);
  const truth = targetValues(train, task);
  const columns = [...numbersOf(train, features), new Float64Array(train.rowCount).fill(1)];
  const weight = (row: number) => options.weights?.[row] ?? 1;
  const dot = (a: Float64Array, b: Float64Array) =>
    a.reduce((sum, value, row) => sum + weight(row) * value * at(b, row), 0);
  const matrix = columns.map((a, i) => columns.map((b, j) => dot(a, b) + (i === j ? ridge : 0)));
  const outputs =
    task.kind === 'regression' ? [truth] : task.classes.map((_, code) => truth.map((y) => Number(y === code)));
  const weights = outputs.map((output) =>
    eliminate(
      matrix,
      columns.map((column) => dot(column, output)),
    ),
  );
  const means = columns.map((column) => column.reduce((sum, value) => sum + value, 0) / train.rowCount);
  return new LeastSquaresModel(name, task, features, weights, means, notes);
}

export class LeastSquaresModel implements TabularModel {
  readonly parameters: number;
  constructor(
    readonly name: string,
    readonly task: Task,
    readonly features: readonly Feature[],
    readonly weights: readonly (readonly number[])[],
    readonly means: readonly number[],
    readonly notes: Seen = seen(),
  ) {
    this.parameters = weights.flat().length;
  }

  async predict(table: Table): Promise<Float64Array> {
    if (this.task.kind === 'regression') return this.#output(table, 0);
    const all = await this.predictProbabilities(table);
    return Float64Array.from(all[0] as Float64Array, (_, row) => {
      const values = all.map((of) => at(of, row));
      return values.indexOf(Math.max(...values));
    });
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    if (this.task.kind === 'regression') throw new Error('A regression has no probabilities.');
    const all = this.weights.map((_, code) => this.#output(table, code).map((p) => Math.min(Math.max(p, 1e-6), 1)));
    const sums = Float64Array.from(all[0] as Float64Array, (_, row) => all.reduce((sum, of) => sum + at(of, row), 0));
    return all.map((of) => of.map((p, row) => p / at(sums, row)));
  }

  async explain(table: Table): Promise<Explanation> {
    const code = this.task.kind === 'regression' ? 0 : 1;
    const weights = this.weights[code] as readonly number[];
    return {
      features: this.features.map(({ name }) => name),
      contributions: numbersOf(table, this.features).map((values, i) =>
        values.map((value) => at(weights, i) * (value - at(this.means, i))),
      ),
      base: weights.reduce((sum, weight, i) => sum + weight * at(this.means, i), 0),
      unit: this.task.kind === 'regression' ? this.task.target : 'log-odds',
      method: 'coefficient x (value - mean)',
      ...(this.task.kind === 'regression' ? {} : { class: this.task.classes[1] as string }),
    };
  }

  toJSON(): ModelJson {
    const { name, task, features, weights, means } = this;
    return { kind: 'least squares', name, task, features, weights, means };
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    this.notes.disposed++;
  }

  #output(table: Table, code: number): Float64Array {
    const weights = this.weights[code] as readonly number[];
    const columns = numbersOf(table, this.features);
    return Float64Array.from({ length: table.rowCount }, (_, row) =>
      columns.reduce((sum, column, i) => sum + at(column, row) * at(weights, i), at(weights, columns.length)),
    );
  }
}

export const readLeastSquares: ModelReader = async ({ name, task, features, weights, means }) =>
  new LeastSquaresModel(name, task, features, weights as number[][], means as number[]);

function numbersOf(table: Table, features: readonly Feature[]): Float64Array[] {
  return readFeatures(table, features).map((column) => {
    if (column.kind !== 'numeric' || column.values.some(Number.isNaN))
      throw new Error(`The column '${column.name}' is not of complete numbers.`);
    return column.values;
  });
}

/** Solves matrix x = right by Gauss and Jordan, with pivots. */
function eliminate(matrix: readonly (readonly number[])[], right: readonly number[]): number[] {
  const rows = matrix.map((row, i) => [...row, right[i] as number]);
  for (let i = 0; i < rows.length; i++) {
    const pivot = rows
      .slice(i)
      .reduce((best, row, k) => (Math.abs(at(row, i)) > Math.abs(at(rows[best] as number[], i)) ? i + k : best), i);
    [rows[i], rows[pivot]] = [rows[pivot] as number[], rows[i] as number[]];
    const own = rows[i] as number[];
    for (const [k, other] of rows.entries()) {
      if (k === i) continue;
      const factor = at(other, i) / at(own, i);
      for (let j = i; j < other.length; j++) other[j] = at(other, j) - factor * at(own, j);
    }
  }
  return rows.map((row, i) => (row.at(-1) as number) / at(row, i));
}

const at = (values: ArrayLike<number>, place: number): number => values[place] as number;
