import { expect, test } from 'vitest';
import { asTable } from '../../bench/report.js';
import { Figures, summary } from '../../bench/suites/kernel-figures.js';

const titles = new Map([
  ['ours', 'ours'],
  ['tslab', 'tslab 1.0.22'],
  ['deno', 'deno 2.9.6'],
]);
const figuresOf = () => new Figures({ case: 'start', titles });

test('each reference that was measured is a row beside ours: medians with quartiles', () => {
  const figures = figuresOf();
  figures.add('deno', 'ms', 300, 320, 310);
  figures.add('tslab', 'ms', 4000);
  figures.add('ours', 'ms', 600, 700);
  figures.add('ours', 'ms', 620);
  expect(figures.rows()).toEqual([
    { case: 'start', metric: 'ms', ours: 620, reference: 4000, referenceName: 'tslab 1.0.22', ratio: 0.155 },
    {
      case: 'start',
      metric: 'ms',
      ours: 620,
      reference: 310,
      referenceName: 'deno 2.9.6',
      ratio: 2,
      quartiles: { ours: [610, 660], reference: [305, 315] },
    },
  ]);
});

test('a kernel that fails is a note; the others stay in the table', () => {
  const figures = figuresOf();
  figures.add('tslab', 'ms', 4000);
  figures.fail('ours', new Error('the kernel is\n  not compiled'));
  expect(figures.hasFailed('ours')).toBe(true);
  const table = asTable({ suite: 'kernel', rows: figures.rows(), notes: figures.notes });
  expect(table).toMatch(/start +ms +- +4000 +tslab 1\.0\.22 +-\n/);
  expect(table).toContain('note: start, ours: the kernel is not compiled');
});

test('where most answers did not come, that is said instead of a number', () => {
  const figures = figuresOf();
  figures.add('ours', 'ms', 3, 4, null);
  figures.add('tslab', 'ms', null, null, 5);
  const [row] = figures.rows();
  expect(row).toMatchObject({ ours: 3.5, reference: Number.POSITIVE_INFINITY });
  expect(asTable({ suite: 'kernel', rows: figures.rows(), notes: [] })).toMatch(/3\.50 +no answer +tslab 1\.0\.22 +-$/);
});

test('differences where a ratio would hide what is ours to save', () => {
  const figures = figuresOf();
  figures.byDifference('ms');
  figures.add('ours', 'ms', 1500);
  figures.add('deno', 'ms', 1100);
  expect(figures.rows()).toMatchObject([{ difference: 400 }]);
});

test('a figure that nobody else has is told too', () => {
  const figures = figuresOf();
  figures.add('ours', 'ms', 7);
  expect(figures.rows()).toMatchObject([{ ours: 7, reference: Number.NaN }]);
});

test('of nothing there is no median', () => {
  expect(summary([])).toEqual({ median: Number.NaN });
});
