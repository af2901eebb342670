import { describe, expect, test } from 'vitest';
import {
  orderedStatistics,
  STATISTIC_BORDERS,
  statisticsPlan,
  wholeStatistics,
} from '../../../src/tabular/ordered-boosting/target-statistics.js';

/** The four bins of a packed number. */
const four = (packed: number | undefined): number[] => [0, 8, 16, 24].map((shift) => ((packed ?? 0) >>> shift) & 255);
const bin = (share: number): number => Math.floor(STATISTIC_BORDERS * share + 1e-6);

describe('ordered statistics', () => {
  test('of two classes: each row knows the rows before it, under the priors 0, 1/2 and 1; the counter knows all', () => {
    const values = Int32Array.of(0, 0, 1, 0, 0);
    const labels = Uint8Array.of(1, 0, 1, 1, 0);
    const { packed, distinct } = orderedStatistics(values, 2, labels, statisticsPlan(2));
    expect(distinct).toBe(2);
    const rows = Array.from(packed[0] as Uint32Array, four);
    // Rows before of the same value, and how many of them are of class 1:
    const before = [
      [0, 0],
      [1, 1],
      [0, 0],
      [2, 1],
      [3, 2],
    ] as const;
    const counters = [4, 4, 1, 4, 4].map((total) => bin(total / 5)); // of at most 4, and 1
    before.forEach(([count, ones], row) => {
      const shares = [0, 0.5, 1].map((prior) => bin((ones + prior) / (count + 1)));
      expect(rows[row]).toEqual([...shares, counters[row]]);
    });
  });

  test('of three classes: the share of each, four statistics to a number', () => {
    const plan = statisticsPlan(3);
    const { packed } = orderedStatistics(Int32Array.of(0, 0, 0), 1, Uint8Array.of(2, 2, 0), plan);
    expect(packed.length).toBe(1);
    const [none, one, two] = [0, 1, 2].map((count) => bin((count + 1 / 3) / 3));
    expect(four(packed[0]?.[2]).slice(0, 3)).toEqual([none, none, two]);
    expect(one).toBeGreaterThan(none as number);
  });

  test('no row sees its own answer: changing it changes later rows only', () => {
    const values = new Int32Array(6);
    const labels = Uint8Array.of(0, 1, 1, 0, 1, 0);
    const changed = labels.map((label, row) => (row === 3 ? 1 - label : label));
    const [a, b] = [labels, changed].map(
      (of) => orderedStatistics(values, 1, of, statisticsPlan(2)).packed[0] as Uint32Array,
    );
    expect(a?.slice(0, 4)).toEqual(b?.slice(0, 4));
    expect(a?.slice(4)).not.toEqual(b?.slice(4));
  });
});

test('whole statistics count all training rows; an unknown value has the priors alone', () => {
  const counts = Int32Array.of(1, 3, 1, 0); // one row of class 0 and three of class 1; one of class 0
  expect(wholeStatistics(counts, statisticsPlan(2)).map((bins) => [...bins])).toEqual([
    [bin(3 / 5), bin(0 / 2), bin(0)],
    [bin(3.5 / 5), bin(0.5 / 2), bin(0.5)],
    [bin(4 / 5), bin(1 / 2), bin(1)],
    [bin(4 / 5), bin(1 / 5), bin(0)],
  ]);
});
