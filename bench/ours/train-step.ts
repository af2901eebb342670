// Our side of the suite train-step: the step that fineTune takes, of the same public pieces, on one batch again and again.
import { AdamW } from '../../src/training/adamw.js';
import { compileStep, divideWeights, seedTensor } from '../../src/training/step.js';
import { full } from '../../src/training/strategies/full.js';
import type { TrainStepCase } from '../suites/train-step.js';
import { answerSteps } from './answer-steps.js';
import { randomBatch, randomClassifier } from './random-classifier.js';

await answerSteps(async (size: TrainStepCase) => {
  const model = await randomClassifier(size);
  const strategy = full();
  const { trained, frozen } = divideWeights(model, strategy, 42);
  const optimizer = new AdamW(trained, { maxGradNorm: 1 });
  const compiled = compileStep(model, strategy);
  const batch = randomBatch(size);
  let draws = 0;
  const step = async () => {
    const { value } = await compiled(
      { trained: optimizer.parameters.tree, frozen: Object.fromEntries(frozen), batch, seed: seedTensor(draws++) },
      { into: { gradients: optimizer.gradients.tree } },
    );
    await optimizer.step(5e-5);
    return value.data[0] as number;
  };
  return { name: 'ours', parameters: model.parameterCount, step };
});
