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
  const places = new Map<NamedPoint, Placed>();
  // From the top down, so that names of points above each other go up and down in their order; then again, now that the
  // others stand somewhere, until the places have settled.
  const order = [...points].sort((a, b) => a.y - b.y);
  for (let round = 0; round < 4; round++) {
    for (const point of order) {
      const others = order.flatMap((other) => (other === point ? [] : (places.get(other) ?? [])));
      const otherMarks = marks.filter((_, i) => points[i] !== point);
      const cost = (place: Placed): number => {
        const { box, leader } = place;
        const names = others.map((other) => other.box);
        const leaders = others.flatMap((other) => (other.leader ? [other.leader] : []));
        const covered = [...obstacles, ...marks, ...names].reduce((area, other) => area + overlap(box, other), 0);
        // A line over a point, a name or another such line misleads; over the figure's own lines it is only untidy.
        const misleading = leader
          ? through(leader, [...otherMarks, ...names]) + leaders.filter((other) => cross(leader, other)).length
          : 0;
        const struck = leaders.filter((other) => through(other, [box]) > 0).length;
        const untidy = leader ? through(leader, obstacles) : 0;
        return covered * 20 + outside(box, frame) * 40 + (misleading + struck) * 200 + untidy * 40 + place.cost;
      };
      const all = candidates(point, fontSize).map((place) => ({ place, total: cost(place) }));
      places.set(point, all.reduce((best, next) => (next.total < best.total ? next : best)).place);
    }
  }
  return points.map((point) => {
    const { dx, dy, leader } = places.get(point) as Placed;
    return { dx, dy, far: leader !== undefined };
  });
}

interface Spot {
  readonly x: number;
  readonly y: number;
}

type Segment = readonly [Spot, Spot];

interface Placed {
  readonly dx: number;
  readonly dy: number;
  readonly box: Box;
  /** The line to the point, where the name is far. */
  readonly leader: Segment | undefined;
  /** What the distance costs. */
  readonly cost: number;
}

/** Rings of places around a point, near ones first: right, above, left, below, and between. */
function candidates(point: NamedPoint, fontSize: number): Placed[] {
  const width = point.name.length * fontSize * characterWidth + 8;
  const height = fontSize * 1.4;
  return [11, 26, 44, 64, 88].flatMap((gap, ring) => {
    const [across, up, corner] = [width / 2 + gap, height / 2 + gap, width / 2 + gap * 0.5];
    const beside = [across, -across].flatMap((dx) => [0, -0.6 * up, 0.6 * up].map((dy) => [dx, dy] as const));
    const above = [0, corner, -corner].flatMap((dx) => [-up, up].map((dy) => [dx, dy] as const));
    return [...beside, ...above].map(([dx, dy], side) => {
      const middle = { x: point.x + dx, y: point.y + dy };
      const leader = ring > 0 ? ([point, middle] as const) : undefined;
      return { dx, dy, box: around(middle.x, middle.y, width, height), leader, cost: gap * 8 + side };
    });
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

/** How many of the boxes a line runs through on its way, short of its name. */
function through([from, to]: Segment, boxes: readonly Box[]): number {
  const along = [0.2, 0.3, 0.4, 0.5, 0.6, 0.7].map((part) => ({
    x: from.x + (to.x - from.x) * part,
    y: from.y + (to.y - from.y) * part,
  }));
  return boxes.filter((box) => along.some((step) => contains(box, step))).length;
}

/** Whether two line segments cross. */
function cross([a, b]: Segment, [c, d]: Segment): boolean {
  const side = (p: Spot, q: Spot, r: Spot): number => Math.sign((q.x - p.x) * (r.y - p.y) - (q.y - p.y) * (r.x - p.x));
  return side(a, b, c) !== side(a, b, d) && side(c, d, a) !== side(c, d, b);
}

function contains(box: Box, { x, y }: Spot): boolean {
  return x > box.left && x < box.right && y > box.top && y < box.bottom;
}

function outside(box: Box, frame: Box): number {
  return (box.right - box.left) * (box.bottom - box.top) - overlap(box, frame);
}
