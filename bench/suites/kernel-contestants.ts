// The kernels that npm run bench -- kernel compares, each started as its own kernelspec starts it, all in one folder.
import { execFile } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { copyFile, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { packagePath } from '../../src/hub/package-root.js';
import { kernelspec } from '../../src/kernel/install/kernelspec.js';

export type KernelName = 'ours' | 'tslab' | 'deno' | 'ipykernel';

export interface KernelCommand {
  readonly name: KernelName;
  /** With its version. */
  readonly title: string;
  readonly language: 'typescript' | 'python';
  readonly argv: readonly string[];
  readonly env: Readonly<Record<string, string>>;
  readonly interrupt: 'message' | 'signal';
}

const cache = (...parts: string[]): string => packagePath('.cache', 'bench-kernel', ...parts);
const denoVersion = '2.9.6';

/**
 * The folder that all kernels run in, as lessons do: a folder of this clone, so that packages are found in its node_modules,
 * with the tsconfig.json of notebooks/.
 */
export async function notebookFolder(): Promise<string> {
  const folder = cache('notebooks');
  await mkdir(folder, { recursive: true });
  await copyFile(packagePath('notebooks', 'tsconfig.json'), join(folder, 'tsconfig.json'));
  return folder;
}

const makers: Readonly<Record<KernelName, (python: string) => Promise<Omit<KernelCommand, 'name'>>>> = {
  ours: async () => {
    const { argv, env = {} } = kernelspec();
    return { title: 'ours', language: 'typescript', argv, env, interrupt: 'message' };
  },
  tslab: async () => ({
    title: `tslab ${versionOf(packagePath('node_modules', 'tslab'))}`,
    language: 'typescript',
    // Loading our ES modules from a cell is supported by Node 20, but told of in red.
    argv: [
      process.execPath,
      '--disable-warning=ExperimentalWarning',
      '--no-deprecation',
      packagePath('node_modules', 'tslab', 'bin', 'tslab'),
      'kernel',
      '--config-path',
      '{connection_file}',
    ],
    env: {},
    interrupt: 'signal',
  }),
  deno: async () => ({
    title: `deno ${denoVersion}`,
    language: 'typescript',
    argv: [await deno(), 'jupyter', '--kernel', '--conn', '{connection_file}'],
    env: { DENO_DIR: cache('deno-dir'), DENO_NO_UPDATE_CHECK: '1' },
    interrupt: 'message',
  }),
  ipykernel: async (python) => ({
    title: `ipykernel ${await pythonVersionOf(python, 'ipykernel')}`,
    language: 'python',
    argv: [python, '-m', 'ipykernel_launcher', '-f', '{connection_file}'],
    env: { IPYTHONDIR: cache('ipython') },
    interrupt: 'signal',
  }),
};

export interface Contestants {
  readonly commands: readonly KernelCommand[];
  /** Why a kernel cannot take part. */
  readonly missing: ReadonlyMap<KernelName, string>;
}

export async function contestants(python: string): Promise<Contestants> {
  const commands: KernelCommand[] = [];
  const missing = new Map<KernelName, string>();
  for (const name of Object.keys(makers) as KernelName[]) {
    try {
      const made = await makers[name](python);
      // Nobody's history or settings are read or written.
      commands.push({ ...made, name, env: { JUPYTER_DATA_DIR: cache('jupyter'), ...made.env } });
    } catch (error) {
      missing.set(name, error instanceof Error ? error.message : String(error));
    }
  }
  return { commands, missing };
}

const versionOf = (folder: string): string => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')).version;

async function pythonVersionOf(python: string, name: string): Promise<string> {
  const code = `from importlib.metadata import version; print(version('${name}'))`;
  const { stdout } = await promisify(execFile)(python, ['-c', code]);
  return stdout.trim();
}

/**
 * The Deno of the npm package `deno`, installed on first use. Its program lies in a package of its own for each platform, an
 * optional dependency, so that no install script has to run.
 */
async function deno(): Promise<string> {
  const folder = cache('deno');
  const libc = process.platform === 'linux' ? '-glibc' : '';
  const home = join(folder, 'node_modules', '@deno', `${process.platform}-${process.arch}${libc}`);
  const program = join(home, process.platform === 'win32' ? 'deno.exe' : 'deno');
  if (existsSync(program) && versionOf(home) === denoVersion) return program;
  console.error(`installing deno ${denoVersion} from npm in .cache/bench-kernel/deno`);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), '{ "private": true }\n');
  const args = ['install', '--ignore-scripts', '--no-audit', '--no-fund', '--save-exact', `deno@${denoVersion}`];
  await promisify(execFile)('npm', args, { cwd: folder, shell: process.platform === 'win32' });
  if (!existsSync(program))
    throw new Error(`The npm package deno has no program for ${process.platform}-${process.arch}.`);
  return program;
}
