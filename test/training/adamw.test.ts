// AdamW with clipping, schedules and accumulation against torch.optim.AdamW (test/python/references/optimiser.py).
import { describe, expect, it } from 'vitest';
import { type HostTensor, hostTensor, type Weights } from '../../src/engine/index.js';
import { AdamW } from '../../src/training/adamw.js';
import { type ScheduleKind, schedule } from '../../src/training/schedule.js';
import { fixtureJson, largestError, references, slice } from '../references.js';

interface Case {
  readonly name: string;
  readonly learningRate: number;
  readonly weightDecay: number;
  readonly maxGradNorm: number | null;
  readonly schedule: string;
  readonly warmupSteps: number;
  readonly accumulation: number;
  readonly steps: number;
  readonly learningRates: readonly number[];
  readonly gradientNorms: readonly number[];
}
const cases = fixtureJson('optimiser/adamw.json') as Case[];
const expected = await references('optimiser/adamw.safetensors');
const names = expected.names.flatMap((name) => (name.startsWith('start.') ? [name.slice(6)] : []));

/** Mean of the gradients of one step's batches. */
function meanGradient(name: string, step: number, count: number): Float32Array {
  const all = expected.get(`gradient.${name}`);
  const sum = slice(all, 0).data.map(() => 0) as Float32Array;
  for (let batch = step * count; batch < (step + 1) * count; batch++)
    slice(all, batch).data.forEach((value, i) => {
      sum[i] = (sum[i] as number) + value / count;
    });
  return sum;
}

/** Runs the optimiser; after each step `check` sees the weights. */
async function run(one: Case, check: (step: number, norm: number, weights: ReadonlyMap<string, HostTensor>) => void) {
  const start: Weights = new Map(names.map((name) => [name, expected.get(`start.${name}`)]));
  const optimizer = new AdamW(start, {
    weightDecay: one.weightDecay,
    maxGradNorm: one.maxGradNorm ?? Number.POSITIVE_INFINITY,
  });
  const kind = (one.schedule === 'constant_with_warmup' ? 'constant' : one.schedule) as ScheduleKind;
  const { learningRate, steps, warmupSteps } = one;
  const rate = schedule({ kind, learningRate, steps, warmupSteps });
  for (let step = 0; step < steps; step++) {
    for (const name of names)
      optimizer.gradients.tensors.get(name)?.data.set(meanGradient(name, step, one.accumulation));
    check(step, await optimizer.step(rate(step)), optimizer.parameters.tensors);
  }
  await optimizer.dispose();
}

describe('20 steps, each equal to PyTorch to 1e-5', () => {
  it.each(cases.map((one) => [one.name, one] as const))('%s', async (_, one) => {
    expect(names).toHaveLength(6);
    await run(one, (step, norm, weights) => {
      expect(Math.abs(norm / (one.gradientNorms[step] as number) - 1), `norm of step ${step + 1}`).toBeLessThan(1e-5);
      for (const name of names) {
        const after = slice(expected.get(`${one.name}.${name}`), step);
        expect(largestError(weights.get(name) as HostTensor, after), `${name} after step ${step + 1}`).toBeLessThan(
          1e-5,
        );
      }
    });
  });
});

describe('weight decay', () => {
  /** The names of those weights of 1 that a step without gradient makes smaller. */
  async function decayed(weights: readonly string[]): Promise<string[]> {
    const ones = new Map(weights.map((name) => [name, hostTensor(new Float32Array(2).fill(1), [2])]));
    const optimizer = new AdamW(ones, { weightDecay: 0.1 });
    await optimizer.step(0.5);
    await optimizer.dispose();
    for (const { data } of ones.values()) expect([...data]).toEqual([1, 1]); // what was passed in stays as it is
    return weights.filter((name) => (optimizer.parameters.tensors.get(name)?.data[0] as number) < 1);
  }

  it('is for matrices: not for biases and norms, as Hugging Face names them', async () => {
    const matrices = [
      'bert.embeddings.word_embeddings.weight',
      'bert.encoder.layer.0.attention.self.query.weight',
      'bert.encoder.layer.0.attention.self.query.lora_A.weight',
      'bert.encoder.layer.0.attention.self.query.lora_B.weight',
      'classifier.weight',
    ];
    const others = [
      'bert.embeddings.LayerNorm.weight',
      'bert.embeddings.LayerNorm.bias',
      'distilbert.transformer.layer.0.sa_layer_norm.weight',
      'model.layers.0.input_layernorm.weight',
      'model.norm.weight',
      'vit.layernorm_before.weight',
      'bert.pooler.dense.bias',
      'classifier.bias',
    ];
    expect(await decayed([...matrices, ...others])).toEqual(matrices);
    expect(await decayed(others)).toEqual([]);
    expect(await decayed(matrices)).toEqual(matrices);
  });
});

describe('AdamW', () => {
  const weights = (size: number): Weights =>
    new Map([['w.weight', hostTensor(new Float32Array(size).fill(1), [size])]]);

  it('moves a weight by the learning rate in the first step, whatever the gradient', async () => {
    const optimizer = new AdamW(weights(3));
    optimizer.gradients.data.set([0.3, -0.003, 0]);
    expect(await optimizer.step(0.01)).toBeCloseTo(Math.hypot(0.3, 0.003), 6);
    const moved = optimizer.parameters.data.map((value) => value - 1);
    expect(largestError({ data: moved }, { data: [-0.01, 0.01, 0] })).toBeLessThan(1e-6);
    await optimizer.dispose();
  });

  it('gives the same steps however it cuts the weights into chunks', async () => {
    const size = 2 ** 18 + 5; // one chunk and a bit
    const optimizer = new AdamW(weights(size), { maxGradNorm: Number.POSITIVE_INFINITY });
    optimizer.gradients.data.fill(0.25);
    expect(await optimizer.step(0.01)).toBeCloseTo(0.25 * Math.sqrt(size), 3);
    expect(new Set(optimizer.parameters.data).size).toBe(1);
    await optimizer.dispose();
  });

  it.each([Number.NaN, Number.POSITIVE_INFINITY])('leaves everything as it was where a gradient is %d', async (bad) => {
    const optimizer = new AdamW(weights(3));
    optimizer.gradients.data.set([0.1, bad, 0.1]);
    expect(Number.isFinite(await optimizer.step(0.01))).toBe(false);
    expect([...optimizer.parameters.data]).toEqual([1, 1, 1]);
    expect([...optimizer.moments[0].data, ...optimizer.moments[1].data]).toEqual([0, 0, 0, 0, 0, 0]);
    expect(optimizer.steps).toBe(0);
    await optimizer.dispose();
  });

  it('goes on from moments and steps, weight by weight: one without a past starts anew', async () => {
    const pair = (a: number, b: number): Weights =>
      new Map([
        ['old.weight', hostTensor(Float32Array.of(a), [1])],
        ['new.weight', hostTensor(Float32Array.of(b), [1])],
      ]);
    const alone = new AdamW(new Map([...pair(1, 1)].slice(0, 1)));
    alone.gradients.data.fill(0.5);
    await alone.step(0.01);
    const both = new AdamW(pair(alone.parameters.data[0] as number, 1), {}, alone.state);
    both.gradients.data.fill(0.5);
    await both.step(0.01);
    await alone.step(0.01);
    expect(Object.fromEntries(both.state.steps)).toEqual({ 'old.weight': 2, 'new.weight': 1 });
    const only = (name: string) => both.parameters.tensors.get(name)?.data[0] as number;
    expect(only('old.weight')).toBe(alone.parameters.data[0]);
    expect(only('new.weight')).toBeCloseTo(0.99, 6); // a first step, whatever the other has behind it
    await alone.dispose();
    await both.dispose();
  });

  it('does nothing for no weights', async () => {
    const optimizer = new AdamW(new Map());
    expect(await optimizer.step(0.01)).toBe(0);
    await optimizer.dispose();
  });
});
