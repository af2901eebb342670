// Copies of values that can be sent as JSON: typed arrays become arrays, dates their text, what JSON has no form for goes.

import { types } from 'node:util';

/** Deeper than this nothing is copied. */
const deepest = 100;

export interface JsonCopy {
  readonly value: unknown;
  /** About how many characters it has as JSON. */
  readonly size: number;
}

/** Stops early, with a size above it, at a value that is larger than `limit`. @throws what getters and toJSON of the value throw */
export function jsonCopy(value: unknown, limit: number): JsonCopy {
  const above = new Set<object>();
  let size = 0;
  const copy = (each: unknown): unknown => {
    size += 4;
    if (size > limit) return null;
    if (typeof each === 'string') size += each.length;
    else if (typeof each === 'number') size += 8;
    if (each === null || ['string', 'boolean', 'number'].includes(typeof each)) return each;
    if (typeof each === 'bigint') return Number.isSafeInteger(Number(each)) ? Number(each) : String(each);
    if (typeof each !== 'object') return undefined;
    if (types.isTypedArray(each)) {
      const plain = each as unknown as ArrayLike<number | bigint>;
      if (size + 4 * plain.length > limit) size = limit + 1;
      return size > limit ? null : Array.from(plain, copy);
    }
    if (above.has(each) || above.size >= deepest) return null;
    above.add(each);
    try {
      const { toJSON } = each as { toJSON?: unknown };
      if (typeof toJSON === 'function') return copy(toJSON.call(each, ''));
      // Holes of an array and what has no form become null, as in JSON.
      if (Array.isArray(each)) return Array.from(each, (element) => copy(element) ?? null);
      if (types.isMap(each)) return copy(Object.fromEntries(each));
      if (types.isSet(each)) return copy([...each]);
      const fields: Record<string, unknown> = {};
      for (const [name, field] of Object.entries(each)) {
        const copied = copy(field);
        size += name.length;
        if (copied !== undefined) Object.defineProperty(fields, name, { value: copied, ...plain });
      }
      return fields;
    } finally {
      above.delete(each);
    }
  };
  return { value: copy(value), size };
}

/** So that a field named `__proto__` is a field like others. */
const plain = { enumerable: true, writable: true, configurable: true };
