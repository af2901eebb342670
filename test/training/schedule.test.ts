// Learning rates against transformers.get_scheduler.
import { describe, expect, it } from 'vitest';
import { type ScheduleKind, schedule } from '../../src/training/schedule.js';
import { fixtureJson } from '../references.js';

interface Case {
  readonly name: string;
  readonly learningRate: number;
  readonly schedule: string;
  readonly warmupSteps: number;
  readonly steps: number;
  readonly learningRates: readonly number[];
}

describe('as transformers.get_scheduler', () => {
  it.each((fixtureJson('optimiser/adamw.json') as Case[]).map((one) => [one.name, one] as const))('%s', (_, one) => {
    const { learningRate, steps, warmupSteps } = one;
    const kind = (one.schedule === 'constant_with_warmup' ? 'constant' : one.schedule) as ScheduleKind;
    const rate = schedule({ kind, learningRate, steps, warmupSteps });
    one.learningRates.forEach((expected, step) => {
      expect(rate(step)).toBeCloseTo(expected, 15);
    });
  });
});

describe('schedule', () => {
  it('falls in a straight line to 0 by default', () => {
    const rate = schedule({ learningRate: 1, steps: 4 });
    expect([0, 1, 2, 3, 4].map(rate)).toEqual([1, 0.75, 0.5, 0.25, 0]);
  });

  it('stays at 0 after the last step', () => {
    for (const kind of ['linear', 'cosine'] as const)
      expect(schedule({ kind, learningRate: 1, steps: 4 })(9)).toBeCloseTo(0, 12);
    expect(schedule({ kind: 'constant', learningRate: 1, steps: 4 })(9)).toBe(1);
  });

  it('can be all warm-up', () => {
    const rate = schedule({ learningRate: 1, steps: 4, warmupSteps: 4 });
    expect([0, 1, 2, 3].map(rate)).toEqual([0, 0.25, 0.5, 0.75]);
  });

  it('refuses a shape it does not have, naming those it has', () => {
    const kind = 'polynomial' as ScheduleKind;
    expect(() => schedule({ kind, learningRate: 1, steps: 4 })).toThrow(
      'There is no schedule "polynomial"; the schedules are linear, cosine, constant.',
    );
  });
});
