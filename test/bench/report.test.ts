import { expect, test } from 'vitest';
import { asJson, asTable, quantile, type Report } from '../../bench/report.js';

const row = {
  case: 'bert-6x384',
  metric: 'ms per step',
  ours: 930,
  reference: 830,
  referenceName: 'pytorch 2.15',
  ratio: 1.1205,
};
const report: Report = { suite: 'train-step', rows: [row], notes: ['tfjs-node: not installed'] };

test('the table names both contestants, the ratio and what was left out', () => {
  expect(asTable(report)).toBe(
    [
      'case        metric       ours  reference                ours / reference',
      'bert-6x384  ms per step   930        830  pytorch 2.15              1.12',
      'note: tfjs-node: not installed',
    ].join('\n'),
  );
});

test('accuracies are compared by their difference', () => {
  const accuracies = { ...row, metric: 'accuracy in percent', ours: 79.5, reference: 79.2, difference: 0.3 };
  expect(asTable({ ...report, rows: [accuracies] })).toMatch(/79\.5\s+79\.2\s+pytorch 2\.15\s+\+0\.30/);
});

test('the JSON is one line of the suite and its rows', () => {
  expect(asJson(report)).not.toContain('\n');
  expect(JSON.parse(asJson(report))).toEqual({ suite: 'train-step', rows: [row] });
});

test('quantiles are interpolated', () => {
  expect(quantile([4, 1, 3, 2], 0.5)).toBe(2.5);
  expect(quantile([4, 1, 3, 2], 0)).toBe(1);
  expect(quantile([7], 0.75)).toBe(7);
  expect(quantile([], 0.5)).toBeNaN();
});
