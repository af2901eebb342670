import { expect, test } from 'vitest';
import { type Box, overlap, placeNames } from '../../src/plots/labels.js';

const frame: Box = { left: 0, top: 0, right: 680, bottom: 350 };

function boxes(points: { x: number; y: number; name: string }[], obstacles: Box[] = []): Box[] {
  return placeNames(points, obstacles, frame, 13).map(({ dx, dy }, i) => {
    const { x, y, name } = points[i] as { x: number; y: number; name: string };
    const half = (name.length * 13 * 0.56) / 2;
    return { left: x + dx - half, right: x + dx + half, top: y + dy - 9, bottom: y + dy + 9 };
  });
}

test('a name alone stands close at the right, without a line', () => {
  const [place] = placeNames([{ x: 300, y: 100, name: 'full' }], [], frame, 13);
  expect(place).toMatchObject({ dy: 0, far: false });
  expect(place?.dx).toBeGreaterThan(0);
});

test('at the right edge a name goes left', () => {
  const [place] = placeNames([{ x: 670, y: 100, name: 'full' }], [], frame, 13);
  expect(place?.dx).toBeLessThan(0);
});

test('names of points in one place do not lie on each other, nor leave the frame', () => {
  const points = ['full', 'LoRA', 'freeze early layers', 'from scratch', 'prompt', 'adapter'].map((name, i) => ({
    x: 400,
    y: 100 + i * 4,
    name,
  }));
  const placed = boxes(points);
  placed.forEach((a, i) => {
    for (const b of placed.slice(i + 1)) expect(overlap(a, b)).toBe(0);
    expect(overlap(a, frame)).toBeCloseTo((a.right - a.left) * (a.bottom - a.top), 6);
  });
});

test('a line at the height of the point is not written over', () => {
  const line: Box = { left: 300, right: 680, top: 98, bottom: 102 };
  const [box] = boxes([{ x: 300, y: 100, name: '3 layers' }], [line]);
  expect(overlap(box as Box, line)).toBe(0);
});
