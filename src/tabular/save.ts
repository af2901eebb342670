// Writes models and forecasters as one JSON file each.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAll, writeFileAtomically } from '../hub/atomic-file.js';
import type { TabularModel } from './estimator.js';

/** What the file of a model says it is. */
export const format = { format: 'model-types tabular model', version: 1 } as const;

/** Writes the file whole or not at all; its folder is made. */
export async function saveModel(model: TabularModel, path: string): Promise<void> {
  await saveText(`${JSON.stringify({ ...format, ...model.toJSON() })}\n`, path);
}

/** Writes a text file whole or not at all; its folder is made. */
export async function saveText(text: string, path: string): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  await writeFileAtomically(target, (file) => writeAll(file, Buffer.from(text)));
}
