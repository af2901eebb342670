// One decision tree, small enough to be drawn and read.
//
//   const model = await decisionTree({ maxDepth: 3 }).fit(train, { target: 'churned' });
//   model.root;        // a TreeNode: { feature: 'months_left', threshold: 3.5, left: ..., right: ..., ... }
//   model.featureImportances();
//
// Numbers are split as scikit-learn's trees split them. Categories go left or right by subsets; rows without a value go where the split
// is better, at each node anew.

import { z } from 'zod';
import {
  type Estimator,
  type ExplainOptions,
  type Explanation,
  FitInterrupted,
  type FitOptions,
  type ModelJson,
  type ModelReader,
} from '../estimator.js';
import { type Feature, featuresOf, readFeatures } from '../features.js';
import { checkOptions } from '../options.js';
import type { CategoricalColumn, Column, NumericColumn } from '../table/column.js';
import type { Table } from '../table/table.js';
import { type Task, targetValues, taskOf } from '../target.js';
import { BaselineModel, checkedWeights, refuseStartFrom } from './baseline-model.js';
import { growTree, type WeighedNode } from './grow-tree.js';
import { pausing } from './pauses.js';
import { treeShap } from './tree-shap.js';

export interface DecisionTreeOptions {
  /** Questions from the root to a leaf at most, 0 to 1000. Default 4. */
  readonly maxDepth?: number;
  /** Training rows each leaf must have, 1 or more. Default 10. */
  readonly minSamplesLeaf?: number;
  /** Training rows a node must have to be split, 2 or more. Default 2. */
  readonly minSamplesSplit?: number;
  /** How much a split must lower the mean impurity over all rows, 0 or more. Default 0. */
  readonly minImpurityDecrease?: number;
}

const schema = z.strictObject({
  maxDepth: z.int().min(0).max(1000).default(4),
  minSamplesLeaf: z.int().min(1).default(10),
  minSamplesSplit: z.int().min(2).default(2),
  minImpurityDecrease: z.number().min(0).default(0),
});
const NAME = 'Decision tree';

/** CART with Gini impurity or squared error; deterministic. Validation rows are not used. */
export function decisionTree(options: DecisionTreeOptions = {}): Estimator<DecisionTreeModel> {
  const settings = checkOptions('decisionTree', schema, options);
  return {
    name: NAME,
    settings,
    async fit(train: Table, fitOptions: FitOptions) {
      refuseStartFrom(NAME, fitOptions);
      const task = taskOf(train, fitOptions);
      const features = featuresOf(train, fitOptions.target);
      const data = {
        columns: readable(readFeatures(train, features)),
        truth: targetValues(train, task),
        weights: checkedWeights(fitOptions.weights, train.rowCount),
        classes: task.kind === 'regression' ? 0 : task.classes.length,
      };
      const root = await pausing(
        { signal: fitOptions.signal, stopped: () => new FitInterrupted(`${NAME}: stopped before it was grown.`) },
        (pause) => growTree(data, settings, pause),
      );
      fitOptions.onProgress?.({ done: 1, total: 1 });
      return new DecisionTreeModel(task, features, root);
    },
  };
}

export class DecisionTreeModel extends BaselineModel {
  readonly name = NAME;
  /** The tree, to draw or to read. */
  readonly root: WeighedNode;

  constructor(task: Task, features: readonly Feature[], root: WeighedNode) {
    super(task, features);
    this.root = root;
  }

  /** A threshold or subset each split, and a value each leaf. */
  get parameters(): number {
    return nodesOf(this.root).length;
  }

  get leaves(): number {
    return nodesOf(this.root).filter(({ left }) => left === undefined).length;
  }

  /** Questions on the longest way down. */
  get depth(): number {
    const below = ({ left, right }: WeighedNode): number =>
      left === undefined || right === undefined ? 0 : 1 + Math.max(below(left), below(right));
    return below(this.root);
  }

  /** By how much the questions about each feature lower the impurity, in per cent of all. */
  featureImportances(): { feature: string; importance: number }[] {
    const sums = new Map(this.features.map(({ name }) => [name, 0]));
    const part = ({ weight, impurity }: WeighedNode) => weight * impurity;
    for (const node of nodesOf(this.root))
      if (node.feature !== undefined && node.left !== undefined && node.right !== undefined)
        sums.set(node.feature, (sums.get(node.feature) ?? 0) + part(node) - part(node.left) - part(node.right));
    const total = [...sums.values()].reduce((sum, value) => sum + value, 0);
    return [...sums].map(([feature, sum]) => ({ feature, importance: total === 0 ? 0 : (100 * sum) / total }));
  }

  protected async outputs(table: Table): Promise<Float64Array[]> {
    const count = typeof this.root.value === 'number' ? 1 : this.root.value.length;
    const outputs = Array.from({ length: count }, () => new Float64Array(table.rowCount));
    const asked = this.#asked(table);
    const send = (node: WeighedNode, rows: Int32Array): void => {
      const { left, right } = node;
      if (left === undefined || right === undefined) {
        for (const [k, values] of outputs.entries()) for (const row of rows) values[row] = outputOf(node, k);
        return;
      }
      const goesLeft = decision(node, asked);
      send(left, rows.filter(goesLeft));
      send(
        right,
        rows.filter((row) => !goesLeft(row)),
      );
    };
    send(
      this.root,
      Int32Array.from({ length: table.rowCount }, (_, row) => row),
    );
    return outputs;
  }

  /** Exact tree SHAP: of a class's probability, or of the predicted number. */
  async explain(table: Table, options?: ExplainOptions): Promise<Explanation> {
    const code = this.classCode(options);
    const asked = this.#asked(table);
    const decisions = new Map(
      nodesOf(this.root)
        .filter(({ left }) => left !== undefined)
        .map((node) => [node, decision(node, asked)]),
    );
    const contributions = new Map(this.features.map(({ name }) => [name, new Float64Array(table.rowCount)]));
    for (let row = 0; row < table.rowCount; row++) {
      treeShap(
        this.root,
        (node) => decisions.get(node)?.(row) === true,
        (leaf) => outputOf(leaf, code),
        (feature, part) => {
          const values = contributions.get(feature) as Float64Array;
          values[row] = (values[row] as number) + part;
        },
      );
      if (row % 500 === 499) await new Promise((resolve) => setImmediate(resolve));
    }
    return {
      features: [...contributions.keys()],
      contributions: [...contributions.values()],
      base: outputOf(this.root, code),
      method: 'tree SHAP',
      ...(this.task.kind === 'regression'
        ? { unit: this.task.target }
        : { unit: 'probability', class: this.task.classes[code] as string }),
    };
  }

  toJSON(): ModelJson {
    return { kind: 'decision-tree', name: this.name, task: this.task, features: this.features, root: this.root };
  }

  #asked(table: Table): ReadonlyMap<string, Column> {
    return new Map(readFeatures(table, this.features).map((column) => [column.name, column]));
  }
}

export const readDecisionTree: ModelReader = async ({ task, features, root }) => {
  const names = new Map(features.map((feature) => [feature.name, feature]));
  for (const node of nodesOf(root as WeighedNode)) checkNode(node, task, names);
  return new DecisionTreeModel(task, features, root as WeighedNode);
};

function checkNode(node: WeighedNode, task: Task, features: ReadonlyMap<string, Feature>): void {
  const values = task.kind === 'regression' ? [node.value] : node.value;
  const count = task.kind === 'regression' ? 1 : task.classes.length;
  if (!Array.isArray(values) || values.length !== count || !values.every((value) => Number.isFinite(value)))
    throw new Error('The decision tree is damaged: a node has no value.');
  if (node.left === undefined) return;
  const kind = features.get(node.feature as string)?.kind;
  const asks =
    kind === 'numeric' ? Number.isFinite(node.threshold) : kind === 'categorical' && Array.isArray(node.categories);
  if (!asks || node.right === undefined)
    throw new Error(`The decision tree is damaged: a node asks nothing about '${node.feature}'.`);
}

/** Date columns are refused. */
function readable(columns: readonly Column[]): (NumericColumn | CategoricalColumn)[] {
  return columns.map((column) => {
    if (column.kind === 'date')
      throw new Error(
        `decisionTree reads numbers and categories, and '${column.name}' is a date. Use pipeline([dateParts()], decisionTree()), or drop it.`,
      );
    return column;
  });
}

/** All nodes, each before those below it. */
function nodesOf(root: WeighedNode): WeighedNode[] {
  const nodes: WeighedNode[] = [];
  const waiting = [root];
  for (let node = waiting.pop(); node !== undefined; node = waiting.pop()) {
    nodes.push(node);
    if (node.left !== undefined && node.right !== undefined) waiting.push(node.right, node.left);
  }
  return nodes;
}

const outputOf = ({ value }: WeighedNode, code: number): number =>
  typeof value === 'number' ? value : (value[code] as number);

/** Which rows go left at a node. */
function decision(
  { feature, threshold, categories = [], missingLeft = false }: WeighedNode,
  asked: ReadonlyMap<string, Column>,
): (row: number) => boolean {
  const column = asked.get(feature as string) as Column;
  if (column.kind !== 'categorical') {
    const limit = threshold as number;
    return (row) => {
      const value = column.values[row] as number;
      return Number.isNaN(value) ? missingLeft : value <= limit;
    };
  }
  const left = Uint8Array.from(column.categories, (name) => Number(categories.includes(name)));
  return (row) => {
    const code = column.codes[row] as number;
    return code < 0 ? missingLeft : left[code] === 1;
  };
}
