// The loss of classifiers, on numbers one can check by hand.
import { describe, expect, it } from 'vitest';
import { compile, hostTensor, type tf, valueAndGradients } from '../../src/engine/index.js';
import { crossEntropy } from '../../src/nn/cross-entropy.js';
import { values, wholes } from '../engine/values.js';
import { largestError } from '../references.js';

interface Inputs {
  readonly logits: tf.Tensor;
  readonly labels: tf.Tensor;
  readonly weights: tf.Tensor;
}

async function lossOf(logits: number[][], labels: number[], weights: number[]) {
  const step = compile(({ logits: x, labels: y, weights: w }: Inputs) =>
    valueAndGradients((params) => ({ value: crossEntropy(params.logits, y, w) }), { logits: x }),
  );
  const shape = [logits.length, logits[0]!.length];
  const result = await step({
    logits: hostTensor(Float32Array.from(logits.flat()), shape),
    labels: wholes(labels),
    weights: values(weights),
  });
  await step.dispose();
  return { loss: result.value.data[0] as number, gradient: result.gradients.logits };
}

describe('crossEntropy', () => {
  it('is the mean of -log(probability of the right label)', async () => {
    const thirds = [0, 0, 0];
    const [a, b] = [Math.log(0.7), Math.log(0.1)];
    const { loss } = await lossOf([thirds, [a, b, Math.log(0.2)]], [2, 0], [1, 1]);
    expect(loss).toBeCloseTo((Math.log(3) - Math.log(0.7)) / 2, 6);
  });

  it('has the gradient (probability - target) / rows', async () => {
    const { gradient } = await lossOf(
      [
        [0, 0],
        [0, 0],
      ],
      [0, 1],
      [1, 1],
    );
    expect(largestError(gradient, { data: [-0.25, 0.25, 0.25, -0.25] })).toBeLessThan(1e-6);
  });

  it('leaves rows of weight 0 out, of the gradient too', async () => {
    const alone = await lossOf([[1, 2, 0.5]], [1], [1]);
    const filled = await lossOf(
      [
        [1, 2, 0.5],
        [9, -9, 0],
      ],
      [1, 0],
      [1, 0],
    );
    expect(filled.loss).toBeCloseTo(alone.loss, 6);
    expect(largestError(filled.gradient, { data: [...alone.gradient.data, 0, 0, 0] })).toBeLessThan(1e-6);
  });

  it('is finite for logits of any size', async () => {
    const { loss, gradient } = await lossOf([[1e4, -1e4]], [1], [1]);
    expect(loss).toBeCloseTo(2e4, 0);
    expect([...gradient.data]).toEqual([1, -1]);
  });

  it('works for many labels', async () => {
    const { loss } = await lossOf([new Array<number>(150).fill(0.3)], [149], [1]);
    expect(loss).toBeCloseTo(Math.log(150), 5);
  });
});
