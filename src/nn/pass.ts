// What every layer is given: weights by name, and what a forward pass may need besides weights and inputs.
import type { DropoutSource, tf } from '../engine/index.js';

/** Weights as tensors, under the checkpoint's own names. */
export type Params = Readonly<Record<string, tf.Tensor>>;

/** A low-rank addition to a linear layer: y += (dropout(x) A^T B^T) * scale (LoRA, https://arxiv.org/abs/2106.09685). */
export interface Adapter {
  /** [rank, in] */
  readonly a: tf.Tensor;
  /** [out, rank] */
  readonly b: tf.Tensor;
  readonly scale: number;
  /** Rate of the dropout on x, in training only. */
  readonly dropout: number;
}

/** Options of one forward pass. An empty one is plain inference. */
export interface Pass {
  /** Present while training: where dropout draws from. */
  readonly dropout?: DropoutSource;
  /** Adapters by the name of the linear layer they are added to. */
  readonly adapters?: ReadonlyMap<string, Adapter>;
  /** [virtual tokens, embedding size]: vectors put before every text's own (prompt tuning, https://arxiv.org/abs/2104.08691). */
  readonly prompt?: tf.Tensor;
  /** Present while training: where batch norms put their running statistics as they are after this batch, by name. */
  readonly statistics?: Map<string, tf.Tensor>;
}

/** The weight called `name`; throws where the checkpoint has none. */
export function param(params: Params, name: string): tf.Tensor {
  const tensor = params[name];
  if (tensor === undefined)
    throw new RangeError(`There is no weight "${name}" among the ${Object.keys(params).length} given.`);
  return tensor;
}

export const dropout = (x: tf.Tensor, rate: number, pass: Pass): tf.Tensor => pass.dropout?.drop(x, rate) ?? x;
