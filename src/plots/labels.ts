// Places names beside points so that they cover neither each other nor the points and lines: each name takes, in turn, the
// free place nearest to its point; where it ends up far away, a thin line leads to it. Pixels throughout, y downwards.

/** A rectangle in pixels. */
export interface Box {
  readonly left: number;
  readonly top: number;
  readonly right: number;
  readonly bottom: number;
}

/** A point with its name, in pixels. */
export interface NamedPoint {
  readonly x: number;
  readonly y: number;
  readonly name: string;
}

/** Where a name stands: its box's middle relative to the point, and whether it is far enough to need a line. */
export interface Placement {
  readonly dx: number;
  readonly dy: number;
  readonly far: boolean;
}

/** Mean width of a character, as a part of the font size, in common sans-serif fonts. */
const characterWidth = 0.56;

/**
 * A place for each name, in the order given.
 *
 * @param obstacles what names should not cover besides the points themselves: lines, error bars, other texts.
 * @param frame what they should stay within.
 */
export function placeNames(
  points: readonly NamedPoint[],
  obstacles: readonly Box[],
  frame: Box,
  fontSize: number,
): readonly Placement[] {
  const marks = points.map(({ x, y }) => around(x, y, 14, 14));
  const names: Box[] = [];
  const leaders: (readonly [Spot, Spot])[] = [];
  const places = new Map<NamedPoint, Placement>();
  // From the top down, so that names of points above each other go up and down in their order.
  for (const point of [...points].sort((a, b) => a.y - b.y)) {
    const width = point.name.length * fontSize * characterWidth + 8;
    const height = fontSize * 1.4;
    let best = {
      cost: Number.POSITIVE_INFINITY,
      dx: 0,
      dy: 0,
      far: false,
      box: around(point.x, point.y, width, height),
    };
    for (const candidate of candidates(width, height)) {
      const box = around(point.x + candidate.dx, point.y + candidate.dy, width, height);
      const covered = [...obstacles, ...marks, ...names].reduce((area, other) => area + overlap(box, other), 0);
      // A line over a point or a name misleads; over another line it is only untidy.
      const others = marks.filter((_, i) => points[i] !== point);
      const crossed = candidate.far
        ? crossings(point, candidate, [...others, ...names]) * 150 +
          crossings(point, candidate, obstacles) * 40 +
          leaders.filter((leader) => cross(leader, [point, moved(point, candidate)])).length * 150
        : 0;
      const cost = covered * 20 + outside(box, frame) * 40 + crossed + candidate.cost;
      if (cost < best.cost) best = { ...candidate, cost, box };
    }
    names.push(best.box);
    if (best.far) leaders.push([point, moved(point, best)]);
    places.set(point, { dx: best.dx, dy: best.dy, far: best.far });
  }
  return points.map((point) => places.get(point) as Placement);
}

/** Rings of places around a point, near ones first: right, left, above, below, and the corners. */
function candidates(width: number, height: number): { dx: number; dy: number; far: boolean; cost: number }[] {
  return [11, 26, 44, 64, 88].flatMap((gap, ring) => {
    const across = width / 2 + gap;
    const up = height / 2 + gap;
    const corner = width / 2 + gap * 0.5;
    const offsets = [
      [across, 0],
      [0, -up],
      [-across, 0],
      [0, up],
      [corner, -up],
      [-corner, -up],
      [corner, up],
      [-corner, up],
    ];
    return offsets.map(([dx, dy], side) => ({
      dx: dx as number,
      dy: dy as number,
      far: ring > 0,
      cost: gap * 8 + side,
    }));
  });
}

function around(x: number, y: number, width: number, height: number): Box {
  return { left: x - width / 2, top: y - height / 2, right: x + width / 2, bottom: y + height / 2 };
}

/** The area two boxes share. */
export function overlap(a: Box, b: Box): number {
  const width = Math.min(a.right, b.right) - Math.max(a.left, b.left);
  const height = Math.min(a.bottom, b.bottom) - Math.max(a.top, b.top);
  return width > 0 && height > 0 ? width * height : 0;
}

/** How many of the boxes the line from a point to its name runs through. */
function crossings(point: NamedPoint, { dx, dy }: { dx: number; dy: number }, boxes: readonly Box[]): number {
  const along = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((part) => ({ x: point.x + dx * part, y: point.y + dy * part }));
  return boxes.filter((box) => along.some((step) => contains(box, step))).length;
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

function moved({ x, y }: Spot, { dx, dy }: { dx: number; dy: number }): Spot {
  return { x: x + dx, y: y + dy };
}

/** Whether two line segments cross. */
function cross([a, b]: readonly [Spot, Spot], [c, d]: readonly [Spot, Spot]): boolean {
  const side = (p: Spot, q: Spot, r: Spot): number => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

function contains(box: Box, { x, y }: { x: number; y: number }): boolean {
  return x > box.left && x < box.right && y > box.top && y < box.bottom;
}

function outside(box: Box, frame: Box): number {
  return (box.right - box.left) * (box.bottom - box.top) - overlap(box, frame);
}
