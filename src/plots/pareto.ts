// Which models no other beats: for each, nothing that is as small or smaller is as accurate or more.

/** What the front compares: smaller is better in `cost`, larger in `value`. */
export interface Tradeoff {
  readonly cost: number;
  readonly value: number;
}

/**
 * The Pareto front, cheapest first: strictly rising in cost and in value. Of equal points the first given stays.
 *
 *   paretoFront([{ cost: 1, value: 1 }, { cost: 2, value: 1 }, { cost: 3, value: 2 }]);   // the first and the third
 */
export function paretoFront<Point extends Tradeoff>(points: readonly Point[]): Point[] {
  const sorted = [...points].sort((a, b) => a.cost - b.cost || b.value - a.value);
  const front: Point[] = [];
  for (const point of sorted) {
    const best = front.at(-1);
    if (best === undefined || point.value > best.value) front.push(point);
  }
  return front;
}
