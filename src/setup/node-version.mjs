// Says at once, in words, that Node is too old. Imported first by every command, before anything a newer Node is needed for.
//
//   import './node-version.mjs';
//   const { prepare } = await import('./prepare.mjs'); // linked only after the check

/** The oldest Node that works: the first 20 that can `require` an ES module, which notebook cells do. */
export const oldestNode = '20.19.0';

/**
 * @param {string} version for instance `20.20.2`
 * @returns {string | undefined} what is wrong and what to do, or undefined where the version will do
 */
export function nodeProblem(version) {
  const [have, need] = [version, oldestNode].map((text) => text.split('.').map(Number));
  for (let i = 0; i < 3; i++) {
    const difference = (have?.[i] ?? 0) - (need?.[i] ?? 0);
    if (difference > 0) break;
    if (difference < 0) {
      return `Node ${version} is too old: Node 20.19 or later is needed. Install a current one from https://nodejs.org and run this again.`;
    }
  }
  // Node 21 and early 22 are newer by number, but cannot `require` an ES module.
  const [major = 0, minor = 0] = have ?? [];
  if (major === 21 || (major === 22 && minor < 12)) {
    return `Node ${version} cannot run notebook cells: use Node 20.19 or later of 20, or 22.12 or later. Install one from https://nodejs.org and run this again.`;
  }
  return undefined;
}

const problem = nodeProblem(process.versions.node);
if (problem) {
  console.error(`\n${problem}`);
  process.exit(1);
}
