// The quick form, MODEL_TYPES_QUICK=1: few steps and few rows, so that tests can run every lesson's cells unchanged.
const steps = 3;
const rows = 24;

export const isQuick = (): boolean => process.env.MODEL_TYPES_QUICK === '1';

/** The batches an epoch takes: all, or in the quick form the first few. */
export const cappedBatches = <Batch>(all: Batch[]): Batch[] => (isQuick() ? all.slice(0, steps) : all);

/** The epochs of a run: as many as asked for, or in the quick form one. */
export const cappedEpochs = (asked: number): number => (isQuick() ? 1 : asked);

/** The rows an evaluation looks at: all, or in the quick form some spread evenly over them. */
export function cappedRows<Row>(all: readonly Row[]): readonly Row[] {
  if (!isQuick() || all.length <= rows) return all;
  return Array.from({ length: rows }, (_, i) => all[Math.floor((i * all.length) / rows)] as Row);
}

/**
 * Checks a claim about accuracy at the end of a lesson. In the quick form a model has hardly learnt, so it only says that
 * the check is skipped.
 * @throws Error with the claim where it does not hold
 */
export function expectAccuracy(claim: string, accuracy: number, atLeast: number): void {
  const percent = (share: number) => `${(100 * share).toFixed(1)}%`;
  if (isQuick()) console.log(`skipped in the quick form: ${claim}`);
  else if (accuracy >= atLeast) console.log(`✓ ${claim}: ${percent(accuracy)}, at least ${percent(atLeast)} expected`);
  else throw new Error(`${claim}: ${percent(accuracy)}, but at least ${percent(atLeast)} was expected.`);
}
