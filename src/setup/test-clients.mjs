// npm run test:clients [-- papermill]: makes .venv-clients with the programs that run notebooks (Notebook 7, nbclient, nbconvert,
// nbval, papermill, nbgrader, jupyter console, JupyterHub), then runs test/kernel/clients, where each runs our kernel.
// Not part of npm test, which skips those tests: the packages hold half a gigabyte.

import './node-version.mjs';
import { existsSync } from 'node:fs';
import { join } from 'node:path';

const { command, Problem } = await import('./problem.mjs');
const { librarySteps } = await import('./prepare.mjs');
const { runSteps } = await import('./steps.mjs');
const { runOpenly, runQuietly } = await import('./run.mjs');
const { inRoot, pythonOf, root } = await import('./paths.mjs');
const { pythonEnvironment, venvStep } = await import('./venv.mjs');

const venv = inRoot('.venv-clients');
const proxy = inRoot('.cache', 'kernel-clients');
const proxyPackage = 'configurable-http-proxy';

/**
 * @param {string} program
 * @param {string[]} args
 */
async function must(program, args) {
  const { code, words } = await runQuietly(program, args, { cwd: root, env: pythonEnvironment() });
  if (code !== 0) throw new Problem(`${[program, ...args].join(' ')} failed:\n${words.trim()}\n`, 'Mend that first.');
}

const clients = venvStep(venv, inRoot('test', 'python', 'kernel-clients-requirements.txt'), {
  name: 'clients in .venv-clients',
  doing: 'installing the pinned Python packages, about a minute',
  bytes: 800e6,
});

/** @type {import('./steps.mjs').Step} */
const papermill = {
  name: 'our papermill plugin',
  doing: 'installing it',
  // It is a second's work, and its source may have changed.
  isDone: () => false,
  run: () => {
    const options = [
      '--quiet',
      '--disable-pip-version-check',
      '--no-deps',
      '--no-build-isolation',
      '--force-reinstall',
    ];
    return must(pythonOf(venv), ['-m', 'pip', 'install', ...options, join('src', 'kernel', 'install', 'papermill')]);
  },
};

/** @type {import('./steps.mjs').Step} */
const hubProxy = {
  name: 'the proxy of JupyterHub',
  doing: 'installing it',
  isDone: () => existsSync(join(proxy, 'node_modules', proxyPackage, 'package.json')),
  run: async () => {
    const options = ['--prefix', proxy, '--no-audit', '--no-fund', '--ignore-scripts', '--no-save'];
    const { code, words } = await runQuietly('npm', ['install', ...options, `${proxyPackage}@5.3.0`], {
      shell: process.platform === 'win32',
    });
    if (code !== 0) throw new Problem(`npm install ${proxyPackage} failed:\n${words.trim()}\n`, 'Mend that first.');
  },
};

/** @type {import('./steps.mjs').Step} */
const kernel = {
  name: 'our kernel in .venv-clients',
  doing: 'model-types-kernel install --prefix .venv-clients',
  isDone: () => false,
  run: () => must(process.execPath, [inRoot('dist', 'src', 'kernel', 'cli.js'), 'install', '--prefix', venv]),
};

await command(async () => {
  await runSteps([...librarySteps, clients, papermill, hubProxy, kernel]);
  const wanted = process.argv.slice(2);
  const files = (wanted.length > 0 ? wanted : ['']).map((filter) => `test/kernel/clients/${filter}`);
  const args = [inRoot('node_modules', 'vitest', 'vitest.mjs'), 'run', ...files];
  const env = { ...process.env, KERNEL_CLIENTS: venv, KERNEL_CLIENTS_PROXY: join(proxy, 'node_modules', '.bin') };
  return runOpenly(process.execPath, args, { cwd: root, env });
});
