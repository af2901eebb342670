// What a strategy puts beside a model's weights, or before its texts, to be carried along or merged.
import type { HostTensor, Weights } from '../engine/index.js';
import { loraAdapters } from '../nn/lora.js';
import type { Params, Pass } from '../nn/pass.js';

/** LoRA: two small matrices for each linear layer it corrects. */
export interface LoraAdapters {
  readonly kind: 'lora';
  readonly rank: number;
  /** The correction is scaled by alpha / rank. */
  readonly alpha: number;
  /** Rate of the dropout on the input while training. */
  readonly dropout: number;
  /** Last parts of the names of the corrected layers. */
  readonly targets: readonly string[];
  /** `${layer}.lora_A.weight` [rank, in] and `${layer}.lora_B.weight` [out, rank] */
  readonly weights: Weights;
}

/** Prompt tuning: vectors that stand before every text. */
export interface PromptAdapters {
  readonly kind: 'prompt';
  /** `prompt_embeddings` [virtual tokens, embedding size] */
  readonly weights: Weights;
}

export type AdapterSet = LoraAdapters | PromptAdapters;

/** The name of the prompt's vectors, in peft's files too. */
export const promptName = 'prompt_embeddings';

/** What a forward pass needs of adapters whose values are `params`: in predictions without dropout. */
export function adapterPass(adapters: AdapterSet | undefined, params: Params): Partial<Pass> {
  if (adapters === undefined) return {};
  if (adapters.kind === 'lora') return { adapters: loraAdapters(params, adapters.alpha / adapters.rank, 0) };
  const prompt = params[promptName];
  return prompt === undefined ? {} : { prompt };
}

/** Two sets with the same key differ in their values alone, and one graph serves both. */
export const adapterKey = (adapters: AdapterSet | undefined): string =>
  adapters?.kind === 'lora' ? `lora ${adapters.alpha / adapters.rank}` : (adapters?.kind ?? '');

/** Throws a RangeError where texts of a model's maxLength leave no room for a prompt. */
export function checkPromptFits(model: PromptedModel, virtualTokens: number): void {
  const { name, maxLength, encoder } = model;
  if (maxLength + virtualTokens > encoder.maxLength)
    throw new RangeError(
      `Texts of ${maxLength} tokens with a prompt of ${virtualTokens} are more than the ${encoder.maxLength} tokens that ${name} reads: ` +
        `load it with maxLength: ${encoder.maxLength - virtualTokens}, or make the prompt shorter.`,
    );
}

interface PromptedModel {
  readonly name: string;
  readonly maxLength: number;
  readonly encoder: { readonly maxLength: number };
}

/** The vectors of a prompt. */
export const promptOf = ({ weights }: PromptAdapters): HostTensor => weights.get(promptName) as HostTensor;
