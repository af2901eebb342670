// Frozen weights cost no gradient: the step's graph holds the products that the trained weights need, and no others.
import { expect, it } from 'vitest';
import { record } from '../../src/engine/record.js';
import { divideWeights, seedTensor, stepOf } from '../../src/training/step.js';
import { freezeEarlyLayers } from '../../src/training/strategies/freeze-early-layers.js';
import { freezeLateLayers } from '../../src/training/strategies/freeze-late-layers.js';
import { full } from '../../src/training/strategies/full.js';
import { lora } from '../../src/training/strategies/lora.js';
import { promptTuning } from '../../src/training/strategies/prompt-tuning.js';
import type { Strategy } from '../../src/training/strategies/strategy.js';
import { rows, tinyBert } from './tiny.js';

/** Matrix products in the graph of a step of tiny-bert, which has 2 layers. */
async function products(strategy: Strategy): Promise<number> {
  const model = await tinyBert({ maxLength: 32 });
  const { trained, frozen } = divideWeights(model, strategy, 1);
  const [batch] = model.batches(rows(2), { batchSize: 2 });
  const { inputs, labels, rowWeights } = batch!;
  const given = {
    trained: Object.fromEntries(trained),
    frozen: Object.fromEntries(frozen),
    batch: { inputs, labels, rowWeights },
    seed: seedTensor(1),
  };
  const { model: graph } = record(stepOf(model, strategy) as (inputs: unknown) => unknown, given, false);
  return graph.nodes.filter(({ op }) => ['MatMul', 'Gemm', 'FusedMatMul'].includes(op)).length;
}

// In a layer: 6 linear ones, and 2 products of attention, each of which has two gradients wherever one passes through.
const [linear, attention] = [6, 2];
const forward = 2 * (linear + attention) + 2; // the pooler and the classifier after both layers
/** Gradients of a layer: to its input, and to its weights. */
const through = linear + 2 * attention;
const weights = linear;
const head = 4; // to the inputs and the weights of pooler and classifier

it.each<[string, Strategy, number]>([
  ['full', full(), forward + head + 2 * (through + weights)],
  // Nothing passes below the lowest layer that trains: not even through its three projections, to the layer's input.
  ['the first layer frozen', freezeEarlyLayers(1), forward + head + through + weights - 3],
  ['both layers frozen', freezeEarlyLayers(2), forward + head - 1],
  // Below a frozen layer something trains: its gradients pass through, and it has none of its own.
  ['the last layer frozen', freezeLateLayers(1), forward + head + 2 * through + weights],
  // The pooler is frozen under an adapter. A prompt is trained through all; nothing else has a gradient.
  ['a prompt', promptTuning({ virtualTokens: 3 }), forward + (head - 1) + 2 * through],
  // Each of the 4 corrections is two products forward and four back. Below the first layer's corrections nothing trains: neither its
  // keys, nor the inputs of its projections and corrections have a gradient.
  ['LoRA', lora({ rank: 2 }), forward + (head - 1) + 2 * through + 4 * (2 + 4) - (1 + 3 + 2)],
])('%s', async (_, strategy, expected) => {
  expect(await products(strategy)).toBe(expected);
});
