// The settings of ordered boosting, their defaults and what is allowed. Names are CatBoost's, in camelCase.

/** Every setting may be left out. */
export interface OrderedBoostingOptions {
  /** Trees to grow (CatBoost: `iterations`); with several classes each tree has a value per class. Default 500. */
  readonly rounds?: number;
  /** What a tree's values are multiplied by, over 0 up to 1. Smaller learns slower and often better. Default 0.1. */
  readonly learningRate?: number;
  /** Questions a tree asks, one a level, so it has 2^depth leaves. 1 to 12. Default 6. */
  readonly depth?: number;
  /** Pulls leaf values towards 0, the more the fewer rows a leaf has. 0 or more. Default 3. */
  readonly l2LeafReg?: number;
  /** At most so many borders to ask about in a numeric column. 1 to 254. Default 254. */
  readonly borderCount?: number;
  /** Noise on the scores by which questions are chosen; it fades as trees are added. 0 or more. Default 1. */
  readonly randomStrength?: number;
  /**
   * Which rows a tree's questions are chosen on. 'MVS': those with large gradients surely, the others by chance (Ibragimov
   * and Gusev 2019); 'Bayesian': all, with random weights; 'Bernoulli': each by chance; 'No': all. Default 'MVS'.
   */
  readonly bootstrapType?: 'MVS' | 'Bayesian' | 'Bernoulli' | 'No';
  /** Share of the rows that 'MVS' and 'Bernoulli' keep, over 0 up to 1. Default 0.8. */
  readonly subsample?: number;
  /** How unequal the weights of 'Bayesian' are: 0 all equal, 1 exponential. Default 1. */
  readonly baggingTemperature?: number;
  /** Categorical columns with at most so many categories are asked about directly ("is it x?"), others through target statistics. Default 2. */
  readonly oneHotMaxSize?: number;
  /** How many columns a combination for target statistics may have at most, 1 for none. 1 to 8. Default 4, below 200 rounds 1. */
  readonly maxCtrComplexity?: number;
  /** Holds back combinations with many values that no tree has used yet. 0 or more. Default 0.5. */
  readonly modelSizeReg?: number;
  /** Random orders of the rows that target statistics are counted in: all but one to choose questions, one for leaf values. 2 to 16. Default 4. */
  readonly permutationCount?: number;
  /** Newton steps for the values of a tree's leaves. 1 to 100. Default 10 for two classes from 200 rounds on, else 1. */
  readonly leafEstimationIterations?: number;
  /** How a question is scored: 'Cosine' of the leaf values and the gradients, or 'L2'. Default 'Cosine'. */
  readonly scoreFunction?: 'Cosine' | 'L2';
  /** Stop when the loss on `validation` has not fallen for so many rounds, and keep the best. Default: never. */
  readonly earlyStoppingRounds?: number;
  /** Seed of everything random. Default 42. */
  readonly seed?: number;
}

/** All settings, defaults filled in. */
export type OrderedBoostingSettings = Required<
  Omit<OrderedBoostingOptions, 'earlyStoppingRounds' | 'leafEstimationIterations'>
> &
  Pick<OrderedBoostingOptions, 'earlyStoppingRounds' | 'leafEstimationIterations'>;

/** Below so many rounds CatBoost does the quicker thing by default, and so do we. */
export const FEW_ROUNDS = 200;

type Check = { readonly allowed: string; readonly holds: (value: unknown) => boolean };

const number = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value);
const whole = (from: number, to: number): Check => ({
  allowed: to === Number.POSITIVE_INFINITY ? `a whole number from ${from}` : `a whole number from ${from} to ${to}`,
  holds: (value) => number(value) && Number.isInteger(value) && value >= from && value <= to,
});
const atLeast0: Check = { allowed: 'a number, 0 or more', holds: (value) => number(value) && value >= 0 };
const share: Check = { allowed: 'a number over 0 up to 1', holds: (value) => number(value) && value > 0 && value <= 1 };
const oneOf = (...names: string[]): Check => ({
  allowed: names.map((name) => `'${name}'`).join(' or '),
  holds: (value) => names.includes(value as string),
});
const any = Number.POSITIVE_INFINITY;

const checks: Readonly<Record<keyof OrderedBoostingOptions, Check>> = {
  rounds: whole(1, any),
  learningRate: share,
  depth: whole(1, 12),
  l2LeafReg: atLeast0,
  borderCount: whole(1, 254),
  randomStrength: atLeast0,
  bootstrapType: oneOf('MVS', 'Bayesian', 'Bernoulli', 'No'),
  subsample: share,
  baggingTemperature: atLeast0,
  oneHotMaxSize: whole(0, 254),
  maxCtrComplexity: whole(1, 8),
  modelSizeReg: atLeast0,
  permutationCount: whole(2, 16),
  leafEstimationIterations: whole(1, 100),
  scoreFunction: oneOf('Cosine', 'L2'),
  earlyStoppingRounds: whole(1, any),
  seed: { allowed: 'a whole number', holds: Number.isInteger },
};

/** Fills in the defaults. Throws Error naming an option that is unknown or out of range, its value and what is allowed. */
export function checkedSettings(options: OrderedBoostingOptions): OrderedBoostingSettings {
  for (const [name, value] of Object.entries(options)) {
    if (!Object.hasOwn(checks, name))
      throw new Error(`orderedBoosting has no option '${name}'. It has ${Object.keys(checks).join(', ')}.`);
    const { allowed, holds } = checks[name as keyof OrderedBoostingOptions];
    if (value !== undefined && !holds(value))
      throw new Error(`orderedBoosting: ${name} is ${JSON.stringify(value)}; it must be ${allowed}.`);
  }
  const rounds = options.rounds ?? 500;
  const given = Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined));
  return {
    rounds,
    learningRate: 0.1,
    depth: 6,
    l2LeafReg: 3,
    borderCount: 254,
    randomStrength: 1,
    bootstrapType: 'MVS',
    subsample: 0.8,
    baggingTemperature: 1,
    oneHotMaxSize: 2,
    maxCtrComplexity: rounds < FEW_ROUNDS ? 1 : 4,
    modelSizeReg: 0.5,
    permutationCount: 4,
    scoreFunction: 'Cosine',
    seed: 42,
    ...given,
  };
}
