// What a model card can say of a model without being told.
import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import type { Encoder } from '../models/encoder.js';
import type { ModelCardFacts } from './model-card.js';

export interface DescribedModel {
  /** The id or folder it came from. */
  readonly name: string;
  readonly labels: readonly string[];
  readonly encoder: Pick<Encoder, 'modelType'>;
  /** Number of weights. */
  readonly parameterCount: number;
  /** Longest input in tokens. */
  readonly maxLength: number;
}

/** @param folder where the model is saved; its last part is the card's title */
export function modelFacts(
  { name, labels, encoder, parameterCount, maxLength }: DescribedModel,
  folder: string,
): ModelCardFacts {
  const isId = /^[\w.-]+\/[\w.-]+$/.test(name) && !existsSync(name);
  return {
    name: basename(folder),
    labels,
    modelType: encoder.modelType,
    maxLength,
    parameterCount,
    ...(isId ? { baseModel: name } : {}),
  };
}
