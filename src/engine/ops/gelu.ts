// GELU (Hendrycks, Gimpel 2016, https://arxiv.org/abs/1606.08415), the exact form with erf, with its gradient.
//
//   y = x * P(X <= x),  X ~ N(0, 1)         dy/dx = P(X <= x) + x * density(x)
import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../tf.js';
import { kernel } from '../trace.js';

const operator = 'Gelu';

kernel(operator, ({ x }, _, trace) => trace.emit(operator, [x as TensorInfo], x as TensorInfo));

/** P(X <= x) for a standard normal X. */
const cumulative = (x: tf.Tensor): tf.Tensor => tf.add(tf.mul(tf.erf(tf.mul(x, Math.SQRT1_2)), 0.5), 0.5);

tf.registerEagerKernel(operator, ({ inputs }) => tf.mul(inputs.x as tf.Tensor, cumulative(inputs.x as tf.Tensor)));

/** Element-wise GELU of a float32 tensor of any shape. */
export function gelu(x: tf.Tensor): tf.Tensor {
  // One operator is the fastest way forward; but where a gradient follows, both directions share the probability.
  if (tf.engine().state.gradientDepth === 0) return tf.engine().runKernel(operator, { x }) as tf.Tensor;
  return tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, save] = args as [tf.Tensor, tf.GradSaveFunc];
    const probability = cumulative(input);
    save([input, probability]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor => {
      const [x0, p] = saved as [tf.Tensor, tf.Tensor];
      const density = tf.mul(tf.exp(tf.mul(tf.square(x0), -0.5)), 1 / Math.sqrt(2 * Math.PI));
      return tf.mul(dy, tf.add(p, tf.mul(x0, density)));
    };
    return { value: tf.mul(input, probability), gradFunc: gradFunc as never };
  })(x);
}
