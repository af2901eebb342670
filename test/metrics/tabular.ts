// What test/python/make_tabular_metrics.py wrote with scikit-learn, and how far from it a number may be.

import { expect } from 'vitest';
import { fixtureJson } from '../references.js';

interface RankingCase {
  readonly name: string;
  readonly truth: number[];
  readonly scores: number[];
  readonly weights: number[] | null;
  readonly falsePositiveRate: number[];
  readonly truePositiveRate: number[];
  readonly rocThresholds: number[];
  readonly precision: number[];
  readonly recall: number[];
  readonly prThresholds: number[];
  readonly rocAuc: number;
  readonly averagePrecision: number;
}

interface ProbabilityCase {
  readonly name: string;
  readonly truth: number[];
  readonly probabilities: number[][];
  readonly weights: number[];
  readonly logLoss: number;
  readonly logLossWeighted: number;
  readonly brierMulticlass: number;
  readonly rocAucOneVsRest: number | null;
  readonly balancedAccuracy: number;
}

interface CalibrationCase {
  readonly name: string;
  readonly bins: number;
  readonly strategy: 'uniform' | 'quantile';
  readonly truth: number[];
  readonly probabilities: number[];
  readonly meanPredicted: number[];
  readonly fractionPositive: number[];
  readonly brier: number;
}

interface RegressionCase {
  readonly name: string;
  readonly truth: number[];
  readonly predicted: number[];
  readonly weights: number[] | null;
  readonly rmse: number;
  readonly mae: number;
  readonly r2: number;
  readonly pinball: Record<string, number>;
}

interface LabelCase {
  readonly name: string;
  readonly truth: number[];
  readonly predicted: number[];
  readonly balancedAccuracy: number;
  readonly f1: number;
}

export const known = fixtureJson('tabular/metrics.json') as {
  readonly ranking: RankingCase[];
  readonly probability: ProbabilityCase[];
  readonly calibration: CalibrationCase[];
  readonly regression: RegressionCase[];
  readonly labels: LabelCase[];
};

/** As many numbers, and each within 1e-12. */
export function expectClose(ours: ArrayLike<number>, theirs: readonly number[]): void {
  expect(ours.length).toBe(theirs.length);
  for (const [i, value] of theirs.entries()) expect(Math.abs((ours[i] as number) - value)).toBeLessThan(1e-12);
}
