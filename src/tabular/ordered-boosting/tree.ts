// A tree of ordered boosting is oblivious: every level asks one question of all its rows, so that the answers, read as bits,
// are the number of the leaf. Bit 0 is the first level's answer.

/** "Is this numeric column above its border?" */
export interface NumberSplit {
  readonly kind: 'number';
  /** Index among the model's features. */
  readonly feature: number;
  /** Index among the feature's borders. */
  readonly border: number;
}

/** "Is this categorical column of this category?" */
export interface CategorySplit {
  readonly kind: 'category';
  readonly feature: number;
  /** The category's code + 1; 0 is a missing value. */
  readonly code: number;
}

/** "Is a target statistic of these columns above a border?" */
export interface StatisticSplit {
  readonly kind: 'statistic';
  /** The columns counted together. */
  readonly projection: Projection;
  /** Which statistic: see target-statistics.ts. */
  readonly statistic: number;
  /** 0 to 14: above (border + 1) / 15 of the statistic's range. */
  readonly border: number;
}

export type DirectSplit = NumberSplit | CategorySplit;
export type Split = DirectSplit | StatisticSplit;

/** Columns whose values are taken together as one category: categorical columns, and answers to direct questions. */
export interface Projection {
  /** Feature indices, ascending, at least one. */
  readonly categories: readonly number[];
  /** In the order of `conditionKey`, each once. */
  readonly conditions: readonly DirectSplit[];
  /** The same for equal projections. */
  readonly key: string;
}

export interface Tree {
  readonly splits: readonly Split[];
  /** Values by dimension (one, or one a class), then leaf; the learning rate is in them. */
  readonly values: readonly Float64Array[];
  /** Sum of the weights of each leaf's training rows. */
  readonly cover: Float64Array;
}

const conditionKey = (split: DirectSplit): string =>
  split.kind === 'number' ? `${split.feature}>${split.border}` : `${split.feature}=${split.code}`;

/** The projection of these columns. */
export function projection(categories: readonly number[], conditions: readonly DirectSplit[]): Projection {
  const byKey = new Map(conditions.map((condition) => [conditionKey(condition), condition]));
  const keys = [...byKey.keys()].sort();
  const sorted = [...categories].sort((a, b) => a - b);
  return {
    categories: sorted,
    conditions: keys.map((key) => byKey.get(key) as DirectSplit),
    key: [...sorted, ...keys].join(' '),
  };
}

/** How long a combination is: its categorical columns, and one for all conditions together. */
export const lengthOfProjection = ({ categories, conditions }: Projection): number =>
  categories.length + Number(conditions.length > 0);

/** The features a split reads, each once. */
export function featuresOfSplit(split: Split): number[] {
  if (split.kind !== 'statistic') return [split.feature];
  const { categories, conditions } = split.projection;
  return [...new Set([...categories, ...conditions.map(({ feature }) => feature)])];
}
