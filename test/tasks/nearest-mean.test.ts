// Labels by the nearest mean of sentence vectors, with the vectors of a real encoder.
import { expect, it } from 'vitest';
import { loadDataset } from '../../src/hub/datasets.js';
import { evaluate } from '../../src/tasks/evaluate.js';
import { nearestMean } from '../../src/tasks/nearest-mean.js';
import { loadSentenceEncoder } from '../../src/tasks/sentence-vectors.js';

const encoder = await loadSentenceEncoder('sentence-transformers/all-MiniLM-L6-v2');
const labels = ['animals', 'weather'];
const rows = [
  { text: 'The cat sleeps on the sofa.', label: 0 },
  { text: 'A dog barked at the postman.', label: 0 },
  { text: 'It rained all afternoon.', label: 1 },
];

it('gives the label whose examples mean the like', async () => {
  const nearest = await nearestMean(encoder, rows, labels);
  const [kitten, storm] = await nearest.predict(['A kitten plays with a puppy', 'A storm with heavy snow']);
  expect([kitten?.label, storm?.label]).toEqual(labels);
  expect(kitten!.score).toBeGreaterThan(0.6);
  expect(kitten!.probabilities.reduce((a, b) => a + b)).toBeCloseTo(1, 6);
  expect((await nearest.predict([])).length).toBe(0);
});

it('tells six topics apart with five examples of each, untrained', async () => {
  const topics = await loadDataset('topics');
  const five = topics.labels.flatMap((_, label) => topics.train.filter((row) => row.label === label).slice(0, 5));
  const { accuracy } = await evaluate(await nearestMean(encoder, five, topics.labels), topics.test.slice(0, 60));
  expect(accuracy).toBeGreaterThan(0.5); // guessing: 0.17
});

it('refuses an example whose label there is not, and shows it', async () => {
  const stray = [...rows, { text: 'A third thing.', label: 2 }];
  await expect(nearestMean(encoder, stray, labels)).rejects.toThrow(
    'nearestMean: an example has label 2; with 2 labels it is 0 to 1: "A third thing.".',
  );
});

it('needs an example of each label', async () => {
  await expect(nearestMean(encoder, rows.slice(0, 2), labels)).rejects.toThrow(
    'nearestMean: there is no example of "weather"; give at least one of each label.',
  );
});
