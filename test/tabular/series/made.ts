// Series made here, with known structure, and a folder to save into.
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { loadTable } from '../../../src/tabular/load-table.js';
import type { Forecaster } from '../../../src/tabular/series/forecaster.js';
import { loadForecaster } from '../../../src/tabular/series/forecaster-file.js';
import { Series, timeSeries } from '../../../src/tabular/series/series.js';

export const day = 86_400_000;
export const start = Date.UTC(2024, 0, 1);

/** A value a day from 2024 on. */
export const daily = (values: ArrayLike<number>, others: Record<string, ArrayLike<number>> = {}): Series =>
  new Series({
    name: 'value',
    frequency: { every: 1, unit: 'day' },
    times: Float64Array.from(values, (_, i) => start + i * day),
    values: Float64Array.from(values),
    others: Object.entries(others).map(([name, other]) => ({ name, values: Float64Array.from(other) })),
  });

/** A week's rhythm, a slow wave and noise; about 3 high. */
export function rhythm(length: number, noise = 0.3, seed = 7): Series {
  const random = seededRandom(seed);
  return daily(
    Float64Array.from(
      { length },
      (_, i) =>
        10 +
        2 * Math.sin((2 * Math.PI * i) / 7) +
        Math.sin((2 * Math.PI * i) / 90) +
        noise * (random() + random() + random() - 1.5) * 2,
    ),
  );
}

/** The highest temperature in Seattle, day by day, 2012 to 2015. */
export async function heat(others: string[] = []): Promise<Series> {
  const seattle = (await loadTable('weather')).filter(({ location }) => location === 'Seattle');
  return timeSeries(seattle, { time: 'date', value: 'temp_max_c', others });
}

/** Saves, loads and forecasts again: every number must be the same. */
export async function expectSameAfterLoading(model: Forecaster, history: Series): Promise<void> {
  const folder = mkdtempSync(join(tmpdir(), 'series-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const path = join(folder, 'deep', 'model.json');
  const before = await model.forecast(history);
  await model.save(path);
  const again = await loadForecaster(path);
  try {
    expect(await again.forecast(history)).toEqual(before);
    expect(again).toMatchObject({
      name: model.name,
      horizon: model.horizon,
      level: model.level,
      parameters: model.parameters,
      historyLength: model.historyLength,
    });
  } finally {
    await again.dispose();
  }
}
