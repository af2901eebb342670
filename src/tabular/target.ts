// The target of a fit: which task it makes, and its values as numbers.

import type { FitOptions } from './estimator.js';
import {
  type CategoricalColumn,
  type Column,
  categorical,
  lengthOf,
  missingOf,
  type NumericColumn,
  valueAt,
} from './table/column.js';
import type { Table } from './table/table.js';

export interface Classification {
  readonly kind: 'classification';
  /** The target's column. */
  readonly target: string;
  /** At least two. */
  readonly classes: readonly string[];
}

export interface Regression {
  readonly kind: 'regression';
  /** The target's column. */
  readonly target: string;
}

export type Task = Classification | Regression;

/**
 * The task a training table makes.
 * @throws Error if there are no rows, the target is missing in some, is a date, or has only one class
 */
export function taskOf(train: Table, { target, task }: Pick<FitOptions, 'target' | 'task'>): Task {
  const column = train.column(target);
  if (train.rowCount === 0) throw new Error('There are no rows to learn from: the table is empty.');
  if (column.kind === 'date') throw new Error(`The target '${target}' is a date; predict a number or a category.`);
  const kind = task ?? (column.kind === 'numeric' ? 'regression' : 'classification');
  if (kind === 'regression') {
    if (column.kind !== 'numeric')
      throw new Error(`The target '${target}' is ${column.kind}: a regression needs a numeric one.`);
    checkComplete(column);
    return { kind, target };
  }
  const classes = classesOf(column);
  if (classes.length < 2)
    throw new Error(`The target '${target}' has one class only (${classes.join()}): there is nothing to tell apart.`);
  return { kind, target, classes };
}

/**
 * The target's values: as they are for a regression, for a classification each row's index in `task.classes`.
 * @throws Error if one is missing, or is a class the task does not know
 */
export function targetValues(table: Table, task: Task): Float64Array {
  const column = table.column(task.target);
  checkComplete(column);
  if (task.kind === 'regression') return table.numeric(task.target).values;
  if (column.kind === 'categorical') {
    const places = column.categories.map((category) => task.classes.indexOf(category));
    const values = Float64Array.from(column.codes, (code) => places[code] as number);
    if (!values.includes(-1)) return values;
  }
  // Numbers as classes; or a class the task does not know, which is told here.
  const { codes } = asCategorical(column, task.classes);
  return Float64Array.from(codes);
}

/** The classes of a target: those of its categories that occur, in their order; of a numeric column its values, ascending. */
function classesOf(column: NumericColumn | CategoricalColumn): string[] {
  checkComplete(column);
  if (column.kind === 'numeric') return [...new Set(column.values)].sort((a, b) => a - b).map((value) => String(value));
  const occurring = new Set(column.codes);
  return column.categories.filter((_, code) => occurring.has(code));
}

function asCategorical(column: Column, classes: readonly string[]): CategoricalColumn {
  const values = Array.from({ length: lengthOf(column) }, (_, row) => valueAt(column, row)?.toString());
  return categorical(column.name, values, classes);
}

function checkComplete(column: Column): void {
  const missing = missingOf(column);
  if (missing > 0)
    throw new Error(
      `The target '${column.name}' is missing in ${missing} rows. Drop them first: table.filter((row) => row['${column.name}'] !== undefined).`,
    );
}
