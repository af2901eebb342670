// LoRA (Hu et al. 2021, https://arxiv.org/abs/2106.09685): the model stays as it is, and beside some of its linear layers
// two thin matrices learn a correction of low rank: y = W x + (alpha / rank) B A x.
import { hostTensor, randomUniform, seedFor, type Weights } from '../../engine/index.js';
import { isLora, loraAdapters, loraNames } from '../../nn/lora.js';
import { copyInto, type Strategy } from './strategy.js';

export interface LoraOptions {
  /** Columns of A's transpose and of B: how much the correction can express. Default 16. */
  readonly rank?: number;
  /** The correction is scaled by alpha / rank. Default 32. */
  readonly alpha?: number;
  /** Dropout on the input of A while training. Default 0.05. */
  readonly dropout?: number;
  /** Last parts of the names of the linear layers to correct. Default: the architecture's, for BERT query and value. */
  readonly targets?: readonly string[];
}

export function lora({ rank = 16, alpha = 32, dropout = 0.05, targets }: LoraOptions = {}): Strategy {
  if (!Number.isInteger(rank) || rank < 1)
    throw new RangeError(`LoRA's rank is a whole number of at least 1; got ${rank}.`);
  if (!(alpha > 0 && alpha < Number.POSITIVE_INFINITY))
    throw new RangeError(`LoRA's alpha is a number above 0; got ${alpha}.`);
  if (!(dropout >= 0 && dropout < 1))
    throw new RangeError(`LoRA's dropout is a number from 0 to below 1; got ${dropout}.`);
  const scale = alpha / rank;
  return {
    name: `LoRA r=${rank}`,
    settings: { alpha, dropout, targets },
    trains: (name, model) => model.encoder.head.isHead(name),
    adds(model, seed) {
      const wanted = targets ?? model.encoder.loraTargets;
      const added: Weights = new Map();
      for (const [name, { shape }] of model.weights) {
        const layer = name.replace(/\.weight$/, '');
        // What trains whole needs no correction, whatever it is called.
        if (layer === name || shape.length !== 2 || model.encoder.head.isHead(name)) continue;
        if (!wanted.some((target) => layer.endsWith(`.${target}`))) continue;
        const [out, inputs] = shape as [number, number];
        // Kaiming uniform with a = sqrt(5), as peft starts A; B starts at 0, so that the first step changes nothing.
        const bound = 1 / Math.sqrt(inputs);
        const { a, b } = loraNames(layer);
        added.set(a, randomUniform([rank, inputs], bound, seedFor(seed, layer)));
        added.set(b, hostTensor(new Float32Array(out * rank), [out, rank]));
      }
      if (added.size === 0)
        throw new RangeError(
          `No linear layer of ${model.name} ends in ${wanted.join(' or ')}: LoRA has nothing to correct.`,
        );
      return added;
    },
    pass: (params) => ({ adapters: loraAdapters(params, scale, dropout) }),
    merge(model, trained) {
      copyInto(model, new Map([...trained].filter(([name]) => !isLora(name))));
      const weights: Weights = new Map(
        [...trained]
          .filter(([name]) => isLora(name))
          .map(([name, { shape, data }]) => [name, hostTensor(data.slice(), shape)]),
      );
      const wanted = targets ?? model.encoder.loraTargets;
      model.adapters = { kind: 'lora', rank, alpha, dropout, targets: wanted, weights };
    },
  };
}
