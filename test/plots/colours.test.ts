// The palette is told apart by eyes that see red and green alike, and by eyes that see no colour.

import { expect, test } from 'vitest';
import { contrast, palette, rgb, scaleColor, seriesStyle } from '../../src/plots/theme.js';

type Color = readonly [number, number, number];

/** How severe deuteranopia and protanopia turn linear light: Machado, Oliveira and Fernandes 2009, severity 1.0. */
const simulations = {
  'full colour vision': [1, 0, 0, 0, 1, 0, 0, 0, 1],
  deuteranopia: [0.367322, 0.860646, -0.227968, 0.280085, 0.672501, 0.047413, -0.01182, 0.04294, 0.968881],
  protanopia: [0.152286, 1.052583, -0.204868, 0.114503, 0.786281, 0.099216, -0.003882, -0.048116, 1.051998],
};

test.each(Object.entries(simulations))('series stay apart with %s', (_, matrix) => {
  for (const [i, a] of palette.entries()) {
    for (const b of palette.slice(i + 1)) {
      const distance = Math.hypot(...difference(seen(rgb(a.color), matrix), seen(rgb(b.color), matrix)));
      expect(distance, `${a.color} and ${b.color}`).toBeGreaterThan(15);
    }
  }
});

test('series differ in marker and dash too', () => {
  expect(new Set(palette.map(({ symbol }) => symbol)).size).toBe(palette.length);
  expect(new Set(palette.map(({ dash }) => dash)).size).toBe(palette.length);
  expect(seriesStyle(0)).toEqual(palette[0]);
  expect(seriesStyle(palette.length).symbol).toBe('circle-open');
});

test('lines reach 3:1 on white (WCAG 2.2, 1.4.11)', () => {
  for (const { color } of palette) expect(contrast(rgb(color), [255, 255, 255]), color).toBeGreaterThanOrEqual(3);
});

test('contrast as WCAG defines it', () => {
  expect(contrast([0, 0, 0], [255, 255, 255])).toBeCloseTo(21, 5);
  expect(contrast(rgb('#777777'), [255, 255, 255])).toBeCloseTo(4.48, 2);
});

test('the heat map darkens evenly, so that it reads without colour', () => {
  const lightness = [0, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1].map((share) => lab(scaleColor(share))[0]);
  const steps = lightness.slice(1).map((value, i) => (lightness[i] as number) - value);
  expect(Math.min(...steps)).toBeGreaterThan(3);
  expect(Math.max(...steps)).toBeLessThan(11);
});

/** The colour as it is seen, in CIELAB. */
function seen(color: Color, matrix: readonly number[]): Color {
  const light = color.map(linear);
  const changed = [0, 3, 6].map((row) =>
    [0, 1, 2].reduce((sum, i) => sum + (matrix[row + i] as number) * (light[i] as number), 0),
  );
  return labOfLinear(changed.map((part) => Math.min(1, Math.max(0, part))));
}

function lab(color: Color): Color {
  return labOfLinear(color.map(linear));
}

function linear(part: number): number {
  const share = part / 255;
  return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4;
}

function labOfLinear(light: readonly number[]): Color {
  const [r, g, b] = light as [number, number, number];
  const f = (t: number): number => (t > 0.008856 ? Math.cbrt(t) : 7.787 * t + 16 / 116);
  const x = f((0.4124 * r + 0.3576 * g + 0.1805 * b) / 0.9505);
  const y = f(0.2126 * r + 0.7152 * g + 0.0722 * b);
  const z = f((0.0193 * r + 0.1192 * g + 0.9505 * b) / 1.089);
  return [116 * y - 16, 500 * (x - y), 200 * (y - z)];
}

function difference(a: Color, b: Color): number[] {
  return a.map((part, i) => part - (b[i] as number));
}
