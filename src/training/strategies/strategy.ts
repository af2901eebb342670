// A way to fine-tune: which weights train, what is added to the model, and how what was trained goes back into it.
import type { Weights } from '../../engine/index.js';
import type { Params, Pass } from '../../nn/pass.js';
import type { TextClassifier } from '../../tasks/text-classification.js';

/** Where in a run we are. */
export interface Place {
  /** From 0. */
  readonly epoch: number;
  /** Epochs of the whole run. */
  readonly epochs: number;
}

export interface Strategy {
  readonly name: string;
  /** What shapes it besides its name: a run is resumed with the same ones only. */
  readonly settings?: Readonly<Record<string, unknown>>;
  /** Does this weight of the model train in this epoch? The others are read and never written. */
  trains(name: string, model: TextClassifier, at: Place): boolean;
  /** Weights that are put in before the first step: under names of their own, or in place of the model's. All of them train. */
  adds(model: TextClassifier, seed: number): Weights;
  /** How added weights take part in a forward pass; called while the step is traced. */
  pass(params: Params): Partial<Pass>;
  /** Hands trained values to the model. Called after whole steps only. */
  merge(model: TextClassifier, trained: Weights): void;
}

/** Copies trained values into the model's own arrays. */
export function copyInto(model: TextClassifier, trained: Weights): void {
  for (const [name, { data }] of trained) model.weights.get(name)?.data.set(data);
}

/** What most strategies have in common: nothing is added, and trained values replace the old ones. */
export const plain: Pick<Strategy, 'adds' | 'pass' | 'merge'> = {
  adds: () => new Map(),
  pass: () => ({}),
  merge: copyInto,
};
