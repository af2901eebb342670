// The forms in which a value is shown: finds out what it is, the cheapest questions first. Nothing here throws, and no getter of a
// value runs unless the value asked for it.

import { types } from 'node:util';
import type { MimeBundle } from '../executor/messages.js';
import { frameTable } from './danfo.js';
import { plotlyForms, vegaForms } from './figures.js';
import { nothing, otherwiseShown, type SelfShown, selfShown } from './hooks.js';
import { imageForms, pixelForms } from './image.js';
import { limited } from './limit.js';
import { brief, plainText } from './plain-text.js';
import { mapTable, recordsTable } from './records.js';
import { type Table, tableForms } from './table.js';
import { findTensor } from './tensor.js';
import { tensorText } from './tensor-text.js';

export interface Bundle {
  readonly data: MimeBundle;
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** The forms in which a client may show a value, as Jupyter's messages carry them; undefined for what needs no showing. */
export async function toBundle(value: unknown): Promise<Bundle | undefined> {
  return bundleOf(value);
}

/** The same, at once where the value does not take its time: only its own display method may. */
export function bundleOf(value: unknown): Bundle | undefined | Promise<Bundle | undefined> {
  if (value === undefined) return undefined;
  if (typeof value !== 'object' && typeof value !== 'function') return asText(value);
  if (value === null) return asText(value);
  const shown = selfShown(value);
  if (shown instanceof Promise) return shown.then(ofSelf);
  if (shown !== undefined) return ofSelf(shown);
  try {
    const forms = typeof value === 'function' ? undefined : recognise(value);
    if (forms) return bundle(limited(forms));
  } catch (problem) {
    // A recogniser met something it did not foresee, for instance a proxy that answers differently each time.
    return bundle({ 'text/plain': `${plainText(value)}\n(It could not be shown in a richer form: ${brief(problem)})` });
  }
  return asText(value);
}

function bundle(data: MimeBundle): Bundle {
  return { data, metadata: {} };
}

function asText(value: unknown): Bundle {
  return bundle({ 'text/plain': plainText(value) });
}

function ofSelf(shown: SelfShown): Bundle | undefined {
  return shown === nothing ? undefined : bundle(limited(shown));
}

/** The rich forms of an object, or undefined where text says it all. */
function recognise(value: object): MimeBundle | undefined {
  if (types.isPromise(value) || types.isDate(value) || types.isNativeError(value) || types.isRegExp(value))
    return undefined;
  if (types.isAnyArrayBuffer(value)) return imageForms(new Uint8Array(value));
  if (types.isTypedArray(value)) return types.isUint8Array(value) ? imageForms(value) : undefined;
  if (Array.isArray(value)) return asTable(recordsTable(value));
  if (types.isMap(value)) return asTable(mapTable(value));
  if (types.isSet(value)) return undefined;
  const table = frameTable(value);
  if (table) return asTable(table);
  const tensor = findTensor(value);
  if (tensor) return { 'text/plain': tensorText(tensor) };
  return pixelForms(value) ?? plotlyForms(value) ?? vegaForms(value) ?? otherwiseShown(value);
}

function asTable(table: Table | undefined): MimeBundle | undefined {
  return table && tableForms(table);
}
