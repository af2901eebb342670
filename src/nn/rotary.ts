// Rotary position embeddings (Su et al. 2021, https://arxiv.org/abs/2104.09864): queries and keys are turned by angles that grow with
// their positions, so that their products depend on the distance of two tokens and not on where they stand.
//
//   const positions = positionsUpTo(length, 8192);
//   const turned = rotate(q, angles(positions, 64, 10_000), { batch, length, heads });
import { tf } from '../engine/index.js';
import type { AttentionShape } from './attention.js';

/** float32 [length]: 0, 1, 2, ... Cut from one table, so that a graph for any length up to `maxLength` holds the same numbers. */
export const positionsUpTo = (length: number, maxLength: number): tf.Tensor1D =>
  tf.slice(tf.range(0, maxLength, 1, 'float32'), [0], [length]);

/** Both [length, 1, size / 2]: one angle for each position and pair of features. */
export interface Angles {
  readonly cos: tf.Tensor;
  readonly sin: tf.Tensor;
}

/**
 * The angle of pair i at position p is p / theta^(2i / size).
 * @param positions [length]
 * @param size features of a head, an even number
 * @param theta the base: the larger, the slower far pairs turn
 */
export function angles(positions: tf.Tensor1D, size: number, theta: number): Angles {
  // Rounded where PyTorch rounds.
  const frequencies = Float32Array.from(
    { length: size / 2 },
    (_, i) => 1 / Math.fround(theta ** Math.fround((2 * i) / size)),
  );
  const all = tf.mul(tf.reshape(positions, [positions.size, 1, 1]), tf.tensor(frequencies, [1, 1, size / 2]));
  return { cos: tf.cos(all), sin: tf.sin(all) };
}

/**
 * Turns each head's features i and i + size / 2 together.
 * @param x [batch * length, heads * size]
 * @returns the same shape
 */
export function rotate(x: tf.Tensor, { cos, sin }: Angles, { batch, length, heads }: AttentionShape): tf.Tensor {
  const width = x.shape[1] as number;
  const half = width / heads / 2;
  const split = tf.reshape(x, [batch, length, heads, 2 * half]);
  const [a, b] = tf.split(split, 2, 3) as [tf.Tensor, tf.Tensor];
  const turned = [tf.sub(tf.mul(a, cos), tf.mul(b, sin)), tf.add(tf.mul(b, cos), tf.mul(a, sin))];
  return tf.reshape(tf.concat(turned, 3), [batch * length, width]);
}
