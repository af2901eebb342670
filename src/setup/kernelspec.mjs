// Tells Jupyter how to start the two TypeScript kernels: ours, and tslab's beside it. Absolute paths, so that neither PATH nor
// a global install decides. Ours is written as `npx model-types-kernel install` writes it; .venv belongs to this clone, so that
// whatever an earlier version left there under the same names is replaced.

import { existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inRoot, kernelName, tslabName, venv } from './paths.mjs';

const folderOf = (/** @type {string} */ name) => join(venv, 'share', 'jupyter', 'kernels', name);

/** The compiled installer; there once the build is. */
function installer() {
  const url = pathToFileURL(inRoot('dist', 'src', 'kernel', 'install', 'kernelspec.js')).href;
  return /** @type {Promise<typeof import('../kernel/install/kernelspec.js')>} */ (import(url));
}

/** tslab's kernel.json. */
export function tslabKernelspec() {
  return {
    argv: [
      process.execPath,
      // Loading our ES modules from a cell is fully supported, yet Node 20 warns of it, in red, under the cell.
      '--disable-warning=ExperimentalWarning',
      '--no-deprecation',
      inRoot('node_modules', 'tslab', 'bin', 'tslab'),
      'kernel',
      '--config-path',
      '{connection_file}',
    ],
    display_name: 'TypeScript (tslab)',
    language: 'typescript',
    interrupt_mode: 'signal',
    metadata: { debugger: false },
  };
}

/**
 * Every file of both kernels.
 *
 * @returns {Promise<[path: string, contents: string | Buffer][]>}
 */
async function files() {
  const { kernelspec, kernelspecFiles } = await installer();
  const ours = kernelspecFiles(kernelspec());
  const theirs = { 'kernel.json': `${JSON.stringify(tslabKernelspec(), null, 2)}\n`, 'logo-svg.svg': tslabLogo };
  return [
    ...Object.entries(ours).map(
      ([name, contents]) => /** @type {const} */ ([join(folderOf(kernelName), name), contents]),
    ),
    ...Object.entries(theirs).map(
      ([name, contents]) => /** @type {const} */ ([join(folderOf(tslabName), name), contents]),
    ),
  ].map(([path, contents]) => [path, contents]);
}

const tslabLogo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="8" fill="#5f6b78"/>
<text x="32" y="40" font-family="sans-serif" font-size="20" font-weight="bold" fill="#fff" text-anchor="middle">tslab</text></svg>
`;

/** @type {import('./steps.mjs').Step} */
export const kernels = {
  name: 'TypeScript kernels',
  doing: 'telling Jupyter of them',
  isDone: async () =>
    (await files()).every(([path, contents]) => existsSync(path) && readFileSync(path).equals(Buffer.from(contents))),
  run: async () => {
    const wanted = await files();
    for (const name of [kernelName, tslabName]) {
      rmSync(folderOf(name), { recursive: true, force: true });
      mkdirSync(folderOf(name), { recursive: true });
    }
    for (const [path, contents] of wanted) writeFileSync(path, contents);
  },
};
