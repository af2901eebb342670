// Kernelspecs on disk: read, written whole or not at all, removed. Nothing that is not ours is touched unless forced.

import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { join } from 'node:path';
import { InstallProblem } from './install-problem.js';
import { isOurs, type Kernelspec } from './kernelspec.js';

/** A folder with a kernelspec in it. */
export interface Installed {
  readonly name: string;
  readonly folder: string;
  /** Undefined where kernel.json is missing or holds no kernelspec. */
  readonly spec: Kernelspec | undefined;
}

/** The kernel of that name in a data folder, if there is a folder for it; Jupyter compares names without regard to case. */
export function findKernel(dataFolder: string, name: string): Installed | undefined {
  return kernelsIn(dataFolder).find((kernel) => kernel.name === name.toLowerCase());
}

/** The kernels of a data folder, by name. */
export function kernelsIn(dataFolder: string): readonly Installed[] {
  const kernels = join(dataFolder, 'kernels');
  let names: string[];
  try {
    names = readdirSync(kernels);
  } catch {
    return [];
  }
  return names.sort().map((name) => {
    const folder = join(kernels, name);
    return { name: name.toLowerCase(), folder, spec: readSpec(folder) };
  });
}

function readSpec(folder: string): Kernelspec | undefined {
  try {
    const spec: unknown = JSON.parse(readFileSync(join(folder, 'kernel.json'), 'utf8'));
    const { argv } = spec as { argv?: unknown };
    return Array.isArray(argv) ? (spec as Kernelspec) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Puts a kernelspec into a data folder. It is written beside and then renamed, so that Jupyter never reads half of it.
 *
 * @param force replaces also what is not ours
 * @returns the folder, and what was there before
 * @throws InstallProblem where the name is taken by another's kernel, or the folder cannot be written to
 */
export function writeKernel(
  dataFolder: string,
  name: string,
  files: Readonly<Record<string, string | Buffer>>,
  force: boolean,
): { readonly folder: string; readonly before: Installed | undefined } {
  const before = findKernel(dataFolder, name);
  if (before && !isOurs(before.spec) && !force) {
    throw new InstallProblem(
      `There is a kernel named "${before.name}" already, and it is not ours: ${describe(before)}. ` +
        'Choose another name (--name N), or replace it (--force).',
    );
  }
  const folder = before?.folder ?? join(dataFolder, 'kernels', name);
  return guarded(`write ${folder}`, () => {
    mkdirSync(join(dataFolder, 'kernels'), { recursive: true });
    // Beside "kernels" and not in it, where Jupyter would see it.
    const workshop = mkdtempSync(join(dataFolder, '.model-types-kernel-'));
    try {
      const [fresh, old] = [join(workshop, 'new'), join(workshop, 'old')];
      mkdirSync(fresh);
      for (const [file, contents] of Object.entries(files)) writeFileSync(join(fresh, file), contents);
      if (lstatSync(folder, { throwIfNoEntry: false })) renameSync(folder, old);
      try {
        renameSync(fresh, folder);
      } catch (error) {
        if (lstatSync(old, { throwIfNoEntry: false })) renameSync(old, folder);
        throw error;
      }
    } finally {
      rmSync(workshop, { recursive: true, force: true });
    }
    return { folder, before };
  });
}

/**
 * Removes a kernel of ours from a data folder.
 *
 * @returns the folder that is gone
 * @throws InstallProblem where there is none, or it is not ours
 */
export function removeKernel(dataFolder: string, name: string): string {
  const kernel = findKernel(dataFolder, name);
  if (!kernel) throw new InstallProblem(`There is no kernel named "${name}" in ${join(dataFolder, 'kernels')}.`);
  if (!isOurs(kernel.spec)) {
    throw new InstallProblem(
      `The kernel named "${kernel.name}" is not ours, so it stays: ${describe(kernel)}. ` +
        `If it should go all the same: jupyter kernelspec remove ${kernel.name}`,
    );
  }
  return guarded(`remove ${kernel.folder}`, () => {
    rmSync(kernel.folder, { recursive: true });
    return kernel.folder;
  });
}

/** One line that tells a person which kernel is meant. */
function describe({ folder, spec }: Installed): string {
  return spec ? `${folder} (${spec.display_name}, started by ${spec.argv[0]})` : `${folder} (no readable kernel.json)`;
}

function guarded<T>(what: string, work: () => T): T {
  try {
    return work();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    if (code === 'EACCES' || code === 'EPERM' || code === 'EROFS') {
      throw new InstallProblem(
        `You may not ${what} (${code}). Choose a place that is yours (--user, or --prefix DIR), or run this with the rights of its owner.`,
      );
    }
    if (code === undefined) throw error;
    throw new InstallProblem(`Could not ${what}: ${message}`);
  }
}
