// The verbs every model for tables has. An estimator is settings alone and never changes; `fit` gives a model, which predicts,
// explains itself and is saved.
//
//   const model = await xgboost({ rounds: 200, maxDepth: 6 }).fit(train, { target: 'churned', validation });
//   const codes = await model.predict(test);                  // one number a row: index into model.task.classes
//   const [, leaving] = await model.predictProbabilities(test); // one array a class
//   await model.save('out/churn.json');
//   const again = await loadTabularModel('out/churn.json');

import { InterruptedError } from '../training/interrupt.js';
import type { Feature } from './features.js';
import type { Table } from './table/table.js';
import type { Task } from './target.js';

/** What to learn, and from what. */
export interface FitOptions {
  /** The column to predict. All others are features. */
  readonly target: string;
  /**
   * Default: a categorical target is classified, a numeric one regressed. A numeric target can be classified too: each of its
   * values is then a class.
   */
  readonly task?: Task['kind'];
  /** Rows to stop early on, or to judge progress by; never learnt from. */
  readonly validation?: Table;
  /** How much each training row counts, 0 or more, one number a row. Default: all the same. */
  readonly weights?: ArrayLike<number>;
  /** A model of the same kind to go on from: trees are added to it, a network begins with its weights. */
  readonly startFrom?: TabularModel;
  /** Told after each round or epoch. */
  readonly onProgress?: (progress: FitProgress) => void;
  /** Stops the fit with a `FitInterrupted`. So do Ctrl-C and a notebook's Stop. */
  readonly signal?: AbortSignal;
}

/** How far a fit has come. */
export interface FitProgress {
  /** Rounds (trees) or epochs done. */
  readonly done: number;
  readonly total: number;
  /** Loss on the training rows, where it is known. */
  readonly loss?: number;
  /** Loss on the validation rows, where there are any. */
  readonly validationLoss?: number;
}

/** Something that learns from a table. */
export interface Estimator<Model extends TabularModel = TabularModel> {
  /** What it is called in tables and pictures: 'XGBoost', 'MLP'. */
  readonly name: string;
  /** Every setting, defaults filled in. */
  readonly settings: Readonly<Record<string, unknown>>;
  /**
   * Learns from `train`, which is not changed.
   * @throws Error naming the column or setting that does not fit, its value and what to do; FitInterrupted where it was stopped
   */
  fit(train: Table, options: FitOptions): Promise<Model>;
}

/** What `fit` has learnt. */
export interface TabularModel {
  /** The estimator's name. */
  readonly name: string;
  readonly task: Task;
  /** The columns it reads, by name, in the order it learnt them. A table to predict on may have others too. */
  readonly features: readonly Feature[];
  /** Learnt numbers: weights of a network or a linear model; of trees a threshold each split and a value each leaf. */
  readonly parameters: number;
  /** Regression: the values, in the target's unit. Classification: each row's most probable class, as its index in `task.classes`. */
  predict(table: Table): Promise<Float64Array>;
  /**
   * The probability of each class: one array a class, in the order of `task.classes`, each with a number a row.
   * @throws Error for a regression
   */
  predictProbabilities(table: Table): Promise<Float64Array[]>;
  /** What each feature contributed to each row's prediction. */
  explain(table: Table, options?: ExplainOptions): Promise<Explanation>;
  /** Everything it takes to predict, as JSON. `kind` says which function reads it back. */
  toJSON(): ModelJson;
  /** Writes one file, whole or not at all; folders are made. `loadTabularModel` reads it. */
  save(path: string): Promise<void>;
  /** Frees what the garbage collector does not see. The model cannot be used afterwards. A second call does nothing. */
  dispose(): void;
}

export interface ExplainOptions {
  /** The class whose score is explained. Default: the second of two; of more it must be named. */
  readonly class?: string;
  /** Where contributions are estimated by sampling: which rows stand for "not knowing a feature". Default: some training rows. */
  readonly background?: Table;
  /** Seed of sampling, where there is any. Default 42. */
  readonly seed?: number;
}

/**
 * Additive contributions (Shapley values, or what is equal to them for a linear model): for each row
 * `base + sum over features of contributions[feature][row]` is the model's raw output.
 */
export interface Explanation {
  readonly features: readonly string[];
  /** One array a feature, each with a number a row. */
  readonly contributions: readonly Float64Array[];
  /** The output when nothing is known about a row: the mean over the training or background rows. */
  readonly base: number;
  /** What the raw output is: 'log-odds', 'probability', or the target's name in its own unit. */
  readonly unit: string;
  /** How it was computed, such as 'tree SHAP' or 'sampled Shapley values'. */
  readonly method: string;
  /** The class explained, for classification. */
  readonly class?: string;
}

/** A saved model. Models add fields of their own. */
export interface ModelJson {
  /** Which kind of model: a key of the table in model-file.ts. */
  readonly kind: string;
  readonly name: string;
  readonly task: Task;
  readonly features: readonly Feature[];
  readonly [field: string]: unknown;
}

/** Reads a model back; `load` reads models inside it, for pipelines and ensembles. Throws Error where the file is not one of these. */
export type ModelReader = (json: ModelJson, load: (json: ModelJson) => Promise<TabularModel>) => Promise<TabularModel>;

/** A stopped fit. `model` holds what was learnt by then, to use or to give as `startFrom`; undefined where it is nothing yet. */
export class FitInterrupted extends InterruptedError {
  readonly model: TabularModel | undefined;

  constructor(message: string, model?: TabularModel) {
    super(message);
    this.model = model;
  }
}
