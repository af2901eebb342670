// What the pictures of tables say in numbers and words, and what they refuse; tabular-drawn.test.ts says how they look.

import { describe, expect, test } from 'vitest';
import { calibrationCurve } from '../../src/metrics/calibration.js';
import { averagePrecision, precisionRecallCurve, rocAuc, rocCurve } from '../../src/metrics/ranking.js';
import { costCurve } from '../../src/metrics/threshold.js';
import { binned } from '../../src/plots/bins.js';
import { calibrationPlot } from '../../src/plots/calibration-plot.js';
import { effectsPlot } from '../../src/plots/effects-plot.js';
import { explanationWaterfall } from '../../src/plots/explanation-waterfall.js';
import { type Figure, mimeBundle } from '../../src/plots/figure.js';
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
import { contrast, inkOn, lowHighScale, rgb, scaleColor } from '../../src/plots/theme.js';
import { apart, endsOf, someRows } from '../../src/plots/thin.js';
import { thresholdPlot } from '../../src/plots/threshold-plot.js';
import { treePlot } from '../../src/plots/tree-plot.js';
import { correlations } from '../../src/tabular/explain/correlations.js';
import { categorical, date, numeric } from '../../src/tabular/table/column.js';
import { Table } from '../../src/tabular/table/table.js';
import { customers, examples, scores, tree, truth, why } from './tabular-figures.js';

const lines = (picture: Figure): string[] => picture.text.split('\n');
const few = customers.slice(0, 450);
const task = { kind: 'classification', target: 'churned', classes: ['no', 'yes'] } as const;

describe('every picture', () => {
  test.each(Object.entries(examples))(
    '%s is plain JSON of moderate size, with a finding and its numbers',
    (_, { picture }) => {
      const bundle = mimeBundle(picture)['application/vnd.plotly.v1+json'];
      const json = JSON.stringify(bundle);
      expect(JSON.parse(json)).toEqual(JSON.parse(JSON.stringify(JSON.parse(json))));
      expect(json).not.toContain('null,null,null');
      expect(json.length).toBeLessThan(150_000);
      expect(picture.alt).toMatch(/\d.*\.$/s);
      expect(`${picture.alt}${picture.text}`).not.toMatch(/NaN|undefined|&lt;/);
      expect(lines(picture).length).toBeGreaterThan(1);
    },
  );
});

describe('curves', () => {
  const boosted = scores['boosted trees'];

  test('ROC: the area is that of the metric, also when the line has fewer points', () => {
    const curve = rocCurve(truth, boosted);
    const picture = rocPlot({ trees: curve });
    const area = rocAuc(truth, boosted).toFixed(3);
    expect(picture.alt).toBe(`ROC curve. Area under the curve (chance 0.500): trees ${area}.`);
    const [line] = picture.data as { name: string; x: number[] }[];
    expect(line?.name).toBe(`trees (AUC ${area})`);
    expect(curve.thresholds.length).toBeGreaterThan(3000);
    expect(line?.x.length).toBeLessThan(900);
    expect([line?.x[0], line?.x.at(-1)]).toEqual([0, 1]);
  });

  test('precision and recall: average precision, and guessing is the share of positive rows', () => {
    const picture = precisionRecallPlot({ trees: precisionRecallCurve(truth, boosted) });
    const share = truth.reduce((sum, label) => sum + label, 0) / truth.length;
    expect(picture.alt).toBe(
      `Precision against recall. Average precision (guessing ${share.toFixed(3)}): trees ${averagePrecision(truth, boosted).toFixed(3)}.`,
    );
    expect(picture.data.at(-1)).toMatchObject({ y: [share, share] });
  });

  test('calibration: what was said and what happened, bin by bin', () => {
    const picture = calibrationPlot({
      model: calibrationCurve([0, 0, 1, 1, 1], [0.1, 0.2, 0.6, 0.9, 0.9], { bins: 2 }),
    });
    expect(lines(picture)).toEqual([
      'model  rows   said  happened  difference',
      'model     2  15.0%      0.0%      −15.0%',
      'model     3  80.0%    100.0%      +20.0%',
    ]);
    expect(picture.alt).toContain(
      'model: off by 18.0% on average of 5 rows; furthest where it says 80.0% and 100.0% happens.',
    );
  });

  test('what is no curve is refused by name', () => {
    expect(() => rocPlot({})).toThrow('rocPlot: nothing to draw');
    expect(() => rocPlot({ trees: boosted as never })).toThrow(
      'rocPlot: "trees" is not a ROC curve. Give rocCurve(truth, scores)',
    );
    const broken = {
      falsePositiveRate: Float64Array.of(0, 2),
      truePositiveRate: Float64Array.of(0, 1),
      thresholds: Float64Array.of(1, 0),
    };
    expect(() => rocPlot({ a: broken })).toThrow('rocPlot: "a": a rate must be between 0 and 1, got 2.');
    expect(() => precisionRecallPlot({ a: boosted as never })).toThrow('"a" is not a precision-recall curve');
    expect(() => calibrationPlot({ a: boosted as never })).toThrow('"a" is not a calibration curve');
  });
});

describe('decisions and errors', () => {
  test('threshold: the cheapest, the usual one, and what is saved', () => {
    const curve = costCurve([0, 0, 1, 1], [0.1, 0.2, 0.3, 0.8], { falsePositive: 10, falseNegative: 100 });
    const picture = thresholdPlot(curve, { unit: '€' });
    expect(picture.alt).toBe(
      'Cost against threshold. Cheapest is 0.3 with 0 €; 0.5 costs 100 €, so 100 € (100.0%) is saved. Acting on no row costs 200 €, on all 20 €.',
    );
    expect(picture.layout).not.toMatchObject({ xaxis: { type: 'log' } });
    expect(() => thresholdPlot([1, 2] as never, { unit: '€' })).toThrow('thresholdPlot takes a cost curve');
    expect(() => thresholdPlot({ ...curve, costs: Float64Array.of(1) }, { unit: '€' })).toThrow(
      '5 thresholds and 1 costs',
    );
  });

  test('residuals: all rows are counted, some drawn, the same for the same seed', () => {
    const ones = new Float64Array(5000).fill(1);
    const predicted = ones.map((_, i) => i / 1000);
    const picture = residualsPlot(ones, predicted, { unit: 'kg', points: 100 });
    const [points, bars] = picture.data as { x: number[] }[];
    expect(points?.x).toHaveLength(100);
    expect(bars?.x.reduce((sum, count) => sum + count, 0)).toBe(5000);
    expect(residualsPlot(ones, predicted, { unit: 'kg', points: 100 }).data).toEqual(picture.data);
    expect(() => residualsPlot([1, 2], [1], { unit: 'kg' })).toThrow('residualsPlot: 2 true values but 1 predictions.');
    expect(() => residualsPlot([1, Number.NaN], [1, 2], { unit: 'kg' })).toThrow('truth[1] must be a finite number');
  });

  test('effects: the highest true one first, and how many intervals hold the truth', () => {
    const picture = effectsPlot(
      [
        { name: 'small', truth: -0.5, learnt: 0.5, interval: [0.4, 0.6] },
        { name: 'large', truth: 1, learnt: 1.25, interval: [0.9, 1.4] },
      ],
      { valueTitle: 'Effect' },
    );
    expect(lines(picture)[1]).toMatch(/^large +1\.00 +1\.25 +\+0\.25 +0\.90 to 1\.40$/);
    expect(picture.alt).toContain(
      'off by 0.625 on average, 1 with the wrong sign. The interval holds the truth for 1 of 2.',
    );
    expect(() => effectsPlot([{ name: 'a', truth: Number.NaN, learnt: 1 }], { valueTitle: 'E' })).toThrow(
      'truth of "a" must be',
    );
  });
});

describe('explanations', () => {
  test('a waterfall ends at the row: base and contributions add up', () => {
    const [bars] = explanationWaterfall(why, 5, few).data as { x: number[]; base: number[] }[];
    const output = why.contributions.reduce((sum, values) => sum + (values[5] as number), why.base);
    expect((bars?.base.at(-1) as number) + (bars?.x.at(-1) as number)).toBeCloseTo(output, 10);
    expect(bars?.base[0]).toBe(why.base);
    expect(explanationWaterfall(why, 5, few, { most: 2 }).text).toContain('5 other features');
    expect(() => explanationWaterfall(why, 450, few)).toThrow('there is no row 450, the explanation is of 450 rows');
    expect(() => explanationWaterfall(why, 5, customers)).toThrow('the explanation is of 450 rows, the table has 900.');
  });

  test('a beeswarm: largest first, all rows in the text, missing values apart', () => {
    const picture = shapBeeswarm(why, few, { rows: 100 });
    const points = (picture.data as { x: number[]; name: string }[]).map(({ x, name }) => [name, x.length]);
    expect(points.map(([name]) => name)).toEqual(['by value', 'one of several categories', 'value missing']);
    expect(points.reduce((sum, [, count]) => sum + Number(count), 0)).toBe(600);
    const sizes = lines(picture)
      .slice(1)
      .map((line) => Number(/\d+\.\d+/.exec(line.replace(/<.*>/, ''))?.[0]));
    expect(sizes).toEqual([...sizes].sort((a, b) => b - a));
    expect(picture.alt).toContain('high values lower it');
    expect(() => shapBeeswarm(why, customers)).toThrow('Give the table that was explained.');
  });

  test('importance: what cannot be told from useless is counted', () => {
    const features = [
      { feature: 'a', importance: 0.2, interval: [0.1, 0.3] as const },
      { feature: 'b', importance: 0.01, interval: [-0.1, 0.1] as const },
    ];
    const picture = importancePlot({ metric: 'rocAuc', score: 0.8, rows: 100, features });
    expect(picture.alt).toBe(
      'Permutation importance on 100 rows, ROC AUC 0.8 with nothing shuffled. a 0.2, b 0.01. 1 of 2 columns cannot be told from useless.',
    );
  });

  test('partial dependence of models on different features is not one picture', () => {
    const one = {
      feature: 'a',
      kind: 'numeric',
      values: [1, 2],
      means: Float64Array.of(1, 3),
      ice: [],
      unit: 'y',
    } as const;
    expect(partialDependencePlot(one).alt).toBe('Mean y by a: lowest 1 at 1, highest 3 at 2.');
    expect(() => partialDependencePlot({ p: one, q: { ...one, feature: 'b' } })).toThrow(
      "'q' is about 'b' (y) and the first about 'a' (y).",
    );
  });

  test('a tree: its questions as text, drawn as deep as asked', () => {
    expect(lines(treePlot({ root: tree, task })).slice(0, 4)).toEqual([
      'plan is one year or two years & <more>? (31% yes, 900 rows)',
      '  yes: calls to the hotline <90 days> ≤ 6.5? (12% yes, 590 rows)',
      '    yes: months ≤ 11.5? (7% yes, 470 rows)',
      '      yes: 21% yes, 80 rows',
    ]);
    const cut = treePlot({ root: tree, task }, { maxDepth: 1 });
    expect(lines(cut)[1]).toBe('  yes: 12% yes, 590 rows, 3 leaves below');
    expect((cut.layout as { annotations: unknown[] }).annotations).toHaveLength(3);
    const regression = {
      root: { samples: 3, value: 7.25, impurity: 1 },
      task: { kind: 'regression', target: 'y' },
    } as const;
    expect(treePlot(regression).alt).toBe("A tree for 'y' with 1 leaf: 7.25 for all rows.");
    const half = { ...regression.root, feature: 'x', threshold: 1, left: regression.root };
    expect(() => treePlot({ ...regression, root: half })).toThrow(
      "asks about 'x' needs both a left and a right branch",
    );
  });

  test("masks: each row's attention sums up to one", () => {
    const masks = {
      features: ['a', 'b'],
      steps: [Float32Array.of(1, 0, 0.5, 0.5)],
      aggregate: Float32Array.of(3, 1, 0, 2),
    };
    expect(lines(maskHeatMap(masks))).toEqual([
      'mean share of the attention  all steps  step 1',
      'b                                62.5%   25.0%',
      'a                                37.5%   75.0%',
    ]);
    expect(() => maskHeatMap({ ...masks, steps: [Float32Array.of(1)] })).toThrow("'Step 1' has 1 numbers");
    expect(() => maskHeatMap({ ...masks, aggregate: Float32Array.of(-1, 0, 0, 0) })).toThrow("'All steps' holds -1");
  });
});

describe('a look at a table', () => {
  const table = new Table([
    numeric('x', [1, 2, 3, 4, undefined]),
    numeric('y', [2, 4, 6, 8, 10]),
    categorical('c', ['a', 'a', 'b', 'b', undefined]),
    date('when', [0, 1, 2, 3, 4]),
  ]);

  test('correlations: Pearson, over the rows that hold both', () => {
    const { names, values } = correlations(table.with(numeric('z', [-1, -3, -2, 0, 9])));
    expect(names).toEqual(['x', 'y', 'z']);
    expect(values[0]?.[1]).toBeCloseTo(1, 12);
    expect(values[0]?.[2]).toBeCloseTo(0.4, 12);
    expect(values[2]?.[0]).toBe(values[0]?.[2]);
    expect(correlations(table.with(numeric('y', [1, 1, 1, 1, 1]))).values[0]?.[1]).toBeNaN();
    expect(() => correlations(table.select('c'))).toThrow('the table has no numeric column. It has c.');
  });

  test('a heat map says its ends, not what a thing has to do with itself', () => {
    const rows = ['a', 'b', 'c'];
    const picture = heatMap(
      [
        [1, 0.5, Number.NaN],
        [0.5, 1, -0.2],
        [Number.NaN, -0.2, 1],
      ],
      { rows, columns: rows, title: 'T', valueTitle: 'V', diverging: 1 },
    );
    expect(picture.alt).toBe('T: highest a and b (0.50); lowest b and c (-0.20).');
    expect(lines(picture)[1]).toBe('a  1.00   0.50      –');
    expect(() => heatMap([[1]], { rows, columns: ['a'], title: 'T', valueTitle: 'V' })).toThrow(
      '1 rows of numbers but 3 names',
    );
  });

  test('histograms: counts of all rows, shares of each class', () => {
    expect(histogramPlot(table, 'x').alt).toBe('Histogram of x: median 2, from 1 to 4. 1 of 5 rows have no value.');
    expect(lines(histogramPlot(table, 'c', { by: 'c' }))).toEqual([
      'c       a       b  missing',
      'a  100.0%    0.0%     0.0%',
      'b    0.0%  100.0%     0.0%',
    ]);
    expect(histogramPlot(table, 'y', { by: 'c' }).alt).toBe(
      'Histogram of y by c. Medians: a 2 (2 rows), b 6 (2 rows), missing 10 (1 rows).',
    );
    const many = new Table([
      categorical(
        'name',
        Array.from({ length: 30 }, (_, i) => `n${i}`),
      ),
    ]);
    expect(lines(histogramPlot(many, 'name')).at(-1)).toBe('11 others    11');
    expect(() => histogramPlot(table, 'when')).toThrow("'when' is a date; take a number or a category.");
    expect(() => histogramPlot(many.with(numeric('v', Array(30).fill(1))), 'v', { by: 'name' })).toThrow(
      "'name' has 30 different values",
    );
  });

  test('a scatter plot draws rows with both values, and says how they go together', () => {
    const picture = scatterPlot(table, 'x', 'y', { color: 'c' });
    expect(picture.alt).toBe('y against x of 4 rows: correlation 1.00. Within c: a 1.00, b 1.00, missing none.');
    expect(() => scatterPlot(table, 'x', 'c')).toThrow("The column 'c' is categorical, not numeric.");
    expect(() => scatterPlot(table.slice(4), 'x', 'y')).toThrow("no row has both 'x' and 'y'");
  });

  test('missing values: columns that miss most first, or that none does', () => {
    expect(missingPlot(table).alt).toBe('2 of 4 columns miss values, most of all x (20.0% of 5 rows).');
    expect(missingPlot(table.select('y', 'when')).alt).toBe('No value is missing in 2 columns.');
  });

  test('bins have round edges and lose no value', () => {
    expect(binned([1.2, 3.7, 3.9], 4)).toEqual({ edges: [1, 2, 3, 4], counts: [1, 0, 2] });
    expect(binned([0.1, 0.2, 0.3, Number.NaN], 2)).toMatchObject({ edges: [0.1, 0.2, 0.3, 0.4] });
    expect(binned([5, 5], 10).counts.reduce((sum, count) => sum + count, 0)).toBe(2);
    for (const low of [-3e-7, 0.001, 17, 4e9]) {
      const values = Array.from({ length: 200 }, (_, i) => low * (1 + i / 50));
      const { edges, counts } = binned(values, 20);
      expect(counts.reduce((sum, count) => sum + count, 0)).toBe(200);
      expect(edges).toHaveLength(counts.length + 1);
      expect(edges).toEqual([...edges].sort((a, b) => a - b));
    }
  });

  test('points are thinned: ends stay, draws repeat', () => {
    const x = Float64Array.from({ length: 100_000 }, (_, i) => i);
    const places = apart(x, x);
    expect(places.length).toBeLessThan(450);
    expect([places[0], places.at(-1)]).toEqual([0, 99_999]);
    expect(someRows(1000, 10, 1)).toEqual(someRows(1000, 10, 1));
    expect(someRows(1000, 10, 1)).toHaveLength(10);
    expect(someRows(5, 10, 1)).toEqual([0, 1, 2, 3, 4]);
    expect(endsOf([3, Number.NaN, -1])).toEqual([-1, 3]);
  });
});

test('points from low to high reach 3:1 on white; ink reads on every ground', () => {
  for (let share = 0; share <= 1; share += 0.05) {
    const color = scaleColor(share, lowHighScale);
    expect(contrast(color, [255, 255, 255])).toBeGreaterThanOrEqual(3);
    const ground = scaleColor(share);
    expect(contrast(ground, rgb(inkOn(ground)))).toBeGreaterThanOrEqual(4.5);
  }
});
