// The trees of a model, read from its file: how many, how large, and each as nodes to draw.

import type { Feature } from '../features.js';
import type { BoosterJson, TreeJson } from './model-json.js';

/** A node of a tree: a question with two answers, or a leaf. */
export interface XgboostNode {
  /** Its number in the tree; the root's is 0. */
  readonly id: number;
  /** The sum of second derivatives of the training rows here: in a regression by squared error their number. */
  readonly cover: number;
  /** Of a question: the column it asks about. */
  readonly feature?: string;
  /** "Is it less than this?" of a numeric column. */
  readonly lessThan?: number;
  /** "Is it one of these?" of a categorical column; codes where the names are not known. */
  readonly oneOf?: readonly string[];
  /** Which answer a missing value gets. */
  readonly missing?: 'yes' | 'no';
  /** By how much the question lowers the training loss. */
  readonly gain?: number;
  readonly yes?: XgboostNode;
  readonly no?: XgboostNode;
  /** Of a leaf: what it adds to the raw output. */
  readonly leaf?: number;
}

/** How large a model is. */
export interface TreeCounts {
  readonly count: number;
  readonly leaves: number;
  /** Questions. */
  readonly splits: number;
  /** Questions from a root to a leaf, at most. */
  readonly depth: number;
}

/** The trees that predictions use: of the first `rounds` rounds. */
export function usedTrees(json: BoosterJson, rounds: number): readonly TreeJson[] {
  const { model } = treePart(json);
  return model.trees.slice(0, model.iteration_indptr[rounds]);
}

/** The trees' part of the file; DART keeps it one level down. */
export function treePart({ learner }: BoosterJson) {
  const booster = learner.gradient_booster;
  const part = booster.gbtree ?? booster;
  if (part.model?.trees === undefined)
    throw new Error(`This XGBoost model has no trees: its booster is '${booster.name}'.`);
  return { model: part.model };
}

export function countTrees(trees: readonly TreeJson[]): TreeCounts {
  let [leaves, splits, depth] = [0, 0, 0];
  for (const { left_children, right_children } of trees) {
    const depths = new Int32Array(left_children.length);
    // Children come after their parents.
    for (let node = 0; node < left_children.length; node++) {
      const left = left_children[node] as number;
      depth = Math.max(depth, depths[node] as number);
      if (left < 0) {
        leaves++;
        continue;
      }
      splits++;
      depths[left] = depths[right_children[node] as number] = (depths[node] as number) + 1;
    }
  }
  return { count: trees.length, leaves, splits, depth };
}

/** One tree as nodes. */
export function dumpTree(tree: TreeJson, features: readonly Feature[]): XgboostNode {
  const sets = new Map(
    tree.categories_nodes.map((node, i) => {
      const start = tree.categories_segments[i] as number;
      return [node, tree.categories.slice(start, start + (tree.categories_sizes[i] as number))];
    }),
  );
  const nodeOf = (id: number): XgboostNode => {
    const cover = tree.sum_hessian[id] as number;
    const [left, right] = [tree.left_children[id] as number, tree.right_children[id] as number];
    if (left < 0) return { id, cover, leaf: tree.split_conditions[id] as number };
    const column = tree.split_indices[id] as number;
    const { name, categories } = features[column] ?? { name: `f${column}`, categories: undefined };
    const codes = sets.get(id);
    const missingLeft = Boolean(tree.default_left[id]);
    const gain = tree.loss_changes[id] as number;
    // Values below the threshold go left; categories of the set go right.
    if (codes === undefined)
      return {
        ...{ id, cover, feature: name, lessThan: tree.split_conditions[id] as number, gain },
        ...{ missing: missingLeft ? 'yes' : 'no', yes: nodeOf(left), no: nodeOf(right) },
      };
    return {
      ...{ id, cover, feature: name, oneOf: codes.map((code) => categories?.[code] ?? String(code)), gain },
      ...{ missing: missingLeft ? 'no' : 'yes', yes: nodeOf(right), no: nodeOf(left) },
    };
  };
  return nodeOf(0);
}
