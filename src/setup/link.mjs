// node_modules/model-types -> the project itself. At run time Node finds a package by its own name without it; the kernel's
// type checker, which resolves names the old way, does not.

import { lstatSync, realpathSync, rmSync, symlinkSync } from 'node:fs';
import { inRoot, root } from './paths.mjs';

const link = inRoot('node_modules', 'model-types');

/** @type {import('./steps.mjs').Step} */
export const packageLink = {
  name: 'the name model-types',
  doing: 'linking it to this folder',
  isDone: () => {
    try {
      return realpathSync(link) === realpathSync(root);
    } catch {
      return false;
    }
  },
  run: () => {
    if (lstatSync(link, { throwIfNoEntry: false })) rmSync(link, { recursive: true });
    // A junction needs no special rights on Windows, but an absolute path.
    if (process.platform === 'win32') symlinkSync(root, link, 'junction');
    else symlinkSync('..', link);
  },
};
