// The options of xgboost(), and what XGBoost calls them (https://xgboost.readthedocs.io/en/stable/parameter.html). Only
// those that are given are handed on: XGBoost fills in its own defaults, and refuses what is out of range in its own
// words.

import { z } from 'zod';
import { checkOptions } from '../options.js';

/**
 * An objective of one's own. `margin` is the raw output so far, of several classes by row (row * classes + class);
 * `labels` are the target's values or codes of classes. Gives the loss's first and second derivative by each raw
 * output, in the same order. Weights are not yet applied.
 */
export type CustomObjective = (
  margin: Float32Array,
  labels: Float64Array,
  weights: ArrayLike<number> | undefined,
) => { readonly gradient: ArrayLike<number>; readonly hessian: ArrayLike<number> };

/**
 * A metric of one's own, known by the function's name. `predictions` are what the objective makes of the raw outputs
 * (probabilities, of several classes by row), or with a custom objective the raw outputs.
 */
export type CustomMetric = (
  predictions: Float32Array,
  labels: Float64Array,
  weights: ArrayLike<number> | undefined,
) => number;

/** XGBoost's parameters in camelCase, with its defaults. Every one may be left out. */
export interface XgboostOptions {
  /** Trees to grow, of several classes one each a round. Default 100. */
  readonly rounds?: number;
  /** Questions from a tree's root to a leaf at most; 0 for no limit. Default 6. */
  readonly maxDepth?: number;
  /** Leaves of a tree at most, for `growPolicy: 'lossguide'`; 0 for no limit. Default 0. */
  readonly maxLeaves?: number;
  /** 'depthwise', level by level, or 'lossguide', the best split first. Default 'depthwise'. */
  readonly growPolicy?: 'depthwise' | 'lossguide';
  /** What a tree's values are multiplied by (eta), 0 to 1. Default 0.3. */
  readonly learningRate?: number;
  /** The least sum of second derivatives in a leaf; in regression the least number of rows. Default 1. */
  readonly minChildWeight?: number;
  /** Share of the rows drawn for each tree, over 0 to 1. Default 1. */
  readonly subsample?: number;
  /** Share of the columns drawn for each tree, over 0 to 1. Default 1. */
  readonly colsampleByTree?: number;
  /** Share of the columns drawn for each level, over 0 to 1. Default 1. */
  readonly colsampleByLevel?: number;
  /** Share of the columns drawn for each split, over 0 to 1. Default 1. */
  readonly colsampleByNode?: number;
  /** Pulls leaf values towards 0 by their square (L2). Default 1. */
  readonly lambda?: number;
  /** Pulls leaf values to 0 by their size (L1). Default 0. */
  readonly alpha?: number;
  /** The least gain for which a leaf is split. Default 0. */
  readonly gamma?: number;
  /** A leaf's value is at most this; 0 for no limit. Default 0. */
  readonly maxDeltaStep?: number;
  /** Borders a column is cut at, at most. Default 256. */
  readonly maxBin?: number;
  /** 'hist' by histograms, 'exact' by every value, 'approx' by histograms made anew each round. Default 'hist'. */
  readonly treeMethod?: 'hist' | 'approx' | 'exact' | 'auto';
  /** How much rows of the second class count, of two. Default 1. */
  readonly scalePosWeight?: number;
  /**
   * Categorical columns with fewer categories are split one category from the others, others set from set. Default 4.
   */
  readonly maxCatToOnehot?: number;
  /** Categories looked at for a split, at most. Default 64. */
  readonly maxCatThreshold?: number;
  /** Columns with which the prediction may only rise (1) or fall (-1), all else equal. */
  readonly monotoneConstraints?: Readonly<Record<string, 1 | 0 | -1>>;
  /** Groups of columns: only those of one group may occur below each other in a tree. */
  readonly interactionConstraints?: readonly (readonly string[])[];
  /**
   * XGBoost's name of a loss, or one's own. Default: 'reg:squarederror' for a regression, 'binary:logistic' for two
   * classes, 'multi:softprob' for more; one's own stands in the place of the default, and takes its way from raw
   * outputs to predictions.
   */
  readonly objective?: string | CustomObjective;
  /** Of the objective 'reg:quantileerror': which quantile is predicted, over 0 and under 1. */
  readonly quantileAlpha?: number;
  /**
   * What is measured each round, in this order: XGBoost's names, or functions. The last decides about early stopping.
   * Default: the objective's own.
   */
  readonly evalMetric?: string | CustomMetric | readonly (string | CustomMetric)[];
  /**
   * Whether the last metric is better when larger. Default: as XGBoost says of auc, aucpr, pre, map and ndcg, else
   * false.
   */
  readonly maximize?: boolean;
  /**
   * Stop when the last metric on `validation` has not improved for so many rounds; the best round is the last that
   * predictions use. Default: never.
   */
  readonly earlyStoppingRounds?: number;
  /**
   * Threads to compute with. Default: one a core. They wait for each other by spinning, as from Python: that is fastest on a quiet
   * machine and slow on a busy one, where 1, or `OMP_WAIT_POLICY=passive` in the environment of the process, does better.
   */
  readonly numThreads?: number;
  /** Seed of everything random. Default 42. */
  readonly seed?: number;
  /**
   * Any other parameters, by XGBoost's own names: `{ booster: 'dart', rate_drop: 0.1 }`. One that XGBoost does not use
   * is an error.
   */
  readonly params?: Readonly<Record<string, string | number | boolean>>;
}

/** What XGBoost calls the options that go to it as they are, with its defaults. */
const passedOn = {
  maxDepth: ['max_depth', 6],
  maxLeaves: ['max_leaves', 0],
  growPolicy: ['grow_policy', 'depthwise'],
  learningRate: ['learning_rate', 0.3],
  minChildWeight: ['min_child_weight', 1],
  subsample: ['subsample', 1],
  colsampleByTree: ['colsample_bytree', 1],
  colsampleByLevel: ['colsample_bylevel', 1],
  colsampleByNode: ['colsample_bynode', 1],
  lambda: ['lambda', 1],
  alpha: ['alpha', 0],
  gamma: ['gamma', 0],
  maxDeltaStep: ['max_delta_step', 0],
  maxBin: ['max_bin', 256],
  treeMethod: ['tree_method', 'hist'],
  scalePosWeight: ['scale_pos_weight', 1],
  maxCatToOnehot: ['max_cat_to_onehot', 4],
  maxCatThreshold: ['max_cat_threshold', 64],
  quantileAlpha: ['quantile_alpha', undefined],
  numThreads: ['nthread', undefined],
} as const satisfies Partial<Record<keyof XgboostOptions, readonly [string, string | number | undefined]>>;

const ownFunction = z.custom<(...args: never[]) => unknown>(
  (value) => typeof value === 'function',
  'expected a function',
);
const metric = z.union([z.string().min(1), ownFunction], 'expected a name of XGBoost’s or a function');
const schema = z.strictObject({
  rounds: z.int().min(1).default(100),
  ...Object.fromEntries(Object.keys(passedOn).map((name) => [name, z.union([z.number(), z.string()]).optional()])),
  quantileAlpha: z.number().gt(0).lt(1).optional(),
  numThreads: z.int().min(1).optional(),
  monotoneConstraints: z.record(z.string(), z.literal([1, 0, -1])).optional(),
  interactionConstraints: z.array(z.array(z.string()).min(1)).optional(),
  objective: z.union([z.string().min(1), ownFunction], 'expected a name of XGBoost’s or a function').optional(),
  evalMetric: z.union([metric, z.array(metric)]).optional(),
  maximize: z.boolean().optional(),
  earlyStoppingRounds: z.int().min(1).optional(),
  seed: z.int().default(42),
  params: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).optional(),
});

/** The options as given, checked: those left out stay out, but for rounds and seed. */
export type CheckedOptions = XgboostOptions & { readonly rounds: number; readonly seed: number };

/** @throws Error naming an option that is unknown or of the wrong type */
export const checkedOptions = (options: XgboostOptions): CheckedOptions =>
  checkOptions('xgboost()', schema, options) as CheckedOptions;

/** The options with every default filled in, to look at. */
export function settingsOf(options: CheckedOptions): Readonly<Record<string, unknown>> {
  const defaults = Object.entries(passedOn).flatMap(([name, [, value]]) =>
    value === undefined ? [] : [[name, value]],
  );
  return { ...Object.fromEntries(defaults), ...options };
}

/** The options that XGBoost takes as they are, by its names; `params` last. */
export function parametersOf(options: CheckedOptions): [string, string][] {
  const given = Object.entries(passedOn).flatMap(([name, [theirs]]): [string, string][] => {
    const value = options[name as keyof typeof passedOn];
    return value === undefined ? [] : [[theirs, String(value)]];
  });
  const rest = Object.entries(options.params ?? {}).map(([name, value]): [string, string] => [name, String(value)]);
  return [['validate_parameters', 'true'], ['seed', String(options.seed)], ...given, ...rest];
}

/**
 * Constraints that name columns, as XGBoost counts columns.
 * @throws Error naming a column that is no feature
 */
export function constraintsOf(
  { monotoneConstraints, interactionConstraints }: XgboostOptions,
  features: readonly { readonly name: string }[],
): [string, string][] {
  const names = features.map(({ name }) => name);
  const place = (option: string, name: string) => {
    const at = names.indexOf(name);
    if (at < 0)
      throw new Error(`xgboost(): ${option} names a column '${name}', and the features are ${names.join(', ')}.`);
    return at;
  };
  const constraints: [string, string][] = [];
  if (monotoneConstraints !== undefined) {
    const signs = names.map(() => 0);
    for (const [name, sign] of Object.entries(monotoneConstraints)) signs[place('monotoneConstraints', name)] = sign;
    constraints.push(['monotone_constraints', `(${signs.join(',')})`]);
  }
  if (interactionConstraints !== undefined) {
    const groups = interactionConstraints.map((group) => group.map((name) => place('interactionConstraints', name)));
    constraints.push(['interaction_constraints', JSON.stringify(groups)]);
  }
  return constraints;
}
