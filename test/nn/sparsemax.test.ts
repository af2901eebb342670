// Sparsemax against pytorch-tabnet's (test/python/make_tabnet.py): values and gradients to 1e-6, ties included.
import { describe, expect, it } from 'vitest';
import { compile, hostTensor, tf, valueAndGradients } from '../../src/engine/index.js';
import { sparsemax } from '../../src/nn/sparsemax.js';
import { largestError, references } from '../references.js';

const expected = await references('tabular/tabnet.safetensors');

const run = compile(({ z, upstream }: { z: tf.Tensor; upstream: tf.Tensor }) =>
  valueAndGradients(
    (params) => {
      const p = sparsemax(params.z);
      return { value: tf.sum(tf.mul(p, upstream)), p };
    },
    { z },
  ),
);

describe('sparsemax', () => {
  it.each(['narrow', 'ties', 'wide', 'wideTies'])('is that of PyTorch: %s', async (name) => {
    const of = (what: string) => expected.get(`sparsemax.${name}.${what}`);
    const { p, gradients } = await run({ z: of('z'), upstream: of('upstream') });
    expect(largestError(p, of('p'))).toBeLessThan(1e-6);
    expect(largestError(gradients.z, of('gradient'))).toBeLessThan(1e-6);
  });

  it('gives numbers that sum to 1, most of them exactly 0', async () => {
    const z = hostTensor(Float32Array.of(1, 0.8, -1, 0.2), [1, 4]);
    const { p } = await run({ z, upstream: z });
    for (const [i, value] of [0.6, 0.4, 0, 0].entries()) expect(p.data[i]).toBeCloseTo(value, 6);
    expect([p.data[2], p.data[3]]).toEqual([0, 0]);
  });

  it('refuses what is no matrix', () => {
    expect(() => sparsemax(tf.tensor1d([1, 2]))).toThrow('sparsemax takes z as [rows, width]; got shape [2]');
  });
});
