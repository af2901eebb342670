// The one number a row that is explained: a regression's prediction, or what a classifier says of one class.

import type { TabularModel } from '../estimator.js';
import type { Table } from '../table/table.js';

export interface OutputOptions {
  /** The class whose score is explained. Default: the second of two; of more it must be named. */
  readonly class?: string;
  /** The scale of a classifier's output. Default 'probability', which is defined also where it is 0 or 1. */
  readonly output?: 'probability' | 'log-odds';
}

/** A model as one function of a table. */
export interface Output {
  /** One number a row. */
  of(table: Table): Promise<Float64Array>;
  /** 'probability', 'log-odds' or the target's name. */
  readonly unit: string;
  /** The class explained, for classification. */
  readonly class?: string;
}

/** Log-odds are taken of probabilities at least this far from 0 and 1. */
const leastProbability = 1e-6;

/**
 * What to explain of a model.
 * @throws Error naming the classes if one must be chosen or there is none of that name
 */
export function outputOf(model: TabularModel, options: OutputOptions = {}): Output {
  const { task } = model;
  const scale = options.output ?? 'probability';
  if (scale !== 'probability' && scale !== 'log-odds')
    throw new Error(`output must be 'probability' or 'log-odds', not ${JSON.stringify(scale)}.`);
  if (task.kind === 'regression') {
    if (options.class !== undefined)
      throw new Error(
        `There is no class '${options.class}' to explain: ${model.name} predicts the number '${task.target}'.`,
      );
    if (options.output !== undefined)
      throw new Error(`output is for classifiers; ${model.name} predicts the number '${task.target}' as it is.`);
    return { of: (table) => model.predict(table), unit: task.target };
  }
  const name = options.class ?? (task.classes.length === 2 ? task.classes[1] : undefined);
  const listed = task.classes.join(', ');
  if (name === undefined) throw new Error(`Say which class to explain: { class: ... }, one of ${listed}.`);
  const code = task.classes.indexOf(name);
  if (code < 0)
    throw new Error(`There is no class '${name}' to explain. The classes of '${task.target}' are ${listed}.`);
  const probabilities = async (table: Table) => (await model.predictProbabilities(table))[code] as Float64Array;
  const logOdds = async (table: Table) => (await probabilities(table)).map(logOddsOf);
  return { of: scale === 'probability' ? probabilities : logOdds, unit: scale, class: name };
}

function logOddsOf(probability: number): number {
  const p = Math.min(Math.max(probability, leastProbability), 1 - leastProbability);
  return Math.log(p / (1 - p));
}
