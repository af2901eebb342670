// fineTune as lessons call it: the training loop of src/training, with its loss drawn while it runs.

import { truncation, truncationMessage } from '../tasks/batching.js';
import type { TextClassifier } from '../tasks/text-classification.js';
import {
  type FineTuneOptions,
  type FineTuneResult,
  type ScoredData,
  type ScoredResult,
  type TrainingData,
  type TrainingStep,
  fineTune as train,
} from '../training/fine-tune.js';
import { live } from './live.js';
import { trainingCurve } from './training-curve.js';

export interface LiveFineTuneOptions extends FineTuneOptions {
  /** Draws the loss under the cell while training. Default true. */
  readonly progress?: boolean;
  /** Title of the picture. Default: 'Fine-tuning' and the strategy. */
  readonly title?: string;
}

/** Trains a model in place, showing its loss as it goes; see `fineTune` in src/training for everything else. */
export function fineTune(model: TextClassifier, data: ScoredData, options?: LiveFineTuneOptions): Promise<ScoredResult>;
export function fineTune(
  model: TextClassifier,
  data: TrainingData,
  options?: LiveFineTuneOptions,
): Promise<FineTuneResult>;
export async function fineTune(
  model: TextClassifier,
  data: TrainingData,
  options: LiveFineTuneOptions = {},
): Promise<FineTuneResult> {
  const { progress = true, title = `Fine-tuning (${options.strategy?.name ?? 'full'})`, ...rest } = options;
  if (!progress) return train(model, data, rest);
  const cut = truncationMessage(truncation(model.tokenizer, data.train, model.maxLength), model.maxLength);
  if (cut !== undefined) console.log(cut);
  const curve = live();
  const history: TrainingStep[] = [];
  const validation: { step: number; loss: number }[] = [];
  const picture = (totalSteps: number) => () => trainingCurve(history, { title, totalSteps, validation });
  let total = 0;
  try {
    return await train(model, data, {
      ...rest,
      onStep(step, steps) {
        history.push(step);
        total = steps;
        curve.update(picture(total));
        rest.onStep?.(step, steps);
      },
      onEpoch(epoch) {
        validation.push(epoch);
        curve.update(picture(total));
        rest.onEpoch?.(epoch);
      },
    });
  } finally {
    curve.end();
  }
}
