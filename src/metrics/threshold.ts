// From a probability to a decision: from which probability on to act, when both kinds of mistake cost something.
//
//   // A blocked honest customer costs 5, a missed fraud its amount.
//   const { best } = costCurve(truth, probabilities, { falsePositive: 5, falseNegative: amounts });
//   best;   // { threshold: 0.03, cost: 8120 }: act on every row with a probability of at least 0.03

import { checkBinary, checkFinite, checkRows } from './checks.js';
import { ranked } from './ranking.js';

/** What each outcome costs: one number for all rows, or one a row. A gain is a negative cost. */
export interface OutcomeCosts {
  /** Acting on a row of class 0. */
  readonly falsePositive: number | ArrayLike<number>;
  /** Not acting on a row of class 1. */
  readonly falseNegative: number | ArrayLike<number>;
  /** Acting on a row of class 1. Default 0. */
  readonly truePositive?: number | ArrayLike<number>;
  /** Not acting on a row of class 0. Default 0. */
  readonly trueNegative?: number | ArrayLike<number>;
}

export interface CostCurve {
  /** Ascending: each distinct probability, and Infinity behind them, with which nothing is acted on. */
  readonly thresholds: Float64Array;
  /** What all rows together cost when every row with a probability of at least the threshold is acted on. */
  readonly costs: Float64Array;
  /** The cheapest of them; of several the highest threshold, which acts on the fewest rows. */
  readonly best: { readonly threshold: number; readonly cost: number };
}

/**
 * The cost of every threshold.
 * @param truth 1 or 0 a row
 * @param probabilities the probability of 1 a row (any score that grows with it does too)
 * @throws Error naming a cost that is not finite or not given for each row
 */
export function costCurve(truth: ArrayLike<number>, probabilities: ArrayLike<number>, costs: OutcomeCosts): CostCurve {
  checkRows(truth, probabilities, undefined);
  checkBinary(truth);
  const rows = truth.length;
  const { falsePositive, falseNegative, truePositive = 0, trueNegative = 0 } = costs;
  const acting = [costsOf('falsePositive', falsePositive, rows), costsOf('truePositive', truePositive, rows)] as const;
  const waiting = [costsOf('trueNegative', trueNegative, rows), costsOf('falseNegative', falseNegative, rows)] as const;

  let cost = 0; // of acting on nothing
  const added = new Float64Array(rows); // by acting on a row
  for (let row = 0; row < rows; row++) {
    const label = truth[row] as 0 | 1;
    cost += waiting[label](row);
    added[row] = acting[label](row) - waiting[label](row);
  }

  // The sums over rows from the highest probability down are those that a curve sums up for weights.
  const { truePositives, falsePositives, thresholds } = ranked(truth, probabilities).counts(added);
  const last = thresholds.length;
  const total = new Float64Array(last + 1);
  total[last] = cost;
  for (let i = 0; i < last; i++)
    total[last - 1 - i] = cost + (truePositives[i] as number) + (falsePositives[i] as number);
  const ascending = new Float64Array(last + 1).fill(Number.POSITIVE_INFINITY);
  ascending.set(thresholds.reverse());

  let cheapest = last;
  for (let i = last - 1; i >= 0; i--) if ((total[i] as number) < (total[cheapest] as number)) cheapest = i;
  return {
    thresholds: ascending,
    costs: total,
    best: { threshold: ascending[cheapest] as number, cost: total[cheapest] as number },
  };
}

function costsOf(name: keyof OutcomeCosts, cost: number | ArrayLike<number>, rows: number): (row: number) => number {
  if (typeof cost === 'number') {
    if (!Number.isFinite(cost)) throw new Error(`costCurve: ${name} must be a finite number, not ${cost}.`);
    return () => cost;
  }
  if (cost.length !== rows)
    throw new Error(`costCurve: ${name} has ${cost.length} costs for ${rows} rows: give one number, or one a row.`);
  checkFinite(cost, `cost ${name}`);
  return (row) => cost[row] as number;
}
