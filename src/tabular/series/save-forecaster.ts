// Writes a forecaster as one JSON file.

import { saveText } from '../save.js';
import type { Forecaster } from './forecaster.js';

/** What every file says it is. */
export const format = { format: 'model-types forecaster', version: 1 } as const;

/** Writes the file whole or not at all; its folder is made. */
export async function saveForecaster(forecaster: Forecaster, path: string): Promise<void> {
  await saveText(`${JSON.stringify({ ...format, ...forecaster.toJSON() })}\n`, path);
}
