// The kernel's logo, drawn here: strokes that make up "TS" on a blue square with round corners, as SVG and as PNG.

import { encodePng } from './png.js';

type Point = readonly [x: number, y: number];

const side = 64;
const corner = 8;
const blue = [0x23, 0x5a, 0x97] as const;
const strokeWidth = 6;

/** Letters as lines with round ends, in a square of 64. */
const strokes: readonly (readonly Point[])[] = [
  // T
  [
    [10, 22],
    [28, 22],
  ],
  [
    [19, 22],
    [19, 48],
  ],
  // S: two arcs, the upper one turning left and the lower one right.
  [...arc([45, 28.5], [8.5, 6.5], -40, -270), ...arc([45, 41.5], [8.5, 6.5], -90, 140)],
];

/** Points on an arc of an ellipse; degrees run clockwise from the right, as y points down. */
function arc([x, y]: Point, [width, height]: Point, from: number, to: number): Point[] {
  const steps = 16;
  return Array.from({ length: steps + 1 }, (_, i) => {
    const angle = ((from + ((to - from) * i) / steps) * Math.PI) / 180;
    return [x + width * Math.cos(angle), y + height * Math.sin(angle)] as const;
  });
}

/** The drawing as text, for front ends that scale it. */
export function logoSvg(): string {
  const number = (value: number) => String(Math.round(value * 10) / 10);
  const paths = strokes.map((points) => `M${points.map(([x, y]) => `${number(x)} ${number(y)}`).join('L')}`);
  const colour = `#${blue.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${side} ${side}"><title>TypeScript</title>
<rect width="${side}" height="${side}" rx="${corner}" fill="${colour}"/>
<path d="${paths.join('')}" fill="none" stroke="#fff" stroke-width="${strokeWidth}" stroke-linecap="round" stroke-linejoin="round"/></svg>
`;
}

/** The drawing as a PNG with `size` by `size` pixels. */
export function logoPng(size: number): Buffer {
  // Each pixel is the mean of 4 by 4 samples, so that edges are smooth.
  const samples = 4;
  const pixels = new Uint8Array(size * size * 4);
  for (let i = 0; i < size * size; i++) {
    let [inside, white] = [0, 0];
    for (let s = 0; s < samples * samples; s++) {
      const x = ((i % size) + ((s % samples) + 0.5) / samples) * (side / size);
      const y = (Math.floor(i / size) + (Math.floor(s / samples) + 0.5) / samples) * (side / size);
      if (!inSquare(x, y)) continue;
      inside++;
      if (onStroke(x, y)) white++;
    }
    if (inside === 0) continue;
    for (let c = 0; c < 3; c++)
      pixels[i * 4 + c] = Math.round((white * 255 + (inside - white) * (blue[c] ?? 0)) / inside);
    pixels[i * 4 + 3] = Math.round((inside * 255) / (samples * samples));
  }
  return encodePng(size, size, pixels);
}

function inSquare(x: number, y: number): boolean {
  // How far past the square without its corners; within the corners' radius it is inside.
  const past = (value: number) => Math.max(corner - value, value - (side - corner), 0);
  return Math.hypot(past(x), past(y)) <= corner;
}

function onStroke(x: number, y: number): boolean {
  for (const points of strokes) {
    for (let i = 1; i < points.length; i++) {
      if (squaredDistance(x, y, points[i - 1] as Point, points[i] as Point) <= (strokeWidth / 2) ** 2) return true;
    }
  }
  return false;
}

/** From a point to a line between two others. */
function squaredDistance(x: number, y: number, a: Point, b: Point): number {
  const dx = b[0] - a[0];
  const dy = b[1] - a[1];
  const along = Math.min(1, Math.max(0, ((x - a[0]) * dx + (y - a[1]) * dy) / (dx * dx + dy * dy)));
  return (x - a[0] - along * dx) ** 2 + (y - a[1] - along * dy) ** 2;
}
