// Layer normalisation (Ba, Kiros, Hinton 2016, https://arxiv.org/abs/1607.06450) as one operator, with its gradient.
//
//   y = (x - mean(x)) / sqrt(var(x) + epsilon) * weight + bias      over the last axis of x [rows, features]
import type { TensorInfo } from '@tensorflow/tfjs-core';
import * as tf from '../tf.js';
import { kernel } from '../trace.js';

const operator = 'LayerNormalization';

// ONNX's operator returns mean and inverse deviation beside the result; the gradient needs both.
kernel<{ epsilon: number }>(operator, ({ x, weight, bias }, { epsilon }, trace) => {
  const input = x as TensorInfo;
  const names = [input, weight as TensorInfo, bias as TensorInfo].map((tensor) => trace.nameOf(tensor));
  const outputs = trace.graph.nodes(operator, names, { axis: -1, epsilon: { float: epsilon } }, 3);
  const shapes = [input.shape, ...Array(2).fill(input.shape.with(-1, 1))] as number[][];
  return outputs.map((name, i) => trace.result(name, shapes[i] as number[], 'float32', operator));
});

// The same for eager code.
tf.registerEagerKernel(operator, ({ inputs, attrs }) => {
  const { x, weight, bias } = inputs as unknown as Record<'x' | 'weight' | 'bias', tf.Tensor>;
  const { mean, variance } = tf.moments(x, -1, true);
  const inverse = tf.rsqrt(tf.add(variance, (attrs as unknown as { epsilon: number }).epsilon));
  return [tf.add(tf.mul(tf.mul(tf.sub(x, mean), inverse), weight), bias), mean, inverse];
});

/**
 * Normalises each row.
 * @param x [rows, features]
 * @param weight [features], the scale
 * @param bias [features], the shift
 * @param epsilon added to the variance; BERT uses 1e-12
 * @returns [rows, features]
 */
export function layerNorm(x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor {
  if (x.rank !== 2)
    throw new RangeError(`layerNorm takes x as [rows, features]; got shape [${x.shape}]. Reshape it before.`);
  const normalise = tf.customGrad((...args: (tf.Tensor | tf.GradSaveFunc)[]) => {
    const [input, scale, shift, save] = args as [tf.Tensor, tf.Tensor, tf.Tensor, tf.GradSaveFunc];
    const outputs = tf.engine().runKernel(operator, { x: input, weight: scale, bias: shift }, { epsilon });
    const [value, mean, inverse] = outputs as unknown as [tf.Tensor, tf.Tensor, tf.Tensor];
    save([input, scale, mean, inverse]);
    const gradFunc = (dy: tf.Tensor, saved: tf.Tensor[]): tf.Tensor[] => {
      const [x0, w, m, r] = saved as [tf.Tensor, tf.Tensor, tf.Tensor, tf.Tensor];
      const normal = tf.mul(tf.sub(x0, m), r);
      const dyNormal = tf.mul(dy, normal);
      const g = tf.mul(dy, w);
      const along = tf.mul(normal, tf.mean(tf.mul(dyNormal, w), -1, true));
      const dx = tf.mul(tf.sub(tf.sub(g, tf.mean(g, -1, true)), along), r);
      return [dx, tf.sum(dyNormal, 0), tf.sum(dy, 0)];
    };
    return { value, gradFunc: gradFunc as never };
  });
  return normalise(x, weight, bias);
}
