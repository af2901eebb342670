// Long lists of numbers inside JSON: base64 of their bytes (little-endian), exact and a third the size of decimals.

interface Encoded {
  readonly type: 'float32' | 'float64' | 'int32';
  readonly base64: string;
}

const types = { float32: Float32Array, float64: Float64Array, int32: Int32Array } as const;
type NumberArray = Float32Array | Float64Array | Int32Array;

/** An array as JSON. */
export function encodeNumbers(values: NumberArray): Encoded {
  const type = values instanceof Float32Array ? 'float32' : values instanceof Float64Array ? 'float64' : 'int32';
  return { type, base64: Buffer.from(values.buffer, values.byteOffset, values.byteLength).toString('base64') };
}

/** The array again. Throws Error naming `what` where it is none, or not of `length`. */
export function decodeNumbers(json: unknown, what: string, length?: number): NumberArray {
  const { type, base64 } = (json ?? {}) as Partial<Encoded>;
  if (type === undefined || !Object.hasOwn(types, type) || typeof base64 !== 'string')
    throw new Error(`${what} is not an encoded list of numbers.`);
  const bytes = Uint8Array.from(Buffer.from(base64, 'base64'));
  const Kind = types[type];
  if (bytes.length % Kind.BYTES_PER_ELEMENT !== 0) throw new Error(`${what} ends in the middle of a number.`);
  const values = new Kind(bytes.buffer);
  if (length !== undefined && values.length !== length)
    throw new Error(`${what} holds ${values.length} numbers where ${length} are expected.`);
  return values;
}
