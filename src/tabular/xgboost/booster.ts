// XGBoost's model, a Booster: parameters, rounds of training, predictions, and its file.
//
//   const booster = new Booster('xgboost().fit', [train, validation]);
//   booster.set([['objective', 'binary:logistic'], ['max_depth', '4']]);
//   for (let round = 0; round < 100; round++) booster.update(round, train);

import type { Feature } from '../features.js';
import { type DMatrix, Held, typeOf } from './dmatrix.js';
import { type Argument, type FunctionName, library } from './library.js';

/** What to predict. */
export type PredictionType = keyof typeof predictionTypes;
const predictionTypes = { value: 0, margin: 1, contributions: 2, interactions: 4, leaf: 6 } as const;

export interface Prediction {
  readonly values: Float32Array;
  /** Rows first. */
  readonly shape: readonly number[];
}

/** Frees the boosters whose owner forgot to. */
const forgotten = new FinalizationRegistry<bigint>((handle) => library().call('Booster', 'XGBoosterFree', handle));

export class Booster {
  readonly #handle: bigint;
  readonly #who: string;
  #alive = true;

  /** @param matrices those that will be trained and evaluated on: XGBoost keeps their predictions while it trains */
  constructor(who: string, matrices: readonly DMatrix[] = []) {
    this.#who = who;
    const out = new BigUint64Array(1);
    library().call(who, 'XGBoosterCreate', handlesOf(matrices), matrices.length, out);
    this.#handle = out[0] as bigint;
    forgotten.register(this, this.#handle, this);
  }

  /** A booster from a model file's bytes, JSON or UBJSON. */
  static fromBytes(who: string, bytes: Uint8Array, matrices: readonly DMatrix[] = []): Booster {
    const booster = new Booster(who, matrices);
    try {
      library().call(who, 'XGBoosterLoadModelFromBuffer', booster.#handle, bytes, bytes.length);
      return booster;
    } catch (error) {
      booster.dispose();
      throw error;
    }
  }

  /** Sets parameters by XGBoost's names. A wrong value is refused at the first round. */
  set(parameters: Iterable<readonly [name: string, value: string]>): void {
    for (const [name, value] of parameters) this.#call('XGBoosterSetParam', name, value);
  }

  /** One round. */
  update(round: number, train: DMatrix): void {
    this.#call('XGBoosterUpdateOneIter', round, train.handle);
  }

  /** One round with gradients given, each of `shape` (rows, outputs), by row. */
  boost(round: number, train: DMatrix, gradient: Float32Array, hessian: Float32Array, shape: readonly number[]): void {
    const held = new Held(library());
    const [first, second] = [gradient, hessian].map((values) => JSON.stringify(held.interface(values, shape)));
    this.#call('XGBoosterTrainOneIter', train.handle, round, first as string, second as string);
    held.release();
  }

  /** The metrics on each matrix: 'train-logloss' and so on, in XGBoost's order. */
  evaluate(round: number, matrices: Readonly<Record<string, DMatrix>>): [string, number][] {
    const names = Object.keys(matrices);
    const out = new BigUint64Array(1);
    this.#call('XGBoosterEvalOneIter', round, handlesOf(Object.values(matrices)), names, names.length, out);
    const line = library().text(out[0] as bigint, -1);
    // [0]	train-logloss:0.5231	validation-logloss:0.5342
    return line
      .split('\t')
      .slice(1)
      .map((part) => {
        const colon = part.lastIndexOf(':');
        return [
          part.slice(0, colon),
          Number(
            part
              .slice(colon + 1)
              .replace('nan', 'NaN')
              .replace('inf', 'Infinity'),
          ),
        ];
      });
  }

  /** @param rounds how many of the first ones are used; 0 for all */
  predict(matrix: DMatrix, type: PredictionType, { rounds = 0, training = false } = {}): Prediction {
    const config = {
      type: predictionTypes[type],
      training,
      iteration_begin: 0,
      iteration_end: rounds,
      strict_shape: true,
    };
    const [shape, dimensions, out] = [new BigUint64Array(1), new BigUint64Array(1), new BigUint64Array(1)];
    this.#call('XGBoosterPredictFromDMatrix', matrix.handle, JSON.stringify(config), shape, dimensions, out);
    const sizes = library().counts(shape[0] as bigint, Number(dimensions[0]));
    const length = sizes.reduce((product, size) => product * size, 1);
    return { values: library().floats(out[0] as bigint, length), shape: sizes };
  }

  /** The model as XGBoost's JSON file holds it. */
  toText(): string {
    const [length, out] = [new BigUint64Array(1), new BigUint64Array(1)];
    this.#call('XGBoosterSaveModelToBuffer', '{"format": "json"}', length, out);
    return library().text(out[0] as bigint, Number(length[0]));
  }

  /** Keeps a text in the model's file, or takes it out (null). */
  setAttribute(name: string, value: string | null): void {
    this.#call('XGBoosterSetAttr', name, value);
  }

  /** What the columns are called, and which are categorical. */
  setFeatures(features: readonly Feature[]): void {
    const [names, types] = [features.map(({ name }) => name), features.map(typeOf)];
    this.#call('XGBoosterSetStrFeatureInfo', 'feature_name', names, names.length);
    this.#call('XGBoosterSetStrFeatureInfo', 'feature_type', types, types.length);
  }

  /** Importance of the features that occur in a tree, by name. `type` in XGBoost's words, such as 'total_gain'. */
  featureScores(type: string): Map<string, number> {
    const outs = Array.from({ length: 5 }, () => new BigUint64Array(1));
    this.#call('XGBoosterFeatureScore', JSON.stringify({ importance_type: type, feature_map: '' }), ...outs);
    const [count = 0n, names = 0n, , , scores = 0n] = outs.map(([value]) => value as bigint);
    const values = library().floats(scores, Number(count));
    return new Map(
      library()
        .texts(names, Number(count))
        .map((name, i) => [name, values[i] as number]),
    );
  }

  /** Gives back what only training needs. The matrices may be freed afterwards. */
  endTraining(): void {
    this.#call('XGBoosterReset');
  }

  dispose(): void {
    if (!this.#alive) return;
    this.#alive = false;
    forgotten.unregister(this);
    library().call(this.#who, 'XGBoosterFree', this.#handle);
  }

  #call(name: FunctionName, ...args: readonly Argument[]): void {
    if (!this.#alive) throw new Error('This XGBoost model was disposed of: it cannot be used any more.');
    library().call(this.#who, name, this.#handle, ...args);
  }
}

const handlesOf = (matrices: readonly DMatrix[]): BigUint64Array =>
  BigUint64Array.from(matrices, ({ handle }) => handle);
