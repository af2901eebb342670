// Layer normalisation: the fused operator and its gradient against plain operations on the cpu backend, and differences.
import { describe, expect, it } from 'vitest';
import { compile, layerNorm, tf } from '../../../src/engine/index.js';
import { type Case, eagerly, expectParity, toTensor } from '../parity.js';
import { floats, values } from '../values.js';

/** The definition, in operations that TensorFlow.js differentiates itself. */
const plain = (x: tf.Tensor, weight: tf.Tensor, bias: tf.Tensor, epsilon: number): tf.Tensor => {
  const centred = tf.sub(x, tf.mean(x, -1, true));
  const deviation = tf.sqrt(tf.add(tf.mean(tf.square(centred), -1, true), epsilon));
  return tf.add(tf.mul(tf.div(centred, deviation), weight), bias);
};

const inputsOf = (rows: number, features: number) => [
  floats([rows, features]),
  floats([features], 0.5, 1.5, 5),
  floats([features], -1, 1, 6),
];

describe('layerNorm', () => {
  it.each([
    [1, 2],
    [3, 5],
    [7, 32],
    [4, 1],
  ])(
    'of [%i, %i]: compiled, eager, by definition and by differences, values and gradients agree',
    async (rows, features) => {
      const inputs = inputsOf(rows, features);
      for (const epsilon of [1e-5, 1e-12]) {
        const fused = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => layerNorm(x, w, b, epsilon);
        const byDefinition = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => plain(x, w, b, epsilon);
        // A row of one feature has variance 0: 1e-12 makes its gradient a difference of huge numbers.
        const smooth = features > 2;
        if (features === 1 && epsilon < 1e-6) continue;
        await expectParity({ title: '', f: fused as Case['f'], inputs, smooth, tolerance: 2e-5 });
        const expected = eagerly(() => gradientsOf(byDefinition, inputs));
        const actual = eagerly(() => gradientsOf(fused, inputs));
        actual.forEach(({ data }, i) => {
          data.forEach((value, at) => {
            const right = expected[i]!.data[at] as number;
            expect(Math.abs(value - right)).toBeLessThan(2e-5 * Math.max(1, Math.abs(right)));
          });
        });
      }
    },
  );

  it('gives rows of mean 0 and variance 1, scaled and shifted', async () => {
    const f = compile(({ x }: { x: tf.Tensor }) => layerNorm(x, tf.fill([64], 3), tf.fill([64], 10), 1e-12));
    const { data } = await f({ x: floats([2, 64], 1000, 1001) });
    await f.dispose();
    for (const row of [data.subarray(0, 64), data.subarray(64)]) {
      const mean = [...row].reduce((a, b) => a + b) / 64;
      expect(mean).toBeCloseTo(10, 2);
      expect(Math.sqrt([...row].reduce((a, b) => a + (b - mean) ** 2, 0) / 64)).toBeCloseTo(3, 2);
    }
  });

  it('of a constant row is the bias, with gradients that are numbers', async () => {
    const inputs = [values([5, 5, 5, 5], [1, 4]), values([1, 2, 3, 4]), values([0.1, 0.2, 0.3, 0.4])];
    const f = (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => layerNorm(x, w, b, 1e-12);
    const [y] = eagerly(() => [f(...(inputs.map(toTensor) as [tf.Tensor, tf.Tensor, tf.Tensor]))]);
    expect([...y!.data]).toEqual([...Float32Array.of(0.1, 0.2, 0.3, 0.4)]);
    await expectParity({ title: '', f: f as Case['f'], inputs, gradient: false });
  });

  it('refuses anything but rows', () => {
    const x = tf.zeros([2, 3, 4]);
    expect(() => layerNorm(x, tf.ones([4]), tf.zeros([4]), 1e-12)).toThrow(
      'layerNorm takes x as [rows, features]; got shape [2,3,4]. Reshape it before.',
    );
  });
});

/** Gradients of the sum of f, each element weighted. */
function gradientsOf(f: (x: tf.Tensor, w: tf.Tensor, b: tf.Tensor) => tf.Tensor, inputs: ReturnType<typeof inputsOf>) {
  const tensors = inputs.map(toTensor) as [tf.Tensor, tf.Tensor, tf.Tensor];
  const weighted = () => {
    const y = f(...tensors);
    return tf.sum(tf.mul(y, toTensor(floats(y.shape, -1, 1, 9)))) as tf.Scalar;
  };
  return tf.engine().gradients(weighted, tensors, undefined, true).grads;
}
