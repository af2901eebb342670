// Where this package is, its version, and the program that Jupyter starts.

import { existsSync, readFileSync, realpathSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { InstallProblem } from './install-problem.js';

/** The folder of our package.json, without symbolic links, so that a link that is removed later breaks nothing. */
export function packageRoot(from: string = dirname(fileURLToPath(import.meta.url))): string {
  const manifest = join(from, 'package.json');
  if (existsSync(manifest) && JSON.parse(readFileSync(manifest, 'utf8')).name === 'model-types') {
    return realpathSync(from);
  }
  const parent = dirname(from);
  if (parent === from) throw new InstallProblem('The package model-types is not whole: it has no package.json.');
  return packageRoot(parent);
}

export function packageVersion(): string {
  return JSON.parse(readFileSync(join(packageRoot(), 'package.json'), 'utf8')).version;
}

/** The compiled program of the kernel; Jupyter runs it with a connection file. */
export function kernelProgram(): string {
  const program = join(packageRoot(), 'dist', 'src', 'kernel', 'main.js');
  if (!existsSync(program)) {
    throw new InstallProblem(`The kernel is not compiled: there is no ${program}. Run \`npm run build\` first.`);
  }
  return realpathSync(program);
}
