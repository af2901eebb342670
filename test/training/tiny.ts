// tiny-bert for tests of training, small enough that a run of some steps takes less than a second; and rows to train it on.
import { readCheckpoint } from '../../src/hub/checkpoint.js';
import { encoderOf } from '../../src/models/architectures.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { TextClassifier } from '../../src/tasks/text-classification.js';
import type { TextTokenizer } from '../../src/tasks/tokenizer.js';
import { fixture } from '../references.js';

export interface TinyOptions {
  /** Rate of every dropout. Default 0, as in the fixture. */
  readonly dropout?: number;
  readonly tokenizer?: TextTokenizer;
  /** Longest text in tokens. Default 64, all that it reads. */
  readonly maxLength?: number;
}

/** test/fixtures/tiny-bert: 2 layers, 3 labels. */
export async function tinyBert({ dropout = 0, tokenizer, maxLength = 64 }: TinyOptions = {}): Promise<TextClassifier> {
  const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification', maxLength });
  const { name, labels, encoder, weights, newWeights } = model;
  const config = { ...encoder.config, hidden_dropout_prob: dropout, attention_probs_dropout_prob: dropout };
  return new TextClassifier({
    name,
    labels,
    encoder: encoderOf(config, name),
    weights,
    maxLength,
    newWeights,
    tokenizer: tokenizer ?? model.tokenizer,
    tokenizerFiles: await tokenizerFiles(),
  });
}

async function tokenizerFiles() {
  const { tokenizerJson, tokenizerConfig } = await readCheckpoint(fixture('tiny-bert'));
  return { tokenizerJson, tokenizerConfig };
}

/** Short texts with labels 0 to 2 that follow from the texts. */
export const rows = (count: number): { text: string; label: number }[] =>
  Array.from({ length: count }, (_, i) => {
    const label = (i * 7 + (i >> 2)) % 3;
    const filler = ['the food', 'a room in this hotel', 'my phone', 'this very long story about coffee'][i % 4];
    return { text: `${filler} was ${['bad and cold', 'fine', 'great'][label]}`, label };
  });

/** A copy of every weight's values. */
export const snapshot = (model: TextClassifier): Map<string, Float32Array> =>
  new Map([...model.weights].map(([name, { data }]) => [name, data.slice() as Float32Array]));

/** The names of the weights that are not, bit for bit, what they were. */
export const changedSince = (before: ReadonlyMap<string, Float32Array>, model: TextClassifier): string[] =>
  [...model.weights].flatMap(([name, { data }]) => {
    const old = before.get(name) as Float32Array;
    return old.length === data.length && data.every((value, i) => Object.is(value, old[i])) ? [] : [name];
  });
