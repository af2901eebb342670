// One decision tree as anyone may read or draw it: the root is a node, each node that splits holds two others.
//
//   const root: TreeNode = { feature: 'age', threshold: 40, missingLeft: true, left, right, samples: 120, value: [0.5, 0.5], impurity: 0.5 };

/** A split (it has `feature`, `left` and `right`) or a leaf (it has none of them). */
export interface TreeNode {
  /** The column the split asks about. */
  readonly feature?: string;
  /** Numeric split: rows with a value of at most this go left. */
  readonly threshold?: number;
  /** Categorical split: rows with one of these go left. */
  readonly categories?: readonly string[];
  /** Whether rows without a value go left. */
  readonly missingLeft?: boolean;
  readonly left?: TreeNode;
  readonly right?: TreeNode;
  /** Training rows that reached the node. */
  readonly samples: number;
  /** Of those rows: each class's share, in the order of the task's classes; in a regression the mean of the target. */
  readonly value: readonly number[] | number;
  /** Classification: the Gini impurity, 0 to 1; regression: the variance of the target. */
  readonly impurity: number;
}
