// Steps: what set-up consists of. Each says what it does and how long it took, and is skipped where it is done already.

import { Problem } from './problem.mjs';

/**
 * @typedef {object} Step
 * @property {string} name what it provides, in a few words
 * @property {string} doing what is done where it is not there yet, and about how long that takes
 * @property {() => boolean | Promise<boolean>} isDone quick, and true only where the whole of it is there
 * @property {boolean} [optional] whether the others go on without it where `run` throws a `Problem`, which is then printed
 * @property {() => void | Promise<void>} run does all of it; throws a `Problem` where a person can help
 */

/**
 * Does the steps that are not done, in order.
 *
 * @param {readonly Step[]} steps
 * @param {(line: string) => void} [print]
 */
export async function runSteps(steps, print = console.log) {
  for (const [i, step] of steps.entries()) {
    const place = `[${i + 1}/${steps.length}] ${step.name}`;
    const start = performance.now();
    const seconds = () => `${((performance.now() - start) / 1000).toFixed(1)} s`;
    if (await step.isDone()) {
      print(`${place}: already there (${seconds()})`);
      continue;
    }
    print(`${place}: ${step.doing}`);
    try {
      await step.run();
    } catch (error) {
      if (!step.optional || !(error instanceof Problem)) throw error;
      print(`${place}: left out. ${error.message}`);
      continue;
    }
    print(`${place}: done in ${seconds()}`);
  }
}
