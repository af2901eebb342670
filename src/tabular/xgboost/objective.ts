// What XGBoost's objectives make of a raw output, by their names.

import type { Task } from '../target.js';

/** How raw outputs become predictions. */
export type Link = 'identity' | 'logistic' | 'softmax' | 'log' | 'sign' | 'other';

const links: readonly [RegExp, Link][] = [
  [/^binary:(logistic|logitraw)$/, 'logistic'],
  [/^binary:hinge$/, 'sign'],
  [/^multi:/, 'softmax'],
  [/^reg:logistic$/, 'logistic'],
  [/^(count:poisson|reg:gamma|reg:tweedie)$/, 'log'],
  [/^reg:/, 'identity'],
  [/^rank:/, 'identity'],
];

export const defaultObjective = (task: Task): string => {
  if (task.kind === 'regression') return 'reg:squarederror';
  return task.classes.length === 2 ? 'binary:logistic' : 'multi:softprob';
};

/** @throws Error if the objective is for another task */
export function linkOf(objective: string, task: Task): Link {
  const forClasses = /^(binary|multi):/.test(objective);
  if (forClasses !== (task.kind === 'classification'))
    throw new Error(
      `XGBoost's objective '${objective}' does not fit a ${task.kind}: take one that begins with ${forClasses ? "'reg:'" : "'binary:' or 'multi:'"}, or say fit(train, { task }).`,
    );
  if (objective.startsWith('binary:') && task.kind === 'classification' && task.classes.length !== 2)
    throw new Error(`XGBoost's objective '${objective}' is for two classes, and there are ${task.classes.join(', ')}.`);
  return links.find(([pattern]) => pattern.test(objective))?.[1] ?? 'other';
}

/** What the raw output of a model is called. */
export function unitOf(link: Link, task: Task): string {
  if (link === 'logistic') return 'log-odds';
  if (link === 'softmax') return 'score before softmax';
  if (link === 'log') return `log of ${task.target}`;
  return link === 'identity' ? task.target : 'score';
}
