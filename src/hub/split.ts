// Splits rows at random into train, validation and test, each label in the same proportion (stratified), and texts that
// occur twice on the same side, so that no test row is one that the model has learnt from.
//
//   splitRows(rows, { validation: 0.1, test: 0.2, seed: 42 });   // { train: 70%, validation: 10%, test: 20% }

import { seededRandom, shuffled } from './random.js';
import type { TextRow, TextSplits } from './text-dataset.js';

export interface SplitOptions {
  /** Share of the rows, from 0 to less than 1. */
  readonly validation: number;
  /** Share of the rows, from 0 to less than 1. */
  readonly test: number;
  readonly seed: number;
}

/** A seeded, stratified split. Every label keeps at least one row in `train`. */
export function splitRows(rows: readonly TextRow[], options: SplitOptions): TextSplits {
  const random = seededRandom(options.seed);
  // Lists of lists, joined at the end: a call takes some hundred thousand arguments at most, and a label may have more rows.
  const train: TextRow[][] = [];
  const validation: TextRow[][] = [];
  const test: TextRow[][] = [];
  for (const groups of groupsByLabel(rows)) {
    const order = shuffled(groups, random);
    const testEnd = Math.min(Math.round(order.length * options.test), order.length - 1);
    const validationEnd = Math.min(testEnd + Math.round(order.length * options.validation), order.length - 1);
    test.push(order.slice(0, testEnd).flat());
    validation.push(order.slice(testEnd, validationEnd).flat());
    train.push(order.slice(validationEnd).flat());
  }
  return {
    train: shuffled(train.flat(), random),
    validation: shuffled(validation.flat(), random),
    test: shuffled(test.flat(), random),
  };
}

/** For each label in turn, its rows with equal texts together. A text with two labels goes with its first. */
function groupsByLabel(rows: readonly TextRow[]): TextRow[][][] {
  const groups = new Map<string, TextRow[]>();
  for (const row of rows) {
    const key = row.text.trim().toLowerCase().replace(/\s+/g, ' ');
    const group = groups.get(key);
    if (group) group.push(row);
    else groups.set(key, [row]);
  }
  const byLabel = new Map<number, TextRow[][]>();
  for (const group of groups.values()) {
    const label = (group[0] as TextRow).label;
    const list = byLabel.get(label);
    if (list) list.push(group);
    else byLabel.set(label, [group]);
  }
  return [...byLabel].sort(([a], [b]) => a - b).map(([, list]) => list);
}
