// A learnt forest: predicts, explains itself, and goes into one JSON file and back.

import type { ExplainOptions, Explanation, ModelJson, TabularModel } from '../estimator.js';
import { type Feature, readFeatures } from '../features.js';
import { mostProbable } from '../most-probable.js';
import { saveModel } from '../save.js';
import { softmax } from '../softmax.js';
import type { Table } from '../table/table.js';
import type { Task } from '../target.js';
import { type GridColumns, gridColumns } from './columns.js';
import type { Forest } from './forest.js';
import { predictionValuesChange } from './importance.js';
import { forestFromJson, forestToJson } from './json.js';
import { Scorer } from './scorer.js';
import { treeShap } from './shap.js';

export const KIND = 'ordered-boosting';

export class OrderedBoostingModel implements TabularModel {
  readonly name = 'Ordered boosting';
  readonly forest: Forest;
  /** The loss on the validation rows after each tree, where there were any: log loss, or the root of the mean squared error. */
  readonly validationLosses: readonly number[];
  readonly #scorer: Scorer;
  #disposed = false;

  constructor(forest: Forest, validationLosses: readonly number[] = []) {
    this.forest = forest;
    this.validationLosses = validationLosses;
    this.#scorer = new Scorer(forest.grids, forest.plan, forest.counts);
  }

  get task(): Task {
    return this.forest.task;
  }

  get features(): readonly Feature[] {
    return this.forest.features;
  }

  /** A border each split, and the leaf values. */
  get parameters(): number {
    return this.forest.trees.reduce(
      (count, { splits, values }) => count + splits.length + values.length * 2 ** splits.length,
      0,
    );
  }

  /** How many trees it has. */
  get rounds(): number {
    return this.forest.trees.length;
  }

  /** Percent for each feature, by CatBoost's PredictionValuesChange (importance.ts). */
  featureImportances(): { feature: string; importance: number }[] {
    const shares = predictionValuesChange(this.forest.trees, this.features.length);
    return this.features.map(({ name }, i) => ({ feature: name, importance: shares[i] as number }));
  }

  /**
   * The raw outputs: of a regression the prediction, of two classes the log-odds of the second, of more a score each
   * (their softmax are the probabilities). By dimension, then row.
   */
  rawScores(table: Table): Float64Array[] {
    const columns = this.read(table);
    const raw = this.forest.start.map((value) => new Float64Array(columns.rowCount).fill(value));
    this.#scorer.addTrees(this.forest.trees, columns, raw);
    return raw;
  }

  async predict(table: Table): Promise<Float64Array> {
    const raw = this.rawScores(table);
    const first = raw[0] as Float64Array;
    if (this.task.kind === 'regression') return first;
    if (raw.length === 1) return first.map((score) => Number(score > 0));
    return mostProbable(raw);
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    if (this.task.kind === 'regression')
      throw new Error(`The model predicts the number '${this.task.target}', which has no probabilities: use predict.`);
    const raw = this.rawScores(table);
    if (raw.length === 1) {
      const second = (raw[0] as Float64Array).map((score) => 1 / (1 + Math.exp(-score)));
      return [second.map((p) => 1 - p), second];
    }
    const scores = new Float64Array(raw.length);
    for (let row = 0; row < table.rowCount; row++) {
      for (let k = 0; k < raw.length; k++) scores[k] = (raw[k] as Float64Array)[row] as number;
      softmax(scores);
      for (let k = 0; k < raw.length; k++) (raw[k] as Float64Array)[row] = scores[k] as number;
    }
    return raw;
  }

  /** Exact tree SHAP values (shap.ts). The unit is log-odds, of several classes the class's score, or the target's own. */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    const { task, forest } = this;
    const columns = this.read(table);
    const { dimension, sign, name } = explained(task, options.class);
    const contributions = this.features.map(() => new Float64Array(columns.rowCount));
    let base = sign * (forest.start[dimension] as number);
    const trees = forest.trees.filter(({ splits }) => splits.length > 0);
    const shaps = trees.map((tree) => treeShap(tree, dimension));
    for (const tree of forest.trees)
      if (tree.splits.length === 0) base += sign * ((tree.values[dimension] as Float64Array)[0] as number);
    for (const shap of shaps) base += sign * shap.base;
    this.#scorer.forLeaves(trees, columns, (_, index, leaves, start, end) => {
      for (const { features, contributions: byLeaf } of (shaps[index] as (typeof shaps)[number]).players)
        for (const feature of features) {
          const out = contributions[feature] as Float64Array;
          const factor = sign / features.length;
          for (let row = start; row < end; row++)
            out[row] = (out[row] as number) + factor * (byLeaf[leaves[row - start] as number] as number);
        }
    });
    return {
      features: this.features.map((feature) => feature.name),
      contributions,
      base,
      unit: task.kind === 'regression' ? task.target : forest.start.length === 1 ? 'log-odds' : 'score before softmax',
      method: 'tree SHAP',
      ...(name === undefined ? {} : { class: name }),
    };
  }

  toJSON(): ModelJson {
    return {
      kind: KIND,
      name: this.name,
      task: this.task,
      features: this.features,
      validationLosses: this.validationLosses,
      ...forestToJson(this.forest),
    };
  }

  async save(path: string): Promise<void> {
    await saveModel(this, path);
  }

  dispose(): void {
    this.#disposed = true;
  }

  /** A table's columns as the trees read them. */
  read(table: Table): GridColumns {
    if (this.#disposed) throw new Error('The model has been disposed of and cannot be used any more.');
    return gridColumns(readFeatures(table, this.features), this.forest.grids, table.rowCount);
  }
}

/** Reads what `toJSON` gave. */
export async function readOrderedBoosting(json: ModelJson): Promise<OrderedBoostingModel> {
  return new OrderedBoostingModel(forestFromJson(json), (json.validationLosses as number[] | undefined) ?? []);
}

/** Which raw output speaks for a class, and whether for or against it. */
function explained(task: Task, asked: string | undefined): { dimension: number; sign: 1 | -1; name?: string } {
  if (task.kind === 'regression') {
    if (asked !== undefined) throw new Error(`A regression has no classes, so '${asked}' cannot be explained.`);
    return { dimension: 0, sign: 1 };
  }
  const name = asked ?? (task.classes.length === 2 ? task.classes[1] : undefined);
  if (name === undefined)
    throw new Error(
      `Say which class to explain: { class: '${task.classes[0]}' }. They are ${task.classes.join(', ')}.`,
    );
  const index = task.classes.indexOf(name);
  if (index < 0) throw new Error(`There is no class '${name}'. The classes are ${task.classes.join(', ')}.`);
  return task.classes.length === 2
    ? { dimension: 0, sign: index === 1 ? 1 : -1, name }
    : { dimension: index, sign: 1, name };
}
