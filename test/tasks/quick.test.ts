// The quick form, in which tests run the lessons.
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { evaluate } from '../../src/tasks/evaluate.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { cappedBatches, cappedEpochs, cappedRows, expectAccuracy } from '../../src/tasks/quick.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { fixture } from '../references.js';

const numbers = Array.from({ length: 100 }, (_, i) => i);

afterEach(() => {
  vi.unstubAllEnvs();
  vi.restoreAllMocks();
});

describe('in full', () => {
  beforeEach(() => vi.stubEnv('MODEL_TYPES_QUICK', ''));

  it('leaves everything as it is', () => {
    expect(cappedBatches(numbers)).toBe(numbers);
    expect(cappedRows(numbers)).toBe(numbers);
    expect(cappedEpochs(3)).toBe(3);
  });

  it('checks claims about accuracy', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expectAccuracy('better than the bag of words', 0.81, 0.8);
    expect(log).toHaveBeenCalledWith('✓ better than the bag of words: 81.0%, at least 80.0% expected');
    expect(() => expectAccuracy('better', 0.79, 0.8)).toThrow('better: 79.0%, but at least 80.0% was expected.');
  });

  it('lets no claim about a number that is none pass', () => {
    expect(() => expectAccuracy('better', Number.NaN, 0.8)).toThrow('better');
  });
});

describe('MODEL_TYPES_QUICK=1', () => {
  beforeEach(() => vi.stubEnv('MODEL_TYPES_QUICK', '1'));

  it('takes few batches, one epoch, and rows from all over', () => {
    expect(cappedBatches(numbers)).toEqual([0, 1, 2]);
    expect(cappedEpochs(3)).toBe(1);
    const rows = cappedRows(numbers);
    expect(rows).toHaveLength(24);
    expect(rows.at(-1)).toBeGreaterThan(90);
    expect(new Set(rows).size).toBe(24);
  });

  it('skips claims about accuracy, and says so', () => {
    const log = vi.spyOn(console, 'log').mockImplementation(() => {});
    expectAccuracy('better than the bag of words', 0.1, 0.8);
    expect(log).toHaveBeenCalledWith('skipped in the quick form: better than the bag of words');
  });

  it('caps training and evaluation inside the library', async () => {
    const model = await loadModel(fixture('tiny-bert'), { task: 'text-classification' });
    const train = Array.from({ length: 60 }, (_, i) => ({ text: 'good', label: i % 3 }));
    const result = await fineTune(model, { train, test: train }, { epochs: 4, batchSize: 4 });
    expect(result.history).toHaveLength(3);
    expect(result.evaluation?.predictions).toHaveLength(24);
    expect((await evaluate(model, train)).predictions).toHaveLength(24);
  });
});
