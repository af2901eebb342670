// Batch norm over whole and ghost batches against PyTorch's (test/python/make_tabnet.py), to 1e-5.
import { describe, expect, it } from 'vitest';
import { compile, tf, valueAndGradients } from '../../src/engine/index.js';
import { batchNorm, ghostBatches } from '../../src/nn/batch-norm.js';
import { largestError, references } from '../references.js';

const expected = await references('tabular/tabnet.safetensors');
const layer = ['weight', 'bias', 'running_mean', 'running_var'];

describe('batchNorm', () => {
  it.each([
    [300, 128],
    [40, 16],
    [20, 64],
  ])('%d rows in virtual batches of %d are normalised as in PyTorch', async (rows, virtualBatchSize) => {
    const of = (what: string) => expected.get(`norm.${rows}.${virtualBatchSize}.${what}`);
    const options = { momentum: 0.1, virtualBatchSize };
    const params = Object.fromEntries(layer.map((name) => [`norm.${name}`, of(`before.${name}`)]));
    const inputs = { params, x: of('x'), upstream: of('upstream') };

    const train = compile(
      ({ params, x, upstream }: { params: Record<string, tf.Tensor>; x: tf.Tensor; upstream: tf.Tensor }) =>
        valueAndGradients(
          ({ x, weight, bias }) => {
            const statistics = new Map<string, tf.Tensor>();
            const all = { ...params, 'norm.weight': weight, 'norm.bias': bias };
            const y = batchNorm(all, 'norm', x, options, { statistics });
            return { value: tf.sum(tf.mul(y, upstream)), y, moved: Object.fromEntries(statistics) };
          },
          { x, weight: params['norm.weight'] as tf.Tensor, bias: params['norm.bias'] as tf.Tensor },
        ),
    );
    const { y, gradients, moved } = await train(inputs);
    await train.dispose();
    expect(largestError(y, of('y'))).toBeLessThan(1e-5);
    expect(largestError(gradients.x, of('gradient.x'))).toBeLessThan(1e-5);
    expect(largestError(gradients.weight, of('gradient.weight'))).toBeLessThan(3e-5);
    expect(largestError(gradients.bias, of('gradient.bias'))).toBeLessThan(3e-5);
    for (const name of ['running_mean', 'running_var'])
      expect(largestError((moved as never)[`norm.${name}`], of(`after.${name}`)), name).toBeLessThan(1e-6);

    const evaluate = compile(({ params, x }: { params: Record<string, tf.Tensor>; x: tf.Tensor }) =>
      batchNorm(params, 'norm', x, options, {}),
    );
    expect(largestError(await evaluate({ params, x: of('x') }), of('eval'))).toBeLessThan(1e-5);
    await evaluate.dispose();
  });

  it('shares rows out as torch.chunk does', () => {
    expect(ghostBatches(1024, 128)).toEqual([{ count: 8, rows: 128 }]);
    expect(ghostBatches(40, 16)).toEqual([
      { count: 2, rows: 14 },
      { count: 1, rows: 12 },
    ]);
    expect(ghostBatches(50)).toEqual([{ count: 1, rows: 50 }]);
  });
});
