// What tests of exported models share: texts, how far a score may be off, and what the model itself says.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect } from 'vitest';
import { loadModel } from '../../src/tasks/load-model.js';
import type { OnnxDType } from '../../src/tasks/onnx-model.js';
import { type Prediction, predictionOf, softmax } from '../../src/tasks/prediction.js';
import type { TextClassifier } from '../../src/tasks/text-classification.js';
import { wholes } from '../engine/values.js';
import { fixture } from '../references.js';

export const texts = [
  'great',
  'the food was bad and cold, and the staff were rude',
  'This very long story about coffee was fine, it works!',
  'naïve café',
  'a room in this hotel was great. never again. '.repeat(3),
];

/** How far a score may lie from the model's own: rounding, 11 bits of a weight, 7 or 8 bits of a weight and an activation. */
export const tolerance: Readonly<Record<OnnxDType, number>> = { fp32: 1e-5, fp16: 2e-3, int8: 0.05 };
/** The name transformers.js has for a dtype. */
export const nameInTransformers = (dtype: OnnxDType): string => (dtype === 'int8' ? 'q8' : dtype);

export const dtypes = Object.keys(tolerance) as OnnxDType[];

export interface Scored {
  readonly label: string;
  readonly score: number;
}

/** Compares labels, where they are not all but tied, and scores. */
export function expectSame(
  actual: readonly Scored[],
  expected: readonly (Scored & { probabilities: readonly number[] })[],
  within: number,
) {
  expect(actual).toHaveLength(expected.length);
  expected.forEach(({ label, score, probabilities }, i) => {
    const [first = 0, second = 0] = [...probabilities].sort((a, b) => b - a);
    if (first - second > 2 * within) expect(actual[i]?.label).toBe(label);
    expect(Math.abs((actual[i] as Scored).score - score)).toBeLessThan(within);
  });
}

/**
 * What the model itself says of texts padded to the longest of them, as those do that we compare with. predict() pads further, and
 * MobileBERT's scores depend on padding, here and in Python: its last token sees the vector of the one after it.
 */
export async function predictPadded(model: TextClassifier, batch: readonly string[]): Promise<Prediction[]> {
  const encoded = batch.map((text) => model.tokenizer.encode(text, model.maxLength).ids);
  const length = Math.max(...encoded.map((ids) => ids.length));
  const padded = (value: (id: number) => number, padding: number) =>
    wholes(
      encoded.flatMap((ids) => [...ids.map(value), ...Array<number>(length - ids.length).fill(padding)]),
      [batch.length, length],
    );
  const { data } = await model.forward({
    inputIds: padded((id) => id, model.tokenizer.padId),
    attentionMask: padded(() => 1, 0),
    tokenTypeIds: padded(() => 0, 0),
  });
  const labels = model.labels.length;
  return batch.map((text, i) =>
    predictionOf(text, model.labels, softmax([...data.subarray(i * labels, (i + 1) * labels)])),
  );
}

export const load = (name: string, options = {}): Promise<TextClassifier> =>
  loadModel(fixture(name), { task: 'text-classification', ...options });

/** Every family's tiny classifier. */
export const families = readdirSync(fixture('.')).filter((name) => {
  const config = join(fixture(name), 'config.json');
  if (!name.startsWith('tiny-') || !existsSync(config)) return false;
  return /ForSequenceClassification/.test(JSON.parse(readFileSync(config, 'utf8')).architectures[0]);
});
