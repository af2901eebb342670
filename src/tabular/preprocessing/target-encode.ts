// A category as the mean of the target over its training rows: one number where one-hot would make a thousand columns.
//
//   targetEncode({ smoothing: 'auto' })   // city -> the share of churned customers in that city
//
// Micci-Barreca 2001, as scikit-learn's TargetEncoder. A training row must not see its own target in this number, or a model
// trusts it far too much: a random id would then "predict" perfectly. So training rows are encoded out of fold: by the means of
// the other folds' rows. All other rows are encoded by the means of all training rows.

import { z } from 'zod';
import { seededRandom, shuffled } from '../../hub/random.js';
import { checkOptions } from '../options.js';
import type { CategoricalColumn, NumericColumn } from '../table/column.js';
import { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import {
  type ColumnStep,
  type ColumnsOption,
  chosenColumns,
  columnsOption,
  columnsReader,
  FittedColumns,
  featuresWithout,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

export interface TargetEncodeOptions extends ColumnsOption {
  /**
   * How strongly rare categories are drawn to the mean of all rows: as by so many further rows of that mean, 0 or more; or
   * 'auto', from the variances within the category and over all rows (empirical Bayes). Default 'auto'.
   */
  readonly smoothing?: 'auto' | number;
  /** Into how many folds the training rows are dealt, 2 or more. Default 5. */
  readonly folds?: number;
  /** Which row goes into which fold. Default 42. */
  readonly seed?: number;
}

const schema = z.strictObject({
  smoothing: z.union([z.literal('auto'), z.number().min(0)]).default('auto'),
  folds: z.int().min(2).default(5),
  seed: z.int().default(42),
  columns: columnsOption,
});

// Of each output column its name's ending, and its numbers: one a category, one for a missing value, one for an unknown one.
const encoding = z.object({
  suffix: z.string(),
  means: z.array(z.number()),
  missing: z.number(),
  unknown: z.number(),
});
const state = z.object({ categories: z.array(z.string()), encodings: z.array(encoding) });
type Encoding = z.output<typeof encoding>;
type State = z.output<typeof state>;

const step: ColumnStep<CategoricalColumn, State> = {
  kind: 'target-encode',
  takes: ['categorical'],
  state,
  apply(column, { categories, encodings }) {
    const places = new Map(categories.map((category, place) => [category, place]));
    const known = column.categories.map((category) => places.get(category));
    return encodings.map(({ suffix, means, missing, unknown }) => {
      const codes = known.map((place) => (place === undefined ? unknown : (means[place] as number)));
      const values = Float64Array.from(column.codes, (code) => (code < 0 ? missing : (codes[code] as number)));
      return { kind: 'numeric', name: `${column.name}${suffix}`, values };
    });
  },
};

/**
 * A regression target: the column becomes its mean. Two classes: the share of the second. More: a column a class, named
 * 'city:class', its share. A missing value counts as a category; one that training did not know gets the mean of all rows.
 * @throws Error from its fit if it is told no target, or there are fewer rows than folds
 */
export function targetEncode(options: TargetEncodeOptions = {}): Transformer {
  const settings = checkOptions('target-encode', schema, options);
  return {
    name: step.kind,
    settings,
    async fitTransform(train, target, kind) {
      if (target === undefined) throw new Error('target-encode: say which column is the target.');
      const task = taskOf(train, { target, ...(kind === undefined ? {} : { task: kind }) });
      if (train.rowCount < settings.folds)
        throw new Error(`target-encode: ${train.rowCount} rows cannot be dealt into ${settings.folds} folds.`);
      const truths = truthsOf(targetValues(train, task), task);
      const folds = dealFolds(targetValues(train, task), task, settings);
      const states = new Map<string, State>();
      const hidden = new Map<string, NumericColumn>();
      for (const column of chosenColumns<CategoricalColumn>(step, train, target, settings.columns)) {
        const encodings = truths.map((truth) => encode(column, truth, settings.smoothing));
        states.set(column.name, { categories: [...column.categories], encodings });
        for (const truth of truths) {
          const own = outOfFold(column, truth, folds, settings);
          hidden.set(own.name, own);
        }
        await new Promise((resolve) => setImmediate(resolve));
      }
      const fitted = new FittedColumns(step, featuresWithout(train, target), states, target);
      const seen = fitted.transform(train).columns;
      return { fitted, train: new Table(seen.map((column) => hidden.get(column.name) ?? column)) };
    },
  };
}

export const readTargetEncode = columnsReader(step);

/** What is averaged: numbers a row, and what the column of their means is called after the encoded column's name. */
interface Truth {
  readonly suffix: string;
  readonly values: Float64Array;
}

function truthsOf(values: Float64Array, task: Task): Truth[] {
  if (task.kind === 'regression' || task.classes.length === 2) return [{ suffix: '', values }];
  return task.classes.map((name, code) => ({
    suffix: `:${name}`,
    values: values.map((value) => Number(value === code)),
  }));
}

/** The fold of each row: as equal in size as can be, for classes within each class. */
function dealFolds(values: Float64Array, task: Task, { folds, seed }: { folds: number; seed: number }): Int32Array {
  const order = shuffled([...values.keys()], seededRandom(seed));
  if (task.kind === 'classification') order.sort((a, b) => (values[a] as number) - (values[b] as number));
  const result = new Int32Array(values.length);
  for (const [place, row] of order.entries()) result[row] = place % folds;
  return result;
}

/** The column as the training rows get it. */
function outOfFold(
  column: CategoricalColumn,
  truth: Truth,
  foldOf: Int32Array,
  { folds, smoothing }: { folds: number; smoothing: 'auto' | number },
): NumericColumn {
  const values = new Float64Array(foldOf.length);
  for (let fold = 0; fold < folds; fold++) {
    const { means, missing } = encode(column, truth, smoothing, (row) => foldOf[row] !== fold);
    for (const [row, code] of column.codes.entries())
      if (foldOf[row] === fold) values[row] = code < 0 ? missing : (means[code] as number);
  }
  return { kind: 'numeric', name: `${column.name}${truth.suffix}`, values };
}

/** The smoothed means over some of the rows. A category without any has the mean of them all. */
function encode(
  { codes, categories }: CategoricalColumn,
  { suffix, values }: Truth,
  smoothing: 'auto' | number,
  counts: (row: number) => boolean = () => true,
): Encoding {
  const rows = [...codes.keys()].filter(counts);
  const mean = rows.reduce((sum, row) => sum + (values[row] as number), 0) / rows.length;
  const variance = rows.reduce((sum, row) => sum + ((values[row] as number) - mean) ** 2, 0) / rows.length;
  // The last place is that of missing values.
  const places = categories.length + 1;
  const placeOf = (row: number) => ((codes[row] as number) < 0 ? places - 1 : (codes[row] as number));
  const [sizes, sums, squares] = [new Float64Array(places), new Float64Array(places), new Float64Array(places)];
  for (const row of rows) {
    add(sizes, placeOf(row), 1);
    add(sums, placeOf(row), values[row] as number);
  }
  const own = sums.map((sum, place) => sum / (sizes[place] as number));
  for (const row of rows) add(squares, placeOf(row), ((values[row] as number) - (own[placeOf(row)] as number)) ** 2);
  const means = Array.from(sizes, (size, place) => {
    if (size === 0) return mean;
    if (smoothing !== 'auto') return ((sums[place] as number) + smoothing * mean) / (size + smoothing);
    const spread = variance * size;
    const trust = spread / (spread + (squares[place] as number) / size);
    return Number.isNaN(trust) ? mean : trust * (own[place] as number) + (1 - trust) * mean;
  });
  return { suffix, means: means.slice(0, -1), missing: means[places - 1] as number, unknown: mean };
}

function add(sums: Float64Array, place: number, value: number): void {
  sums[place] = (sums[place] as number) + value;
}
