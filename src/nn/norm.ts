// Layer normalisation under its weights' names.
import { layerNorm, tf } from '../engine/index.js';
import { type Params, param } from './pass.js';

/**
 * Normalises each row of x [rows, features] by `${name}.weight` and `${name}.bias`, both [features].
 * @param bias false for a norm made without one
 */
export function norm(params: Params, name: string, x: tf.Tensor, epsilon: number, bias = true): tf.Tensor {
  const weight = param(params, `${name}.weight`);
  return layerNorm(x, weight, bias ? param(params, `${name}.bias`) : tf.zerosLike(weight), epsilon);
}
