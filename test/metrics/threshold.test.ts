import { expect, test } from 'vitest';
import { seededRandom } from '../../src/hub/random.js';
import { costCurve } from '../../src/metrics/threshold.js';

test('every threshold costs what acting on the rows from it on costs', () => {
  const curve = costCurve([0, 1, 0, 1], [0.1, 0.3, 0.3, 0.9], { falsePositive: 2, falseNegative: 10 });
  expect([...curve.thresholds]).toEqual([0.1, 0.3, 0.9, Number.POSITIVE_INFINITY]);
  expect([...curve.costs]).toEqual([4, 2, 10, 20]);
  expect(curve.best).toEqual({ threshold: 0.3, cost: 2 });
});

test('costs a row, and what right decisions cost or bring', () => {
  const curve = costCurve([1, 1, 0], [0.8, 0.4, 0.2], {
    falsePositive: 5,
    falseNegative: [100, 3, 0],
    truePositive: 1,
    trueNegative: [0, 0, -2],
  });
  expect([...curve.costs]).toEqual([7, 0, 2, 101]);
  expect(curve.best).toEqual({ threshold: 0.4, cost: 0 });
});

test('of equally cheap thresholds the one that acts least is best', () => {
  expect(costCurve([0, 1], [0.5, 0.4], { falsePositive: 1, falseNegative: 1 }).best).toEqual({
    threshold: Number.POSITIVE_INFINITY,
    cost: 1,
  });
});

test('with true probabilities the best threshold is near the ratio of the costs', () => {
  const random = seededRandom(2);
  const probabilities = Float64Array.from({ length: 20_000 }, random);
  const truth = probabilities.map((p) => Number(random() < p));
  // Acting pays from p * 9 > (1 - p) * 1 on, that is from 0.1.
  const { best } = costCurve(truth, probabilities, { falsePositive: 1, falseNegative: 9 });
  expect(best.threshold).toBeGreaterThan(0.06);
  expect(best.threshold).toBeLessThan(0.14);
});

test('errors name what is wrong', () => {
  expect(() => costCurve([0, 1], [0.1, 0.2], { falsePositive: 1, falseNegative: [1] })).toThrow(
    'falseNegative has 1 costs for 2 rows',
  );
  expect(() => costCurve([0, 1], [0.1, 0.2], { falsePositive: Number.NaN, falseNegative: 1 })).toThrow(
    'falsePositive must be a finite number, not NaN',
  );
});
