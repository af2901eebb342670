// LoRA's two thin matrices beside a linear layer (Hu et al. 2021, https://arxiv.org/abs/2106.09685), by their names:
// `${layer}.lora_A.weight` [rank, in] and `${layer}.lora_B.weight` [out, rank].
import type { HostTensor, tf, Weights } from '../engine/index.js';
import type { Adapter, Params } from './pass.js';

const ending = '.lora_A.weight';

export const loraNames = (layer: string) => ({ a: `${layer}${ending}`, b: `${layer}.lora_B.weight` });

export const isLora = (name: string): boolean => /\.lora_[AB]\.weight$/.test(name);

/** The layers that have matrices among these names. */
export const loraLayers = (names: Iterable<string>): string[] =>
  [...names].filter((name) => name.endsWith(ending)).map((name) => name.slice(0, -ending.length));

/** Pairs the matrices up, for a forward pass. */
export function loraAdapters(params: Params, scale: number, dropout: number): Map<string, Adapter> {
  return new Map(
    loraLayers(Object.keys(params)).map((layer) => {
      const { a, b } = loraNames(layer);
      return [layer, { a: params[a] as tf.Tensor, b: params[b] as tf.Tensor, scale, dropout }];
    }),
  );
}

/** Replaces W by W + scale * B A in each layer that has matrices. Arrays are new; nothing else changes. */
export function mergeLora(weights: Weights, matrices: Weights, scale: number): void {
  for (const layer of loraLayers(matrices.keys())) {
    const names = loraNames(layer);
    const [a, b] = [matrices.get(names.a) as HostTensor, matrices.get(names.b) as HostTensor];
    const base = weights.get(`${layer}.weight`) as HostTensor;
    const [rank, inputs] = a.shape as [number, number];
    const data = Float32Array.from(base.data, (value, at) => {
      const [row, column] = [Math.floor(at / inputs), at % inputs];
      let sum = 0;
      for (let r = 0; r < rank; r++)
        sum += (b.data[row * rank + r] as number) * (a.data[r * inputs + column] as number);
      return value + scale * sum;
    });
    weights.set(`${layer}.weight`, { ...base, data });
  }
}
