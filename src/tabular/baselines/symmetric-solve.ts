// Solves A x = b for a symmetric A with no negative eigenvalue; where several x do, the shortest.
//
//   solveSymmetric(Float64Array.of(2, 0, 0, 4), Float64Array.of(1, 1));   // 0.5, 0.25

/** Eigenvalues below this share of the largest count as 0. */
const NEGLIGIBLE = 1e-10;

/** @param matrix row by row, `size` x `size` for `size` numbers in `right`; not changed */
export function solveSymmetric(matrix: Float64Array, right: Float64Array): Float64Array {
  const found = byCholesky(matrix, right);
  if (found !== undefined) return found;
  return right.length <= MANY ? byEigenvalues(matrix, right) : bySmallShifts(matrix, right);
}

/** Above this size eigenvalues take too long. */
const MANY = 200;

/** A little is added to the diagonal, and what that changes is mended again and again: this leads to the shortest solution too. */
function bySmallShifts(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const shifted = matrix.slice();
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, at(matrix, i * n + i));
  for (let i = 0; i < n; i++) shifted[i * n + i] = at(shifted, i * n + i) + 1e-7 * largest;
  const x = new Float64Array(n);
  for (let round = 0; round < 5; round++) {
    const rest = right.map((value, i) => {
      let sum = value;
      for (let k = 0; k < n; k++) sum -= at(matrix, i * n + k) * at(x, k);
      return sum;
    });
    const step = byCholesky(shifted, rest) as Float64Array;
    for (let i = 0; i < n; i++) x[i] = at(x, i) + at(step, i);
  }
  return x;
}

/** Undefined where the matrix is close to singular. */
function byCholesky(matrix: Float64Array, right: Float64Array): Float64Array | undefined {
  const n = right.length;
  const lower = matrix.slice();
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, at(matrix, i * n + i));
  for (let j = 0; j < n; j++) {
    let pivot = at(lower, j * n + j);
    for (let k = 0; k < j; k++) pivot -= at(lower, j * n + k) ** 2;
    if (!(pivot > 1e-9 * largest)) return undefined;
    const root = Math.sqrt(pivot);
    lower[j * n + j] = root;
    for (let i = j + 1; i < n; i++) {
      let sum = at(lower, i * n + j);
      for (let k = 0; k < j; k++) sum -= at(lower, i * n + k) * at(lower, j * n + k);
      lower[i * n + j] = sum / root;
    }
  }
  const x = right.slice();
  for (let i = 0; i < n; i++) {
    let sum = at(x, i);
    for (let k = 0; k < i; k++) sum -= at(lower, i * n + k) * at(x, k);
    x[i] = sum / at(lower, i * n + i);
  }
  for (let i = n - 1; i >= 0; i--) {
    let sum = at(x, i);
    for (let k = i + 1; k < n; k++) sum -= at(lower, k * n + i) * at(x, k);
    x[i] = sum / at(lower, i * n + i);
  }
  return x;
}

/** By Jacobi's rotations, which make the matrix diagonal. */
function byEigenvalues(matrix: Float64Array, right: Float64Array): Float64Array {
  const n = right.length;
  const a = matrix.slice();
  const vectors = new Float64Array(n * n); // column j belongs to eigenvalue j
  for (let i = 0; i < n; i++) vectors[i * n + i] = 1;
  const size = Math.sqrt(a.reduce((sum, value) => sum + value * value, 0));
  for (let sweep = 0; sweep < 60; sweep++) {
    let rest = 0;
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) rest += at(a, i * n + j) ** 2;
    if (Math.sqrt(rest) <= 1e-14 * size) break;
    for (let i = 0; i < n; i++) for (let j = i + 1; j < n; j++) rotate(a, vectors, n, i, j);
  }
  let largest = 0;
  for (let i = 0; i < n; i++) largest = Math.max(largest, at(a, i * n + i));
  const x = new Float64Array(n);
  for (let j = 0; j < n; j++) {
    const value = at(a, j * n + j);
    if (value <= NEGLIGIBLE * largest) continue;
    let along = 0;
    for (let i = 0; i < n; i++) along += at(vectors, i * n + j) * at(right, i);
    for (let i = 0; i < n; i++) x[i] = at(x, i) + (along / value) * at(vectors, i * n + j);
  }
  return x;
}

/** Turns the axes i and j so that the element between them becomes 0. */
function rotate(a: Float64Array, vectors: Float64Array, n: number, i: number, j: number): void {
  const between = at(a, i * n + j);
  if (between === 0) return;
  const ratio = (at(a, j * n + j) - at(a, i * n + i)) / (2 * between);
  const tangent = (ratio < 0 ? -1 : 1) / (Math.abs(ratio) + Math.sqrt(ratio * ratio + 1));
  const cosine = 1 / Math.sqrt(tangent * tangent + 1);
  const sine = tangent * cosine;
  for (let k = 0; k < n; k++) {
    const [p, q] = [at(a, k * n + i), at(a, k * n + j)];
    a[k * n + i] = cosine * p - sine * q;
    a[k * n + j] = sine * p + cosine * q;
  }
  for (let k = 0; k < n; k++) {
    const [p, q] = [at(a, i * n + k), at(a, j * n + k)];
    a[i * n + k] = cosine * p - sine * q;
    a[j * n + k] = sine * p + cosine * q;
    const [v, w] = [at(vectors, k * n + i), at(vectors, k * n + j)];
    vectors[k * n + i] = cosine * v - sine * w;
    vectors[k * n + j] = sine * v + cosine * w;
  }
}

const at = (values: Float64Array, i: number): number => values[i] as number;
