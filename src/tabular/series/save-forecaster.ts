// Writes a forecaster as one JSON file.

import { mkdir } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { writeAll, writeFileAtomically } from '../../hub/atomic-file.js';
import type { Forecaster } from './forecaster.js';

/** What every file says it is. */
export const format = { format: 'model-types forecaster', version: 1 } as const;

/** Writes the file whole or not at all; its folder is made. */
export async function saveForecaster(forecaster: Forecaster, path: string): Promise<void> {
  const target = resolve(path);
  await mkdir(dirname(target), { recursive: true });
  const text = `${JSON.stringify({ ...format, ...forecaster.toJSON() })}\n`;
  await writeFileAtomically(target, (file) => writeAll(file, Buffer.from(text)));
}
