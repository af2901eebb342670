// What the programs that take training steps have in common: a case makes a trainer, later requests ask for steps and get their times.
import { answer } from '../answer.js';

export interface Trainer {
  readonly name: string;
  /** Does one step and returns the loss. */
  readonly step: () => Promise<number> | number;
  /** What is said of memory after each request for steps. */
  readonly memory?: () => object;
}

/**
 * Answers until there are no more requests. `make` may say instead why this program cannot take part; what else it says of a
 * trainer is part of the first answer.
 */
export async function answerSteps<Case, Made extends Trainer>(
  make: (size: Case) => Promise<Made | { readonly missing: string }>,
): Promise<void> {
  let trainer: Trainer | undefined;
  await answer(async (request: { readonly case: Case } | { readonly steps: number }) => {
    if ('case' in request) {
      const made = await make(request.case);
      if ('missing' in made) return made;
      trainer = made;
      return made; // as JSON, which leaves its functions out
    }
    if (trainer === undefined) throw new Error('Name a case before asking for steps.');
    const milliseconds: number[] = [];
    let loss = Number.NaN;
    for (let i = 0; i < request.steps; i++) {
      const start = performance.now();
      loss = await trainer.step();
      milliseconds.push(performance.now() - start);
    }
    return { milliseconds, loss, ...trainer.memory?.() };
  });
}
