// One picture of each kind for tables, from numbers made here, with what must stand on it.

import { seededRandom } from '../../src/hub/random.js';
import { calibrationCurve } from '../../src/metrics/calibration.js';
import { precisionRecallCurve, rocCurve } from '../../src/metrics/ranking.js';
import { calibrationPlot } from '../../src/plots/calibration-plot.js';
import type { Figure } from '../../src/plots/figure.js';
import { precisionRecallPlot } from '../../src/plots/precision-recall-plot.js';
import { residualsPlot } from '../../src/plots/residuals-plot.js';
import { rocPlot } from '../../src/plots/roc-plot.js';

export interface Example {
  readonly picture: Figure;
  readonly title: string;
  /** Titles of the axes, sorted. */
  readonly axes: readonly string[];
}

const random = seededRandom(11);
const rows = 4000;
/** About normal: the sum of 12 uniform numbers less 6. */
const normal = (): number => Array.from({ length: 12 }, random).reduce((sum, value) => sum + value, -6);
const logit = Array.from({ length: rows }, () => 1.5 * normal() - 1.5);
const chance = logit.map((value) => 1 / (1 + Math.exp(-value)));
export const truth = chance.map((p) => Number(random() < p));
/** Models: the causal one, one that hears noise, one that is too sure. */
export const scores = {
  'boosted trees': chance,
  'logistic regression': logit.map((value) => 1 / (1 + Math.exp(-value - normal()))),
  'k nearest neighbours': logit.map((value) => 1 / (1 + Math.exp(-2.5 * value - 2 * normal()))),
};
const curves = <T>(of: (scores: number[]) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(scores).map(([name, values]) => [name, of(values)]));
const prices = logit.map((value) => 200 + 40 * value);

export const examples: Readonly<Record<string, Example>> = {
  roc: {
    picture: rocPlot(curves((values) => rocCurve(truth, values))),
    title: 'ROC curve',
    axes: ['False positive rate (share of negative rows taken for positive)', 'True positive rate (positive rows found)'],
  },
  precisionRecall: {
    picture: precisionRecallPlot(curves((values) => precisionRecallCurve(truth, values))),
    title: 'Precision and recall',
    axes: ['Precision (alarms that are right)', 'Recall (share of positive rows found)'],
  },
  calibration: {
    picture: calibrationPlot(curves((values) => calibrationCurve(truth, values, { bins: 10, strategy: 'quantile' }))),
    title: 'Calibration',
    axes: ['Predicted probability (mean of the bin)', 'Rows (logarithmic)', 'Share of rows that are positive'],
  },
  residuals: {
    picture: residualsPlot(prices.map((price) => price + 20 * normal()), prices, { unit: '€' }),
    title: 'Errors of the predictions',
    axes: ['Prediction (€)', 'Rows', 'True value less prediction (€)'],
  },
};
