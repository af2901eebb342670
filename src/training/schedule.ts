// How the learning rate changes over a run, as transformers.get_scheduler computes it.
//
//   const rate = schedule({ kind: 'linear', learningRate: 5e-5, steps: 500, warmupSteps: 50 });
//   rate(0);      // 0: the first step of a warm-up starts from nothing
//   rate(50);     // 5e-5
//   rate(500);    // 0

export type ScheduleKind = 'linear' | 'cosine' | 'constant';

export interface ScheduleOptions {
  /** Shape after the warm-up. Default 'linear'. */
  readonly kind?: ScheduleKind;
  /** The highest rate. */
  readonly learningRate: number;
  /** Steps of the whole run. */
  readonly steps: number;
  /** Steps over which the rate rises from 0. Default 0. */
  readonly warmupSteps?: number;
}

const shapes: Readonly<Record<ScheduleKind, (progress: number) => number>> = {
  linear: (progress) => 1 - progress,
  cosine: (progress) => 0.5 * (1 + Math.cos(Math.PI * progress)),
  constant: () => 1,
};

/** The learning rate of each step, counted from 0. */
export function schedule({
  kind = 'linear',
  learningRate,
  steps,
  warmupSteps = 0,
}: ScheduleOptions): (step: number) => number {
  const shape = shapes[kind];
  if (shape === undefined)
    throw new RangeError(`There is no schedule "${kind}"; the schedules are ${Object.keys(shapes).join(', ')}.`);
  return (step) => {
    if (step < warmupSteps) return learningRate * (step / Math.max(1, warmupSteps));
    const progress = (step - warmupSteps) / Math.max(1, steps - warmupSteps);
    return learningRate * Math.max(0, shape(Math.min(1, progress)));
  };
}
