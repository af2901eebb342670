// Reads a saved forecaster back, whatever kind it is. Each kind has one entry in READERS.

import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import type { Forecaster, ForecasterJson } from './forecaster.js';
import { frequencySchema } from './frequency.js';
import { format } from './save-forecaster.js';

export type ForecasterReader = (json: ForecasterJson) => Promise<Forecaster>;

/** Each is loaded when a file of its kind is. */
const READERS: Readonly<Record<string, () => Promise<ForecasterReader>>> = {
  naive: async () => (await import('./naive.js')).readNaive,
  'boosted-lags': async () => (await import('./boosted-lags.js')).readBoostedLags,
  'forecast-network': async () => (await import('./network.js')).readNetwork,
};

const facts = z.looseObject({
  kind: z.string(),
  name: z.string(),
  horizon: z.int().min(1),
  level: z.number().gt(0).lt(1),
  frequency: frequencySchema,
});

/**
 * Loads what `forecaster.save(path)` wrote.
 * @throws Error naming the file and what is wrong with it
 */
export async function loadForecaster(path: string): Promise<Forecaster> {
  const text = await readFile(path, 'utf8');
  try {
    const json = JSON.parse(text) as Partial<typeof format> | null;
    if (json?.format !== format.format)
      throw new Error(`not written by forecaster.save(path): its "format" is ${JSON.stringify(json?.format)}.`);
    if (json.version !== format.version)
      throw new Error(`version ${json.version} of the format; this program reads ${format.version}.`);
    return await forecasterFromJson(facts.parse(json) as ForecasterJson);
  } catch (error) {
    throw new Error(`${path}: ${(error as Error).message}`, { cause: error });
  }
}

/** The forecaster of a JSON value that `toJSON` gave. */
export async function forecasterFromJson(json: ForecasterJson): Promise<Forecaster> {
  const reader = Object.hasOwn(READERS, json.kind) ? READERS[json.kind] : undefined;
  if (reader === undefined)
    throw new Error(`There is no kind of forecaster '${json.kind}'. The kinds are ${Object.keys(READERS).join(', ')}.`);
  return (await reader())(json);
}
