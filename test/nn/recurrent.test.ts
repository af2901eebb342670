// LSTM, GRU and causal convolution against PyTorch: outputs and the gradients of every weight and of the input.
// The numbers are written by test/python/make_series.py.
import { afterAll, describe, expect, it } from 'vitest';
import { compile, type HostTensor, hostTensor, tf, valueAndGradients } from '../../src/engine/index.js';
import { conv1d } from '../../src/nn/conv1d.js';
import { gru } from '../../src/nn/gru.js';
import { lstm } from '../../src/nn/lstm.js';
import type { Params } from '../../src/nn/pass.js';
import { fixtureJson, largestError } from '../references.js';

interface Numbers {
  readonly shape: number[];
  readonly data: number[];
}

interface Case {
  readonly name: string;
  readonly kind: 'LSTM' | 'GRU' | 'Conv1d';
  readonly layers?: number;
  readonly dilation?: number;
  readonly x: Numbers;
  readonly params: Readonly<Record<string, Numbers>>;
  readonly output: Numbers;
  readonly lossWeights: Numbers;
  readonly gradients: Readonly<Record<string, Numbers>>;
}

const { cases } = fixtureJson('tabular/series.json') as { cases: Case[] };
const host = ({ data, shape }: Numbers): HostTensor => hostTensor(Float32Array.from(data), shape);

const layer = ({ kind, layers = 1, dilation = 1 }: Case, params: Params, x: tf.Tensor): tf.Tensor => {
  if (kind === 'Conv1d') return conv1d(params, 'layer', x, { dilation });
  return (kind === 'LSTM' ? lstm : gru)(params, 'layer', x, { layers }, {}).output;
};

describe.each(cases.map((one) => [one.name, one] as const))('%s', (_, one) => {
  const step = compile(({ params, lossWeights }: { params: Record<string, tf.Tensor>; lossWeights: tf.Tensor }) =>
    valueAndGradients(({ x, ...weights }) => {
      const named = Object.fromEntries(Object.entries(weights).map(([name, weight]) => [`layer.${name}`, weight]));
      const output = layer(one, named, x as tf.Tensor);
      return { value: tf.sum(tf.mul(output, lossWeights)), output };
    }, params),
  );
  afterAll(() => step.dispose());

  it('gives what PyTorch gives, forward and backward', async () => {
    const params = Object.fromEntries(
      Object.entries({ ...one.params, x: one.x }).map(([name, value]) => [name, host(value)]),
    );
    const { output, gradients } = (await step({ params, lossWeights: host(one.lossWeights) } as never)) as unknown as {
      output: HostTensor;
      gradients: Record<string, HostTensor>;
    };
    expect(output.shape).toEqual(one.output.shape);
    expect(largestError(output, one.output)).toBeLessThan(1e-5);
    expect(Object.keys(gradients).sort()).toEqual(Object.keys(one.gradients).sort());
    for (const [name, expected] of Object.entries(one.gradients))
      expect(largestError(gradients[name] as HostTensor, expected), name).toBeLessThan(1e-4);
  });
});

it('says which shape it wants', () => {
  expect(() => lstm({}, 'lstm', tf.zeros([2, 3]), {}, {})).toThrow('takes x as [batch, length, in]; got shape [2,3]');
  expect(() => conv1d({}, 'conv', tf.zeros([2, 3]))).toThrow('conv1d takes x as [batch, length, in]; got shape [2,3]');
});
