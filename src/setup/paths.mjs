// Where things are in a clone, as absolute paths. Everything that set-up makes lies in ignored folders of the clone.

import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(new URL('../..', import.meta.url)));

/** @param {...string} parts a path relative to the clone */
export const inRoot = (...parts) => join(root, ...parts);

export const notebooks = inRoot('notebooks');
export const out = inRoot('out');
export const venv = inRoot('.venv');
/** Jupyter's own folders (settings, runtime files), kept in the clone so that a person's own settings stay out. */
export const jupyterHome = inRoot('.cache', 'jupyter');
/** The name of our kernel, which notebooks carry in `metadata.kernelspec.name`. */
export const kernelName = 'typescript';
/** The name of tslab's kernel, the one that tslab's own installer gives it. */
export const tslabName = 'tslab';
/** The pretrained model that the lessons start from. */
export const model = 'sentence-transformers/all-MiniLM-L6-v2';

/** @param {string} folder a virtual environment */
export const pythonOf = (folder) =>
  process.platform === 'win32' ? join(folder, 'Scripts', 'python.exe') : join(folder, 'bin', 'python');
