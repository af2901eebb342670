// What `model-types-kernel` does: install, uninstall, list. Each gives back the lines to print.

import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { isAbsolute, resolve } from 'node:path';
import { InstallProblem } from './install-problem.js';
import { dataFolders, here, prefixData, type Surroundings, userData } from './jupyter-paths.js';
import { findKernel, type Installed, kernelsIn, removeKernel, writeKernel } from './kernel-folder.js';
import { defaultDisplayName, defaultName, isOurs, kernelspec, kernelspecFiles } from './kernelspec.js';
import { findPrefix, requirePrefix } from './python-prefix.js';

/** Where a kernel goes: a person's own folder (the default), the environment Jupyter runs in, or a named prefix. */
export interface Place {
  readonly user?: boolean;
  readonly sysPrefix?: boolean;
  readonly prefix?: string;
}

export interface InstallOptions extends Place {
  readonly name?: string;
  readonly displayName?: string;
  readonly nodeOptions?: readonly string[];
  /** `NAME=VALUE` each. */
  readonly env?: readonly string[];
  readonly threads?: string;
  readonly force?: boolean;
  /** For tests: the program that the kernelspec starts. */
  readonly program?: string;
}

export function install(options: InstallOptions = {}, place: Surroundings = here()): string[] {
  const { nodeOptions = [], force = false, program } = options;
  const name = checkedName(options.name);
  checkNodeOptions(nodeOptions);
  const { folder: data, from } = dataFolderOf(options, place);
  const threads = threadsOf(options.threads);
  const spec = kernelspec({
    // Two kernels that read the same in JupyterLab's launcher cannot be told apart.
    displayName: options.displayName ?? (name === defaultName ? defaultDisplayName : `${defaultDisplayName} (${name})`),
    nodeOptions,
    env: variablesOf(options.env),
    ...(threads === undefined ? {} : { threads }),
    ...(program === undefined ? {} : { program }),
  });
  const { folder, before } = writeKernel(data, name, kernelspecFiles(spec), force);
  const did = before ? (isOurs(before.spec) ? 'Updated' : 'Replaced another kernel by') : 'Installed';
  const lines = [`${did} the kernel "${name}" (${spec.display_name}) in ${folder}${from}`];
  const shadow = shadowOf(name, data, place);
  if (shadow) {
    lines.push(
      `Note: Jupyter looks in ${shadow.folder} first, where another kernel has that name and will be started.`,
    );
  }
  const started = spec.argv.at(-2) ?? '';
  if (/[\\/]_npx[\\/]/.test(started)) {
    lines.push(
      `Note: it starts ${started}, a copy that npx keeps for a while only. Install model-types somewhere lasting (npm install) and run this from there.`,
    );
  }
  return lines;
}

export function uninstall(options: Place & { readonly name?: string } = {}, place: Surroundings = here()): string[] {
  const name = checkedName(options.name);
  const { folder } = dataFolderOf(options, place);
  return [`Removed the kernel "${name}": ${removeKernel(folder, name)}`];
}

/** All kernels that Jupyter finds, in the order in which it looks; ours first among equals. */
export function list(place: Surroundings = here()): string[] {
  const prefix = findPrefix(place);
  const seen = new Set<string>();
  const lines = [];
  for (const data of dataFolders(place, prefix?.folder, prefix?.isEnvironment)) {
    for (const kernel of kernelsIn(data)) {
      if (!kernel.spec) continue;
      const notes = [
        isOurs(kernel.spec) ? 'ours' : '',
        seen.has(kernel.name) ? 'hidden by the one above' : '',
        broken(kernel),
      ];
      seen.add(kernel.name);
      lines.push({ kernel, notes: notes.filter((note) => note !== '').join(', ') });
    }
  }
  if (lines.length === 0) return ['No kernels found. To install this one: model-types-kernel install'];
  const width = Math.max(...lines.map(({ kernel }) => kernel.name.length));
  return lines.map(({ kernel: { name, spec, folder }, notes }) =>
    `${name.padEnd(width)}  ${spec?.display_name}  ${folder}${notes ? `  (${notes})` : ''}`.trimEnd(),
  );
}

/** Why a kernel of ours will not start: a Node.js or a package that has moved since. */
function broken({ spec }: Installed): string {
  if (!spec || !isOurs(spec)) return '';
  const gone = [spec.argv[0], spec.argv.at(-2)].find((path) => path && isAbsolute(path) && !existsSync(path));
  return gone ? `broken: ${gone} is gone, install it again` : '';
}

function dataFolderOf({ user, sysPrefix, prefix }: Place, place: Surroundings): { folder: string; from: string } {
  const chosen = [user && '--user', sysPrefix && '--sys-prefix', prefix !== undefined && '--prefix'].filter(Boolean);
  if (chosen.length > 1) throw new InstallProblem(`${chosen.join(' and ')} are different places: choose one.`);
  if (prefix === '') throw new InstallProblem('--prefix needs a folder, for instance --prefix=/usr/local.');
  if (prefix !== undefined) return { folder: prefixData(resolve(prefix), place), from: '' };
  if (!sysPrefix) return { folder: userData(place), from: '' };
  const { folder, from } = requirePrefix(place);
  return { folder: prefixData(folder, place), from: `, the prefix of ${from}` };
}

/** The kernel that Jupyter finds under this name instead of the one in `data`. */
function shadowOf(name: string, data: string, place: Surroundings): Installed | undefined {
  const prefix = findPrefix(place);
  for (const folder of dataFolders(place, prefix?.folder, prefix?.isEnvironment)) {
    if (folder === data) return undefined;
    const kernel = findKernel(folder, name);
    if (kernel?.spec) return kernel;
  }
  return undefined;
}

function checkedName(name: string = defaultName): string {
  if (/^[a-z0-9._-]+$/i.test(name) && !/^\.+$/.test(name)) return name.toLowerCase();
  throw new InstallProblem(`"${name}" is no name for a kernel: use letters, digits, "-", "." and "_" of ASCII.`);
}

function variablesOf(pairs: readonly string[] = []): Record<string, string> {
  return Object.fromEntries(
    pairs.map((pair) => {
      const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(pair) ?? [];
      if (name === undefined || value === undefined) {
        throw new InstallProblem(
          `--env ${pair}: write it as NAME=VALUE, for instance NODE_PATH=/opt/lessons/node_modules.`,
        );
      }
      return [name, value];
    }),
  );
}

function threadsOf(text: string | undefined): number | undefined {
  if (text === undefined) return undefined;
  if (/^\d{1,4}$/.test(text)) return Number(text);
  throw new InstallProblem(`--threads ${text}: give a whole number of threads, or 0 to set none.`);
}

/** A kernel that Node.js will not start for a misspelt flag is told now, not by a kernel that dies in JupyterLab. */
function checkNodeOptions(flags: readonly string[]): void {
  if (flags.length === 0) return;
  const stray = flags.find((flag) => !flag.startsWith('-'));
  if (stray !== undefined) {
    throw new InstallProblem(
      `--node-option=${stray} is no flag of Node.js: write for instance --node-option=--expose-gc.`,
    );
  }
  const { status, stderr } = spawnSync(process.execPath, [...flags, '--eval', ''], {
    encoding: 'utf8',
    timeout: 20_000,
  });
  if (status === 0) return;
  throw new InstallProblem(`Node.js ${process.version} does not start with ${flags.join(' ')}: ${stderr.trim()}`);
}
