// How a network reads a table: numbers standardised, missing ones replaced by the mean with a column that says so, categories
// as codes. Everything is learnt from the training rows and kept.
//
//   const encoding = learnEncoding(train, featuresOf(train, 'income'));
//   const { numeric, codes } = encodeRows(encoding, table);   // float32 [rows, numbers], int32 [rows, categorical columns]
import { type HostTensor, hostTensor } from '../../engine/index.js';
import { type Feature, readFeatures } from '../features.js';
import type { Table } from '../table/table.js';

/** A column of numbers: (value - mean) / deviation goes in. */
export interface NumericInput {
  readonly kind: 'numeric';
  readonly mean: number;
  /** 1 where all values are the same. */
  readonly deviation: number;
  /** Whether a second number says that the value is missing: where it was so in some training row. */
  readonly indicator: boolean;
}

/** A column of categories: code + 1 goes in, and 0 where it is missing or unknown. */
export interface CategoricalInput {
  readonly kind: 'categorical';
  /** Rows of its table of vectors: one more than its categories. */
  readonly rows: number;
}

/** One input for each feature, in the features' order. */
export interface Encoding {
  readonly features: readonly Feature[];
  readonly inputs: readonly (NumericInput | CategoricalInput)[];
}

/** @throws Error naming a column of dates, and what to do */
export function learnEncoding(train: Table, features: readonly Feature[]): Encoding {
  const columns = readFeatures(train, features);
  return {
    features,
    inputs: columns.map((column) => {
      if (column.kind === 'date')
        throw new Error(
          `The column '${column.name}' is a date, which networks do not read: turn it into numbers with dateParts().`,
        );
      if (column.kind === 'categorical') return { kind: 'categorical', rows: column.categories.length + 1 };
      return numericInput(column.values);
    }),
  };
}

function numericInput(values: Float64Array): NumericInput {
  let [count, sum] = [0, 0];
  for (const value of values)
    if (!Number.isNaN(value)) {
      count += 1;
      sum += value;
    }
  const mean = count === 0 ? 0 : sum / count;
  let squares = 0;
  for (const value of values) if (!Number.isNaN(value)) squares += (value - mean) ** 2;
  const deviation = Math.sqrt(squares / Math.max(1, count));
  return { kind: 'numeric', mean, deviation: deviation > 0 ? deviation : 1, indicator: count < values.length };
}

/** Numbers that go in for one numeric column. */
export const widthOf = ({ indicator }: NumericInput): number => (indicator ? 2 : 1);

/** What a network reads of a table; a kind of column that there is none of is left out. */
export function encodeRows({ features, inputs }: Encoding, table: Table): Record<string, HostTensor> {
  const columns = readFeatures(table, features);
  const rows = table.rowCount;
  const numbers = inputs.reduce((sum, input) => sum + (input.kind === 'numeric' ? widthOf(input) : 0), 0);
  const categories = inputs.filter(({ kind }) => kind === 'categorical').length;
  const numeric = new Float32Array(rows * numbers);
  const codes = new Int32Array(rows * categories);
  let [number, category] = [0, 0];
  inputs.forEach((input, i) => {
    const column = columns[i];
    if (input.kind === 'numeric' && column?.kind === 'numeric') {
      const { mean, deviation, indicator } = input;
      for (let row = 0; row < rows; row++) {
        const value = column.values[row] as number;
        const at = row * numbers + number;
        numeric[at] = Number.isNaN(value) ? 0 : (value - mean) / deviation;
        if (indicator) numeric[at + 1] = Number.isNaN(value) ? 1 : 0;
      }
      number += widthOf(input);
    } else if (input.kind === 'categorical' && column?.kind === 'categorical') {
      for (let row = 0; row < rows; row++) codes[row * categories + category] = (column.codes[row] as number) + 1;
      category += 1;
    }
  });
  return {
    ...(numbers > 0 ? { numeric: hostTensor(numeric, [rows, numbers]) } : {}),
    ...(categories > 0 ? { codes: hostTensor(codes, [rows, categories]) } : {}),
  };
}

/** How many rows each categorical column's table of vectors has. */
export const tableRows = ({ inputs }: Encoding): number[] =>
  inputs.flatMap((input) => (input.kind === 'categorical' ? [input.rows] : []));

/** How many numbers go in. */
export const numberCount = ({ inputs }: Encoding): number =>
  inputs.reduce((sum, input) => sum + (input.kind === 'numeric' ? widthOf(input) : 0), 0);
