// XGBoost's own model file (https://xgboost.readthedocs.io/en/stable/tutorials/saving_model.html): what we read of it,
// and what we add to it, as an attribute, which XGBoost keeps and does not look at.

import type { Feature } from '../features.js';
import type { Task } from '../target.js';

export interface TreeJson {
  readonly left_children: readonly number[];
  readonly right_children: readonly number[];
  readonly split_indices: readonly number[];
  /** Of a leaf its value. */
  readonly split_conditions: readonly number[];
  readonly default_left: readonly (number | boolean)[];
  readonly loss_changes: readonly number[];
  readonly sum_hessian: readonly number[];
  readonly categories: readonly number[];
  readonly categories_nodes: readonly number[];
  readonly categories_segments: readonly number[];
  readonly categories_sizes: readonly number[];
}

/** Categories of a column: strings as Arrow lays them out, or numbers; empty for a numeric column. */
type CategoriesJson =
  | { readonly offsets: readonly number[]; readonly values: readonly number[] }
  | { readonly values: readonly number[] };

export interface TreesJson {
  readonly trees: readonly TreeJson[];
  /** Where the trees of each round begin, and the end. */
  readonly iteration_indptr: readonly number[];
  readonly cats?: { readonly enc: readonly CategoriesJson[] };
}

export interface BoosterJson {
  readonly learner: {
    readonly attributes: Readonly<Record<string, string>>;
    readonly feature_names: readonly string[];
    readonly feature_types: readonly string[];
    readonly gradient_booster: {
      readonly name: string;
      readonly model?: TreesJson;
      readonly gbtree?: { readonly model: TreesJson };
    };
    readonly learner_model_param: {
      readonly num_class: string;
      readonly num_feature: string;
      readonly num_target: string;
    };
    readonly objective: { readonly name: string };
  };
}

/** Reads the text of a model. XGBoost writes numbers that are none as NaN and Infinity, which JSON does not know. */
export function parseBooster(text: string): BoosterJson {
  try {
    return JSON.parse(text);
  } catch {
    return JSON.parse(text.replace(/([[:,]\s*)-?(?:NaN|nan|Infinity|inf)(?=\s*[,\]}])/g, '$1null'));
  }
}

/** Our attribute. */
export const attributeName = 'model_types';

export interface Knowledge {
  readonly task: Task;
  readonly features: readonly Feature[];
}

/**
 * What a model predicts and from which columns: as our attribute says, else as much as Python has written. Then the
 * target is called 'target' and classes '0', '1' and so on, columns without names 'f0', 'f1' and so on, as XGBoost
 * itself calls them.
 * @throws Error if it predicts several numbers a row
 */
export function knowledgeOf({ learner }: BoosterJson): Knowledge {
  const own = learner.attributes[attributeName];
  if (own !== undefined) return JSON.parse(own);
  const { num_class, num_feature, num_target } = learner.learner_model_param;
  if (Number(num_target) > 1)
    throw new Error(
      `The model predicts ${num_target} numbers for each row; this program reads models that predict one.`,
    );
  const target = 'target';
  const classCount = Number(num_class) || (learner.objective.name.startsWith('binary:') ? 2 : 0);
  const task: Task =
    classCount > 0
      ? { kind: 'classification', target, classes: Array.from({ length: classCount }, (_, i) => String(i)) }
      : { kind: 'regression', target };
  const booster = learner.gradient_booster;
  const encodings = (booster.gbtree ?? booster).model?.cats?.enc ?? [];
  const features = Array.from({ length: Number(num_feature) }, (_, i): Feature => {
    const name = learner.feature_names[i] ?? `f${i}`;
    if (learner.feature_types[i] !== 'c') return { name, kind: 'numeric' };
    const categories = categoriesOf(encodings[i]);
    // Without names a table's codes are taken as they are.
    return { name, kind: 'categorical', ...(categories.length > 0 ? { categories } : {}) };
  });
  return { task, features };
}

function categoriesOf(encoding: CategoriesJson | undefined): string[] {
  if (encoding === undefined) return [];
  if (!('offsets' in encoding)) return encoding.values.map(String);
  const bytes = Buffer.from(Int8Array.from(encoding.values).buffer);
  return encoding.offsets.slice(1).map((end, i) => bytes.toString('utf8', encoding.offsets[i], end));
}
