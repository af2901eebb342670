// The command line of `model-types-kernel`: what its words mean, and its help.

import { parseArgs } from 'node:util';
import { install, list, uninstall } from './commands.js';
import { InstallProblem } from './install-problem.js';
import { packageVersion } from './package-root.js';

const help = `model-types-kernel: the TypeScript kernel for Jupyter

  model-types-kernel install     tell Jupyter of it
  model-types-kernel uninstall   take that back
  model-types-kernel list        the kernels that Jupyter finds here

Where (install, uninstall):
  --user               for you alone: Jupyter's data folder, or JUPYTER_DATA_DIR (default)
  --sys-prefix         in the active virtual or Conda environment, else where jupyter or python on PATH is installed
  --prefix DIR         in DIR/share/jupyter, for instance /usr/local for everybody (JupyterHub)
  --name N             the kernel's name (default: typescript)

Only install:
  --display-name D     how JupyterLab calls it (default: TypeScript)
  --node-option=FLAG   a flag for Node.js, may be repeated: --node-option=--max-old-space-size=8192
  --env NAME=VALUE     a variable for the kernel, may be repeated: --env NODE_PATH=/opt/lessons/node_modules
  --threads N          most threads for native libraries (default: the processors there are to use; 0 sets none)
  --force              replace a kernel of that name that is not ours

  --help, --version
`;

const options = {
  user: { type: 'boolean' },
  'sys-prefix': { type: 'boolean' },
  prefix: { type: 'string' },
  name: { type: 'string' },
  'display-name': { type: 'string' },
  'node-option': { type: 'string', multiple: true },
  env: { type: 'string', multiple: true },
  threads: { type: 'string' },
  force: { type: 'boolean' },
  help: { type: 'boolean', short: 'h' },
  version: { type: 'boolean' },
} as const;

/** Which options each command knows. */
const known: Readonly<Record<string, readonly string[]>> = {
  install: Object.keys(options),
  uninstall: ['user', 'sys-prefix', 'prefix', 'name', 'help', 'version'],
  list: ['help', 'version'],
};

/** What to print for a command line. */
export function run(args: readonly string[]): string {
  const { values, positionals } = parse(args);
  if (values.version) return `${packageVersion()}\n`;
  if (values.help) return help;
  const [command, ...more] = positionals;
  const mine = command === undefined ? undefined : known[command];
  if (command === undefined || mine === undefined || more.length > 0) {
    const what = command === undefined ? 'Say what to do' : `"${positionals.join(' ')}" is no command`;
    throw new InstallProblem(`${what}: install, uninstall or list. See --help.`);
  }
  const stray = Object.keys(values).find((name) => !mine.includes(name));
  if (stray) throw new InstallProblem(`${command} has no option --${stray}. See --help.`);
  return `${linesOf(command, values).join('\n')}\n`;
}

type Values = ReturnType<typeof parse>['values'];

function linesOf(command: string, values: Values): string[] {
  if (command === 'list') return list();
  const { user, 'sys-prefix': sysPrefix, prefix, name } = values;
  const where = { ...given({ user, sysPrefix, prefix, name }) };
  if (command === 'uninstall') return uninstall(where);
  const { 'display-name': displayName, 'node-option': nodeOptions, env, threads, force } = values;
  return install({ ...where, ...given({ displayName, nodeOptions, env, threads, force }) });
}

/** Without what was not given. */
function given<T extends object>(values: T): { [K in keyof T]?: Exclude<T[K], undefined> } {
  return Object.fromEntries(Object.entries(values).filter(([, value]) => value !== undefined)) as {
    [K in keyof T]?: Exclude<T[K], undefined>;
  };
}

function parse(args: readonly string[]) {
  try {
    return parseArgs({ args: [...args], options, allowPositionals: true });
  } catch (error) {
    throw new InstallProblem(`${(error as Error).message} See --help.`);
  }
}
