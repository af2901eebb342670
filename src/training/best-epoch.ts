// Which epoch was the best so far, and whether it is time to stop: early stopping as the Hugging Face Trainer's callback does it.
import type { BestMetric, EpochResult, Settings } from './options.js';

/** What is known of the best epoch. */
export interface BestEpoch {
  readonly epoch: number;
  readonly metric: BestMetric;
  readonly value: number;
  /** Epochs since then without an improvement larger than the threshold. */
  readonly waited: number;
}

/** Takes an epoch in. `improved` says that its weights are the ones to keep. */
export function judge(
  best: BestEpoch | undefined,
  result: EpochResult,
  { metricForBestModel: metric, earlyStoppingThreshold: threshold }: Settings,
): { best: BestEpoch; improved: boolean } {
  const value = result[metric];
  const gain =
    best === undefined ? Number.POSITIVE_INFINITY : metric === 'loss' ? best.value - value : value - best.value;
  // The best weights are kept for any gain; patience is renewed by one above the threshold only.
  const waited = best !== undefined && !(gain > threshold) ? best.waited + 1 : 0;
  if (best !== undefined && !(gain > 0)) return { best: { ...best, waited }, improved: false };
  return { best: { epoch: result.epoch, metric, value, waited }, improved: true };
}
