// Steps: what set-up consists of. Each says what it does and how long it took, and is skipped where it is done already.

/**
 * @typedef {object} Step
 * @property {string} name what it provides, in a few words
 * @property {string} doing what is done where it is not there yet, and about how long that takes
 * @property {() => boolean | Promise<boolean>} isDone quick, and true only where the whole of it is there
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
    await step.run();
    print(`${place}: done in ${seconds()}`);
  }
}
