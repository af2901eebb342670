// Rows' answers to a question, written into the numbers of their leaves.

import type { GridColumns } from './columns.js';
import type { Split } from './tree.js';

/**
 * Sets bit `level` of each row's leaf to its answer. The loops have no branches, for which answers are too hard to foresee:
 * `value > border` is the sign bit of `border - value`.
 * @param packed the statistics of the split's projection, where it asks about one
 */
export function writeAnswers(
  leaves: Uint16Array,
  level: number,
  split: Split,
  { bins }: GridColumns,
  packed: readonly Uint32Array[],
): void {
  const { length } = leaves;
  if (split.kind === 'statistic') {
    const values = packed[split.statistic >> 2] as Uint32Array;
    const shift = (split.statistic & 3) * 8;
    const { border } = split;
    for (let row = 0; row < length; row++) {
      const value = ((values[row] as number) >>> shift) & 255;
      leaves[row] = (leaves[row] as number) | (((border - value) >>> 31) << level);
    }
    return;
  }
  const column = bins[split.feature] as Uint8Array;
  if (split.kind === 'number') {
    const { border } = split;
    for (let row = 0; row < length; row++)
      leaves[row] = (leaves[row] as number) | (((border - (column[row] as number)) >>> 31) << level);
    return;
  }
  const { code } = split;
  for (let row = 0; row < length; row++) {
    const different = (column[row] as number) ^ code; // 0 where it is the category, and then less 1 negative
    leaves[row] = (leaves[row] as number) | (((different - 1) >>> 31) << level);
  }
}
