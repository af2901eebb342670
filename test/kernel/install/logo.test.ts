import { inflateSync } from 'node:zlib';
import { expect, test } from 'vitest';
import { logoPng, logoSvg } from '../../../src/kernel/install/logo.js';

test('the logo is a PNG of the size asked for, white letters on blue, with clear corners', () => {
  const png = logoPng(32);
  expect(png.subarray(1, 4).toString()).toBe('PNG');
  expect([png.readUInt32BE(16), png.readUInt32BE(20)]).toEqual([32, 32]);
  const at = png.indexOf('IDAT');
  const rows = inflateSync(png.subarray(at + 4, at + 4 + png.readUInt32BE(at - 4)));
  const pixel = (x: number, y: number) => [...rows.subarray(y * (32 * 4 + 1) + 1 + x * 4).subarray(0, 4)];
  expect(pixel(0, 0)[3]).toBeLessThan(40);
  expect(pixel(16, 4)).toEqual([0x23, 0x5a, 0x97, 255]);
  expect(pixel(9, 18)).toEqual([255, 255, 255, 255]);
});

test('the same drawing as SVG', () => {
  expect(logoSvg()).toMatch(/^<svg xmlns="http:\/\/www.w3.org\/2000\/svg" viewBox="0 0 64 64">[\s\S]*<\/svg>\n$/);
});
