// Batches: fixed shapes, little padding, every row once.
import { describe, expect, it } from 'vitest';
import { hostTensor } from '../../src/engine/index.js';
import { type TextBatch, textBatches, truncation, truncationMessage } from '../../src/tasks/batching.js';
import { evaluate } from '../../src/tasks/evaluate.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { batchTensors, compileStep, divideWeights, seedTensor } from '../../src/training/step.js';
import { full } from '../../src/training/strategies/full.js';
import { fixture, largestError } from '../references.js';

const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification', maxLength: 40 });
const { tokenizer } = model;

/** n words, which are n + 2 tokens. */
const words = (n: number) => ({ text: Array(n).fill('good').join(' '), label: n % 3 });
const rowsOf = (batches: readonly TextBatch[]) => batches.flatMap(({ rows }) => [...rows]);
const lengthOf = ({ inputs }: TextBatch) => inputs.inputIds.shape[1];

describe('padding', () => {
  it.each([
    [1, 16],
    [14, 16],
    [15, 32],
    [30, 32],
    [31, 40], // maxLength
    [90, 40],
  ])('%i words are padded to %i tokens', (count, length) => {
    const [batch] = textBatches(tokenizer, [words(count)], { batchSize: 1, maxLength: 40 }) as [TextBatch];
    expect(batch.inputs.inputIds.shape).toEqual([1, length]);
    expect([...batch.inputs.attentionMask.data].reduce((sum, x) => sum + x, 0)).toBe(Math.min(count + 2, length));
  });

  it('is [PAD] where the mask is 0', () => {
    const [batch] = textBatches(tokenizer, [words(2)], { batchSize: 1, maxLength: 40 }) as [TextBatch];
    expect([...batch.inputs.inputIds.data.slice(0, 5)]).toEqual([2, expect.any(Number), expect.any(Number), 3, 0]);
    expect([...batch.inputs.attentionMask.data.slice(0, 5)]).toEqual([1, 1, 1, 1, 0]);
    expect(new Set(batch.inputs.tokenTypeIds.data)).toEqual(new Set([0]));
  });

  it('keeps [SEP] at the end of a text that is cut', () => {
    const [batch] = textBatches(tokenizer, [words(90)], { batchSize: 1, maxLength: 10 }) as [TextBatch];
    expect(batch.inputs.inputIds.data.at(-1)).toBe(3);
    expect(batch.inputs.inputIds.data[0]).toBe(2);
  });
});

describe('long texts', () => {
  const rows = [words(1), words(20), words(90), words(8)]; // 3, 22, 92 and 10 tokens

  it('are counted, with the tokens they lose', () => {
    expect(truncation(tokenizer, rows, 10)).toEqual({ texts: 2, tokens: 12 + 82, longest: 92 });
    expect(truncation(tokenizer, [], 10)).toEqual({ texts: 0, tokens: 0, longest: 0 });
  });

  it('are named batch by batch', () => {
    const batches = textBatches(tokenizer, rows, { batchSize: 3, maxLength: 10, groupByLength: false });
    expect(batches.map(({ dropped }) => dropped)).toEqual([[0, 12, 82], [0]]);
  });

  it('are told of in one line, where there are any', () => {
    expect(truncationMessage(truncation(tokenizer, rows, 10), 10)).toBe(
      '2 texts were longer than 10 tokens (the longest has 92): 94 tokens were left out, at their ends.',
    );
    expect(truncationMessage(truncation(tokenizer, [words(3)], 4), 4)).toBe(
      '1 text was longer than 4 tokens (the longest has 5): 1 token was left out, at the end.',
    );
    expect(truncationMessage(truncation(tokenizer, rows, 100), 100)).toBeUndefined();
  });

  it('need room for the special tokens', () => {
    expect(() => textBatches(tokenizer, rows, { batchSize: 2, maxLength: 1 })).toThrow(
      'maxLength must be a whole number of at least 2, for the special tokens; it is 1.',
    );
    const [batch] = textBatches(tokenizer, [words(5)], { batchSize: 1, maxLength: 2 }) as [TextBatch];
    expect([...batch.inputs.inputIds.data]).toEqual([2, 3]);
    expect(batch.dropped).toEqual([5]);
  });
});

describe('order', () => {
  const rows = Array.from({ length: 53 }, (_, i) => words((i * 7) % 30));

  it('is kept where nothing shuffles or groups', () => {
    const batches = textBatches(tokenizer, rows, { batchSize: 8, maxLength: 40, groupByLength: false });
    expect(rowsOf(batches)).toEqual(rows.map((_, i) => i));
    expect([...batches[1]!.labels.data]).toEqual(rows.slice(8, 16).map(({ label }) => label));
  });

  it.each([
    ['shuffled', { seed: 1, groupByLength: false }],
    ['shuffled and grouped', { seed: 1 }],
    ['grouped', {}],
  ])('%s, an epoch still has every row exactly once', (_, options) => {
    const batches = textBatches(tokenizer, rows, { batchSize: 8, maxLength: 40, ...options });
    expect(batches).toHaveLength(7);
    expect(rowsOf(batches).sort((a, b) => a - b)).toEqual(rows.map((__, i) => i));
    expect(rowsOf(batches)).not.toEqual(rows.map((__, i) => i));
    for (const { rows: members, labels } of batches)
      members.forEach((row, i) => {
        expect(labels.data[i]).toBe(rows[row]?.label);
      });
  });

  it('is the same for the same seed and another for another', () => {
    const order = (seed: number) => rowsOf(textBatches(tokenizer, rows, { batchSize: 8, maxLength: 40, seed }));
    expect(order(1)).toEqual(order(1));
    expect(order(1)).not.toEqual(order(2));
  });

  it('grouped by length, has less padding', () => {
    const many = Array.from({ length: 256 }, (_, i) => words((i * 7) % 30));
    const padded = (groupByLength: boolean) =>
      textBatches(tokenizer, many, { batchSize: 8, maxLength: 40, seed: 3, groupByLength })
        .map((batch) => lengthOf(batch) as number)
        .reduce((sum, length) => sum + length, 0);
    expect(padded(true)).toBeLessThan(0.8 * padded(false));
  });

  it('has nothing in it for no rows', () => {
    expect(textBatches(tokenizer, [], { batchSize: 8, maxLength: 40, seed: 1 })).toEqual([]);
  });
});

describe('a short last batch', () => {
  const rows = [words(1), words(2), words(3)];

  it('is filled up with rows of weight 0', () => {
    const [batch] = textBatches(tokenizer, rows, { batchSize: 5, maxLength: 40 }) as [TextBatch];
    expect(batch.inputs.inputIds.shape).toEqual([5, 16]);
    expect(batch.rows).toHaveLength(3);
    expect([...batch.rowWeights.data]).toEqual([1, 1, 1, 0, 0]);
  });

  it('has the loss, the gradients and the predictions of its rows alone', async () => {
    const { trained } = divideWeights(model, full(), 0);
    const step = compileStep(model, full());
    const of = async (batchSize: number) => {
      const [batch] = model.batches(rows, { batchSize }) as [TextBatch];
      const weights = Object.fromEntries(trained);
      return step({ trained: weights, frozen: {}, batch: batchTensors(batch), seed: seedTensor(1) });
    };
    const [alone, filled] = [await of(3), await of(8)];
    expect(largestError(filled.value, alone.value)).toBeLessThan(1e-6);
    for (const [name, gradient] of Object.entries(alone.gradients))
      expect(largestError(filled.gradients[name]!, gradient), name).toBeLessThan(1e-6);
    const logits = filled.logits.data.slice(0, 9);
    expect(largestError(hostTensor(logits, [3, 3]), alone.logits)).toBeLessThan(1e-6);
    await step.dispose();
  });

  it('counts in no score', async () => {
    const many = Array.from({ length: 35 }, (_, i) => words(i % 9)); // predict takes 32 at a time
    const { predictions, loss } = await evaluate(model, many);
    expect(predictions).toHaveLength(35);
    const single = await evaluate(model, many.slice(0, 9));
    expect(predictions.slice(0, 9).map(({ labelIndex }) => labelIndex)).toEqual(
      single.predictions.map(({ labelIndex }) => labelIndex),
    );
    expect(Number.isFinite(loss)).toBe(true);
  });
});
