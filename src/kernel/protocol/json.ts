// JSON as it goes over the wire: reading never throws, and writing finds a way to write anything.

import type { JsonObject } from './messages.js';

export function isObject(value: unknown): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** The JSON object in these bytes; undefined where they are something else. Bytes that are not UTF-8 become U+FFFD. */
export function readObject(bytes: Uint8Array): JsonObject | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('utf8'));
    return isObject(value) ? value : undefined;
  } catch {
    return undefined;
  }
}

/** A value as JSON in UTF-8. What JSON cannot hold is written as well as can be: a bigint as its digits, a circle as null. */
export function jsonBytes(value: object): Buffer {
  let text: string;
  try {
    text = JSON.stringify(value);
  } catch {
    text = JSON.stringify(writable(value, []));
  }
  // Half a surrogate pair is written as an escape, which Python reads and then cannot write again as UTF-8: U+FFFD instead.
  return Buffer.from(
    text.includes('\\ud')
      ? text.replace(/\\(\\|ud[89a-f][0-9a-f]{2})/g, (whole, rest: string) => (rest === '\\' ? whole : '\\ufffd'))
      : text,
  );
}

/** Deeper than this nothing is written. */
const deepest = 200;

function writable(value: unknown, above: readonly object[]): unknown {
  if (typeof value === 'bigint') return value.toString();
  if (typeof value !== 'object' || value === null) return value;
  if (above.includes(value) || above.length >= deepest) return null;
  const inside = [...above, value];
  if (Array.isArray(value)) return value.map((each) => writable(each, inside));
  const copy: Record<string, unknown> = {};
  for (const [name, each] of Object.entries(value)) copy[name] = writable(each, inside);
  return copy;
}
