/**
 * The two 16-bit float formats of checkpoints, widened to and narrowed from 32-bit floats.
 *
 * - `F16` (IEEE half): 1 sign, 5 exponent, 10 fraction bits; largest finite value 65504.
 * - `BF16` (brain float): the upper half of a 32-bit float, 1 sign, 8 exponent, 7 fraction bits.
 *
 * Widening is exact. Narrowing rounds to the nearest value, ties to the even one, as PyTorch and IEEE 754 do:
 *
 *     narrowToHalf(Float32Array.of(1 / 3))  // Uint16Array [0x3555], which widens to 0.333251953125
 *
 * Typed arrays hold little-endian numbers, as safetensors files do, on every platform Node runs on that we support.
 */

/** F16 bit patterns as 32-bit floats; subnormals, infinities and NaN payloads are kept. */
export function widenHalf(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) {
    const half = bits[i]!;
    const sign = (half & 0x8000) << 16;
    const exponent = (half >>> 10) & 0x1f;
    const fraction = half & 0x3ff;
    if (exponent === 0x1f) {
      words[i] = sign | 0x7f800000 | (fraction << 13);
    } else if (exponent !== 0) {
      words[i] = sign | ((exponent + 112) << 23) | (fraction << 13);
    } else {
      values[i] = (sign ? -1 : 1) * fraction * 2 ** -24; // zero or subnormal: exact, and keeps the sign of zero
    }
  }
  return values;
}

/** 32-bit floats as F16 bit patterns: nearest even; beyond 65504 (by half a step or more) infinity; NaN stays a quiet NaN. */
export function narrowToHalf(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const sign = (word >>> 16) & 0x8000;
    const magnitude = word & 0x7fffffff;
    if (magnitude > 0x7f800000) {
      bits[i] = sign | 0x7e00 | ((magnitude >>> 13) & 0x3ff);
    } else if (magnitude >= 0x477ff000) {
      bits[i] = sign | 0x7c00; // 65520 and above, and infinity
    } else if (magnitude >= 0x38800000) {
      // A normal half. Adding just under half a step, plus the last kept bit, carries exactly when rounding up is due.
      const rebased = magnitude - 0x38000000;
      bits[i] = sign | ((rebased + 0xfff + ((rebased >>> 13) & 1)) >>> 13);
    } else {
      bits[i] = sign | roundHalfToEven(Math.abs(values[i]!) * 2 ** 24); // a subnormal half counts steps of 2^-24
    }
  }
  return bits;
}

/** BF16 bit patterns as 32-bit floats. */
export function widenBfloat16(bits: Uint16Array): Float32Array {
  const values = new Float32Array(bits.length);
  const words = new Uint32Array(values.buffer);
  for (let i = 0; i < bits.length; i++) words[i] = bits[i]! << 16;
  return values;
}

/** 32-bit floats as BF16 bit patterns: nearest even; NaN stays a quiet NaN. */
export function narrowToBfloat16(values: Float32Array): Uint16Array {
  const words = new Uint32Array(values.buffer, values.byteOffset, values.length);
  const bits = new Uint16Array(values.length);
  for (let i = 0; i < words.length; i++) {
    const word = words[i]!;
    const notANumber = (word & 0x7fffffff) > 0x7f800000;
    // Without the case apart, rounding a NaN could carry into infinity.
    bits[i] = notANumber ? (word >>> 16) | 0x40 : (word + 0x7fff + ((word >>> 16) & 1)) >>> 16;
  }
  return bits;
}

function roundHalfToEven(value: number): number {
  const floor = Math.floor(value);
  const rest = value - floor;
  return rest > 0.5 || (rest === 0.5 && floor % 2 === 1) ? floor + 1 : floor;
}
