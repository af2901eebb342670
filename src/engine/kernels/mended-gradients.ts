// Gradients that TensorFlow.js 4.22 gets wrong, put right: for eager code too, since there is one table of gradients.
// test/engine/kernels checks each against finite differences.

import * as tf from '../tf.js';
import { type GradConfig, registerGradient, type Tensor, util } from '../tf.js';

type Pull = (dy: Tensor, a: Tensor, b: Tensor) => Tensor;

/** Sums what broadcasting spread out, which TensorFlow.js forgets for the kernels below. */
function unbroadcast(gradient: Tensor, shape: readonly number[]): Tensor {
  const spread = gradient.shape.length - shape.length;
  const axes = gradient.shape.flatMap((_, axis) => (shape[axis - spread] === gradient.shape[axis] ? [] : [axis]));
  return tf.reshape(axes.length > 0 ? tf.sum(gradient, axes) : gradient, [...shape]);
}

function binary(kernelName: string, pullA: Pull, pullB: Pull): void {
  const gradFunc: GradConfig['gradFunc'] = (pulled, saved) => {
    const [dy, a, b] = [pulled, ...saved] as [Tensor, Tensor, Tensor];
    return { a: () => unbroadcast(pullA(dy, a, b), a.shape), b: () => unbroadcast(pullB(dy, a, b), b.shape) };
  };
  registerGradient({ kernelName, inputsToSave: ['a', 'b'], gradFunc });
}

const where = (dy: Tensor, condition: Tensor): Tensor => tf.mul(dy, tf.cast(condition, 'float32'));

// Where both are equal, the first takes the whole gradient.
binary(
  'Maximum',
  (dy, a, b) => where(dy, tf.greaterEqual(a, b)),
  (dy, a, b) => where(dy, tf.less(a, b)),
);
binary(
  'Minimum',
  (dy, a, b) => where(dy, tf.lessEqual(a, b)),
  (dy, a, b) => where(dy, tf.greater(a, b)),
);
binary(
  'SquaredDifference',
  (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(a, b))),
  (dy, a, b) => tf.mul(dy, tf.mul(2, tf.sub(b, a))),
);

// TensorFlow.js transposes the result once more than it should where the axis is not the last.
registerGradient({
  kernelName: 'Cumsum',
  gradFunc: (dy, _, attributes) => {
    const { axis, exclusive, reverse } = attributes as unknown as {
      axis: number;
      exclusive: boolean;
      reverse: boolean;
    };
    return { x: () => tf.cumsum(dy as Tensor, axis, exclusive, !reverse) };
  },
});

/** Registers a gradient made from the one TensorFlow.js has. */
function mend(kernelName: string, mended: (original: GradConfig['gradFunc']) => GradConfig['gradFunc']): void {
  const original = tf.getGradient(kernelName);
  registerGradient({ ...original, gradFunc: mended(original.gradFunc) });
}

// The batch of one operand may be spread over that of the other.
mend('BatchMatMul', (original) => (dy, saved, attributes) => {
  const [a, b] = saved as [Tensor, Tensor];
  const gradients = original(dy, saved, attributes) as { a: () => Tensor; b: () => Tensor };
  return { a: () => unbroadcast(gradients.a(), a.shape), b: () => unbroadcast(gradients.b(), b.shape) };
});

// Negative axes are not understood.
mend('Prod', (original) => (dy, saved, attributes) => {
  const { axis } = attributes as { axis: number[] };
  return original(dy, saved, { ...attributes, axis: util.parseAxisParam(axis, (saved[0] as Tensor).shape) });
});

// Split into one, the gradient comes as a tensor and not as a list of one.
for (const kernelName of ['SplitV', 'Unpack'])
  mend(kernelName, (original) => (dy, saved, attributes) => original([dy].flat(), saved, attributes));
