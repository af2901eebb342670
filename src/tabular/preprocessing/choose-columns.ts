// Which columns a model may see.
//
//   dropColumns('customer', 'joined')   // all others
//   selectColumns('age', 'plan')        // these alone, in the order of the table

import { z } from 'zod';
import type { Column } from '../table/column.js';
import { type ColumnStep, chosenColumns, columnsReader, FittedColumns, featuresWithout } from './column-transformer.js';
import type { Transformer } from './transformer.js';

// Columns left out are not read at all, so the step has nothing to do with those it reads.
const choosing = (kind: string): ColumnStep<Column, unknown> => ({
  kind,
  takes: ['numeric', 'categorical', 'date'],
  state: z.unknown(),
  apply: (column) => [column],
});
const dropping = choosing('drop-columns');
const selecting = choosing('select-columns');

/** Leaves out these columns. Tables to predict on need not have them. */
export const dropColumns = (...columns: readonly string[]): Transformer => chooser(dropping, columns, false);

/** Leaves out all other columns but the target. Tables to predict on need not have them. */
export const selectColumns = (...columns: readonly string[]): Transformer => chooser(selecting, columns, true);

export const readDropColumns = columnsReader(dropping);
export const readSelectColumns = columnsReader(selecting);

function chooser(step: ColumnStep<Column, unknown>, columns: readonly string[], keep: boolean): Transformer {
  return {
    name: step.kind,
    settings: { columns },
    async fitTransform(train, target) {
      const named = new Set(chosenColumns(step, train, target, columns).map(({ name }) => name));
      const features = featuresWithout(train, target).filter(({ name }) => named.has(name) === keep);
      const fitted = new FittedColumns(step, features, new Map(), target);
      return { fitted, train: fitted.transform(train) };
    },
  };
}
