// A table as trees read it: numeric columns as bins, categorical ones as codes, in the order of the model's features.

import type { Column } from '../table/column.js';
import { binsOf, greedyLogSumBorders } from './quantise.js';
import type { DirectSplit, Projection } from './tree.js';

/** What the model remembers of a column so as to read it again. */
export type Grid =
  | { readonly kind: 'numeric'; readonly borders: Float64Array }
  | {
      readonly kind: 'categorical';
      /** Its codes are below this: 0 for a missing value, else the category's place + 1. */
      readonly radix: number;
      /** Asked about directly rather than through target statistics. */
      readonly direct: boolean;
    };

/** The columns by feature; what a feature does not have is undefined. */
export interface GridColumns {
  readonly rowCount: number;
  /** Bins of numeric columns; codes of categorical ones that are asked about directly. */
  readonly bins: readonly (Uint8Array | undefined)[];
  /** Codes of categorical columns. */
  readonly codes: readonly (Int32Array | undefined)[];
}

/** How training columns will be read. */
export function gridsOf(columns: readonly Column[], borderCount: number, oneHotMaxSize: number): Grid[] {
  return columns.map((column) => {
    if (column.kind === 'date')
      throw new Error(`The column '${column.name}' is a date: turn it into numbers with dateParts(), or drop it.`);
    if (column.kind === 'numeric') return { kind: 'numeric', borders: greedyLogSumBorders(column.values, borderCount) };
    const occurring = new Set(column.codes).size;
    const radix = column.categories.length + 1;
    return { kind: 'categorical', radix, direct: occurring > 1 && occurring <= oneHotMaxSize && radix <= 255 };
  });
}

/** Reads columns by the grids of training. */
export function gridColumns(columns: readonly Column[], grids: readonly Grid[], rowCount: number): GridColumns {
  const bins: (Uint8Array | undefined)[] = [];
  const codes: (Int32Array | undefined)[] = [];
  columns.forEach((column, feature) => {
    const grid = grids[feature] as Grid;
    if (column.kind === 'categorical' && grid.kind === 'categorical') {
      codes[feature] = column.codes.map((code) => code + 1);
      bins[feature] = grid.direct ? Uint8Array.from(codes[feature]) : undefined;
    } else if (column.kind === 'numeric' && grid.kind === 'numeric') {
      codes[feature] = undefined;
      bins[feature] = binsOf(column.values, grid.borders);
    } else throw new Error(`The column '${column.name}' is ${column.kind}; the model learnt from it as ${grid.kind}.`);
  });
  return { rowCount, bins, codes };
}

/** The rows in another order. */
export function reordered({ bins, codes }: GridColumns, order: Int32Array): GridColumns {
  return {
    rowCount: order.length,
    bins: bins.map((column) => column && Uint8Array.from(order, (row) => column[row] as number)),
    codes: codes.map((column) => column && Int32Array.from(order, (row) => column[row] as number)),
  };
}

/** How many keys a projection can have at most. */
export function keySpace({ categories, conditions }: Projection, grids: readonly Grid[]): number {
  return categories.reduce((product, feature) => product * radixOf(grids, feature), 2 ** conditions.length);
}

/** How many codes a categorical feature has. */
export const radixOf = (grids: readonly Grid[], feature: number): number => {
  const grid = grids[feature] as Grid;
  return grid.kind === 'categorical' ? grid.radix : 1;
};

/**
 * The rows' keys for a projection, written to `keys`: one whole number for each combination of its values, below `keySpace`,
 * which for an Int32Array is at most 2^31, else at most 2^53.
 */
export function writeKeys(
  keys: Int32Array | Float64Array,
  { categories, conditions }: Projection,
  { bins, codes }: GridColumns,
  grids: readonly Grid[],
): void {
  const { length } = keys;
  keys.fill(0);
  for (const condition of conditions) {
    const column = bins[condition.feature] as Uint8Array;
    for (let row = 0; row < length; row++)
      keys[row] = (keys[row] as number) * 2 + Number(answer(condition, column[row] as number));
  }
  for (const feature of categories) {
    const column = codes[feature] as Int32Array;
    const radix = radixOf(grids, feature);
    for (let row = 0; row < length; row++) keys[row] = (keys[row] as number) * radix + (column[row] as number);
  }
}

/** Whether a bin or code answers a direct question with yes. */
export const answer = (split: DirectSplit, bin: number): boolean =>
  split.kind === 'number' ? bin > split.border : bin === split.code;
