// How networks read tables: what goes in for numbers, missing ones and categories.
import { describe, expect, it } from 'vitest';
import { featuresOf } from '../../../src/tabular/features.js';
import { encodeRows, learnEncoding } from '../../../src/tabular/networks/encoding.js';
import { categorical, numeric } from '../../../src/tabular/table/column.js';
import { Table } from '../../../src/tabular/table/table.js';

const train = new Table([
  numeric('age', [20, null, 40]),
  categorical('plan', ['basic', 'plus', 'basic']),
  numeric('same', [7, 7, 7]),
]);
const features = featuresOf(train, 'none');

describe('encodeRows', () => {
  it('standardises numbers, says what is missing, and counts categories from 1', () => {
    const { numeric: numbers, codes } = encodeRows(learnEncoding(train, features), train);
    expect(numbers?.shape).toEqual([3, 3]); // age, whether it is missing, same
    expect([...(numbers?.data ?? [])]).toEqual([-1, 0, 0, 0, 1, 0, 1, 0, 0]);
    expect(codes?.shape).toEqual([3, 1]);
    expect([...(codes?.data ?? [])]).toEqual([1, 2, 1]);
  });

  it('keeps what training rows had: others are measured by them', () => {
    const encoding = learnEncoding(train, features);
    const other = new Table([numeric('same', [9]), categorical('plan', ['gold']), numeric('age', [60])]);
    const { numeric: numbers, codes } = encodeRows(encoding, other);
    expect([...(numbers?.data ?? [])]).toEqual([3, 0, 2]);
    expect([...(codes?.data ?? [])]).toEqual([0]);
    expect(JSON.parse(JSON.stringify(encoding))).toEqual(encoding);
  });

  it('leaves out a kind of column that there is none of', () => {
    const names = train.select('plan');
    expect(Object.keys(encodeRows(learnEncoding(names, featuresOf(names, 'none')), names))).toEqual(['codes']);
  });

  it('cuts numbers into pieces with as many rows in each, a frequent value being an edge', () => {
    const gains = new Table([numeric('gain', [0, 0, 0, 0, 0, 0, 10, 20, 30, 40])]);
    const encoding = learnEncoding(gains, featuresOf(gains, 'none'), 4);
    expect(encoding.inputs).toMatchObject([{ edges: [0, 10, 20, 30, 40] }]);
    const some = new Table([numeric('gain', [0, 5, 20, 25, 1000, -3])]);
    const { numeric: numbers } = encodeRows(encoding, some);
    const rows = Array.from({ length: 6 }, (_, row) => [...(numbers?.data.slice(4 * row, 4 * row + 4) ?? [])]);
    expect(rows).toEqual([
      [0, 0, 0, 0],
      [0.5, 0, 0, 0],
      [1, 1, 0, 0],
      [1, 1, 0.5, 0],
      [1, 1, 1, 1],
      [0, 0, 0, 0],
    ]);
  });
});
