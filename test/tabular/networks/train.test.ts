// The training loop and the MLP: 20 steps as PyTorch takes them (test/python/make_mlp.py), early stopping, stopping, seeds.
import { describe, expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, tf, type Weights } from '../../../src/engine/index.js';
import { type MlpShape, mlpForward } from '../../../src/tabular/networks/mlp-network.js';
import { lossOf, type Objective } from '../../../src/tabular/networks/objective.js';
import { type BatchLoss, evenBatchSize, train } from '../../../src/tabular/networks/train.js';
import { largestError, references } from '../../references.js';

const expected = await references('tabular/mlp.safetensors');

function under(prefix: string): { weights: Weights; statistics: Weights } {
  const all = expected.names
    .filter((name) => name.startsWith(`${prefix}.`))
    .map((name) => [name.slice(prefix.length + 1), expected.get(name)] as const);
  const isStatistic = (name: string) => name.includes('running_');
  return {
    weights: new Map(all.filter(([name]) => !isStatistic(name))),
    statistics: new Map(all.filter(([name]) => isStatistic(name))),
  };
}

const objective = (kind: Objective['kind'], outputs: number): Objective => ({
  kind,
  outputs,
  quantiles: kind === 'quantiles' ? [0.05, 0.5, 0.95] : [],
  mean: 0,
  deviation: 1,
});
const cases = [
  ['classes', objective('classes', 3), 'classes', false],
  ['norm', objective('classes', 3), 'classes', true],
  ['mean', objective('mean', 1), 'values', false],
  ['quantiles', objective('quantiles', 3), 'values', true],
] as const;

describe('20 steps of an MLP equal those of PyTorch to 1e-4', () => {
  it.each(cases)('%s', async (name, objective, target, batchNorm) => {
    const tables = [
      [5, 3],
      [9, 5],
    ] as const;
    const { outputs } = objective;
    const shape: MlpShape = { numbers: 4, tables, hidden: [16, 8], outputs, batchNorm, dropout: 0, inputDropout: 0 };
    const lossOfBatch = lossOf(objective);
    const trained = await train({
      ...under(`${name}.start`),
      loss: (params, batch, pass) => lossOfBatch(mlpForward(shape, params, batch, pass), batch),
      rows: {
        numeric: expected.get('numeric'),
        codes: expected.get('codes'),
        y: expected.get(target),
        weight: expected.get('weights'),
      },
      settings: {
        epochs: 1,
        batchSize: 32,
        learningRate: 1e-2,
        weightDecay: 0.05,
        maxGradNorm: 0.5,
        shuffle: false,
        seed: 1,
      },
    });
    const end = under(`${name}.end`);
    expect(trained.epochs[0]?.loss).toBeCloseTo(expected.get(`${name}.loss`).data[0] as number, 4);
    for (const [weight, value] of [...trained.weights, ...trained.statistics])
      expect(
        largestError(value, {
          ...end.weights,
          data: (end.weights.get(weight) ?? (end.statistics.get(weight) as HostTensor)).data,
        }),
        weight,
      ).toBeLessThan(1e-4);

    const forward = compile(
      ({ params, numeric, codes }: { params: Record<string, tf.Tensor>; numeric: tf.Tensor; codes: tf.Tensor }) =>
        mlpForward(shape, params, { numeric, codes }, {}),
    );
    const first = (tensor: HostTensor) =>
      hostTensor(tensor.data.slice(0, 50 * (tensor.shape[1] as number)), tensor.shape.with(0, 50));
    const params = Object.fromEntries([...trained.weights, ...trained.statistics]);
    const answer = await forward({
      params,
      numeric: first(expected.get('numeric')),
      codes: first(expected.get('codes')),
    });
    expect(largestError(answer, expected.get(`${name}.outputs`))).toBeLessThan(2e-4);
    await forward.dispose();
  });
});

/** A line through points: y = 2 x. */
const slope = { weights: new Map([['slope', hostTensor(Float32Array.of(0), [1])]]) };
const line: BatchLoss = (params, { x, y }) =>
  tf.mean(tf.square(tf.sub(tf.mul(x as tf.Tensor, params.slope as tf.Tensor), y as tf.Tensor)));
const points = (rows: number, factor = 2) => {
  const x = Float32Array.from({ length: rows }, (_, i) => (i % 7) - 3);
  return {
    x: hostTensor(x, [rows]),
    y: hostTensor(
      x.map((value) => factor * value),
      [rows],
    ),
  };
};
const settings = { epochs: 30, batchSize: 10, learningRate: 0.1, seed: 3 };
const at = ({ weights }: { weights: Weights }) => weights.get('slope')?.data[0] as number;

describe('train', () => {
  it('learns, tells after each epoch, and leaves the weights it began with', async () => {
    const told: number[] = [];
    const trained = await train({
      ...slope,
      loss: line,
      rows: points(45),
      settings,
      onProgress: ({ done }) => told.push(done),
    });
    expect(at(trained)).toBeCloseTo(2, 2);
    expect(told).toEqual(Array.from({ length: 30 }, (_, i) => i + 1));
    expect(at(slope)).toBe(0);
  });

  it('keeps the best epoch and stops when none is better for a while', async () => {
    // What is validated wants a slope of 1: on the way to 2 the loss falls and rises again.
    const patient = { ...settings, earlyStoppingPatience: 3 };
    const trained = await train({
      ...slope,
      loss: line,
      rows: points(45),
      validation: points(20, 1),
      settings: patient,
    });
    expect(trained.bestEpoch).toBe(trained.epochs.length - 4);
    expect(Math.abs(at(trained) - 1)).toBeLessThan(0.3);
    const losses = trained.epochs.map(({ validationLoss }) => validationLoss as number);
    expect(losses[trained.bestEpoch]).toBe(Math.min(...losses));
  });

  it('is the same for the same seed', async () => {
    const with_ = async (seed: number) =>
      at(await train({ ...slope, loss: line, rows: points(45), settings: { ...settings, epochs: 2, seed } }));
    expect(await with_(3)).toBe(await with_(3));
    expect(await with_(3)).not.toBe(await with_(4));
  });

  it('stops where it is told to, with what it has learnt', async () => {
    const stop = new AbortController();
    const trained = await train({
      ...slope,
      loss: line,
      rows: points(45),
      settings,
      signal: stop.signal,
      onProgress: ({ done }) => done === 2 && stop.abort(),
    });
    expect(trained.interrupted).toBe(true);
    expect(trained.epochs).toHaveLength(2);
    expect(at(trained)).toBeGreaterThan(0);
  });

  it('says where the loss is no number', async () => {
    const rows = points(45);
    rows.y.data[7] = Number.NaN;
    await expect(train({ ...slope, loss: line, rows, settings })).rejects.toThrow('The loss in epoch 1 is NaN');
  });

  it('shares rows out evenly', () => {
    expect(evenBatchSize(22_792, 256)).toBe(253);
    expect(evenBatchSize(22_792, 1024, 128)).toBe(896);
    expect(evenBatchSize(100, 256)).toBe(100);
    expect(evenBatchSize(300, 1024, 128)).toBe(256);
  });
});
