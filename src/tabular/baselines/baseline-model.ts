// What all baselines share: labels from probabilities, saving, and checks of what a fit is given.

import type { ExplainOptions, Explanation, FitOptions, ModelJson, TabularModel } from '../estimator.js';
import { outputOf } from '../explain/output.js';
import type { Feature } from '../features.js';
import { mostProbable } from '../most-probable.js';
import { saveModel } from '../save.js';
import type { Table } from '../table/table.js';
import type { Task } from '../target.js';

/** A model of little code. It says what its outputs are, and has the verbs from here. */
export abstract class BaselineModel implements TabularModel {
  abstract readonly name: string;
  readonly task: Task;
  readonly features: readonly Feature[];

  constructor(task: Task, features: readonly Feature[]) {
    this.task = task;
    this.features = features;
  }

  abstract get parameters(): number;

  /** Regression: one array, the values. Classification: one a class, the probabilities. */
  protected abstract outputs(table: Table): Promise<Float64Array[]>;

  abstract explain(table: Table, options?: ExplainOptions): Promise<Explanation>;

  abstract toJSON(): ModelJson;

  async predict(table: Table): Promise<Float64Array> {
    const outputs = await this.outputs(table);
    return this.task.kind === 'regression' ? (outputs[0] as Float64Array) : mostProbable(outputs);
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    if (this.task.kind === 'regression')
      throw new Error(`${this.name} predicts the number '${this.task.target}' here, which has no probabilities.`);
    return this.outputs(table);
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    // Nothing but what the garbage collector sees.
  }

  /** The code of the class that is explained. Throws where none of that name is, or one of several must be named. */
  protected classCode(options: ExplainOptions = {}): number {
    const chosen = outputOf(this, options.class === undefined ? {} : { class: options.class }).class;
    return this.task.kind === 'regression' ? 0 : this.task.classes.indexOf(chosen as string);
  }
}

/** The weights of a fit, all 1 where there are none. Throws where one is below 0, or all are 0. */
export function checkedWeights(weights: ArrayLike<number> | undefined, rows: number): Float64Array {
  if (weights === undefined) return new Float64Array(rows).fill(1);
  if (weights.length !== rows)
    throw new Error(`There are ${weights.length} weights and ${rows} rows: give one for each row.`);
  const checked = Float64Array.from(weights);
  const bad = checked.findIndex((weight) => !(weight >= 0 && Number.isFinite(weight)));
  if (bad >= 0) throw new Error(`The weight of row ${bad} is ${weights[bad]}: weights are finite and not below 0.`);
  if (!checked.some((weight) => weight > 0)) throw new Error('All weights are 0: there is nothing to learn from.');
  return checked;
}

/** @throws Error if the fit is to go on from a model: this one is fitted in one go. */
export function refuseStartFrom(name: string, { startFrom }: FitOptions): void {
  if (startFrom !== undefined)
    throw new Error(`${name} is fitted in one go and cannot go on from another model: leave out startFrom.`);
}

/** @throws Error if the model can only learn the other task */
export function requireTask(name: string, task: Task, kind: Task['kind'], instead: string): void {
  if (task.kind === kind) return;
  const what = task.kind === 'regression' ? 'a number to predict' : 'a class to tell';
  throw new Error(`${name}: the target '${task.target}' is ${what}, which is for ${instead}.`);
}
