// A column of 0 and 1 for each category: what models that read numbers alone need.
//
//   oneHot()                       // plan: basic, plus -> 'plan=basic', 'plan=plus'
//   oneHot({ maxCategories: 10 })  // the 9 most frequent, and 'city=(other)' for the rest
//
// As scikit-learn's OneHotEncoder with handle_unknown='ignore': a category that the training rows did not have is 0 everywhere.

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { CategoricalColumn, NumericColumn } from '../table/column.js';
import {
  type ColumnStep,
  type ColumnsOption,
  columnsOption,
  columnsReader,
  columnTransformer,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

export interface OneHotOptions extends ColumnsOption {
  /** At most so many columns for the categories of one; the less frequent share '(other)', which counts. Default: no limit. */
  readonly maxCategories?: number;
  /** Categories with fewer training rows share '(other)'. Default 1: none. */
  readonly minCount?: number;
  /** Leave out the first of a column's categories, so that the columns do not add up to 1. It then looks like an unknown one. Default false. */
  readonly dropFirst?: boolean;
  /**
   * A missing value: 'column' gives it one of its own, 'plan=(missing)', where the training rows miss one; 'zeros' makes it 0
   * everywhere. Default 'column'.
   */
  readonly missing?: 'column' | 'zeros';
}

const schema = z.strictObject({
  maxCategories: z.int().min(1).optional(),
  minCount: z.int().min(1).default(1),
  dropFirst: z.boolean().default(false),
  missing: z.enum(['column', 'zeros']).default('column'),
  columns: columnsOption,
});
type Settings = z.output<typeof schema>;

// `shown` have a column each, in this order; `other` share one, if there are any.
const state = z.object({
  shown: z.array(z.string()),
  other: z.array(z.string()),
  missing: z.boolean(),
  dropFirst: z.boolean(),
});
type State = z.output<typeof state>;

const step: ColumnStep<CategoricalColumn, State> = { kind: 'one-hot', takes: ['categorical'], state, apply };

/**
 * Takes the place of each categorical column by one numeric column a category that occurs in the training rows, in the order
 * of the column's categories.
 */
export function oneHot(options: OneHotOptions = {}): Transformer {
  const settings = checkOptions('one-hot', schema, options);
  return columnTransformer(step, settings, (column) => learn(column, settings));
}

export const readOneHot = columnsReader(step);

function learn({ codes, categories }: CategoricalColumn, settings: Settings): State {
  const counts = new Float64Array(categories.length);
  let missing = 0;
  for (const code of codes)
    if (code < 0) missing++;
    else counts[code] = (counts[code] as number) + 1;
  const occurring = [...categories.keys()].filter((code) => (counts[code] as number) > 0);
  const rare = rareOf(occurring, counts, settings);
  const name = (code: number) => categories[code] as string;
  return {
    shown: occurring.filter((code) => !rare.has(code)).map(name),
    other: occurring.filter((code) => rare.has(code)).map(name),
    missing: settings.missing === 'column' && missing > 0,
    dropFirst: settings.dropFirst,
  };
}

/** The categories that share a column. Of equally frequent ones the later stays, as in scikit-learn. */
function rareOf(
  occurring: readonly number[],
  counts: Float64Array,
  { minCount, maxCategories }: Settings,
): Set<number> {
  const count = (code: number) => counts[code] as number;
  const rare = new Set(occurring.filter((code) => count(code) < minCount));
  if (maxCategories === undefined || occurring.length - rare.size + Math.min(rare.size, 1) <= maxCategories)
    return rare;
  const ascending = occurring.toSorted((a, b) => count(a) - count(b));
  return new Set([...rare, ...ascending.slice(0, ascending.length - (maxCategories - 1))]);
}

function apply(column: CategoricalColumn, { shown, other, missing, dropFirst }: State): NumericColumn[] {
  const names = [...shown, ...(other.length > 0 ? ['(other)'] : [])];
  const places = new Map(shown.map((category, place) => [category, place]));
  for (const category of other) places.set(category, shown.length);
  const first = dropFirst ? 1 : 0;
  const placeOf = column.categories.map((category) => (places.get(category) ?? -1) - first);
  const outputs = [...names.slice(first), ...(missing ? ['(missing)'] : [])].map(
    (category): NumericColumn => ({
      kind: 'numeric',
      name: `${column.name}=${category}`,
      values: new Float64Array(column.codes.length),
    }),
  );
  const place = (code: number) => (code >= 0 ? (placeOf[code] as number) : missing ? outputs.length - 1 : -1);
  for (const [row, code] of column.codes.entries()) {
    const output = outputs[place(code)];
    if (output !== undefined) output.values[row] = 1;
  }
  return outputs;
}
