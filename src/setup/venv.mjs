// A virtual environment made from a file of pinned requirements, whole or not at all.

import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, rmSync } from 'node:fs';
import { basename, join } from 'node:path';
import { requireSpace } from './disk.mjs';
import { inRoot, pythonOf, root, venv } from './paths.mjs';
import { knownProblem, Problem } from './problem.mjs';
import { findPython } from './python.mjs';
import { runQuietly } from './run.mjs';
import { hashOf, isStamped, stamp } from './stamp.mjs';

/**
 * @param {string} folder where it goes; whatever unfinished is there is removed
 * @param {string} requirements file, each package pinned with ==
 * @param {{ name: string, doing: string, bytes: number }} words `bytes`: how much it will hold
 * @returns {import('./steps.mjs').Step}
 */
export function venvStep(folder, requirements, { name, doing, bytes }) {
  const stampFile = join(folder, '.finished');
  // An environment holds absolute paths: in a clone that was moved it must be made anew.
  const hash = () => hashOf([readFileSync(requirements, 'utf8'), folder]);
  return {
    name,
    doing,
    isDone: () => isStamped(stampFile, hash()) && starts(pythonOf(folder)),
    run: async () => {
      const python = findPython();
      requireSpace(root, bytes);
      if (existsSync(folder)) rmSync(folder, { recursive: true, force: true });
      await must(python.path, ['-m', 'venv', folder], `making ${basename(folder)}`);
      const options = ['--disable-pip-version-check', '--no-input', '--progress-bar=off', '--only-binary=:all:'];
      await must(
        pythonOf(folder),
        ['-m', 'pip', 'install', ...options, '-r', requirements],
        `pip install -r ${basename(requirements)}`,
      );
      stamp(stampFile, hash());
    },
  };
}

/** JupyterLab's environment. */
export const jupyterVenv = venvStep(venv, inRoot('src', 'setup', 'requirements.txt'), {
  name: 'JupyterLab in .venv',
  doing: 'installing the pinned Python packages, about a minute',
  bytes: 500e6,
});

/**
 * The environment for our Pythons: nothing of a person's own packages or pip settings gets in.
 *
 * @returns {NodeJS.ProcessEnv}
 */
export function pythonEnvironment() {
  const { PYTHONPATH: _path, PYTHONHOME: _home, ...rest } = process.env;
  return { ...rest, PYTHONNOUSERSITE: '1', PIP_USER: '0', PIP_REQUIRE_VIRTUALENV: '0', PYTHONUTF8: '1' };
}

/** @param {string} python */
function starts(python) {
  return existsSync(python) && spawnSync(python, ['-c', ''], { env: pythonEnvironment() }).status === 0;
}

/**
 * @param {string} program
 * @param {string[]} args
 * @param {string} what
 */
async function must(program, args, what) {
  const { code, words } = await runQuietly(program, args, { cwd: root, env: pythonEnvironment() });
  if (code === 0) return;
  throw (
    knownProblem(words, what) ??
    new Problem(`${what} failed (exit ${code}):\n${words.trim().slice(-1500)}\n`, 'Mend that and run this again.')
  );
}
