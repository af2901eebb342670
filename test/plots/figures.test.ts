// What the figures say in numbers and words; drawn.test.ts says how they look.

import { inspect } from 'node:util';
import { expect, test } from 'vitest';
import { bars } from '../../src/plots/bars.js';
import { comparison } from '../../src/plots/comparison.js';
import { confusionMatrix } from '../../src/plots/confusion-matrix.js';
import { type Figure, jupyterDisplay, mimeBundle } from '../../src/plots/figure.js';
import { learningCurve } from '../../src/plots/learning-curve.js';
import { sizeVersusAccuracy } from '../../src/plots/size-versus-accuracy.js';
import { smoothed, trainingCurve } from '../../src/plots/training-curve.js';

const ladder = [
  { name: '6 layers', parameters: 22_713_000, accuracy: 0.866, fileBytes: 90_868_376, latencyMs: 5.2, seconds: 61 },
  { name: '2 layers', parameters: 15_600_000, accuracy: 0.792 },
  { name: 'from scratch', parameters: 22_713_000, accuracy: 0.69 },
];

test('a bundle has the picture and its text, and is plain JSON', () => {
  const bundle = mimeBundle(sizeVersusAccuracy(ladder));
  expect(Object.keys(bundle)).toEqual(['application/vnd.plotly.v1+json', 'text/plain']);
  const { data, layout, config } = bundle['application/vnd.plotly.v1+json'];
  expect(JSON.parse(JSON.stringify({ data, layout, config }))).toEqual({ data, layout, config });
  expect(layout).toMatchObject({ autosize: true, paper_bgcolor: '#FFFFFF', height: expect.any(Number) });
  expect(layout).not.toHaveProperty('width');
  const { alt } = (layout as { meta: { alt: string } }).meta;
  expect(bundle['text/plain'].startsWith(`${alt}\n\n`)).toBe(true);
});

test('a figure shows itself: to a kernel by its bundle, in a terminal by its text', () => {
  const picture = bars([{ name: 'a', value: 1 }], { title: 'One', valueTitle: 'Value (units)' });
  expect(picture[jupyterDisplay]()).toEqual(mimeBundle(picture));
  expect(inspect(picture)).toBe('One: a (1).\n\nname  Value (units)\na                 1');
});

test('size versus accuracy: the table, smallest first, and the finding', () => {
  const picture = sizeVersusAccuracy(ladder, { baseline: { name: 'bag of words', accuracy: 0.742 } });
  expect(picture.alt).toBe(
    'Accuracy against size of 3 models. Most accurate: 6 layers (86.6% with 22.7M parameters). Smallest: 2 layers (79.2% with 15.6M parameters). Baseline bag of words: 74.2%.',
  );
  expect(picture.text.split('\n')).toEqual([
    'model         parameters  accuracy     file  latency    trained  best for its size',
    '2 layers           15.6M     79.2%        –        –          –  yes',
    '6 layers           22.7M     86.6%  90.9 MB  5.20 ms  1 min 1 s  yes',
    'from scratch       22.7M     69.0%        –        –          –  no',
    'bag of words           –     74.2%        –        –          –  –',
  ]);
});

test('size and examples can be drawn against another share than accuracy', () => {
  const sized = sizeVersusAccuracy([{ name: '50 trees', parameters: 700, accuracy: 0.84 }], { measure: 'ROC AUC' });
  expect(sized.alt).toBe('ROC AUC against size of 1 model. Best: 50 trees (84.0% with 700 parameters).');
  expect(sized.layout).toMatchObject({ yaxis: { title: { text: 'ROC AUC on the test rows (%)' } } });
  expect(sized.text.split('\n')[0]).toContain('ROC AUC');
  const learnt = learningCurve({ trees: [{ examples: 10, accuracy: 0.7 }] }, { measure: 'ROC AUC' });
  expect(learnt.layout).toMatchObject({ yaxis: { title: { text: 'ROC AUC on the test rows (%)' } } });
});

test('size versus accuracy by the size of files tells a quantised model from the one it was made of', () => {
  const int8 = { name: 'int8', parameters: 22_713_000, accuracy: 0.862, fileBytes: 23_600_000 };
  const picture = sizeVersusAccuracy([ladder[0]!, int8], { size: 'fileBytes' });
  expect(picture.alt).toBe(
    'Accuracy against size of 2 models. Most accurate: 6 layers (86.6% in 90.9 MB). Smallest: int8 (86.2% in 23.6 MB).',
  );
  expect(picture.layout).toMatchObject({ xaxis: { title: { text: 'File size (logarithmic scale)' } } });
  expect(picture.data[1]).toMatchObject({ x: [23_600_000, 90_868_376] });
  expect(() => sizeVersusAccuracy(ladder, { size: 'fileBytes' })).toThrow(
    'sizeVersusAccuracy: fileBytes of "2 layers" must be a finite number, got undefined.',
  );
});

test('size versus accuracy takes results of fineTune as they are', () => {
  const run = {
    strategy: 'lora',
    totalParameters: 22_800_000,
    evaluation: { accuracy: 0.85 },
    seconds: 48,
    peakMemoryBytes: 8.02e8,
    trainableShare: 0.01,
  };
  const [, points] = sizeVersusAccuracy([run]).data as { hovertext: string[]; x: number[]; y: number[] }[];
  expect(points).toMatchObject({ x: [22_800_000], y: [85] });
  expect(points?.hovertext).toEqual([
    '<b>lora</b><br>accuracy 85.0%<br>22,800,000 parameters<br>trained 48 s<br>peak memory 802 MB',
  ]);
});

test('the front holds until the next better model, and the last to the edge', () => {
  const [line] = sizeVersusAccuracy(ladder).data as { x: number[]; y: number[]; line: { shape: string } }[];
  expect(line?.line.shape).toBe('hv');
  expect(line?.y).toEqual([79.2, 86.6, 86.6]);
  expect(line?.x.slice(0, 2)).toEqual([15_600_000, 22_713_000]);
});

test('training curve: the smoothed line starts at the first loss and forgets by half', () => {
  expect(smoothed([3], 5)).toEqual([3]);
  expect(smoothed([2, 2, 2], 3).map((value) => value.toFixed(9))).toEqual([
    '2.000000000',
    '2.000000000',
    '2.000000000',
  ]);
  // Half-life 1: weights 1/2 and 1 of two losses.
  expect(smoothed([0, 3], 1)[1]).toBeCloseTo(2, 12);
});

test('training curve: the finding and at most a dozen steps as text', () => {
  const history = Array.from({ length: 40 }, (_, i) => ({ step: i + 1, loss: i < 20 ? 1 : 0.5 }));
  const picture = trainingCurve(history, {
    validation: [
      { step: 20, loss: 0.8 },
      { step: 40, loss: 0.6 },
    ],
  });
  expect(picture.alt).toBe(
    'Loss over 40 steps: from 1.000 (mean of the first 4) to 0.500 (mean of the last 4). Lowest validation loss 0.600, after step 40.',
  );
  expect(picture.text).toMatch(/^step {4}loss {2}smoothed\n {3}1 {2}1\.0000/);
  expect(picture.text).toContain('12 of 40 steps listed.');
  expect(picture.text).toMatch(/after step {2}validation loss\n/);
});

test('confusion matrix: counts, what is right, and the most common mistake', () => {
  const picture = confusionMatrix(
    [
      [45, 5, 0],
      [8, 42, 0],
      [0, 0, 0],
    ],
    ['negative', 'positive', 'mixed'],
  );
  expect(picture.alt).toBe(
    'Confusion matrix of 3 labels: 87 of 100 rows right (87.0%). Most common mistake: positive taken for negative, 8 times.',
  );
  expect(picture.text.split('\n')).toEqual([
    'true \\ predicted  negative  positive  mixed  rows  correct',
    'negative                45         5      0    50    90.0%',
    'positive                 8        42      0    50    84.0%',
    'mixed                    0         0      0     0        –',
  ]);
  const [heat] = picture.data as { z: (number | null)[][] }[];
  expect(heat?.z).toEqual([
    [0.9, 0.1, 0],
    [0.16, 0.84, 0],
    [null, null, null],
  ]);
});

test.each<[string, () => Figure, string]>([
  [
    'no models',
    () => sizeVersusAccuracy([]),
    'sizeVersusAccuracy: nothing to draw, the array is empty. Give { name, parameters, accuracy } for each model.',
  ],
  [
    'a percentage for a share',
    () => sizeVersusAccuracy([{ name: 'a', parameters: 1, accuracy: 86 }]),
    'sizeVersusAccuracy: accuracy of "a" must be between 0 and 1, got 86. Divide a percentage by 100.',
  ],
  [
    'no parameters',
    () => sizeVersusAccuracy([{ name: 'a', parameters: 0, accuracy: 0.5 }]),
    'sizeVersusAccuracy: parameters of "a" must be above 0, got 0.',
  ],
  [
    'an accuracy that is not a number',
    () => sizeVersusAccuracy([{ name: 'a', parameters: 1, accuracy: Number.NaN }]),
    'sizeVersusAccuracy: accuracy of "a" must be a finite number, got NaN.',
  ],
  [
    'no steps',
    () => trainingCurve([]),
    'trainingCurve: nothing to draw, the array is empty. Give the history of a run with at least one step.',
  ],
  [
    'a run that diverged',
    () => trainingCurve([{ step: 7, loss: Number.NaN }]),
    'trainingCurve: loss at step 7 must be a finite number, got NaN. Training has diverged: try a lower learning rate.',
  ],
  [
    'no counts',
    () => confusionMatrix([], []),
    'confusionMatrix: nothing to draw, the array is empty. Give a row of counts for each true label.',
  ],
  [
    'fewer labels than rows',
    () =>
      confusionMatrix(
        [
          [1, 0],
          [0, 1],
        ],
        ['a'],
      ),
    'confusionMatrix: 2 rows of counts but 1 labels. Give one name a row.',
  ],
  [
    'a ragged row',
    () => confusionMatrix([[1, 0], [0]], ['a', 'b']),
    'confusionMatrix: the row of "b" has 1 counts, not 2.',
  ],
  [
    'half a row',
    () => confusionMatrix([[0.5]], ['a']),
    'confusionMatrix: counts[0][0] is 0.5. Counts are whole numbers, 0 or more.',
  ],
  [
    'no bars',
    () => bars([], { title: 't', valueTitle: 'v' }),
    'bars: nothing to draw, the array is empty. Give { name, value } for each bar.',
  ],
  [
    'a bar without a value',
    () => bars([{ name: 'a', value: Number.NaN }], { title: 't', valueTitle: 'v' }),
    'bars: value of "a" must be a finite number, got NaN.',
  ],
])('%s: the error names it', (_, make, message) => {
  expect(make).toThrow(new Error(message));
});

const curves = {
  pretrained: [
    { examples: 20, accuracy: 0.61, interval: [0.54, 0.68] as const },
    { examples: 540, accuracy: 0.74 },
  ],
  'from scratch': [{ examples: 540, accuracy: 0.648 }],
};

test('learning curves: a row a line, a column a number of examples, and the finding', () => {
  const picture = learningCurve(curves, { baseline: { name: 'guessing', accuracy: 0.5 } });
  expect(picture.alt).toBe(
    'pretrained: from 61.0% with 20 examples to 74.0% with 540. from scratch: 64.8% with 540 examples. guessing: 50.0%.',
  );
  expect(picture.text.split('\n')).toEqual([
    '                 20    540',
    'pretrained    61.0%  74.0%',
    'from scratch      –  64.8%',
    'guessing      50.0%  50.0%',
  ]);
  expect(picture.layout).toMatchObject({ xaxis: { type: 'log', tickvals: [20, 540] } });
});

test('learning curves refuse what cannot be drawn, by name', () => {
  expect(() => learningCurve({})).toThrow('learningCurve: nothing to draw');
  expect(() => learningCurve({ a: [] })).toThrow('learningCurve: "a": nothing to draw');
  expect(() => learningCurve({ a: [{ examples: 0, accuracy: 1 }] })).toThrow('examples of "a" must be above 0, got 0.');
  expect(() => learningCurve({ a: [{ examples: 9, accuracy: 74 }] })).toThrow(
    'accuracy of "a" at 9 examples must be between 0 and 1, got 74. Divide a percentage by 100.',
  );
});

test('a comparison: a panel a measure, and who leads in each', () => {
  const rows = [
    { name: 'full', accuracy: 74, accuracyInterval: [68, 80] as const, seconds: 46 },
    { name: 'LoRA', accuracy: 72.5, seconds: 30 },
  ];
  const picture = comparison(rows, { title: 'Two ways', panels: { accuracy: 'Accuracy (%)', seconds: 'Time (s)' } });
  expect(picture.alt).toBe(
    'Two ways, 2 rows. Accuracy (%): highest full (74.0), lowest LoRA (72.5). Time (s): highest full (46), lowest LoRA (30).',
  );
  expect(picture.data).toMatchObject([
    { x: [74, 72.5], xaxis: 'x', error_x: { array: [6, 0], arrayminus: [6, 0] } },
    { x: [46, 30], xaxis: 'x2' },
  ]);
  expect(() => comparison(rows, { title: '', panels: { memory: 'MB' } })).toThrow(
    'comparison: memory of "full" must be a finite number, got undefined.',
  );
  const below = [{ name: 'full', gain: -1 }];
  expect(() => comparison(below, { title: '', panels: { gain: 'Gain' } })).toThrow(
    'comparison: gain of "full" must be at least 0, got -1. For numbers below 0 use bars().',
  );
  const gap = [{ name: 'full', gain: 1, gainInterval: [0, Number.NaN] as const }];
  expect(() => comparison(gap, { title: '', panels: { gain: 'Gain' } })).toThrow(
    'comparison: gainInterval of "full" must be a finite number, got NaN.',
  );
});
