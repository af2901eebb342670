// One training step: a compiled function from weights and a batch to the loss, the logits and the gradients.
import {
  type Compiled,
  compile,
  DropoutSource,
  type HostTensor,
  hostTensor,
  type tf,
  valueAndGradients,
  type Weights,
} from '../engine/index.js';
import type { EncoderInputs } from '../nn/embeddings.js';
import type { Params } from '../nn/pass.js';
import type { TextBatch } from '../tasks/batching.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import type { Place, Strategy } from './strategies/strategy.js';

/** What a step reads. */
export interface StepInputs {
  readonly trained: Record<string, tf.Tensor>;
  readonly frozen: Params;
  readonly batch: {
    readonly inputs: EncoderInputs;
    readonly labels: tf.Tensor;
    readonly rowWeights: tf.Tensor;
  };
  readonly seed: tf.Tensor;
}

/** What a step returns. */
export interface StepOutputs {
  /** The loss, a scalar. */
  readonly value: tf.Tensor;
  /** [batch, labels] */
  readonly logits: tf.Tensor;
  /** One for each trained weight, under its name and of its shape. */
  readonly gradients: Record<string, tf.Tensor>;
}

/** Compiles forward and backward pass of a model under a strategy. Frozen weights are read; no gradient is made for them. */
export const compileStep = (model: TextClassifier, strategy: Strategy): Compiled<StepInputs, StepOutputs> =>
  compile(stepOf(model, strategy));

/** The function that `compileStep` compiles. */
export const stepOf =
  (model: TextClassifier, strategy: Strategy) =>
  ({ trained, frozen, batch, seed }: StepInputs): StepOutputs =>
    valueAndGradients((weights) => {
      const params = { ...frozen, ...weights };
      const pass = { dropout: new DropoutSource(seed), ...strategy.pass(params) };
      return model.loss(params, batch, pass);
    }, trained);

/** The weights a strategy trains in the first epoch, with what it adds, and those it leaves alone. */
export const divideWeights = (model: TextClassifier, strategy: Strategy, seed: number) =>
  divideAt(model, strategy, strategy.adds(model, seed), { epoch: 0, epochs: 1 });

/** The same for any epoch. @param added what `strategy.adds(model, seed)` gave, or what has become of it */
export function divideAt(
  model: TextClassifier,
  strategy: Strategy,
  added: Weights,
  at: Place,
): { trained: Weights; frozen: Weights } {
  const own = [...model.weights].filter(([name]) => !added.has(name));
  const trained: Weights = new Map([...own.filter(([name]) => strategy.trains(name, model, at)), ...added]);
  const frozen: Weights = new Map(own.filter(([name]) => !trained.has(name)));
  return { trained, frozen };
}

/** What a step takes of a batch. */
export const batchTensors = ({ inputs, labels, rowWeights }: TextBatch) => ({ inputs, labels, rowWeights });

/** An int32 scalar for `DropoutSource`. */
export const seedTensor = (seed: number): HostTensor => hostTensor(Int32Array.of(seed | 0), []);
