// Trees that XGBoost has grown, or that a file of Python's xgboost brings: predict, explain, look at, save.

import type { ExplainOptions, Explanation, ModelJson, TabularModel } from '../estimator.js';
import { type Feature, readFeatures } from '../features.js';
import { mostProbable } from '../most-probable.js';
import { saveText } from '../save.js';
import type { Table } from '../table/table.js';
import type { Task } from '../target.js';
import { Booster, type Prediction, type PredictionType } from './booster.js';
import { DMatrix } from './dmatrix.js';
import { passOnWarnings } from './library.js';
import { attributeName, type BoosterJson, type Knowledge, knowledgeOf, parseBooster } from './model-json.js';
import { type Link, linkOf, unitOf } from './objective.js';
import { countTrees, dumpTree, type TreeCounts, treePart, usedTrees, type XgboostNode } from './trees.js';

const KIND = 'xgboost';

/** How a feature's importance is counted, over all splits by it: see `featureImportances`. */
export type ImportanceType = keyof typeof importanceTypes;
const importanceTypes = {
  gain: 'gain',
  weight: 'weight',
  cover: 'cover',
  totalGain: 'total_gain',
  totalCover: 'total_cover',
} as const;

/** The metrics of each round, by rows ('train', 'validation') and name. */
export type History = Readonly<Record<string, Readonly<Record<string, readonly number[]>>>>;

interface Parts extends Knowledge {
  readonly booster: Booster;
  readonly objective: string;
  /** The rounds that predictions use. */
  readonly rounds: number;
  /** Those and what early stopping found to be too many: XGBoost keeps them. */
  readonly allRounds: number;
  readonly history: History;
}

export class XgboostModel implements TabularModel {
  readonly name = 'XGBoost';
  readonly task: Task;
  readonly features: readonly Feature[];
  /** XGBoost's name of the loss. */
  readonly objective: string;
  /** The rounds that predictions use: with early stopping up to the best one. */
  readonly rounds: number;
  /** Those and the rounds after the best one, which XGBoost keeps. */
  readonly allRounds: number;
  /**
   * Each metric after each round: `history.validation.logloss`. Empty where the fit was given none of `validation`,
   * `evalMetric` and `onProgress`, and for a model that was loaded.
   */
  readonly history: History;
  readonly #booster: Booster;
  readonly #link: Link;
  #json: BoosterJson | undefined;

  constructor({ booster, task, features, objective, rounds, allRounds, history }: Parts) {
    this.#link = linkOf(objective, task);
    this.#booster = booster;
    this.task = task;
    this.features = features;
    this.objective = objective;
    this.rounds = rounds;
    this.allRounds = allRounds;
    this.history = history;
  }

  /** The model of a file's bytes, JSON or UBJSON, ours or Python's. */
  static fromBytes(who: string, bytes: Uint8Array): XgboostModel {
    const booster = Booster.fromBytes(who, bytes);
    try {
      const json = parseBooster(booster.toText());
      const { attributes, objective } = json.learner;
      const knowledge = knowledgeOf(json);
      const allRounds = treePart(json).model.iteration_indptr.length - 1;
      const best = attributes.best_iteration;
      const rounds = best === undefined ? allRounds : Number(best) + 1;
      booster.setFeatures(knowledge.features);
      passOnWarnings();
      return new XgboostModel({ booster, ...knowledge, objective: objective.name, rounds, allRounds, history: {} });
    } catch (error) {
      booster.dispose();
      throw error;
    }
  }

  /** Questions and leaf values. */
  get parameters(): number {
    const { leaves, splits } = this.trees;
    return leaves + splits;
  }

  /** How many trees predictions use, and how large they are. */
  get trees(): TreeCounts {
    return countTrees(usedTrees(this.#parsed(), this.rounds));
  }

  /**
   * One tree to draw. Of several classes each round has one each: tree 4 of 3 classes is the second class's of the
   * second round.
   * @throws RangeError if there is none of that number
   */
  dump(tree: number): XgboostNode {
    const trees = usedTrees(this.#parsed(), this.rounds);
    const found = trees[tree];
    if (found === undefined)
      throw new RangeError(`There is no tree ${tree}: the model has ${trees.length}, counted from 0.`);
    return dumpTree(found, this.features);
  }

  /**
   * Each feature's importance, of all trees: 'weight', how many questions ask about it; 'gain', by how much such a
   * question lowers the training loss on average, or 'totalGain' in all; 'cover', how many rows (as sums of second
   * derivatives) reach such a question, or 'totalCover' in all.
   */
  featureImportances(type: ImportanceType = 'gain'): { feature: string; importance: number }[] {
    if (!Object.hasOwn(importanceTypes, type))
      throw new Error(`There is no importance '${type}': it is one of ${Object.keys(importanceTypes).join(', ')}.`);
    const scores = this.#booster.featureScores(importanceTypes[type]);
    return this.features.map(({ name }) => ({ feature: name, importance: scores.get(name) ?? 0 }));
  }

  async predict(table: Table): Promise<Float64Array> {
    if (this.task.kind === 'regression') return Float64Array.from(this.#predict(table, 'value').values);
    return mostProbable(await this.predictProbabilities(table));
  }

  async predictProbabilities(table: Table): Promise<Float64Array[]> {
    if (this.task.kind === 'regression')
      throw new Error(`The model predicts the number '${this.task.target}', which has no probabilities: use predict.`);
    // These give no probabilities of their own accord.
    const raw = this.objective === 'binary:logitraw' || this.objective === 'multi:softmax';
    const { values, shape } = this.#predict(table, raw ? 'margin' : 'value');
    const width = shape[1] ?? 1;
    if (width === 1) {
      const second = Float64Array.from(values, (value) => (raw ? 1 / (1 + Math.exp(-value)) : value));
      return [second.map((p) => 1 - p), second];
    }
    if (raw) softmaxRows(values, width);
    return this.task.classes.map((_, code) =>
      Float64Array.from({ length: table.rowCount }, (_, row) => values[row * width + code] as number),
    );
  }

  /**
   * The raw outputs, before the objective makes predictions of them: one array a class (of two classes one in all),
   * each with a number a row.
   */
  rawScores(table: Table): Float64Array[] {
    const { values, shape } = this.#predict(table, 'margin');
    const width = shape[1] ?? 1;
    return Array.from({ length: width }, (_, i) =>
      Float64Array.from({ length: table.rowCount }, (_, row) => values[row * width + i] as number),
    );
  }

  /**
   * Exact tree SHAP values by XGBoost (Lundberg et al. 2018). The unit is log-odds for two classes, of more the class's
   * score before softmax, in a regression the target's own, or its logarithm where the objective has one.
   */
  async explain(table: Table, options: ExplainOptions = {}): Promise<Explanation> {
    const { output, sign, name } = explained(this.task, this.#link, options.class);
    const count = this.features.length;
    const { values, shape } = this.#predict(table, 'contributions');
    const outputs = shape[1] ?? 1;
    const at = (row: number, feature: number) =>
      sign * (values[(row * outputs + output) * (count + 1) + feature] as number);
    return {
      features: this.features.map((feature) => feature.name),
      contributions: this.features.map((_, i) => Float64Array.from({ length: table.rowCount }, (_, row) => at(row, i))),
      // The last of each row, the same in all.
      base: table.rowCount > 0 ? at(0, count) : Number.NaN,
      unit: unitOf(this.#link, this.task),
      method: 'tree SHAP',
      ...(name === undefined ? {} : { class: name }),
    };
  }

  /** What pipelines and ensembles keep; `booster` is the text of XGBoost's own file. */
  toJSON(): ModelJson {
    const { name, task, features } = this;
    return { kind: KIND, name, task, features, booster: this.#booster.toText() };
  }

  /** Writes XGBoost's JSON model file, which `xgboost.Booster(model_file=path)` opens in Python too. */
  async save(path: string): Promise<void> {
    await saveText(this.#booster.toText(), path);
  }

  /** Another booster with the same trees, to train on. */
  copy(who: string, matrices: readonly DMatrix[]): Booster {
    return Booster.fromBytes(who, Buffer.from(this.#booster.toText()), matrices);
  }

  dispose(): void {
    this.#booster.dispose();
  }

  #predict(table: Table, type: PredictionType): Prediction {
    const who = `XgboostModel.${type === 'contributions' ? 'explain' : 'predict'}`;
    const columns = readFeatures(table, this.features);
    const classes = this.task.kind === 'classification' ? this.task.classes.length : 1;
    if (table.rowCount === 0) return { values: new Float32Array(), shape: [0, classes === 2 ? 1 : classes] };
    const matrix = new DMatrix(columns, { who });
    try {
      const prediction = this.#booster.predict(matrix, type, { rounds: this.rounds });
      if (this.task.kind === 'regression' && (prediction.shape[1] ?? 1) > 1)
        throw new Error(
          `The model predicts ${prediction.shape[1]} numbers for each row; this program reads models that predict one.`,
        );
      return prediction;
    } finally {
      matrix.dispose();
    }
  }

  #parsed(): BoosterJson {
    this.#json ??= parseBooster(this.#booster.toText());
    return this.#json;
  }
}

/** Makes a model of a booster that has been trained, which then carries in its file what XGBoost does not know. */
export function trainedModel(parts: Parts): XgboostModel {
  const { task, features } = parts;
  parts.booster.setAttribute(attributeName, JSON.stringify({ task, features } satisfies Knowledge));
  return new XgboostModel(parts);
}

/** Reads what `toJSON` gave. */
export async function readXgboost(json: ModelJson): Promise<XgboostModel> {
  if (typeof json.booster !== 'string') throw new Error('The XGBoost model has no text of XGBoost’s.');
  return XgboostModel.fromBytes('loadTabularModel', Buffer.from(json.booster));
}

/** Reads XGBoost's own file, ours or Python's. */
export const readXgboostFile = async (bytes: Uint8Array): Promise<XgboostModel> =>
  XgboostModel.fromBytes('loadTabularModel', bytes);

function softmaxRows(values: Float32Array, width: number): void {
  for (let start = 0; start < values.length; start += width) {
    const row = values.subarray(start, start + width);
    const most = row.reduce((a, b) => Math.max(a, b));
    const powers = Array.from(row, (value) => Math.exp(value - most));
    const sum = powers.reduce((a, b) => a + b);
    for (let i = 0; i < width; i++) row[i] = (powers[i] as number) / sum;
  }
}

/** Which output a class's score is, and its sign: of two classes there is one output, for the second. */
function explained(task: Task, link: Link, asked: string | undefined): { output: number; sign: number; name?: string } {
  if (task.kind === 'regression') {
    if (asked !== undefined)
      throw new Error(`There is no class '${asked}' to explain: the model predicts '${task.target}'.`);
    return { output: 0, sign: 1 };
  }
  const two = task.classes.length === 2;
  const name = asked ?? (two ? task.classes[1] : undefined);
  const listed = task.classes.join(', ');
  if (name === undefined) throw new Error(`Say which class to explain: { class: ... }, one of ${listed}.`);
  const code = task.classes.indexOf(name);
  if (code < 0) throw new Error(`There is no class '${name}' to explain. The classes are ${listed}.`);
  if (link === 'softmax') return { output: code, sign: 1, name };
  return { output: 0, sign: code === 1 ? 1 : -1, name };
}
