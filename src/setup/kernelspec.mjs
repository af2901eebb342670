// Tells Jupyter how to start the TypeScript kernel. Absolute paths, so that neither PATH nor a global install decides.

import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { inRoot, kernelName, venv } from './paths.mjs';

const folder = join(venv, 'share', 'jupyter', 'kernels', kernelName);

/** The contents of kernel.json. */
export function kernelspec() {
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
    display_name: 'TypeScript',
    language: 'typescript',
    interrupt_mode: 'signal',
    metadata: { debugger: false },
  };
}

const logo = `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 64 64"><rect width="64" height="64" rx="8" fill="#235a97"/>
<text x="32" y="45" font-family="sans-serif" font-size="34" font-weight="bold" fill="#fff" text-anchor="middle">TS</text></svg>
`;

const files = () => ({ 'kernel.json': `${JSON.stringify(kernelspec(), null, 2)}\n`, 'logo-svg.svg': logo });

/** @type {import('./steps.mjs').Step} */
export const kernel = {
  name: 'TypeScript kernel',
  doing: 'telling Jupyter of it',
  isDone: () =>
    Object.entries(files()).every(([name, text]) => {
      const path = join(folder, name);
      return existsSync(path) && readFileSync(path, 'utf8') === text;
    }),
  run: () => {
    mkdirSync(folder, { recursive: true });
    for (const [name, text] of Object.entries(files())) writeFileSync(join(folder, name), text);
  },
};
