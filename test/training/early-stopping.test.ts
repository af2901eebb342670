// The best epoch and early stopping, as the Hugging Face Trainer's EarlyStoppingCallback and load_best_model_at_end.
import { describe, expect, it } from 'vitest';
import { type BestEpoch, judge } from '../../src/training/best-epoch.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { type FineTuneOptions, settingsOf } from '../../src/training/options.js';
import { lora } from '../../src/training/strategies/lora.js';
import { fixtureJson } from '../references.js';
import { rows, snapshot, tinyBert } from './tiny.js';

/** The best epoch, and how long ago it was, after each of the losses. */
function bestSoFar(losses: readonly number[], options: FineTuneOptions = {}) {
  let best: BestEpoch | undefined;
  return losses.map((loss, i) => {
    const result = { epoch: i + 1, step: i, loss, accuracy: 1 - loss, macroF1: 1 - loss };
    ({ best } = judge(best, result, settingsOf(options)));
    return [best.epoch, best.waited];
  });
}

describe('judge', () => {
  it('keeps the lowest loss and counts the epochs since', () => {
    const expected = [
      [1, 0],
      [2, 0],
      [2, 1],
      [2, 2],
      [5, 0],
    ];
    expect(bestSoFar([0.5, 0.4, 0.4, 0.6, 0.3])).toEqual(expected);
  });

  it('keeps the highest of other metrics', () => {
    const metricForBestModel = 'accuracy';
    expect(bestSoFar([0.5, 0.6, 0.4], { metricForBestModel })).toEqual([
      [1, 0],
      [1, 1],
      [3, 0],
    ]);
  });

  it('takes the weights of any gain, but is patient for those above the threshold only', () => {
    const expected = [
      [1, 0],
      [2, 1],
      [3, 2],
      [4, 0],
    ];
    expect(bestSoFar([0.5, 0.49, 0.48, 0.3], { earlyStoppingThreshold: 0.1 })).toEqual(expected);
  });
});

describe("the Hugging Face Trainer's own decisions", () => {
  interface Case {
    readonly greaterIsBetter: boolean;
    readonly patience: number;
    readonly threshold: number;
    readonly scores: readonly number[];
    /** After how many epochs it stopped. */
    readonly epochs: number;
    readonly best: number;
    readonly bestEpoch: number;
  }

  it.each(fixtureJson('fine-tuning/early-stopping.json') as Case[])(
    'greater is better: $greaterIsBetter, patience $patience, threshold $threshold',
    ({ greaterIsBetter, patience, threshold, scores, ...expected }) => {
      const metricForBestModel = greaterIsBetter ? 'accuracy' : 'loss';
      const settings = settingsOf({ metricForBestModel, earlyStoppingThreshold: threshold });
      let best: BestEpoch | undefined;
      let epochs = 0;
      while (epochs < scores.length && (best?.waited ?? 0) < patience) {
        const score = scores[epochs] as number;
        epochs += 1;
        ({ best } = judge(best, { epoch: epochs, step: 0, loss: score, accuracy: score, macroF1: 0 }, settings));
      }
      expect({ epochs, best: best?.value, bestEpoch: best?.epoch }).toEqual(expected);
    },
  );
});

describe('a run', () => {
  // What it learns is wrong on the validation rows: with every epoch their loss rises.
  const settings: FineTuneOptions = {
    epochs: 8,
    batchSize: 4,
    learningRate: 3e-3,
    schedule: 'constant',
    warmupRatio: 0,
  };
  const data = { train: rows(16), validation: rows(24).map((row) => ({ ...row, label: (row.label + 1) % 3 })) };

  it.each([
    ['full', {}],
    ['LoRA', { strategy: lora({ rank: 2 }) }],
  ])(
    'stops when validation has not improved for two epochs, and ends with the best weights: %s',
    async (_, options) => {
      const model = await tinyBert();
      const result = await fineTune(model, data, { ...settings, ...options, earlyStoppingPatience: 2 });
      expect(result.stoppedEarly).toBe(true);
      const losses = result.epochs.map(({ loss }) => loss);
      const lowest = losses.indexOf(Math.min(...losses));
      expect(result.best).toMatchObject({ epoch: lowest + 1, metric: 'loss', value: losses[lowest], waited: 2 });
      expect(result.epochs).toHaveLength(lowest + 3);
      expect(result.history).toHaveLength(4 * (lowest + 3));
      expect(result.evaluation?.loss).toBeCloseTo(losses[lowest] as number, 6);
    },
  );

  it('without patience trains to the end, and keeps the last weights unless told', async () => {
    const [last, best] = [await tinyBert(), await tinyBert()];
    const whole = await fineTune(last, data, settings);
    const chosen = await fineTune(best, data, { ...settings, loadBestModelAtEnd: true });
    expect(whole.epochs).toEqual(chosen.epochs);
    expect([whole.stoppedEarly, chosen.stoppedEarly]).toEqual([false, false]);
    expect(whole.evaluation?.loss).toBeCloseTo(whole.epochs.at(-1)!.loss, 6);
    expect(chosen.evaluation?.loss).toBeCloseTo(chosen.best!.value, 6);
    expect(snapshot(last)).not.toEqual(snapshot(best));
  });

  it.each([{ earlyStoppingPatience: 1 }, { loadBestModelAtEnd: true }])(
    'needs validation rows for %j',
    async (options) => {
      await expect(fineTune(await tinyBert(), { train: rows(4) }, options)).rejects.toThrow(
        'earlyStoppingPatience and loadBestModelAtEnd need validation rows to judge epochs by.',
      );
    },
  );

  it.each([
    [{ earlyStoppingPatience: 0 }, 'earlyStoppingPatience is a whole number of at least 1; got 0.'],
    [{ metricForBestModel: 'f1' as 'loss' }, 'metricForBestModel is loss, accuracy or macroF1; got f1.'],
    [{ saveSteps: 5 }, 'saveSteps and resumeFromCheckpoint need outputDir, the folder to keep the run in.'],
  ])('refuses %j', async (options, message) => {
    await expect(fineTune(await tinyBert(), data, options)).rejects.toThrow(message);
  });
});
