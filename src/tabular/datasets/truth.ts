// What is known of a made table and never of a real one: each row's probability, what each column adds to it, what an action
// would change, and how well the best possible model does.

import { brier, logLoss } from '../../metrics/probability.js';
import { averagePrecision, rocAuc } from '../../metrics/ranking.js';
import type { Table } from '../table/table.js';
import { logistic } from './draws.js';

/** A table and the truth behind it, row by row. */
export interface MadeTable {
  readonly table: Table;
  readonly truth: Truth;
}

export interface Truth {
  /** The probability with which each row's target was drawn as 'yes', given all there is to know, missing values too. */
  readonly probabilities: Float64Array;
  /** The log-odds of a row are `intercept` plus its value in every term. */
  readonly intercept: number;
  readonly terms: readonly Term[];
  /** What actions would do. */
  readonly effects: readonly CausalEffect[];
  /** What `probabilities` score on the drawn targets. No model does better on many such rows. */
  readonly best: {
    readonly accuracy: number;
    readonly rocAuc: number;
    readonly prAuc: number;
    readonly logLoss: number;
    readonly brier: number;
  };
}

/** A part of the log-odds. */
export interface Term {
  /** The columns it reads; more than one where they act together. */
  readonly columns: readonly string[];
  /** What it adds to the log-odds of each row. */
  readonly values: Float64Array;
}

/** The effect of setting a column for everybody, all that follows from it included (Pearl's do-operator). */
export interface CausalEffect {
  readonly treatment: string;
  readonly from: string | number;
  readonly to: string | number;
  /** P(yes | do(treatment = to)) - P(yes | do(treatment = from)), the mean over rows. */
  readonly average: number;
  /** The same for each row. */
  readonly perRow: Float64Array;
}

/** The probability of each row: of the intercept and all terms, summed up. */
export function probabilitiesOf(intercept: number, terms: readonly Term[], rows: number): Float64Array {
  const logOdds = new Float64Array(rows).fill(intercept);
  for (const { values } of terms)
    for (let row = 0; row < rows; row++) logOdds[row] = (logOdds[row] as number) + (values[row] as number);
  return logOdds.map(logistic);
}

/** What probabilities score on targets drawn from them. */
export function bestPossible(drawn: Uint8Array, probabilities: Float64Array): Truth['best'] {
  let right = 0;
  for (const [row, label] of drawn.entries()) right += Number(label === Number((probabilities[row] as number) > 0.5));
  const both = drawn.includes(1) && drawn.includes(0);
  return {
    accuracy: right / drawn.length,
    rocAuc: both ? rocAuc(drawn, probabilities) : Number.NaN,
    prAuc: both ? averagePrecision(drawn, probabilities) : Number.NaN,
    logLoss: logLoss(drawn, [probabilities.map((p) => 1 - p), probabilities]),
    brier: brier(drawn, probabilities),
  };
}

/** The effect, given the probability of each row with either value set. */
export function causalEffect(
  treatment: string,
  from: { readonly value: string | number; readonly probabilities: Float64Array },
  to: { readonly value: string | number; readonly probabilities: Float64Array },
): CausalEffect {
  const perRow = to.probabilities.map((p, row) => p - (from.probabilities[row] as number));
  const average = perRow.reduce((sum, effect) => sum + effect, 0) / perRow.length;
  return { treatment, from: from.value, to: to.value, average, perRow };
}

/** @throws Error naming the option where it is not a whole number from 1 */
export function checkRowCount(of: string, rows: number): void {
  if (!Number.isInteger(rows) || rows < 1 || rows > 5_000_000)
    throw new Error(`${of}: rows must be a whole number from 1 to 5,000,000, not ${rows}.`);
}

/** @throws Error naming an option there is not */
export function checkOptionNames(of: string, options: object, known: readonly string[]): void {
  const unknown = Object.keys(options).find((name) => !known.includes(name));
  if (unknown !== undefined)
    throw new Error(`${of}: there is no option '${unknown}'. The options are ${known.join(', ')}.`);
}
