// The prefix (`sys.prefix`) of the Python that Jupyter runs in, found by looking and without starting it.

import { accessSync, closeSync, constants, existsSync, openSync, readdirSync, readSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { InstallProblem } from './install-problem.js';
import { pathsOf, type Surroundings } from './jupyter-paths.js';

export interface Prefix {
  readonly folder: string;
  /** How it was found, for a message: `VIRTUAL_ENV`, `the jupyter at /usr/bin/jupyter`. */
  readonly from: string;
  /** Whether it is a virtual environment or a Conda environment other than the base. */
  readonly isEnvironment: boolean;
}

/** The environment that is active, else the one that `jupyter` on PATH belongs to, else that of `python3` or `python`. */
export function findPrefix(place: Surroundings): Prefix | undefined {
  const { env } = place;
  if (env.VIRTUAL_ENV) return { folder: env.VIRTUAL_ENV, from: 'VIRTUAL_ENV', isEnvironment: true };
  if (env.CONDA_PREFIX) {
    const isEnvironment = (env.CONDA_DEFAULT_ENV ?? 'base') !== 'base';
    return { folder: env.CONDA_PREFIX, from: 'CONDA_PREFIX', isEnvironment };
  }
  for (const name of ['jupyter', 'python3', 'python']) {
    for (const program of onPath(name, place)) {
      const folder = prefixOf(program, place);
      if (folder === undefined) continue;
      return { folder, from: `the ${name} at ${program}`, isEnvironment: existsSync(join(folder, 'pyvenv.cfg')) };
    }
  }
  return undefined;
}

/** As `findPrefix`, but it must be there. */
export function requirePrefix(place: Surroundings): Prefix {
  const found = findPrefix(place);
  if (found) return found;
  throw new InstallProblem(
    '--sys-prefix: no Python environment is active (neither VIRTUAL_ENV nor CONDA_PREFIX is set), and no jupyter or ' +
      'python on PATH lies in an installation of Python. Name its folder: --prefix DIR, or leave it out: --user.',
  );
}

function onPath(name: string, place: Surroundings): string[] {
  const { delimiter } = pathsOf(place);
  const endings = place.platform === 'win32' ? ['.exe', '.cmd', '.bat'] : [''];
  const folders = (place.env.PATH ?? place.env.Path ?? '').split(delimiter).filter((folder) => folder !== '');
  return folders.flatMap((folder) => endings.map((ending) => join(folder, name + ending))).filter(isProgram);
}

function isProgram(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The prefix a program belongs to; undefined for a shim (pyenv, asdf) and whatever else lies in no Python installation. */
function prefixOf(program: string, place: Surroundings): string | undefined {
  const python = interpreterOf(program) ?? program;
  // A virtual environment's python is a link to the one it was made from, and must not be followed out of it.
  for (const path of [python, real(python)]) {
    // On Windows python.exe lies in the prefix itself, the rest in Scripts.
    const candidates = place.platform === 'win32' ? [dirname(path), dirname(dirname(path))] : [dirname(dirname(path))];
    const folder = candidates.find((candidate) => isPrefix(candidate, place));
    if (folder !== undefined) return folder;
  }
  return undefined;
}

function isPrefix(folder: string, place: Surroundings): boolean {
  if (existsSync(join(folder, 'pyvenv.cfg'))) return true;
  const library = place.platform === 'win32' ? join(folder, 'Lib') : join(folder, 'lib');
  if (place.platform === 'win32') return existsSync(join(library, 'site-packages'));
  return existsSync(library) && readdirSync(library).some((name) => /^python3\.\d+$/.test(name));
}

function real(path: string): string {
  try {
    return realpathSync(path);
  } catch {
    return path;
  }
}

/** The Python that a script such as `jupyter` names in its first lines: `#!/opt/venv/bin/python`, or pip's form for long paths. */
function interpreterOf(program: string): string | undefined {
  const head = headOf(program);
  if (!head.startsWith('#!')) return undefined;
  const found = /^#!\s*(\/\S*python[\d.]*)\s/.exec(head) ?? /^'''exec' "?(\/[^"\n]*?python[\d.]*)"? /m.exec(head);
  return found?.[1];
}

function headOf(path: string): string {
  const file = openSync(path, 'r');
  try {
    const bytes = Buffer.alloc(1024);
    return bytes.toString('latin1', 0, readSync(file, bytes));
  } finally {
    closeSync(file);
  }
}
