// Layer normalisation under its weights' names.
import { layerNorm, type tf } from '../engine/index.js';
import { type Params, param } from './pass.js';

/** Normalises each row of x [rows, features] by `${name}.weight` and `${name}.bias`, both [features]. */
export const norm = (params: Params, name: string, x: tf.Tensor, epsilon: number): tf.Tensor =>
  layerNorm(x, param(params, `${name}.weight`), param(params, `${name}.bias`), epsilon);
