import { expect, test } from 'vitest';
import { seededRandom } from '../../../src/hub/random.js';
import { solveSymmetric } from '../../../src/tabular/baselines/symmetric-solve.js';
import { expectNear } from './cases.js';

/** The products of `rank` random vectors: a symmetric matrix of that rank without negative eigenvalues. */
function products(size: number, rank: number): Float64Array {
  const random = seededRandom(size);
  const vectors = Array.from({ length: size }, () => Float64Array.from({ length: rank }, () => random() - 0.5));
  return Float64Array.from({ length: size * size }, (_, place) => {
    const [a, b] = [vectors[Math.floor(place / size)] as Float64Array, vectors[place % size] as Float64Array];
    return a.reduce((sum, value, i) => sum + value * (b[i] as number), 0);
  });
}
const times = (matrix: Float64Array, x: Float64Array): Float64Array =>
  x.map((_, i) => x.reduce((sum, value, k) => sum + (matrix[i * x.length + k] as number) * value, 0));

test.each([
  [5, 5],
  [40, 25],
  [220, 150],
])('%d numbers from a matrix of rank %d', (size, rank) => {
  const matrix = products(size, rank);
  const random = seededRandom(1);
  const right = times(
    matrix,
    Float64Array.from({ length: size }, () => random() - 0.5),
  );
  const x = solveSymmetric(matrix, right);
  expectNear(times(matrix, x), right, 1e-6);
  // The shortest of all solutions is itself a sum of the matrix's rows: solving for it again gives it back.
  expectNear(solveSymmetric(matrix, times(matrix, x)), x, 1e-5);
  expect(x.every(Number.isFinite)).toBe(true);
});

test('of many solutions the shortest', () => {
  expectNear(solveSymmetric(Float64Array.of(1, 1, 1, 1), Float64Array.of(2, 2)), [1, 1], 1e-12);
  expectNear(solveSymmetric(new Float64Array(4), new Float64Array(2)), [0, 0], 0);
});
