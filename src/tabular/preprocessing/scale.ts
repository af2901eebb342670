// Puts numbers on one scale, so that a distance or a penalty treats all columns alike.
//
//   standardize()   // mean 0, standard deviation 1 over the training rows
//   minMax()        // 0 at the lowest training value, 1 at the highest
//
// As scikit-learn's StandardScaler and MinMaxScaler. Missing values stay missing and count for nothing.

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

const schema = z.strictObject({ columns: columnsOption });
const state = z.object({ shift: z.number(), scale: z.number() });
type Scale = z.output<typeof state>;

const scaling = (kind: string): ColumnStep<NumericColumn, Scale> => ({
  kind,
  takes: ['numeric'],
  state,
  apply: (column, { shift, scale }) => [{ ...column, values: column.values.map((value) => (value - shift) / scale) }],
});
const standard = scaling('standardize');
const range = scaling('min-max');

/**
 * (value - mean) / standard deviation, both of the training rows; the deviation divides by their number, as scikit-learn's.
 * A column of one value only becomes 0.
 */
export function standardize(options: ColumnsOption = {}): Transformer {
  const settings = checkOptions('standardize', schema, options);
  return columnTransformer(standard, settings, ({ values }) => {
    const { count, mean, variance } = moments(values);
    // What rounding alone can leave of a column of one value (Chan, Golub and LeVeque; as scikit-learn).
    const rounding = count * Number.EPSILON * variance + (count * mean * Number.EPSILON) ** 2;
    return { shift: mean, scale: variance <= rounding ? 1 : Math.sqrt(variance) };
  });
}

/** (value - lowest) / (highest - lowest). Other rows may lie outside 0 to 1. A column of one value only becomes 0. */
export function minMax(options: ColumnsOption = {}): Transformer {
  const settings = checkOptions('min-max', schema, options);
  return columnTransformer(range, settings, ({ values }) => {
    let [low, high] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (const value of values) {
      if (value < low) low = value;
      if (value > high) high = value;
    }
    if (low > high) return { shift: 0, scale: 1 };
    return { shift: low, scale: high === low ? 1 : high - low };
  });
}

export const readStandardize = columnsReader(standard);
export const readMinMax = columnsReader(range);

/** Of those values that are not missing; of none 0. */
function moments(values: Float64Array): { count: number; mean: number; variance: number } {
  let [count, sum] = [0, 0];
  for (const value of values)
    if (!Number.isNaN(value)) {
      count++;
      sum += value;
    }
  if (count === 0) return { count, mean: 0, variance: 0 };
  const mean = sum / count;
  // The second sum takes back what rounding did to the mean.
  let [squares, rest] = [0, 0];
  for (const value of values)
    if (!Number.isNaN(value)) {
      squares += (value - mean) ** 2;
      rest += value - mean;
    }
  return { count, mean, variance: (squares - rest ** 2 / count) / count };
}
