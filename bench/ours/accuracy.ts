// Our side of the suite accuracy: fineTune, as a lesson calls it.
import { readFile } from 'node:fs/promises';
import { evaluate } from '../../src/tasks/evaluate.js';
import { loadModel } from '../../src/tasks/load-model.js';
import { fineTune } from '../../src/training/fine-tune.js';
import { answer } from '../answer.js';
import type { AccuracyAnswer, AccuracyPlan, AccuracyRequest } from '../suites/accuracy.js';

await answer(async ({ plan: file, start, seed }: AccuracyRequest): Promise<AccuracyAnswer> => {
  const plan: AccuracyPlan = JSON.parse(await readFile(file, 'utf8'));
  const { batchSize, learningRate, warmupRatio, maxGradNorm, weightDecay, maxLength, train } = plan;
  if (train.length % batchSize !== 0) throw new Error('A batch may not reach from one epoch into the next.');
  const model = await loadModel(start, { task: 'text-classification', maxLength });
  // The plan's own order, epoch after epoch, as one long epoch.
  const rows = plan.order.flat().map((row) => train[row] as AccuracyPlan['train'][number]);
  const { seconds, history } = await fineTune(
    model,
    { train: rows },
    {
      epochs: 1,
      batchSize,
      learningRate,
      warmupRatio,
      maxGradNorm,
      weightDecay,
      seed,
      shuffle: false,
      groupByLength: false,
    },
  );
  const { accuracy } = await evaluate(model, plan.test);
  return { name: 'ours', accuracy, seconds, losses: history.map(({ loss }) => loss) };
});
