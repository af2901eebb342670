// What a model says on average when one column is set to a value in every row, for one value after the other.
//
//   const age = await partialDependence(model, test, 'age');
//   age.values; age.means;   // 18, 23, ... and the mean prediction with every row at that age
//
// Friedman, "Greedy Function Approximation" (2001). `ice` adds single rows (Goldstein et al. 2015): where their lines are not
// parallel, the feature works together with others. Columns that go together are torn apart: a row may be set to what never occurs.

import { seededRandom, someIndices } from '../../hub/random.js';
import { quantileOfSorted } from '../../metrics/quantile.js';
import { InterruptedError, interruptible } from '../../training/interrupt.js';
import type { TabularModel } from '../estimator.js';
import { readFeatures } from '../features.js';
import { type CategoricalColumn, type Column, missingOf, type NumericColumn, takeColumn } from '../table/column.js';
import { Table } from '../table/table.js';
import { type Output, type OutputOptions, outputOf } from './output.js';
import { sampleRows } from './sample-rows.js';

export interface PartialDependenceOptions extends OutputOptions {
  /**
   * How many values a numeric feature is set to: quantiles of its column from 2.5% to 97.5%. Default 20. Or the values themselves:
   * numbers, or categories.
   */
  readonly grid?: number | readonly number[] | readonly string[];
  /** How many single rows to follow. Default 0. */
  readonly ice?: number;
  /** Rows the mean is taken over, drawn if the table has more. Default 1000. */
  readonly rows?: number;
  /** Seed of what is drawn. Default 42. */
  readonly seed?: number;
}

export interface PartialDependence {
  readonly feature: string;
  readonly kind: 'numeric' | 'categorical';
  /** What the feature was set to: ascending numbers, or categories. */
  readonly values: readonly (number | string)[];
  /** The mean output at each of them. */
  readonly means: Float64Array;
  /** The mean output with the feature missing, where the table misses it in some rows. */
  readonly missing?: number;
  /** Rows with each category, of a categorical feature. */
  readonly counts?: Float64Array;
  /** The deciles of a numeric feature in the table: where its rows are. */
  readonly deciles?: Float64Array;
  /** One array a row followed, each with an output a value. */
  readonly ice: readonly Float64Array[];
  /** 'probability', 'log-odds' or the target's name. */
  readonly unit: string;
  readonly class?: string;
}

/** Two features set together: `means[i][j]` is the mean output with the first at its value i and the second at its value j. */
export interface PairDependence {
  readonly features: readonly [string, string];
  readonly values: readonly [readonly (number | string)[], readonly (number | string)[]];
  readonly means: readonly Float64Array[];
  readonly unit: string;
  readonly class?: string;
}

/** Rows the model predicts at a time. */
const batchRows = 8192;

/**
 * The dependence of a model's output on one feature.
 * @throws Error if the model has no such feature, it is a date, or the grid does not fit it
 */
export async function partialDependence(
  model: TabularModel,
  table: Table,
  feature: string,
  options: PartialDependenceOptions = {},
): Promise<PartialDependence> {
  const { ice = 0, seed = 42 } = options;
  if (!Number.isInteger(ice) || ice < 0)
    throw new Error(`partialDependence: ice must be a whole number from 0, not ${ice}.`);
  const output = outputOf(model, options);
  const rows = sampled(model, table, options);
  const all = readColumn(model, table, feature);
  const values = gridOf(all, options.grid ?? 20);
  const hasMissing = missingOf(all) > 0;
  const settings: (number | string | undefined)[] = hasMissing ? [...values, undefined] : [...values];
  const outputs = await predicted(
    output,
    rows,
    settings.map((value) => [setTo(all, value)]),
  );
  const followed = someIndices(rows.rowCount, Math.min(ice, rows.rowCount), seededRandom(seed));
  return {
    feature,
    kind: all.kind,
    values,
    means: Float64Array.from(values, (_, i) => mean(outputs[i] as Float64Array)),
    ...(hasMissing ? { missing: mean(outputs.at(-1) as Float64Array) } : {}),
    ...(all.kind === 'categorical'
      ? { counts: countsOf(all, values as readonly string[]) }
      : { deciles: decilesOf(all) }),
    ice: Array.from(followed, (row) => Float64Array.from(values, (_, i) => outputs[i]?.[row] as number)),
    unit: output.unit,
    ...(output.class === undefined ? {} : { class: output.class }),
  };
}

/**
 * The dependence on two features at once. `grid` is for each numeric one (default 10 values), `ice` does not apply.
 * @throws Error as `partialDependence`
 */
export async function pairDependence(
  model: TabularModel,
  table: Table,
  features: readonly [string, string],
  options: Omit<PartialDependenceOptions, 'ice' | 'grid'> & { readonly grid?: number } = {},
): Promise<PairDependence> {
  const output = outputOf(model, options);
  const rows = sampled(model, table, { rows: 300, ...options });
  if (features[0] === features[1])
    throw new Error(`pairDependence takes two features, and '${features[0]}' is given twice.`);
  const [first, second] = features.map((name) => readColumn(model, table, name)) as [Readable, Readable];
  const [firstValues, secondValues] = [first, second].map((column) => gridOf(column, options.grid ?? 10)) as [
    Grid,
    Grid,
  ];
  const settings = firstValues.flatMap((a) => secondValues.map((b) => [setTo(first, a), setTo(second, b)]));
  const outputs = await predicted(output, rows, settings);
  const means = firstValues.map((_, i) =>
    Float64Array.from(secondValues, (_, j) => mean(outputs[i * secondValues.length + j] as Float64Array)),
  );
  const named = output.class === undefined ? {} : { class: output.class };
  return { features, values: [firstValues, secondValues], means, unit: output.unit, ...named };
}

type Readable = NumericColumn | CategoricalColumn;
type Grid = readonly (number | string)[];

function sampled(model: TabularModel, table: Table, { rows = 1000, seed = 42 }: PartialDependenceOptions): Table {
  if (!Number.isInteger(rows) || rows < 1)
    throw new Error(`partialDependence: rows must be a whole number from 1, not ${rows}.`);
  if (table.rowCount === 0) throw new Error('partialDependence: there are no rows, the table is empty.');
  return new Table(readFeatures(sampleRows(table, rows, seededRandom(seed)), model.features));
}

function readColumn(model: TabularModel, table: Table, feature: string): Readable {
  const known = model.features.filter(({ name }) => name === feature);
  if (known.length === 0)
    throw new Error(
      `${model.name} has no feature '${feature}'. Its features are ${model.features.map(({ name }) => name).join(', ')}.`,
    );
  const [column] = readFeatures(table, known) as [Column];
  if (column.kind === 'date')
    throw new Error(`partialDependence: '${feature}' is a date; take a number or a category.`);
  return column;
}

/** The values a column is set to. */
function gridOf(column: Readable, grid: number | Grid): Grid {
  if (typeof grid === 'object') {
    if (grid.length === 0) throw new Error(`partialDependence: the grid of '${column.name}' is empty.`);
    const kind = column.kind === 'numeric' ? 'number' : 'string';
    const wrong = [...grid].find((value) => typeof value !== kind || (kind === 'number' && !Number.isFinite(value)));
    if (wrong !== undefined)
      throw new Error(
        `partialDependence: the grid of '${column.name}' holds ${typeof wrong === 'string' ? `'${wrong}'` : wrong}; the column is ${column.kind}.`,
      );
    if (column.kind === 'numeric') return [...(grid as readonly number[])].sort((a, b) => a - b);
    const unknown = (grid as readonly string[]).find((value) => !column.categories.includes(value));
    if (unknown !== undefined)
      throw new Error(
        `partialDependence: '${column.name}' has no category '${unknown}'. It has ${column.categories.join(', ')}.`,
      );
    return grid;
  }
  if (!Number.isInteger(grid) || grid < 2)
    throw new Error(`partialDependence: grid must be a whole number from 2, or a list of values, not ${grid}.`);
  if (column.kind === 'categorical') {
    const occurring = new Set(column.codes);
    const values = column.categories.filter((_, code) => occurring.has(code));
    if (values.length === 0) throw new Error(`partialDependence: '${column.name}' is missing in all rows.`);
    return values;
  }
  const sorted = present(column);
  if (sorted.length === 0) throw new Error(`partialDependence: '${column.name}' is missing in all rows.`);
  const different = [...new Set(sorted)];
  if (different.length <= grid) return different;
  const at = Array.from({ length: grid }, (_, i) => quantileOfSorted(sorted, 0.025 + (0.95 * i) / (grid - 1)));
  return [...new Set(at)];
}

/** A column of one value, to be repeated. */
function setTo(column: Readable, value: number | string | undefined): Column {
  if (column.kind === 'numeric')
    return { ...column, values: Float64Array.of((value as number | undefined) ?? Number.NaN) };
  return { ...column, codes: Int32Array.of(value === undefined ? -1 : column.categories.indexOf(value as string)) };
}

/** The outputs of all rows with each of the settings: as many settings as fit are predicted as one table. */
async function predicted(
  output: Output,
  rows: Table,
  settings: readonly (readonly Column[])[],
): Promise<Float64Array[]> {
  const outputs: Float64Array[] = [];
  const perBatch = Math.max(1, Math.floor(batchRows / rows.rowCount));
  await interruptible(undefined, async (interrupted) => {
    for (let first = 0; first < settings.length; first += perBatch) {
      const batch = settings.slice(first, first + perBatch);
      const all = Int32Array.from({ length: batch.length * rows.rowCount }, (_, i) => i % rows.rowCount);
      const set = (batch[0] as readonly Column[]).map((column, c) =>
        repeated(
          batch.map((columns) => columns[c] as typeof column),
          rows.rowCount,
        ),
      );
      const result = await output.of(set.reduce((table, column) => table.with(column), rows.take(all)));
      for (let i = 0; i < batch.length; i++) outputs.push(result.slice(i * rows.rowCount, (i + 1) * rows.rowCount));
      await new Promise((resolve) => setImmediate(resolve));
      if (interrupted())
        throw new InterruptedError(`partialDependence: stopped after ${outputs.length} of ${settings.length} values.`);
    }
  });
  return outputs;
}

/** Columns of one value each as one column with each value `times` over. */
function repeated(columns: readonly Column[], times: number): Column {
  const first = columns[0] as Column;
  const rows = Int32Array.from({ length: columns.length * times }, (_, i) => Math.floor(i / times));
  const joined: Column =
    first.kind === 'categorical'
      ? { ...first, codes: Int32Array.from(columns, (column) => (column as CategoricalColumn).codes[0] as number) }
      : { ...first, values: Float64Array.from(columns, (column) => (column as NumericColumn).values[0] as number) };
  return takeColumn(joined, rows);
}

const present = (column: NumericColumn): Float64Array => column.values.filter((value) => !Number.isNaN(value)).sort();

function decilesOf(column: NumericColumn): Float64Array {
  const sorted = present(column);
  return Float64Array.from({ length: 9 }, (_, i) => quantileOfSorted(sorted, (i + 1) / 10));
}

const countsOf = ({ codes, categories }: CategoricalColumn, values: readonly string[]): Float64Array =>
  Float64Array.from(values, (value) => {
    const code = categories.indexOf(value);
    return codes.reduce((count, other) => count + Number(other === code), 0);
  });

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
