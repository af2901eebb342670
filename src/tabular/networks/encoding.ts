// How a network reads a table: numbers standardised or in pieces, missing ones replaced by the mean with a column that says so,
// categories as codes. Everything is learnt from the training rows and kept.
//
//   const encoding = learnEncoding(train, featuresOf(train, 'income'));
//   const { numeric, codes } = encodeRows(encoding, table);   // float32 [rows, numbers], int32 [rows, categorical columns]
import { type HostTensor, hostTensor } from '../../engine/index.js';
import { quantileOfSorted } from '../../metrics/quantile.js';
import { type Feature, readFeatures } from '../features.js';
import type { Table } from '../table/table.js';

/**
 * A column of numbers: (value - mean) / deviation goes in. Or, in pieces (piecewise linear encoding: Gorishniy et al. 2022,
 * https://arxiv.org/abs/2203.05556), for each piece between two edges how far through it the value is, from 0 to 1: a network bends
 * at each edge then, as a tree splits at values.
 */
export interface NumericInput {
  readonly kind: 'numeric';
  readonly mean: number;
  /** 1 where all values are the same. */
  readonly deviation: number;
  /** Ascending; of pieces one more than there are. */
  readonly edges?: readonly number[];
  /** Whether one more number says that the value is missing: where it was so in some training row. */
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

/**
 * @param pieces most pieces a column of numbers is cut into, with as many training rows in each as can be; 0 standardises
 * @throws Error naming a column of dates, and what to do
 */
export function learnEncoding(train: Table, features: readonly Feature[], pieces = 0): Encoding {
  const columns = readFeatures(train, features);
  return {
    features,
    inputs: columns.map((column) => {
      if (column.kind === 'date')
        throw new Error(
          `The column '${column.name}' is a date, which networks do not read: turn it into numbers with dateParts().`,
        );
      if (column.kind === 'categorical') return { kind: 'categorical', rows: column.categories.length + 1 };
      return { ...numericInput(column.values), ...(pieces > 0 ? edgesOf(column.values, pieces) : {}) };
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

/**
 * Quantiles, each once; none where there are less than two values. A value so frequent that it would take several quantiles (the 0
 * of most capital gains) is one edge, and the others share out what lies beside it.
 */
function edgesOf(values: Float64Array, pieces: number): { edges: number[] } | undefined {
  const sorted = values.filter((value) => !Number.isNaN(value)).sort();
  const frequent = new Set<number>();
  const rest = sorted.filter((value, i) => {
    const span = Math.floor(sorted.length / pieces);
    if (span > 0 && sorted[i + span] === value) frequent.add(value);
    return !frequent.has(value);
  });
  const count = Math.max(1, pieces - frequent.size);
  const quantiles =
    rest.length === 0 ? [] : Array.from({ length: count + 1 }, (_, i) => quantileOfSorted(rest, i / count));
  const edges = [...new Set([...frequent, ...quantiles])].sort((x, y) => x - y);
  return edges.length < 2 ? undefined : { edges };
}

/** Numbers that go in for one numeric column. */
export const widthOf = ({ edges, indicator }: NumericInput): number =>
  (edges === undefined ? 1 : edges.length - 1) + (indicator ? 1 : 0);

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
      for (let row = 0; row < rows; row++)
        writeNumber(input, column.values[row] as number, numeric, row * numbers + number);
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

/** Writes the numbers of one value from `at` on, into zeros. */
function writeNumber(input: NumericInput, value: number, into: Float32Array, at: number): void {
  const { mean, deviation, edges, indicator } = input;
  const known = Number.isNaN(value) ? mean : value;
  if (edges === undefined) into[at] = (known - mean) / deviation;
  else
    for (let piece = 0; piece + 1 < edges.length; piece++) {
      const low = edges[piece] as number;
      if (known <= low) break;
      into[at + piece] = Math.min(1, (known - low) / ((edges[piece + 1] as number) - low));
    }
  if (indicator && Number.isNaN(value)) into[at + widthOf(input) - 1] = 1;
}

/** How many rows each categorical column's table of vectors has. */
export const tableRows = ({ inputs }: Encoding): number[] =>
  inputs.flatMap((input) => (input.kind === 'categorical' ? [input.rows] : []));

/** How many numbers go in. */
export const numberCount = ({ inputs }: Encoding): number =>
  inputs.reduce((sum, input) => sum + (input.kind === 'numeric' ? widthOf(input) : 0), 0);
