// A category as its place in a list, for categories that have an order.
//
//   ordinalEncode({ categories: { size: ['S', 'M', 'L'] }, columns: ['size'] })   // S -> 0, M -> 1, L -> 2

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { CategoricalColumn } from '../table/column.js';
import {
  type ColumnStep,
  type ColumnsOption,
  columnsOption,
  columnsReader,
  columnTransformer,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

export interface OrdinalEncodeOptions extends ColumnsOption {
  /** The order of a column's categories, by its name. Default: that of the column of the training table. */
  readonly categories?: Readonly<Record<string, readonly string[]>>;
}

const schema = z.strictObject({
  categories: z.record(z.string(), z.array(z.string()).min(1)).default({}),
  columns: columnsOption,
});

const state = z.object({ order: z.array(z.string()) });

const step: ColumnStep<CategoricalColumn, z.output<typeof state>> = {
  kind: 'ordinal',
  takes: ['categorical'],
  state,
  apply(column, { order }) {
    const places = new Map(order.map((category, place) => [category, place]));
    const known = column.categories.map((category) => places.get(category) ?? Number.NaN);
    const values = Float64Array.from(column.codes, (code) => known[code] ?? Number.NaN);
    return [{ kind: 'numeric', name: column.name, values }];
  },
};

/**
 * The column keeps its name and becomes numeric, counted from 0. A missing value, and a category that is not in the order,
 * becomes a missing number.
 * @throws Error from its fit if an order given lacks a category of the training rows
 */
export function ordinalEncode(options: OrdinalEncodeOptions = {}): Transformer {
  const settings = checkOptions('ordinal', schema, options);
  return columnTransformer(step, settings, ({ name, codes, categories }) => {
    const order = Object.hasOwn(settings.categories, name) ? settings.categories[name] : undefined;
    if (order === undefined) return { order: [...categories] };
    const lacking = [...new Set(codes)]
      .map((code) => categories[code])
      .find((c) => c !== undefined && !order.includes(c));
    if (lacking !== undefined)
      throw new Error(`ordinal: the order of '${name}' (${order.join(', ')}) lacks '${lacking}', which occurs.`);
    return { order };
  });
}

export const readOrdinalEncode = columnsReader(step);
