// What the programs of train-step have in common: a case makes a trainer, later requests ask for steps and get their times.
import { answer } from '../answer.js';
import type { TrainStepCase } from '../suites/train-step.js';

export interface Trainer {
  readonly name: string;
  /** Numbers in the model. */
  readonly parameters: number;
  /** Does one step and returns the loss. */
  readonly step: () => Promise<number> | number;
}

/** Answers until there are no more requests. `make` may say instead why this program cannot take part. */
export async function answerSteps(
  make: (size: TrainStepCase) => Promise<Trainer | { readonly missing: string }>,
): Promise<void> {
  let trainer: Trainer | undefined;
  await answer(async (request: { readonly case: TrainStepCase } | { readonly steps: number }) => {
    if ('case' in request) {
      const made = await make(request.case);
      if ('missing' in made) return made;
      trainer = made;
      return { name: made.name, parameters: made.parameters };
    }
    if (trainer === undefined) throw new Error('Name a case before asking for steps.');
    const milliseconds: number[] = [];
    let loss = Number.NaN;
    for (let i = 0; i < request.steps; i++) {
      const start = performance.now();
      loss = await trainer.step();
      milliseconds.push(performance.now() - start);
    }
    return { milliseconds, loss };
  });
}
