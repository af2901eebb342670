// How new weights start in each family, against transformers' own fresh models (test/python/references/starting_values.py).
import { describe, expect, it } from 'vitest';
import type { HostTensor } from '../../src/engine/index.js';
import { encoderOf } from '../../src/models/architectures.js';
import { freshWeight, matchWeights } from '../../src/tasks/match-weights.js';
import { loadEncoder } from '../models/against-transformers.js';
import { fixtureJson } from '../references.js';

type Summary = readonly [rootMeanSquare: number, largest: number, zeroRows: readonly number[]];
const families = fixtureJson('starting-values.json') as Record<
  string,
  { config: Record<string, unknown>; weights: Record<string, Summary> }
>;

function summary({ data, shape }: HostTensor): Summary {
  const values = Array.from(data, Number);
  const [rows, size] = shape as [number, number];
  const isZero = (row: number) => values.slice(row * size, (row + 1) * size).every((value) => value === 0);
  return [
    Math.sqrt(values.reduce((sum, value) => sum + value * value, 0) / values.length),
    values.reduce((largest, value) => Math.max(largest, Math.abs(value)), 0),
    shape.length === 2 ? [...Array(rows).keys()].filter(isZero) : [],
  ];
}

describe.each(Object.entries(families))('a fresh %s', (family, { config, weights }) => {
  const encoder = encoderOf(config, family);
  const shapes = new Map([...encoder.weights, ...encoder.head.weights(3)]);

  it('has the weights of transformers', () => {
    expect([...shapes.keys()].sort()).toEqual(Object.keys(weights).sort());
  });

  it('starts each as there', () => {
    for (const [name, shape] of shapes) {
      const [scale, largest, zeros] = summary(freshWeight(encoder, name, shape, 42));
      const [rightScale, rightLargest, rightZeros] = weights[name] as Summary;
      expect(zeros, name).toEqual(rightZeros);
      // Two draws of n normal numbers differ by chance: in their root mean square by about 1 / sqrt(n) of it, in the largest by more.
      const draws = shape.reduce((product, size) => product * size, 1);
      const varies = !Number.isInteger(rightScale);
      expect(Math.abs(scale - rightScale), name).toBeLessThanOrEqual(varies ? (5 * rightScale) / Math.sqrt(draws) : 0);
      const chance = draws > 1000 ? 0.35 : 0.6;
      expect(Math.abs(largest - rightLargest), name).toBeLessThanOrEqual(varies ? chance * rightLargest : 0);
    }
  });
});

it('sinusoidal positions start as the sines and cosines themselves', () => {
  const { config, weights } = families.distilbert!;
  const encoder = encoderOf(config, 'distilbert');
  const name = 'distilbert.embeddings.position_embeddings.weight';
  const { data } = freshWeight(encoder, name, encoder.weights.get(name) as number[], 1);
  expect([...data.slice(0, 4)]).toEqual([0, 1, 0, 1]);
  expect(data[96 + 1]).toBeCloseTo(Math.cos(1), 6);
  expect(data[96 + 3]).toBeCloseTo(Math.cos(10_000 ** (-2 / 96)), 6);
  expect(summary({ data, shape: [64, 96], dtype: 'float32' })[0]).toBeCloseTo(weights[name]![0], 6);
});

it('draws beyond a cutoff are drawn again, the same for the same seed', () => {
  const encoder = encoderOf(families.modernbert!.config, 'modernbert');
  const draw = (seed: number) => freshWeight(encoder, 'classifier.weight', [3, 96], seed).data;
  expect(draw(7)).toEqual(draw(7));
  expect(draw(7)).not.toEqual(draw(8));
  expect(Math.max(...draw(7).map(Math.abs))).toBeLessThanOrEqual(2 * 96 ** -0.5);
});

describe('a new classifier on a ModernBERT', async () => {
  const { encoder, params } = await loadEncoder('tiny-modernbert');
  const stored = (names: readonly string[]) =>
    new Map(
      names.map((name) => {
        const { data, shape } = params[name] as HostTensor;
        return [name, { dtype: 'F32' as const, shape, data: data as Float32Array }];
      }),
    );
  const match = { encoder, head: encoder.head.weights(2), keepHead: false, seed: 1 };
  const inHead = ['head.dense.weight', 'head.norm.weight'];

  it('starts from the head it was pretrained with, as in transformers', () => {
    const { weights, newWeights } = matchWeights(
      { tensors: stored([...encoder.weights.keys(), ...inHead]) },
      'pretrained',
      match,
    );
    expect(newWeights).toEqual(['classifier.weight', 'classifier.bias']);
    for (const name of inHead) expect(weights.get(name)?.data).toEqual(params[name]?.data);
  });

  it('starts anew where only the encoder was saved', () => {
    const { newWeights } = matchWeights({ tensors: stored([...encoder.weights.keys()]) }, 'bare', match);
    expect(newWeights).toEqual([...inHead, 'classifier.weight', 'classifier.bias']);
  });
});
