// Tames numbers with long tails before a scale, a penalty or a network sees them.
//
//   logTransform({ columns: ['income'] })             // 0 -> 0, 999 -> 6.9
//   clip({ low: 0.01, high: 0.99, columns: ['age'] })  // beyond these quantiles of the training rows: the quantile

import { z } from 'zod';
import { checkOptions } from '../options.js';
import type { NumericColumn } from '../table/column.js';
import {
  type ColumnStep,
  type ColumnsOption,
  columnsOption,
  columnsReader,
  columnTransformer,
} from './column-transformer.js';
import type { Transformer } from './transformer.js';

export interface ClipOptions extends ColumnsOption {
  /** The quantile of the training rows below which values are raised to it, 0 to 1. Default 0.01. */
  readonly low?: number;
  /** The quantile of the training rows above which values are lowered to it, 0 to 1. Default 0.99. */
  readonly high?: number;
}

const quantile = z.number().min(0).max(1);
const clipSchema = z
  .strictObject({ low: quantile.default(0.01), high: quantile.default(0.99), columns: columnsOption })
  .refine(({ low, high }) => low <= high, 'low is above high');
const logSchema = z.strictObject({ columns: columnsOption });

const bounds = z.object({ low: z.number(), high: z.number() });
const clipStep: ColumnStep<NumericColumn, z.output<typeof bounds>> = {
  kind: 'clip',
  takes: ['numeric'],
  state: bounds,
  // NaN, a missing value, goes through both.
  apply: (column, { low, high }) => [
    { ...column, values: column.values.map((value) => Math.min(Math.max(value, low), high)) },
  ],
};

const nothing = z.object({});
const logStep: ColumnStep<NumericColumn, z.output<typeof nothing>> = {
  kind: 'log',
  takes: ['numeric'],
  state: nothing,
  apply: (column) => [
    { ...column, values: column.values.map((value) => Math.sign(value) * Math.log1p(Math.abs(value))) },
  ],
};

/** Moves values beyond two quantiles of the training rows to these. @throws Error from its fit if a column has no value */
export function clip(options: ClipOptions = {}): Transformer {
  const settings = checkOptions('clip', clipSchema, options);
  return columnTransformer(clipStep, settings, ({ name, values }) => {
    const known = values.filter((value) => !Number.isNaN(value)).sort();
    if (known.length === 0) throw new Error(`clip: the column '${name}' has no value in the training rows.`);
    return { low: quantileOf(known, settings.low), high: quantileOf(known, settings.high) };
  });
}

/** log(1 + value); of a negative value -log(1 - value), so that every number has one. */
export function logTransform(options: ColumnsOption = {}): Transformer {
  return columnTransformer(logStep, checkOptions('log', logSchema, options), () => ({}));
}

export const readClip = columnsReader(clipStep);
export const readLogTransform = columnsReader(logStep);

/** Between two values in proportion, as NumPy's quantile. */
function quantileOf(ascending: Float64Array, share: number): number {
  const place = share * (ascending.length - 1);
  const below = ascending[Math.floor(place)] as number;
  const above = ascending[Math.ceil(place)] as number;
  return below + (above - below) * (place - Math.floor(place));
}
