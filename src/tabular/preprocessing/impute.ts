// Fills missing values: of numbers with their mean or median, of categories with the most frequent one or a category of their own.
//
//   impute({ numeric: 'median', categorical: 'missing', indicators: true })
//
// As scikit-learn's SimpleImputer. Dates are left as they are.

import { z } from 'zod';
import { checkOptions } from '../options.js';
import { type CategoricalColumn, type Column, missingOf, type NumericColumn } from '../table/column.js';
import {
  type ColumnStep,
  type ColumnsOption,
  columnsOption,
  columnsReader,
  columnTransformer,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

export interface ImputeOptions extends ColumnsOption {
  /** What stands for a missing number: the mean or median of the training rows that have one, or a number. Default 'mean'. */
  readonly numeric?: 'mean' | 'median' | number;
  /**
   * What stands for a missing category: the most frequent of the training rows (of several the first in the column's order),
   * or a category of its own named 'missing'. Default 'mostFrequent'.
   */
  readonly categorical?: 'mostFrequent' | 'missing';
  /**
   * Whether a column of 0 and 1 that tells where a value was missing follows each column that misses one in the training rows:
   * 'age missing' after 'age'. Default false.
   */
  readonly indicators?: boolean;
}

const schema = z.strictObject({
  numeric: z.union([z.enum(['mean', 'median']), z.number()]).default('mean'),
  categorical: z.enum(['mostFrequent', 'missing']).default('mostFrequent'),
  indicators: z.boolean().default(false),
  columns: columnsOption,
});

type Filled = NumericColumn | CategoricalColumn;
const state = z.object({ fill: z.union([z.number(), z.string()]), indicator: z.boolean() });
type State = z.output<typeof state>;

const step: ColumnStep<Filled, State> = {
  kind: 'impute',
  takes: ['numeric', 'categorical'],
  state,
  apply(column, { fill, indicator }) {
    const filled = column.kind === 'numeric' ? fillNumbers(column, Number(fill)) : fillNames(column, String(fill));
    return indicator ? [filled, missingIndicator(column)] : [filled];
  },
};

/** @throws Error from its fit if a column has no value at all, so that there is neither mean nor most frequent one */
export function impute(options: ImputeOptions = {}): Transformer {
  const settings = checkOptions('impute', schema, options);
  return columnTransformer(step, settings, (column) => ({
    fill: column.kind === 'numeric' ? numberFor(column, settings.numeric) : nameFor(column, settings.categorical),
    indicator: settings.indicators && missingOf(column) > 0,
  }));
}

export const readImpute = columnsReader(step);

function numberFor({ name, values }: NumericColumn, how: 'mean' | 'median' | number): number {
  if (typeof how === 'number') return how;
  const known = values.filter((value) => !Number.isNaN(value));
  if (known.length === 0) throw allMissing(name, how);
  if (how === 'mean') return known.reduce((sum, value) => sum + value, 0) / known.length;
  known.sort();
  const half = known.length >> 1;
  const upper = known[half] as number;
  return known.length % 2 === 1 ? upper : ((known[half - 1] as number) + upper) / 2;
}

function nameFor({ name, codes, categories }: CategoricalColumn, how: 'mostFrequent' | 'missing'): string {
  if (how === 'missing') return how;
  const counts = new Float64Array(categories.length);
  for (const code of codes) if (code >= 0) counts[code] = (counts[code] as number) + 1;
  const most = counts.reduce((a, b) => Math.max(a, b), 0);
  if (most === 0) throw allMissing(name, 'most frequent category');
  return categories[counts.indexOf(most)] as string;
}

const allMissing = (name: string, what: string): Error =>
  new Error(
    `impute: the column '${name}' has no value in the training rows, so it has no ${what}. Leave it out: dropColumns('${name}').`,
  );

const fillNumbers = (column: NumericColumn, fill: number): Column => ({
  ...column,
  values: column.values.map((value) => (Number.isNaN(value) ? fill : value)),
});

function fillNames(column: CategoricalColumn, fill: string): Column {
  const known = column.categories.indexOf(fill);
  const categories = known < 0 ? [...column.categories, fill] : column.categories;
  const place = known < 0 ? column.categories.length : known;
  return { ...column, categories, codes: column.codes.map((code) => (code < 0 ? place : code)) };
}

function missingIndicator(column: Filled): NumericColumn {
  const values =
    column.kind === 'numeric'
      ? column.values.map((value) => Number(Number.isNaN(value)))
      : Float64Array.from(column.codes, (code) => Number(code < 0));
  return { kind: 'numeric', name: `${column.name} missing`, values };
}
