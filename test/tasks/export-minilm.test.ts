// Sizes and times of a real model's exports: all-MiniLM-L6-v2, 22.7 million weights.
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { temporaryFolder } from '../references.js';

test('float16 takes half the space of float32, int8 about a quarter, and each is measured', async () => {
  const { labels, test: rows } = await loadDataset('reviews');
  const model = await loadModel('sentence-transformers/all-MiniLM-L6-v2', { task: 'text-classification', labels });
  const expected = await model.predict(rows.slice(0, 40).map(({ text }) => text));
  const files = await model.exportOnnx(join(temporaryFolder(), 'exported'), { test: rows.slice(0, 40) });
  const [whole, half, quarter] = files.map(({ bytes }) => bytes) as [number, number, number];
  expect(whole / 1e6).toBeCloseTo(90.9, 0);
  expect(half / whole).toBeCloseTo(0.5, 2);
  expect(quarter / whole).toBeLessThan(0.27);
  // The head is new, so probabilities lie close to each other; they must still be those of the model.
  const tolerance = { fp32: 1e-5, fp16: 2e-3, int8: 0.05 };
  for (const { dtype, evaluation } of files) {
    expect(evaluation?.millisecondsPerRow).toBeGreaterThan(0);
    evaluation?.predictions.forEach(({ probabilities }, i) => {
      expect(Math.abs((probabilities[0] as number) - (expected[i]?.probabilities[0] as number))).toBeLessThan(
        tolerance[dtype],
      );
    });
  }
  await model.dispose();
});
