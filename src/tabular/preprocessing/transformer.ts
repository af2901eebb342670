// What every step of preprocessing is: settings alone until it has seen training rows, then a function of tables.
//
//   const { fitted, train: scaled } = await standardize().fitTransform(train, 'price');
//   const scaledTest = fitted.transform(test);   // by the mean and the deviation of the training rows
//
// Steps are put together, in front of an estimator, with `pipeline` of ../pipeline.ts.

import type { Feature } from '../features.js';
import type { Table } from '../table/table.js';
import type { Task } from '../target.js';

/** A step that is not fitted yet. */
export interface Transformer {
  /** What it is called: 'impute', 'one-hot'. */
  readonly name: string;
  /** Every setting, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Learns from the training rows and transforms them. What training rows get may differ from what other rows get: a target
   * encoding hides each row's own target from it.
   *
   * @param target the column to predict: it is left as it is, and only a target encoder reads it
   * @param task what the target is predicted as; default: as `FitOptions.task`
   * @throws Error naming the column that does not fit
   */
  fitTransform(
    train: Table,
    target?: string,
    task?: Task['kind'],
  ): Promise<{ fitted: FittedTransformer; train: Table }>;
}

/** What a step has learnt. */
export interface FittedTransformer {
  readonly name: string;
  /** The columns it reads, as they were in training. */
  readonly features: readonly Feature[];
  /**
   * A table's new columns: in the order of the training table, what is made of a column in that column's place, and at the
   * end the target, unread, where the table has it. Columns that training did not have are left out.
   * @throws Error naming a column that is not there or of another kind
   */
  transform(table: Table): Table;
  /** The column that an output column is made of alone; undefined where it is made of several. */
  source(output: string): string | undefined;
  /** Everything it takes to transform, as JSON. */
  toJSON(): TransformerJson;
}

/** A saved step. */
export interface TransformerJson {
  /** Which kind of step: a key of the table in transformer-file.ts. */
  readonly kind: string;
  readonly [field: string]: unknown;
}
