// Compiles src/ and bench/ into dist/, which appears whole: it is written beside and then renamed.

import { chmodSync, existsSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, root } from './paths.mjs';
import { knownProblem, Problem } from './problem.mjs';
import { runQuietly } from './run.mjs';
import { hashOf, hashOfTree, isStamped, stamp } from './stamp.mjs';

const dist = inRoot('dist');
const settings = ['tsconfig.json', 'tsconfig.build.json', 'package-lock.json'];

/** The hash of everything the build is made from. */
function sources() {
  const texts = settings.map((file) => readFileSync(inRoot(file), 'utf8'));
  return hashOf([...texts, hashOfTree(root, ['src', 'bench'], ['.ts', '.json'])]);
}

/** @type {import('./steps.mjs').Step} */
export const build = {
  name: 'build',
  doing: 'compiling TypeScript, some seconds',
  isDone: () => isStamped(join(dist, '.finished'), sources()),
  run: async () => {
    const hash = sources();
    const [fresh, old] = [`${dist}.new-${process.pid}`, `${dist}.old-${process.pid}`];
    const tsc = inRoot('node_modules', 'typescript', 'bin', 'tsc');
    try {
      const args = [tsc, '-p', 'tsconfig.build.json', '--outDir', fresh, '--pretty', 'false'];
      const { code, words } = await runQuietly(process.execPath, args, { cwd: root });
      if (code !== 0) {
        throw (
          knownProblem(words, 'the build') ??
          new Problem(`The TypeScript sources do not compile:\n${words.trim().slice(0, 3000)}\n`, 'Mend that first.')
        );
      }
      // npx starts it as a program.
      chmodSync(join(fresh, 'src', 'kernel', 'cli.js'), 0o755);
      stamp(join(fresh, '.finished'), hash);
      if (existsSync(dist)) renameSync(dist, old);
      renameSync(fresh, dist);
    } finally {
      for (const folder of [fresh, old]) rmSync(folder, { recursive: true, force: true });
    }
  },
};
