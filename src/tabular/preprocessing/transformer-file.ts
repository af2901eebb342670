// Reads fitted steps back. Whoever adds a kind of step adds one entry to READERS.

import { readDropColumns, readSelectColumns } from './choose-columns.js';
import { readDateParts } from './date-parts.js';
import { readHashEncode } from './hash-encode.js';
import { readImpute } from './impute.js';
import { readClip, readLogTransform } from './numbers.js';
import { readOneHot } from './one-hot.js';
import { readOrdinalEncode } from './ordinal-encode.js';
import { readMinMax, readStandardize } from './scale.js';
import { readTargetEncode } from './target-encode.js';
import type { FittedTransformer, TransformerJson } from './transformer.js';

const READERS: Readonly<Record<string, (json: TransformerJson) => FittedTransformer>> = {
  clip: readClip,
  'date-parts': readDateParts,
  'drop-columns': readDropColumns,
  hash: readHashEncode,
  impute: readImpute,
  log: readLogTransform,
  'min-max': readMinMax,
  'one-hot': readOneHot,
  ordinal: readOrdinalEncode,
  'select-columns': readSelectColumns,
  standardize: readStandardize,
  'target-encode': readTargetEncode,
};

/** The step of a JSON value that `toJSON` gave. */
export function transformerFromJson(json: TransformerJson): FittedTransformer {
  const read = Object.hasOwn(READERS, json.kind) ? READERS[json.kind] : undefined;
  if (read === undefined)
    throw new Error(`There is no kind of step '${json.kind}'. The kinds are ${Object.keys(READERS).join(', ')}.`);
  return read(json);
}
