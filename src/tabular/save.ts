// Writes a model as one JSON file.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAll, writeFileAtomically } from '../hub/atomic-file.js';
import type { TabularModel } from './estimator.js';

/** What every file says it is. */
export const format = { format: 'model-types tabular model', version: 1 } as const;

/** Writes the file whole or not at all; its folder is made. */
export async function saveModel(model: TabularModel, path: string): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  const text = `${JSON.stringify({ ...format, ...model.toJSON() })}\n`;
  await writeFileAtomically(target, (file) => writeAll(file, Buffer.from(text)));
}
