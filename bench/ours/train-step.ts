// Our side of the suite train-step: the step that fineTune takes, of the same public pieces, on one batch again and again.
import { AdamW } from '../../src/training/adamw.js';
import { compileStep, divideWeights, seedTensor } from '../../src/training/step.js';
import { full } from '../../src/training/strategies/full.js';
import { answer } from '../answer.js';
import type { TrainStepCase } from '../suites/train-step.js';
import { randomBatch, randomClassifier } from './random-classifier.js';

type Request = { readonly case: TrainStepCase } | { readonly steps: number };

let step: (() => Promise<number>) | undefined;

/** A function that does one step and returns the loss. */
async function trainer(size: TrainStepCase): Promise<{ step: () => Promise<number>; parameters: number }> {
  const model = await randomClassifier(size);
  const strategy = full();
  const { trained, frozen } = divideWeights(model, strategy, 42);
  const optimizer = new AdamW(trained, { maxGradNorm: 1 });
  const compiled = compileStep(model, strategy);
  const batch = randomBatch(size);
  let draws = 0;
  return {
    parameters: model.parameterCount,
    step: async () => {
      const { value } = await compiled(
        { trained: optimizer.parameters.tree, frozen: Object.fromEntries(frozen), batch, seed: seedTensor(draws++) },
        { into: { gradients: optimizer.gradients.tree } },
      );
      await optimizer.step(5e-5);
      return value.data[0] as number;
    },
  };
}

await answer(async (request: Request) => {
  if ('case' in request) {
    const made = await trainer(request.case);
    step = made.step;
    return { name: 'ours', parameters: made.parameters };
  }
  if (step === undefined) throw new Error('Name a case before asking for steps.');
  const milliseconds: number[] = [];
  let loss = Number.NaN;
  for (let i = 0; i < request.steps; i++) {
    const start = performance.now();
    loss = await step();
    milliseconds.push(performance.now() - start);
  }
  return { milliseconds, loss };
});
