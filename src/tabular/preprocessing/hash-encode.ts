// Categories into a fixed number of columns, without a list of them: for very many, or ever new ones.
//
//   hashEncode({ buckets: 32 })   // city -> 'city#0' to 'city#31', of which one is 1 or -1
//
// Weinberger et al. 2009, "Feature Hashing for Large Scale Multitask Learning"; as scikit-learn's FeatureHasher given each
// category as a string.

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
import { murmur3 } from './murmur3.js';
import type { Transformer } from './transformer.js';

export interface HashEncodeOptions extends ColumnsOption {
  /** Columns to spread the categories of one over. Fewer mean that more categories share one. Default 32. */
  readonly buckets?: number;
  /** Whether half the categories count as -1, so that those that share a column cancel out rather than add up. Default true. */
  readonly signed?: boolean;
}

const schema = z.strictObject({
  buckets: z.int().min(1).max(65_536).default(32),
  signed: z.boolean().default(true),
  columns: columnsOption,
});

const state = z.object({ buckets: z.int().min(1), signed: z.boolean() });

const step: ColumnStep<CategoricalColumn, z.output<typeof state>> = {
  kind: 'hash',
  takes: ['categorical'],
  state,
  apply(column, { buckets, signed }) {
    const hashes = column.categories.map((category) => murmur3(category));
    const outputs = Array.from(
      { length: buckets },
      (_, bucket): NumericColumn => ({
        kind: 'numeric',
        name: `${column.name}#${bucket}`,
        values: new Float64Array(column.codes.length),
      }),
    );
    for (const [row, code] of column.codes.entries()) {
      const hash = hashes[code];
      const output = hash === undefined ? undefined : outputs[Math.abs(hash) % buckets];
      if (output !== undefined) output.values[row] = signed && (hash as number) < 0 ? -1 : 1;
    }
    return outputs;
  },
};

/** Learns nothing: a category has its column whether training knew it or not. A missing value is 0 everywhere. */
export function hashEncode(options: HashEncodeOptions = {}): Transformer {
  const { columns, ...rest } = checkOptions('hash', schema, options);
  return columnTransformer(step, { ...rest, columns }, () => rest);
}

export const readHashEncode = columnsReader(step);
