// What the pictures of forecasts say in numbers and words, and how they look in a browser.
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { forecastPlot } from '../../src/plots/forecast.js';
import { horizonErrors } from '../../src/plots/forecast-errors.js';
import type { Forecast } from '../../src/tabular/series/forecaster.js';
import { naive, seasonalNaive } from '../../src/tabular/series/naive.js';
import { rollingOrigin } from '../../src/tabular/series/rolling-origin.js';
import { Series } from '../../src/tabular/series/series.js';
import { type Board, chromiumPath, openBoard, withoutChromium } from './browser.js';

const day = 86_400_000;
const start = Date.UTC(2026, 0, 1);
const series = new Series({
  name: 'heat',
  frequency: { every: 1, unit: 'day' },
  times: Float64Array.from({ length: 120 }, (_, i) => start + i * day),
  values: Float64Array.from({ length: 120 }, (_, i) => 10 + 5 * Math.sin(i / 3) + (i % 4)),
});
const forecast = (name: string, from: number, values: number[], half: number): Forecast => ({
  ...{ name, level: 0.9, times: Float64Array.from(values, (_, i) => start + (from + i) * day) },
  median: Float64Array.from(values),
  lower: Float64Array.from(values, (value) => value - half),
  upper: Float64Array.from(values, (value) => value + half),
});
const short = new Series({ ...series, times: series.times.slice(0, 5), values: Float64Array.of(1, 2, 3, 4, 6) });
const wave = forecast('wave', 3, [4, 5], 1);
const flat = forecast('flat', 3, [3, 3], 4);

test('a forecast: what was known, the truth, each median and interval, and how wrong it was', () => {
  const picture = forecastPlot(short, [wave, flat], { unit: '°C' });
  expect(picture.alt).toBe(
    'heat known until 2026-01-03 and the truth after it. wave: medians from 4 to 5 °C, wrong by 0.5000 °C on average; 2 of 2 truths inside the 90% interval. flat: medians from 3 to 3 °C, wrong by 2 °C on average; 2 of 2 truths inside the 90% interval.',
  );
  expect(picture.text.split('\n')).toEqual([
    'time        forecaster  lower (°C)  median (°C)  upper (°C)  truth (°C)',
    '2026-01-04  wave                 3            4           5           4',
    '2026-01-04  flat                -1            3           7           4',
    '2026-01-05  wave                 4            5           6           6',
    '2026-01-05  flat                -1            3           7           6',
  ]);
  expect(picture.data).toMatchObject([
    {
      name: 'wave, 90% interval',
      x: ['2026-01-04', '2026-01-05', '2026-01-05', '2026-01-04'],
      y: [5, 6, 4, 3],
      fill: 'toself',
    },
    { name: 'known', y: [1, 2, 3] },
    { name: 'wave, median', y: [4, 5] },
    { name: 'flat, median', y: [3, 3] },
    { name: 'truth', y: [4, 6], mode: 'markers' },
  ]);
});

test('without a truth it says what is forecast, and several forecasts of one name are drawn alike', () => {
  const past = short.slice(0, 3);
  expect(forecastPlot(past, [wave], { unit: '°C', history: 2 }).alt).toBe(
    'heat known until 2026-01-03. wave: medians from 4 to 5 °C.',
  );
  const { data } = forecastPlot(past, [wave, forecast('wave', 5, [6], 1)], { unit: '°C', intervals: [] });
  expect(data).toMatchObject([{ name: 'known' }, { name: 'wave, median', y: [4, 5, null, 6], mode: 'lines+markers' }]);
});

test('errors by steps ahead, one column a model', async () => {
  const options = { horizon: 3, origins: 10 };
  const results = [
    await rollingOrigin(series, naive(), options),
    await rollingOrigin(series, seasonalNaive({ period: 19 }), options),
  ];
  const picture = horizonErrors(results, { unit: '°C' });
  expect(picture.text.split('\n')[0]).toBe('ahead  Naive  Seasonal naive (19)');
  expect(picture.text.split('\n')).toHaveLength(4);
  expect(picture.alt).toContain(`Naive ${results[0]!.bySteps[0]!.mae.toPrecision(4)} at the first step`);
  expect(picture.layout).toMatchObject({ xaxis: { title: { text: 'Days ahead' } } });
  const coverage = horizonErrors(results, { unit: '°C', measure: 'coverage' });
  expect(coverage.layout).toMatchObject({ shapes: [{ y0: 0.9 }] });
  expect(coverage.text).toContain('%');
});

test('what cannot be drawn is named', async () => {
  expect(() => forecastPlot(series, [], { unit: '°C' })).toThrow('forecastPlot: nothing to draw');
  expect(() => forecastPlot(series, [forecast('wave', 3, [Number.NaN], 1)], { unit: '°C' })).toThrow(
    "forecastPlot: median of 'wave' at 2026-01-04 must be a finite number, got NaN",
  );
  expect(() => forecastPlot(series, [wave], { unit: '°C', intervals: ['LSTM'] })).toThrow(
    "intervals names 'LSTM', but the forecasts are of wave",
  );
  const [two, three] = [
    await rollingOrigin(series, naive(), { horizon: 2 }),
    await rollingOrigin(series, naive(), { horizon: 3 }),
  ];
  expect(() => horizonErrors([two, three], { unit: '°C' })).toThrow('Naive has 2 steps and Naive 3');
  expect(() => horizonErrors([two], { unit: '°C', measure: 'bias' as never })).toThrow(
    "measure is 'bias'; it may be mae, rmse",
  );
});

describe.skipIf(!chromiumPath)(`in a browser${chromiumPath ? '' : ` (skipped: ${withoutChromium})`}`, () => {
  let board: Board;
  beforeAll(async () => {
    board = await openBoard();
  });
  afterAll(() => board.close());

  test('both are valid, titled, labelled, not cut off, and fetch nothing', async () => {
    const { origins, ...result } = await rollingOrigin(series, seasonalNaive({ period: 19 }), { horizon: 10 });
    const pictures = [
      {
        picture: forecastPlot(series, [wave, flat], { unit: '°C' }),
        title: 'Forecast of heat',
        axes: ['Date', 'heat (°C)'],
      },
      {
        picture: forecastPlot(
          series,
          origins.map((origin) => origin.forecast),
          { unit: '°C', title: 'All' },
        ),
        title: 'All',
        axes: ['Date', 'heat (°C)'],
      },
      {
        picture: horizonErrors([result], { unit: '°C' }),
        title: 'Error by steps ahead',
        axes: ['Days ahead', 'Mean absolute error (°C)'],
      },
      {
        picture: horizonErrors([result], { unit: '°C', measure: 'coverage' }),
        title: 'Truths inside the intervalDotted: meant to be 90%',
        axes: ['Days ahead', 'Share of truths inside the interval'],
      },
    ];
    for (const { picture, title, axes } of pictures)
      for (const width of [860, 480]) {
        const drawn = await board.draw(picture, width);
        expect(drawn).toMatchObject({ title, complaints: [], overlaps: [], cutOff: [], requests: [] });
        expect([...drawn.axisTitles].sort()).toEqual(axes);
      }
  });
});
