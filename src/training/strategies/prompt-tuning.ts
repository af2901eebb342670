// Prompt tuning (Lester et al. 2021, https://arxiv.org/abs/2104.08691): the model stays as it is; a few vectors put before every text,
// as if they were words, learn to tell it what is asked. With the head, nothing else trains.
import { type HostTensor, hostTensor, randomNormal, seedFor } from '../../engine/index.js';
import { seededRandom } from '../../hub/random.js';
import { checkPromptFits, promptName } from '../../tasks/adapters.js';
import type { TextClassifier } from '../../tasks/text-classification.js';
import { copyInto, type Strategy } from './strategy.js';

export interface PromptTuningOptions {
  /** Vectors before each text. Default 20. */
  readonly virtualTokens?: number;
  /**
   * What they start as: 'vocabulary', the vectors of words drawn at random (default, peft's SAMPLE_VOCAB); 'random', numbers from
   * a normal distribution (peft's RANDOM); or a text, whose tokens are repeated as often as it takes (peft's TEXT).
   */
  readonly init?: 'vocabulary' | 'random' | { readonly text: string };
}

export function promptTuning({ virtualTokens = 20, init = 'vocabulary' }: PromptTuningOptions = {}): Strategy {
  if (!Number.isInteger(virtualTokens) || virtualTokens < 1)
    throw new RangeError(`virtualTokens is a whole number of at least 1; got ${virtualTokens}.`);
  return {
    name: `prompt of ${virtualTokens}`,
    settings: { init },
    trains: (name, model) => model.encoder.head.isHead(name),
    adds(model, seed) {
      checkPromptFits(model, virtualTokens);
      return new Map([[promptName, startOf(model, virtualTokens, init, seedFor(seed, 'prompt'))]]);
    },
    pass(params) {
      const prompt = params[promptName];
      return prompt === undefined ? {} : { prompt };
    },
    merge(model, trained) {
      copyInto(model, new Map([...trained].filter(([name]) => name !== promptName)));
      const { shape, data } = trained.get(promptName) as HostTensor;
      model.adapters = { kind: 'prompt', weights: new Map([[promptName, hostTensor(data.slice(), shape)]]) };
    },
  };
}

function startOf(
  model: TextClassifier,
  count: number,
  init: NonNullable<PromptTuningOptions['init']>,
  seed: number,
): HostTensor {
  const table = model.weights.get(model.encoder.wordEmbeddings) as HostTensor;
  const [words, size] = table.shape as [number, number];
  if (init === 'random') return randomNormal([count, size], 1, seed);
  const random = seededRandom(seed);
  const drawn = () => Array.from({ length: count }, () => Math.floor(random() * words));
  const given = init === 'vocabulary' ? drawn() : tokensOf(model, init.text);
  const data = new Float32Array(count * size);
  for (let i = 0; i < count; i++) {
    const id = given[i % given.length] as number;
    data.set(table.data.subarray(id * size, (id + 1) * size) as Float32Array, i * size);
  }
  return hostTensor(data, [count, size]);
}

function tokensOf(model: TextClassifier, text: string): readonly number[] {
  const { ids } = model.tokenizer.encode(text, model.maxLength);
  if (text.trim() === '') throw new RangeError('The text that a prompt starts as is empty: give some words.');
  return ids;
}
