// The forecasts to beat, by hand, and their intervals.
import { describe, expect, it } from 'vitest';
import { drift, naive, seasonalNaive } from '../../../src/tabular/series/naive.js';
import { residualIntervals } from '../../../src/tabular/series/residual-intervals.js';
import { rollingOrigin } from '../../../src/tabular/series/rolling-origin.js';
import { daily, day, expectSameAfterLoading, rhythm } from './made.js';

const ramp = daily(Array.from({ length: 40 }, (_, i) => i));
const history = daily([5, 1, 2, 9, 4, 8]);

describe('medians', () => {
  it.each([
    ['the last value', naive(), [8, 8, 8, 8]],
    ['the value a period ago, again and again', seasonalNaive({ period: 3 }), [9, 4, 8, 9]],
    ['a line from the first to the last', drift(), [8.6, 9.2, 9.8, 10.4]],
  ] as const)('%s', async (_, estimator, expected) => {
    const model = await estimator.fit(ramp, { horizon: 4 });
    const { median, times, level } = await model.forecast(history);
    for (const [step, value] of expected.entries()) expect(median[step]).toBeCloseTo(value, 12);
    expect([...times]).toEqual([6, 7, 8, 9].map((i) => (history.times[0] as number) + i * day));
    expect(level).toBe(0.9);
  });
});

describe('intervals', () => {
  it('are the errors made at each step: a line rises by one a step, so the last value is that much too low', async () => {
    const model = await naive().fit(ramp, { horizon: 3 });
    const { lower, upper } = await model.forecast(history);
    expect([...lower]).toEqual([9, 10, 11]);
    expect([...upper]).toEqual([9, 10, 11]);
  });

  it('are the quantiles that hold as much as they should of what comes', () => {
    const errors = [Array.from({ length: 19 }, (_, i) => i + 1)];
    // Of 19 errors and one to come each is as likely to be any in order: between the first and the last lie 18 of 20.
    expect(residualIntervals(errors, errors, 0.9)).toEqual({ lower: [1], upper: [19] });
    expect(residualIntervals(errors, errors, 0.8)).toEqual({ lower: [2], upper: [18] });
  });

  it.each([naive(), seasonalNaive({ period: 7 }), drift(), naive({ level: 0.5 })])(
    'of $name hold about their level later on',
    async (estimator) => {
      const { coverage, level } = await rollingOrigin(rhythm(1500), estimator, { horizon: 7 });
      expect(Math.abs(coverage - level)).toBeLessThan(0.05);
    },
  );
});

it.each([naive(), seasonalNaive({ period: 7 }), drift()])(
  '$name is the same after saving and loading',
  async (estimator) => {
    const series = rhythm(100);
    await expectSameAfterLoading(await estimator.fit(series, { horizon: 9 }), series);
  },
);

describe('what is refused', () => {
  it('a series too short to know errors', async () => {
    await expect(seasonalNaive({ period: 7 }).fit(rhythm(20), { horizon: 7 })).rejects.toThrow(
      "The series 'value' has 20 values, and Seasonal naive (7) with a horizon of 7 needs 33 or more.",
    );
  });

  it('a wrong horizon, period or level', async () => {
    await expect(naive().fit(ramp, { horizon: 0 })).rejects.toThrow(
      'horizon is 0; it must be a whole number of steps, 1 or more.',
    );
    expect(() => seasonalNaive({ period: 1 })).toThrow('seasonalNaive: wrong options: period is 1');
    expect(() => naive({ level: 1 })).toThrow('level is 1');
    expect(() => naive({ period: 3 } as never)).toThrow('period');
  });

  it('values that are no numbers, and a history of another kind', async () => {
    await expect(naive().fit(daily([...ramp.values, Number.NaN]), { horizon: 1 })).rejects.toThrow(
      "The value of 'value' at 2024-02-10 is NaN, not a number.",
    );
    const model = await seasonalNaive({ period: 7 }).fit(ramp, { horizon: 1 });
    await expect(model.forecast(history)).rejects.toThrow(
      "Seasonal naive (7) looks at the last 7 values, and the history 'value' has 6.",
    );
    const hourly = Object.assign(Object.create(Object.getPrototypeOf(ramp)), ramp, {
      frequency: { every: 1, unit: 'hour' },
    });
    await expect(model.forecast(hourly)).rejects.toThrow(
      'learnt from a value every day; the history has one every hour',
    );
  });
});
