// TabNet's forward pass, masks, gradients and pretraining against pytorch-tabnet on the same weights (test/python/make_tabnet.py), all
// to 1e-4: the state dict of the Python network is read by its own names.
import { afterAll, describe, expect, it } from 'vitest';
import { compile, type HostTensor, tf, valueAndGradients, type Weights } from '../../../src/engine/index.js';
import { crossEntropy } from '../../../src/nn/cross-entropy.js';
import {
  aggregated,
  fromStateDict,
  maskEntropy,
  type TabnetShape,
  tabnetForward,
} from '../../../src/tabular/networks/tabnet-network.js';
import { pretrainingStart, reconstruct, reconstructionLoss } from '../../../src/tabular/networks/tabnet-pretraining.js';
import { fixtureJson, largestError, references } from '../../references.js';

interface Facts {
  readonly shapes: Record<string, Record<string, number> & { cat_emb_dim: [number, number] }>;
  readonly virtualBatchSize: number;
  readonly lambdaSparse: number;
}
const facts = fixtureJson('tabular/tabnet.json') as Facts;
const expected = await references('tabular/tabnet.safetensors');
const rows = { numeric: expected.get('numbers'), codes: expected.get('codes') };
const y = expected.get('target');

function shapeOf(name: string): TabnetShape {
  const { n_d, n_a, n_steps, gamma, n_independent, n_shared, cat_emb_dim } = facts.shapes[
    name
  ] as Facts['shapes'][string];
  const number = { kind: 'numeric', width: 1 } as const;
  return {
    inputs: [
      number,
      { kind: 'categorical', rows: 5, width: cat_emb_dim[0] },
      number,
      number,
      { kind: 'categorical', rows: 3, width: cat_emb_dim[1] },
      number,
    ],
    outputs: 3,
    nD: n_d as number,
    nA: n_a as number,
    nSteps: n_steps as number,
    gamma: gamma as number,
    nIndependent: n_independent as number,
    nShared: n_shared as number,
    virtualBatchSize: facts.virtualBatchSize,
    momentum: 0.02,
  };
}

/** The tensors whose names start so, by the rest of their names. */
const under = (prefix: string): Weights =>
  new Map(
    expected.names.flatMap((name) =>
      name.startsWith(`${prefix}.`) ? [[name.slice(prefix.length + 1), expected.get(name)] as const] : [],
    ),
  );
const record = (weights: Weights) => Object.fromEntries(weights);
/** Equal to 1e-4, of tensors with larger values than 1 to 1e-4 of the largest. */
function close(actual: HostTensor | undefined, name: string): void {
  const wanted = expected.get(name);
  const scale = Math.max(1, ...Array.from(wanted.data, Math.abs));
  expect(largestError(actual as HostTensor, wanted) / scale, name).toBeLessThan(1e-4);
}

type Tensors = Record<string, tf.Tensor>;
const graphs: { dispose(): Promise<void> }[] = [];
const compiled: typeof compile = (fn) => {
  const graph = compile(fn);
  graphs.push(graph);
  return graph;
};
afterAll(() => Promise.all(graphs.map((graph) => graph.dispose())));

describe.each(Object.keys(facts.shapes))('TabNet: %s', (name) => {
  const shape = shapeOf(name);
  const { weights, statistics } = fromStateDict(shape, under(`${name}.state`));

  it('gives the logits and the masks of pytorch-tabnet', async () => {
    const forward = compiled(({ params, rows }: { params: Tensors; rows: Tensors }) => {
      const { outputs, ...encoded } = tabnetForward(shape, params, rows, {});
      return { outputs, masks: [...encoded.masks], aggregate: aggregated(encoded) };
    });
    const { outputs, masks, aggregate } = await forward({ params: record(new Map([...weights, ...statistics])), rows });
    close(outputs, `${name}.eval`);
    for (const [step, mask] of masks.entries()) close(mask, `${name}.mask.${step}`);
    close(aggregate, `${name}.aggregate`);
    expect(masks).toHaveLength(shape.nSteps);
    // A mask that chooses is one with zeros.
    expect((masks[0] as HostTensor).data.some((value) => value === 0)).toBe(true);
  });

  it('trains as pytorch-tabnet: loss, gradients of every weight, moved statistics', async () => {
    const step = compiled(
      ({ trained, statistics, rows, y }: { trained: Tensors; statistics: Tensors; rows: Tensors; y: tf.Tensor }) =>
        valueAndGradients((params) => {
          const moved = new Map<string, tf.Tensor>();
          const { outputs, masks } = tabnetForward(shape, { ...statistics, ...params }, rows, { statistics: moved });
          const loss = crossEntropy(outputs, y, tf.ones([y.shape[0] as number]));
          const value = tf.add(loss, tf.mul(maskEntropy(masks), facts.lambdaSparse));
          return { value, outputs, moved: Object.fromEntries(moved) };
        }, trained),
    );
    const result = await step({ trained: record(weights), statistics: record(statistics), rows, y });
    close(result.outputs, `${name}.train`);
    close(result.value, `${name}.loss`);
    for (const [weight, gradient] of Object.entries(result.gradients)) close(gradient, `${name}.gradient.${weight}`);
    for (const [statistic, value] of Object.entries(result.moved)) close(value, `${name}.moved.${statistic}`);
    expect(Object.keys(result.moved)).toHaveLength(statistics.size);
    expect(Object.keys(result.gradients)).toHaveLength(weights.size);
  });

  it('pretrains as pytorch-tabnet: reconstruction, loss, gradients, moved statistics', async () => {
    const at = `${name}.pretraining`;
    const state = under(`${at}.state`);
    const wanted = pretrainingStart(shape, 0);
    const given = (names: Weights) =>
      Object.fromEntries([...names.keys()].map((key) => [key, state.get(key) as HostTensor]));
    const [trained, statistics] = [given(wanted.weights), given(wanted.statistics)];

    const step = compiled((inputs: { trained: Tensors; statistics: Tensors; rows: Tensors; hidden: tf.Tensor }) =>
      valueAndGradients((params) => {
        const moved = new Map<string, tf.Tensor>();
        const all = { ...inputs.statistics, ...params };
        const seen = reconstruct(shape, all, inputs.rows, { statistics: moved }, inputs.hidden);
        return { value: reconstructionLoss(seen), output: seen.output, moved: Object.fromEntries(moved) };
      }, inputs.trained),
    );
    const result = await step({ trained, statistics, rows, hidden: expected.get(`${at}.hidden`) });
    close(result.output, `${at}.train`);
    close(result.value, `${at}.loss`);
    for (const [weight, gradient] of Object.entries(result.gradients)) close(gradient, `${at}.gradient.${weight}`);
    for (const [statistic, value] of Object.entries(result.moved)) close(value, `${at}.moved.${statistic}`);

    const evaluate = compiled(({ params, rows }: { params: Tensors; rows: Tensors }) => {
      const seen = reconstruct(shape, params, rows, {});
      return { output: seen.output, loss: reconstructionLoss(seen) };
    });
    const { output, loss } = await evaluate({ params: { ...trained, ...statistics }, rows });
    close(output, `${at}.eval`);
    close(loss, `${at}.evalLoss`);
  });
});

it('says which tensor of a state dict is not there or of another shape', () => {
  const state = under('plain.state');
  expect(() => fromStateDict({ ...shapeOf('plain'), outputs: 2 }, state)).toThrow(
    "'tabnet.final_mapping.weight' has shape [3,4] in the state dict; these settings ask for [2,4].",
  );
  state.delete('tabnet.encoder.initial_bn.bias');
  expect(() => fromStateDict(shapeOf('plain'), state)).toThrow(
    "The state dict has no 'tabnet.encoder.initial_bn.bias'.",
  );
});
