// One picture of each kind for tables, from numbers made here, with what must stand on it.

import { seededRandom } from '../../src/hub/random.js';
import { calibrationCurve } from '../../src/metrics/calibration.js';
import { precisionRecallCurve, rocCurve } from '../../src/metrics/ranking.js';
import { costCurve } from '../../src/metrics/threshold.js';
import { calibrationPlot } from '../../src/plots/calibration-plot.js';
import { effectsPlot } from '../../src/plots/effects-plot.js';
import { explanationWaterfall } from '../../src/plots/explanation-waterfall.js';
import type { Figure } from '../../src/plots/figure.js';
import { fitCurve } from '../../src/plots/fit-curve.js';
import { heatMap } from '../../src/plots/heat-map.js';
import { histogramPlot } from '../../src/plots/histogram-plot.js';
import { importancePlot } from '../../src/plots/importance-plot.js';
import { maskHeatMap } from '../../src/plots/mask-heat-map.js';
import { missingPlot } from '../../src/plots/missing-plot.js';
import { partialDependencePlot } from '../../src/plots/partial-dependence-plot.js';
import { precisionRecallPlot } from '../../src/plots/precision-recall-plot.js';
import { residualsPlot } from '../../src/plots/residuals-plot.js';
import { rocPlot } from '../../src/plots/roc-plot.js';
import { scatterPlot } from '../../src/plots/scatter-plot.js';
import { shapBeeswarm } from '../../src/plots/shap-beeswarm.js';
import { thresholdPlot } from '../../src/plots/threshold-plot.js';
import { treePlot } from '../../src/plots/tree-plot.js';
import { correlations } from '../../src/tabular/explain/correlations.js';
import { pairDependence, partialDependence } from '../../src/tabular/explain/partial-dependence.js';
import { permutationImportance } from '../../src/tabular/explain/permutation-importance.js';
import { sampledShapley } from '../../src/tabular/explain/sampled-shapley.js';
import type { TreeNode } from '../../src/tabular/explain/tree-node.js';
import { categorical, numeric } from '../../src/tabular/table/column.js';
import { type Row, Table } from '../../src/tabular/table/table.js';
import { formula } from '../tabular/explain/models.js';

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

const people = 900;
const plans = ['month to month', 'one year', 'two years & <more>'];
const draws = (of: () => number): number[] => Array.from({ length: people }, of);
/** Customers, some values missing, one name with markup. */
const known = new Table([
  numeric(
    'months',
    draws(() => Math.floor(random() * 72)).map((value, i) => (i % 9 === 0 ? undefined : value)),
  ),
  numeric(
    'price',
    draws(() => 40 + 12 * normal()),
  ),
  categorical(
    'plan',
    draws(() => Math.floor(random() * 3)).map((i) => plans[i]),
  ),
  categorical(
    'paperless',
    draws(random).map((value, i) => (i % 20 === 0 ? undefined : value < 0.6 ? 'yes' : 'no')),
  ),
  numeric(
    'calls to the hotline <90 days>',
    draws(() => Math.floor(random() ** 3 * 12)),
  ),
  numeric('satisfaction', draws(normal)),
]);
const task = { kind: 'classification', target: 'churned', classes: ['no', 'yes'] } as const;
const given = (value: unknown, otherwise: number): number => (value === undefined ? otherwise : Number(value));
const chanceToLeave = (row: Row): number => {
  const lively = given(row['calls to the hotline <90 days>'], 2) * 0.4 - given(row.months, 20) / 20;
  const bound = row.plan === 'month to month' ? 1.5 : row.plan === 'one year' ? -0.5 : -2;
  return 1 / (1 + Math.exp(-lively - bound - (given(row.price, 40) - 40) / 20 - (row.paperless === 'yes' ? 0.6 : 0)));
};
const left = known.records().map((row) => (random() < chanceToLeave(row) ? 'yes' : 'no'));
export const customers = known.with(categorical('churned', left));
export const leaving = formula({ table: customers, task, of: chanceToLeave });
/** Another model, which thinks in straight lines. */
const flat = formula({ table: customers, task, of: ({ months }) => 0.6 - given(months, 20) / 150 });
const few = customers.slice(0, 450);
export const why = await sampledShapley(leaving, few, { output: 'log-odds', permutations: 4 });
const amounts = truth.map((label, i) => (label === 1 ? 20 + ((i * 37) % 900) : 0));

const node = (samples: number, share: number, split: Partial<TreeNode> = {}): TreeNode => ({
  ...{ samples, value: [1 - share, share], impurity: 2 * share * (1 - share), ...split },
});
/** Three questions deep, with numbers and categories. */
export const tree: TreeNode = node(900, 0.31, {
  ...{ feature: 'plan', categories: ['one year', 'two years & <more>'], missingLeft: false },
  left: node(590, 0.12, {
    ...{ feature: 'calls to the hotline <90 days>', threshold: 6.5, missingLeft: true },
    left: node(470, 0.07, { feature: 'months', threshold: 11.5, left: node(80, 0.21), right: node(390, 0.04) }),
    right: node(120, 0.33),
  }),
  right: node(310, 0.67, {
    ...{ feature: 'months', threshold: 23.5, missingLeft: false },
    left: node(140, 0.88, { feature: 'paperless', categories: ['no'], left: node(50, 0.7), right: node(90, 0.98) }),
    right: node(170, 0.5, { feature: 'price', threshold: 41.25, left: node(90, 0.41), right: node(80, 0.6) }),
  }),
});
const iris: TreeNode = {
  ...{ feature: 'flipper_length', threshold: 206.5, samples: 333, value: [0.44, 0.2, 0.36], impurity: 0.64 },
  left: { samples: 208, value: [0.7, 0.3, 0], impurity: 0.42 },
  right: { samples: 125, value: [0.01, 0.04, 0.95], impurity: 0.1 },
};
const maskFeatures = [
  'age',
  'workclass',
  'fnlwgt',
  'education',
  'education_num',
  'marital_status',
  'occupation',
  'hours_per_week',
];
const mask = (peak: number) =>
  Float32Array.from({ length: 80 * maskFeatures.length }, (_, i) => {
    const feature = i % maskFeatures.length;
    return Math.max(0, 1 - Math.abs(feature - peak) + 0.5 * (random() - 0.5));
  });
const steps = [mask(5), mask(3.5), mask(0)];
const aggregate = (steps[0] as Float32Array).map(
  (value, i) => value + 2 * (steps[1]?.[i] as number) + (steps[2]?.[i] as number),
);

export const examples: Readonly<Record<string, Example>> = {
  roc: {
    picture: rocPlot(curves((values) => rocCurve(truth, values))),
    title: 'ROC curve',
    axes: [
      'False positive rate (share of negative rows taken for positive)',
      'True positive rate (positive rows found)',
    ],
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
    picture: residualsPlot(
      prices.map((price) => price + 20 * normal()),
      prices,
      { unit: '€' },
    ),
    title: 'Errors of the predictions',
    axes: ['Prediction (€)', 'Rows', 'True value less prediction (€)'],
  },
  threshold: {
    picture: thresholdPlot(costCurve(truth, chance, { falsePositive: 60, falseNegative: amounts }), { unit: '€' }),
    title: 'Cost of every threshold',
    axes: ['Cost of all rows (€)', 'Threshold: act from this probability on'],
  },
  rareThreshold: {
    picture: thresholdPlot(
      costCurve(
        truth,
        chance.map((p) => p ** 3 / 20),
        { falsePositive: 40, falseNegative: amounts },
      ),
      { unit: '€', title: 'Fraud' },
    ),
    title: 'Fraud',
    axes: ['Cost of all rows (€)', 'Threshold: act from this probability on (logarithmic)'],
  },
  importance: {
    picture: importancePlot(await permutationImportance(leaving, few, { repeats: 2, bootstrap: 50 })),
    title: 'Permutation importance',
    axes: ['ROC AUC lost by shuffling the column'],
  },
  partialDependence: {
    picture: partialDependencePlot(await partialDependence(leaving, few, 'months', { ice: 25 }), {
      unit: 'since the start',
    }),
    title: 'What months does',
    axes: ['Mean probability of yes', 'months (since the start)'],
  },
  partialDependenceOfTwo: {
    picture: partialDependencePlot({
      trees: await partialDependence(leaving, few, 'price'),
      'a line': await partialDependence(flat, few, 'price'),
    }),
    title: 'What price does',
    axes: ['Mean probability of yes', 'price'],
  },
  partialDependenceOfCategories: {
    picture: partialDependencePlot(await partialDependence(leaving, few, 'paperless')),
    title: 'What paperless does',
    axes: ['Mean probability of yes', 'paperless'],
  },
  pairDependence: {
    picture: partialDependencePlot(await pairDependence(leaving, few, ['months', 'plan'])),
    title: 'What months and plan do together',
    axes: ['months', 'plan'],
  },
  beeswarm: {
    picture: shapBeeswarm(why, few),
    title: 'What moves the output',
    axes: ['Contribution to the log-odds of yes'],
  },
  waterfall: {
    picture: explanationWaterfall(why, 2, few),
    title: 'Why row 2 gets its prediction',
    axes: ['Log-odds of yes'],
  },
  waterfallOfFew: {
    picture: explanationWaterfall(why, 9, few, { most: 3, title: 'Row 9' }),
    title: 'Row 9',
    axes: ['Log-odds of yes'],
  },
  tree: { picture: treePlot({ root: tree, task }), title: "A tree for 'churned'", axes: [] },
  treeCut: { picture: treePlot({ root: tree, task }, { maxDepth: 1 }), title: "A tree for 'churned'", axes: [] },
  treeOfClasses: {
    picture: treePlot({
      root: iris,
      task: { kind: 'classification', target: 'species', classes: ['Adelie', 'Chinstrap', 'Gentoo'] },
    }),
    title: "A tree for 'species'",
    axes: [],
  },
  masks: {
    picture: maskHeatMap({ features: maskFeatures, steps, aggregate }),
    title: "TabNet's attention",
    axes: ['All steps', 'Step 1', 'Step 2', 'Step 3'],
  },
  histogram: {
    picture: histogramPlot(customers, 'price', { unit: '€ a month' }),
    title: 'price',
    axes: ['Rows', 'price (€ a month)'],
  },
  histogramByClass: {
    picture: histogramPlot(customers, 'months', { by: 'plan' }),
    title: 'months by plan',
    axes: ['Rows of the class (%)', 'months'],
  },
  categoriesByClass: {
    picture: histogramPlot(customers, 'plan', { by: 'churned' }),
    title: 'plan by churned',
    axes: ['Rows of the class (%)', 'plan'],
  },
  scatter: {
    picture: scatterPlot(customers, 'price', 'satisfaction', { color: 'plan', xUnit: '€' }),
    title: 'satisfaction against price',
    axes: ['price (€)', 'satisfaction'],
  },
  scatterByNumber: {
    picture: scatterPlot(customers, 'price', 'satisfaction', { color: 'months', points: 300 }),
    title: 'satisfaction against price',
    axes: ['price', 'satisfaction'],
  },
  missing: { picture: missingPlot(customers), title: 'Missing values', axes: ['Rows without a value (% of 900)'] },
  correlations: {
    picture: heatMap(correlations(customers).values, {
      ...{ rows: correlations(customers).names, columns: correlations(customers).names, diverging: 1 },
      ...{ title: 'Correlations', valueTitle: 'Pearson correlation' },
    }),
    title: 'Correlations',
    axes: [],
  },
  effects: {
    picture: effectsPlot(
      [
        { name: 'month to month', truth: 1.2, learnt: 1.05, interval: [0.9, 1.2] },
        { name: 'a call more', truth: 0.4, learnt: 0.44 },
        { name: 'a year more', truth: -0.6, learnt: -0.41, interval: [-0.5, -0.3] },
        { name: 'noise', truth: 0, learnt: 0.02 },
      ],
      { valueTitle: 'Effect (log-odds)' },
    ),
    title: 'True and learnt effects',
    axes: ['Effect (log-odds)'],
  },
  fit: {
    picture: fitCurve(
      Array.from({ length: 60 }, (_, i) => ({
        ...{
          done: i + 1,
          total: 60,
          loss: 0.3 + 0.4 / (1 + i / 10),
          validationLoss: 0.4 + 0.3 / (1 + i / 8) + i / 1000,
        },
      })),
      { title: 'Fitting XGBoost' },
    ),
    title: 'Fitting XGBoost',
    axes: ['Loss', 'Round'],
  },
};
