// Shapley values of any model, by sampling: how much each feature moved a row's prediction away from the mean.
//
//   const why = await sampledShapley(model, test.slice(0, 10), { background: train });
//   why.base;                // 0.24: the mean prediction over the background rows
//   why.contributions[0][3]; // -0.07: what the first feature did to row 3; base + all of them is the row's prediction
//
// Štrumbelj and Kononenko, "Explaining prediction models and individual predictions with feature contributions" (2014). A walk
// starts at a background row and turns it into the row explained, one feature after the other in a random order; what a step changes
// belongs to its feature. Each order is also walked in reverse (antithetic sampling: Mitchell et al., "Sampling Permutations for
// Shapley Value Estimation", 2022), which takes out much of the noise. All rows share orders and background rows, so that the
// contributions of each add up exactly and rows can be compared; and the model predicts tables of thousands of rows.

import { seededRandom, shuffled } from '../../hub/random.js';
import { InterruptedError, interruptible } from '../../training/interrupt.js';
import type { ExplainOptions, Explanation, TabularModel } from '../estimator.js';
import { readFeatures } from '../features.js';
import type { CategoricalColumn, Column, NumericColumn } from '../table/column.js';
import { Table } from '../table/table.js';
import { type Output, type OutputOptions, outputOf } from './output.js';
import { sampleRows } from './sample-rows.js';

export interface SampledShapleyOptions extends ExplainOptions, OutputOptions {
  /**
   * Random orders, each walked forwards and backwards from a background row of its own. Default 20. The error falls with its square
   * root. Where there are fewer background rows it is rounded up, so that each counts as often.
   */
  readonly permutations?: number;
  /** Told after each batch of predictions. */
  readonly onProgress?: (progress: { readonly done: number; readonly total: number }) => void;
}

/** Rows the model predicts at a time. */
const batchRows = 8192;
/** Of more background rows a sample is taken. */
const mostBackground = 1000;

/**
 * Additive contributions of every feature to every row's output; `base` plus a row's contributions is its output. The rows that
 * stand for "not knowing a feature" are `permutations` of the background, spread evenly over its outputs; without a background the
 * table explained is its own. Takes `rows x permutations x 2 (features - 1)` predictions.
 * @throws Error if there are no rows or no background, a class is unknown, or a column is missing; InterruptedError where it was stopped
 */
export async function sampledShapley(
  model: TabularModel,
  table: Table,
  options: SampledShapleyOptions = {},
): Promise<Explanation> {
  const { background = table, permutations = 20, seed = 42, onProgress } = options;
  if (!Number.isInteger(permutations) || permutations < 1)
    throw new Error(`sampledShapley: permutations must be a whole number from 1, not ${permutations}.`);
  if (table.rowCount === 0) throw new Error('sampledShapley: there are no rows to explain, the table is empty.');
  if (background.rowCount === 0)
    throw new Error('sampledShapley: the background has no rows. Give some training rows.');
  const output = outputOf(model, options);
  const random = seededRandom(seed);
  const rows = readFeatures(table, model.features);
  const places = rows.map((_, feature) => feature);

  const known = new Table(readFeatures(sampleRows(background, mostBackground, random), model.features));
  const starts = await startingRows(known, output.of, permutations, random);
  const walks = Array.from(starts.rows).flatMap((start, i): Walk[] => {
    const order = shuffled(places, random);
    const from = { start, output: starts.outputs[i] as number };
    return [
      { ...from, order },
      { ...from, order: [...order].reverse() },
    ];
  });

  const contributions = rows.map(() => new Float64Array(table.rowCount));
  const total = table.rowCount * walks.length * (rows.length - 1);
  let done = 0;
  await interruptible(undefined, async (interrupted) => {
    for (let first = 0; first < table.rowCount; first += batchRows) {
      const some = new Table(rows).slice(first, first + batchRows);
      await walkAll(some, known, walks, output.of, {
        add: (feature, row, change) => {
          const sums = contributions[feature] as Float64Array;
          sums[first + row] = (sums[first + row] as number) + change / walks.length;
        },
        predicted: (count) => {
          done += count;
          onProgress?.({ done, total });
          if (interrupted())
            throw new InterruptedError(`sampledShapley: stopped after ${done} of ${total} predictions.`);
        },
      });
    }
  });
  return {
    features: model.features.map(({ name }) => name),
    contributions,
    base: mean(starts.outputs),
    unit: output.unit,
    method: 'sampled Shapley values',
    ...(output.class === undefined ? {} : { class: output.class }),
  };
}

/** A walk from a background row (`start`, with its output) in an order of features. */
interface Walk {
  readonly start: number;
  readonly output: number;
  readonly order: readonly number[];
}

interface Sink {
  /** What a feature changed in a row's output on one walk. */
  add(feature: number, row: number, change: number): void;
  /** Called after each batch. */
  predicted(count: number): void;
}

/** All walks to all of these rows. A step is one feature set in all rows; as many steps as fit are predicted as one table. */
async function walkAll(
  rows: Table,
  background: Table,
  walks: readonly Walk[],
  output: Output['of'],
  { add, predicted }: Sink,
): Promise<void> {
  const ends = await output(rows);
  // The first step of a walk leaves its start, and the last reaches the row itself: both outputs are known.
  const steps = walks.flatMap((walk) => walk.order.slice(1).map((_, i) => ({ walk, place: i })));
  const changed = (feature: number, now: ArrayLike<number>, before: ArrayLike<number> | number) => {
    for (let row = 0; row < now.length; row++)
      add(feature, row, (now[row] as number) - (typeof before === 'number' ? before : (before[row] as number)));
  };
  if (steps.length === 0) for (const walk of walks) changed(0, ends, walk.output);
  const perBatch = Math.max(1, Math.floor(batchRows / rows.rowCount));
  let before: ArrayLike<number> = ends;
  for (let block = 0; block < steps.length; block += perBatch) {
    const batch = steps.slice(block, block + perBatch);
    const outputs = await output(mixed(rows, background, batch));
    batch.forEach(({ walk, place }, i) => {
      const now = outputs.subarray(i * rows.rowCount, (i + 1) * rows.rowCount);
      changed(walk.order[place] as number, now, place === 0 ? walk.output : before);
      if (place === walk.order.length - 2) changed(walk.order[place + 1] as number, ends, now);
      before = now;
    });
    await new Promise((resolve) => setImmediate(resolve));
    predicted(outputs.length);
  }
}

/** For each step all rows, with the features that are not yet set taken from the walk's background row. */
function mixed(rows: Table, background: Table, steps: readonly { walk: Walk; place: number }[]): Table {
  return new Table(
    rows.columns.map((column, feature) => {
      const taken = steps.map(({ walk, place }) => walk.order.indexOf(feature) <= place);
      const others = background.columns[feature] as Column;
      if (column.kind === 'categorical') {
        const codes = new Int32Array(steps.length * rows.rowCount);
        fill(
          codes,
          column.codes,
          taken,
          (i) => (others as CategoricalColumn).codes[steps[i]?.walk.start as number] as number,
        );
        return { ...column, codes };
      }
      const values = new Float64Array(steps.length * rows.rowCount);
      fill(
        values,
        column.values,
        taken,
        (i) => (others as NumericColumn).values[steps[i]?.walk.start as number] as number,
      );
      return { ...column, values };
    }),
  );
}

function fill(
  into: Int32Array | Float64Array,
  own: Int32Array | Float64Array,
  taken: readonly boolean[],
  other: (step: number) => number,
): void {
  for (const [step, isTaken] of taken.entries()) {
    const at = step * own.length;
    if (isTaken) into.set(own, at);
    else into.fill(other(step), at, at + own.length);
  }
}

/** The background rows that walks start from, evenly spread over the background's outputs, so that their mean is close to its own. */
async function startingRows(
  background: Table,
  output: Output['of'],
  permutations: number,
  random: () => number,
): Promise<{ rows: Int32Array; outputs: Float64Array }> {
  const all = await output(background);
  const count = background.rowCount;
  const walks = count < permutations ? Math.ceil(permutations / count) * count : permutations;
  const byOutput = Int32Array.from(all, (_, row) => row).sort((a, b) => (all[a] as number) - (all[b] as number));
  const offset = random();
  const rows = Int32Array.from(
    { length: walks },
    (_, i) => byOutput[Math.floor(((offset + i) * count) / walks)] as number,
  );
  return { rows, outputs: Float64Array.from(rows, (row) => all[row] as number) };
}

const mean = (values: Float64Array): number => values.reduce((sum, value) => sum + value, 0) / values.length;
