import { expect, test } from 'vitest';
import { paretoFront } from '../../src/plots/pareto.js';

const front = (...points: [number, number][]): [number, number][] =>
  paretoFront(points.map(([cost, value]) => ({ cost, value }))).map(({ cost, value }) => [cost, value]);

test.each<{ what: string; points: [number, number][]; expected: [number, number][] }>([
  { what: 'one point', points: [[1, 1]], expected: [[1, 1]] },
  { what: 'no points', points: [], expected: [] },
  {
    what: 'rising: all, cheapest first',
    points: [
      [3, 3],
      [1, 1],
      [2, 2],
    ],
    expected: [
      [1, 1],
      [2, 2],
      [3, 3],
    ],
  },
  {
    what: 'falling: only the cheapest',
    points: [
      [1, 3],
      [2, 2],
      [3, 1],
    ],
    expected: [[1, 3]],
  },
  {
    what: 'a dearer one that is only as good is beaten',
    points: [
      [1, 1],
      [2, 1],
      [3, 2],
    ],
    expected: [
      [1, 1],
      [3, 2],
    ],
  },
  {
    what: 'of the same cost the better',
    points: [
      [1, 1],
      [1, 2],
    ],
    expected: [[1, 2]],
  },
  {
    what: 'equal points stand once',
    points: [
      [1, 1],
      [1, 1],
    ],
    expected: [[1, 1]],
  },
  {
    what: 'a dent is cut out',
    points: [
      [1, 5],
      [2, 4],
      [3, 6],
      [4, 5.5],
      [5, 7],
    ],
    expected: [
      [1, 5],
      [3, 6],
      [5, 7],
    ],
  },
])('$what', ({ points, expected }) => {
  expect(front(...points)).toEqual(expected);
});
