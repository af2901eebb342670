// A widget's state on its way to the client and back: JSON, with other widgets named by their id and binary values beside it.
//
//   { pixels: Uint8Array, layout: Layout }  =>  { state: { layout: "IPY_MODEL_4f2a..." }, buffer_paths: [["pixels"]], buffers: [bytes] }

/** Under this key a widget has the id of its model; that is how one widget's state names another. */
export const modelId: unique symbol = Symbol.for('model-types.widget');

const reference = 'IPY_MODEL_';

/** A value as it is sent; what is binary is still in its place. */
export type Wire = null | boolean | number | string | Uint8Array | readonly Wire[] | { readonly [key: string]: Wire };

export type WireState = { readonly [name: string]: Wire };

export interface Split {
  readonly state: object;
  readonly buffer_paths: readonly (readonly (string | number)[])[];
  readonly buffers: readonly Uint8Array[];
}

/**
 * A value as it is sent: a copy, so that a later change in place is noticed.
 *
 * @param where how errors call the value
 * @throws TypeError where a client could not be told the value
 */
export function toWire(value: unknown, where: string): Wire {
  if (value === null || value === undefined) return null;
  if (typeof value === 'boolean' || typeof value === 'string') return value;
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  if (typeof value !== 'object') throw unsendable(where, `a ${typeof value}`);
  if (modelId in value) return reference + String(value[modelId]);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength).slice();
  if (value instanceof ArrayBuffer || value instanceof SharedArrayBuffer) return new Uint8Array(value).slice();
  if (Array.isArray(value)) return value.map((item, index) => toWire(item, `${where}[${index}]`));
  if ('toJSON' in value && typeof value.toJSON === 'function') return toWire(value.toJSON(), where);
  if (value instanceof Map || value instanceof Set || value instanceof Promise) {
    throw unsendable(where, `a ${value.constructor.name}`);
  }
  const entries = Object.entries(value).filter(([, item]) => item !== undefined);
  return Object.fromEntries(entries.map(([key, item]) => [key, toWire(item, `${where}.${key}`)]));
}

function unsendable(where: string, what: string): TypeError {
  return new TypeError(
    `${where} is ${what}: a widget's state can hold what JSON can, typed arrays, array buffers and widgets.`,
  );
}

/**
 * What a client sent, as it is worked with: names of widgets become these widgets, and bytes become a typed array of the
 * kind that was there before.
 *
 * @param before the value in whose place it comes
 */
export function fromWire(wire: Wire, before: unknown, find: (id: string) => unknown): unknown {
  if (typeof wire === 'string') {
    return wire.startsWith(reference) ? (find(wire.slice(reference.length)) ?? wire) : wire;
  }
  if (wire === null || typeof wire !== 'object') return wire;
  if (wire instanceof Uint8Array) return bytesLike(wire, before);
  const parts = typeof before === 'object' && before !== null ? (before as Record<string, unknown>) : {};
  if (isArray(wire)) return wire.map((item, index) => fromWire(item, parts[index], find));
  return Object.fromEntries(Object.entries(wire).map(([key, item]) => [key, fromWire(item, parts[key], find)]));
}

function bytesLike(bytes: Uint8Array, before: unknown): unknown {
  // A copy of its own: what comes off a pipe may lie anywhere in a larger buffer, numbers may not.
  const { buffer } = bytes.slice();
  if (before instanceof ArrayBuffer) return buffer;
  if (before instanceof DataView) return new DataView(buffer);
  if (ArrayBuffer.isView(before) && !Buffer.isBuffer(before)) {
    const kind = before.constructor as Uint8ArrayConstructor;
    if (buffer.byteLength % kind.BYTES_PER_ELEMENT === 0) return new kind(buffer);
  }
  return new Uint8Array(buffer);
}

/** Takes the binary values out of a state. In a list, null keeps their place; in an object, nothing does. */
export function split(state: WireState): Split {
  const paths: (string | number)[][] = [];
  const buffers: Uint8Array[] = [];
  const without = (wire: Wire, path: (string | number)[]): unknown => {
    if (wire instanceof Uint8Array) {
      paths.push(path);
      buffers.push(wire);
      return undefined;
    }
    if (wire === null || typeof wire !== 'object') return wire;
    if (isArray(wire)) return wire.map((item, index) => without(item, [...path, index]) ?? null);
    const kept = Object.entries(wire).map(([key, item]) => [key, without(item, [...path, key])] as const);
    return Object.fromEntries(kept.filter(([, item]) => item !== undefined));
  };
  return { state: without(state, []) as object, buffer_paths: paths, buffers };
}

/** Puts binary values back where they belong. */
export function join(state: unknown, paths: unknown, buffers: readonly Uint8Array[]): WireState {
  const whole = structuredClone(isObject(state) ? state : {});
  if (!Array.isArray(paths)) return whole as WireState;
  paths.forEach((path: unknown, index) => {
    if (!Array.isArray(path) || path.length === 0) return;
    let place: unknown = whole;
    for (const key of path.slice(0, -1)) place = isObject(place) ? place[key] : undefined;
    const bytes = buffers[index];
    if (isObject(place) && bytes) place[path[path.length - 1]] = new Uint8Array(bytes);
  });
  return whole as WireState;
}

function isObject(value: unknown): value is Record<string | number, unknown> {
  return typeof value === 'object' && value !== null;
}

// Array.isArray does not narrow readonly arrays.
function isArray(value: Wire): value is readonly Wire[] {
  return Array.isArray(value);
}
