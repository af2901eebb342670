// Class weights: rare labels made to count, as torch.nn.CrossEntropyLoss(weight=...) does it.
import { describe, expect, it } from 'vitest';
import { compile, hostTensor, type tf } from '../../src/engine/index.js';
import { crossEntropy } from '../../src/nn/cross-entropy.js';
import { labelWeights, weighBatch } from '../../src/training/class-weights.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { rows, snapshot, tinyBert } from './tiny.js';

const labels = ['a', 'b', 'c'];
const labelled = (...all: number[]) => all.map((label) => ({ label }));

describe('labelWeights', () => {
  it("balances as scikit-learn's compute_class_weight('balanced')", () => {
    // compute_class_weight('balanced', classes=[0, 1, 2], y=[0, 0, 0, 0, 1, 1, 2, 2]) -> [0.6667, 1.3333, 1.3333]
    expect(labelWeights('balanced', labelled(0, 0, 0, 0, 1, 1, 2, 2), labels)).toEqual([8 / 12, 8 / 6, 8 / 6]);
    expect(labelWeights('balanced', labelled(0, 1), labels)).toEqual([2 / 3, 2 / 3, 0]);
  });

  it.each([
    [[1, 2], "classWeights is 'balanced' or one number for each of the 3 labels (a, b, c); got [1,2]."],
    [[1, 0, 1], 'The class weight of b is a number above 0; got 0.'],
    [[1, 1, Number.NaN], 'The class weight of c is a number above 0; got NaN.'],
  ])('refuses %j', (given, message) => {
    expect(() => labelWeights(given, labelled(0), labels)).toThrow(message);
  });
});

it("weighs the loss as PyTorch's CrossEntropyLoss(weight)", async () => {
  // torch.nn.functional.cross_entropy(logits, torch.tensor([0, 2, 1]), weight=torch.tensor([1., 2., 5.])) -> 1.59293389
  const model = await tinyBert();
  const [batch] = model.batches(
    rows(3).map((row, i) => ({ ...row, label: [0, 2, 1][i] as number })),
    { batchSize: 4, groupByLength: false },
  );
  const weighed = weighBatch(batch!, [1, 2, 5]);
  expect([...weighed.rowWeights.data]).toEqual([1, 5, 2, 0]);
  const loss = compile((given: { logits: tf.Tensor; labels: tf.Tensor; rowWeights: tf.Tensor }) =>
    crossEntropy(given.logits, given.labels, given.rowWeights),
  );
  const logits = hostTensor(Float32Array.of(1, 2, 3, 0.5, -1, 0, 2, 0, 1, 9, 9, 9), [4, 3]);
  const value = await loss({ logits, labels: weighed.labels, rowWeights: weighed.rowWeights });
  await loss.dispose();
  expect(value.data[0]).toBeCloseTo(1.5929338932, 6);
});

describe('fineTune', () => {
  const rare = [...rows(21).filter(({ label }) => label !== 2), ...rows(9).filter(({ label }) => label === 2)];
  const train = async (options: object) => {
    const model = await tinyBert();
    await fineTune(model, { train: rare }, { epochs: 1, batchSize: 4, ...options });
    return snapshot(model);
  };

  it('trains with them, and equal ones change nothing', async () => {
    const plain = await train({});
    expect(await train({ classWeights: [1, 1, 1] })).toEqual(plain);
    expect(await train({ classWeights: 'balanced' })).not.toEqual(plain);
    await expect(train({ classWeights: [1] })).rejects.toThrow('one number for each of the 3 labels');
  });
});
