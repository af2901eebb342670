// Looks at values without running their code: no getter of theirs is called, and nothing here throws.

import { types } from 'node:util';

/** The object's own property of this name, if it is a plain one. */
export function own(value: object, name: PropertyKey): unknown {
  try {
    return Object.getOwnPropertyDescriptor(value, name)?.value;
  } catch {
    // A proxy may refuse.
    return undefined;
  }
}

/** The method of this name, the object's own or inherited. */
export function method(value: object, name: PropertyKey): ((...args: unknown[]) => unknown) | undefined {
  try {
    for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
      const found = Object.getOwnPropertyDescriptor(at, name);
      if (!found) continue;
      return typeof found.value === 'function' ? (found.value as (...args: unknown[]) => unknown) : undefined;
    }
  } catch {
    // As above.
  }
  return undefined;
}

export function isObject(value: unknown): value is object {
  return typeof value === 'object' && value !== null;
}

/** An object as literals make them, and not a proxy. */
export function isRecord(value: unknown): value is Record<string, unknown> {
  if (!isObject(value) || types.isProxy(value)) return false;
  const prototype = Object.getPrototypeOf(value);
  // Objects of other realms have an Object.prototype of their own.
  return prototype === null || prototype === Object.prototype || Object.getPrototypeOf(prototype) === null;
}

/** What the object's class is called. */
export function className(value: object): string {
  try {
    for (let at: object | null = value; at !== null; at = Object.getPrototypeOf(at)) {
      const maker = Object.getOwnPropertyDescriptor(at, 'constructor')?.value;
      if (typeof maker === 'function' && typeof maker.name === 'string' && maker.name !== '') return maker.name;
    }
  } catch {
    // As above.
  }
  return 'Object';
}

export function isShape(value: unknown): value is readonly number[] {
  return Array.isArray(value) && value.every((each) => Number.isInteger(each) && each >= 0);
}

export type NumberArray = Exclude<NodeJS.TypedArray, BigInt64Array | BigUint64Array> | BigInt64Array | BigUint64Array;

/** Whether it is a typed array (no DataView). */
export function isNumbers(value: unknown): value is NumberArray {
  return types.isTypedArray(value);
}
