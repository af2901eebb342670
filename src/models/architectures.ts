// The table of architectures: config.json's model_type -> the encoder of that family.
import { z } from 'zod';
import { shown } from '../hub/shown.js';
import { bertEncoder } from './bert.js';
import { distilbertEncoder } from './distilbert.js';
import type { Encoder, Family } from './encoder.js';
import { mobilebertEncoder } from './mobilebert.js';
import { modernbertEncoder } from './modernbert.js';
import { robertaEncoder } from './roberta.js';

const architectures: Readonly<Record<string, Family>> = {
  bert: bertEncoder,
  distilbert: distilbertEncoder,
  mobilebert: mobilebertEncoder,
  modernbert: modernbertEncoder,
  roberta: robertaEncoder,
  'xlm-roberta': robertaEncoder,
};

/** A damaged config.json may ask for any number of layers, and each is counted before its weights are missed. */
const MOST_LAYERS = 1000;

/**
 * The encoder config.json describes.
 * @param source names the checkpoint in errors
 * @throws RangeError where we lack the architecture, with the list of those we have, and naming fields that are missing or
 *   that we cannot follow
 */
export function encoderOf(config: Readonly<Record<string, unknown>>, source: string): Encoder {
  const name = typeof config.model_type === 'string' ? config.model_type : '';
  const family = Object.hasOwn(architectures, name) ? architectures[name] : undefined;
  if (family === undefined)
    throw new RangeError(
      `${source} has model_type ${shown(config.model_type)}, an architecture we do not have. We have: ${Object.keys(architectures).join(', ')}.`,
    );
  for (const [field, value] of Object.entries(config)) {
    if (!/(layers|networks)$/.test(field) || typeof value !== 'number' || value <= MOST_LAYERS) continue;
    throw new RangeError(
      `${source} has a config.json whose ${field} is ${value}; no encoder has more than ${MOST_LAYERS}.`,
    );
  }
  try {
    return family(config);
  } catch (error) {
    if (!(error instanceof z.ZodError)) throw error;
    const problems = error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new RangeError(`${source} has a config.json that we cannot follow: ${problems.join('; ')}.`, {
      cause: error,
    });
  }
}

/** The longest input a task reads: what was asked for, or what the model reads where that is less. Throws below 3. */
export function readLength(asked: number, longest: number): number {
  if (!Number.isInteger(asked) || asked < 3)
    throw new RangeError(
      `maxLength is a whole number of at least 3, in tokens ([CLS], one word, [SEP]); got ${asked}.`,
    );
  return Math.min(asked, longest);
}
