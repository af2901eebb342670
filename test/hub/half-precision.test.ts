/** 16-bit floats: every F16 pattern by its formula, rounding by what torch made of the same numbers. */
import { fileURLToPath } from 'node:url';
import { expect, test } from 'vitest';
import { narrowToBfloat16, narrowToHalf, widenBfloat16, widenHalf } from '../../src/hub/half-precision.js';
import { readSafetensors } from '../../src/hub/safetensors.js';

const every16Bits = Uint16Array.from({ length: 65536 }, (_, i) => i);

test('F16 widens by its formula, and narrowing gives every pattern back', () => {
  const wide = widenHalf(every16Bits);
  for (let bits = 0; bits < 65536; bits++) {
    const sign = bits & 0x8000 ? -1 : 1;
    const exponent = (bits >> 10) & 31;
    const fraction = bits & 1023;
    let value = exponent === 0 ? fraction * 2 ** -24 : (1 + fraction / 1024) * 2 ** (exponent - 15);
    if (exponent === 31) value = fraction === 0 ? Number.POSITIVE_INFINITY : Number.NaN;
    if (!Object.is(wide[bits], sign * value))
      throw new Error(`0x${bits.toString(16)}: ${wide[bits]}, not ${sign * value}`);
  }
  const isSignalling = (bits: number): boolean => (bits & 0x7fff) > 0x7c00 && (bits & 0x200) === 0;
  expect(narrowToHalf(wide)).toEqual(every16Bits.map((bits) => (isSignalling(bits) ? bits | 0x200 : bits)));
});

test('BF16 is the upper half of a float, and narrowing gives every pattern back', () => {
  const wide = widenBfloat16(every16Bits);
  expect(wide[0x3f80]).toBe(1);
  expect(wide[0xc040]).toBe(-3);
  const isSignalling = (bits: number): boolean => (bits & 0x7fff) > 0x7f80 && (bits & 0x40) === 0;
  expect(narrowToBfloat16(wide)).toEqual(every16Bits.map((bits) => (isSignalling(bits) ? bits | 0x40 : bits)));
});

test('rounds ties, subnormals, overflow, infinities and NaN as torch does', async () => {
  const { tensors } = await readSafetensors(
    fileURLToPath(new URL('../fixtures/safetensors/rounding.safetensors', import.meta.url)),
  );
  const values = tensors.get('x')?.data as Float32Array;
  expect(values.length).toBeGreaterThan(800);
  expect(widenHalf(narrowToHalf(values))).toEqual(tensors.get('half')?.data);
  expect(widenBfloat16(narrowToBfloat16(values))).toEqual(tensors.get('brain')?.data);
});
