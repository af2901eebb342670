// Finds a Python that can make a virtual environment: 3.10 or later, with venv and pip's bootstrap.
//
//   PYTHON=/opt/python3.12/bin/python npm start     # says which one

import { spawnSync } from 'node:child_process';
import { Problem } from './problem.mjs';

/**
 * @typedef {object} Python
 * @property {string} path its executable
 * @property {number} major
 * @property {number} minor
 * @property {boolean} hasVenv whether it has the modules that make an environment; Debian packs them apart
 */

const question = `
import importlib.util, json, sys
has = all(importlib.util.find_spec(name) for name in ("venv", "ensurepip"))
print(json.dumps({"path": sys.executable, "major": sys.version_info[0], "minor": sys.version_info[1], "hasVenv": has}))
`;

/**
 * Asks a command what Python it is.
 *
 * @param {string} commandLine a program, or `py -3`
 * @returns {Python | undefined} undefined where it is no Python or does not start
 */
export function askPython(commandLine) {
  const [program = '', ...args] = commandLine === 'py -3' ? ['py', '-3'] : [commandLine];
  const { status, stdout } = spawnSync(program, [...args, '-c', question], { encoding: 'utf8', timeout: 20_000 });
  if (status !== 0) return undefined;
  try {
    return JSON.parse(stdout);
  } catch {
    return undefined;
  }
}

const usual = ['python3', 'python', 'py -3', 'python3.13', 'python3.12', 'python3.11', 'python3.10'];

/**
 * The first Python that will do: the one named by `PYTHON`, which must do, else one of the usual names.
 *
 * @param {string | undefined} named
 * @param {(commandLine: string) => Python | undefined} [ask]
 * @returns {Python}
 * @throws {Problem} that says what was found and what to install
 */
export function findPython(named = process.env.PYTHON, ask = askPython) {
  const found = (named ? [named] : usual).map(ask).filter((python) => python !== undefined);
  const newEnough = found.filter(({ major, minor }) => major === 3 && minor >= 10);
  const good = newEnough.find(({ hasVenv }) => hasVenv);
  if (good) return good;
  if (newEnough[0]) {
    const { path, major, minor } = newEnough[0];
    throw new Problem(
      `Python ${major}.${minor} at ${path} cannot make virtual environments: its venv module is missing.`,
      `On Debian and Ubuntu install it with: sudo apt install python${major}.${minor}-venv; then run this again.`,
    );
  }
  const install =
    'Install one from https://www.python.org or your system’s packages, or name one: PYTHON=/path/to/python npm start.';
  if (found[0]) {
    const { path, major, minor } = found[0];
    throw new Problem(`Python ${major}.${minor} at ${path} is too old: JupyterLab needs 3.10 or later.`, install);
  }
  const sentence = named
    ? `PYTHON=${named} is no Python that starts.`
    : 'No Python was found: JupyterLab needs 3.10 or later.';
  throw new Problem(sentence, install);
}
