/** Eigenvalues in descending order; row k of `vectors` (n x n, row-major) is the unit eigenvector of value k. */
export interface SymmetricEigen {
  readonly values: Float64Array;
  readonly vectors: Float64Array;
}

/** Sweeps at most; ten are enough for matrices of a hundred rows. */
const SWEEPS = 60;

const { abs, hypot, sign, sqrt } = Math;

/**
 * Eigen-decomposition of a symmetric matrix by cyclic Jacobi rotations (Golub and Van Loan 2013, "Matrix Computations", section
 * 8.5): slow for thousands of rows, and as accurate as float64 allows for the sizes here (classes, not units).
 * @param matrix n x n, row-major; only read
 */
export function symmetricEigen(matrix: Float64Array, n: number): SymmetricEigen {
  const a = Float64Array.from(matrix);
  const v = new Float64Array(n * n);
  for (let i = 0; i < n; i++) v[i * n + i] = 1;
  let scale = 0;
  for (const value of a) scale += value * value;
  const negligible = Number.EPSILON * sqrt(scale) * 1e-3;
  for (let sweep = 0; sweep < SWEEPS; sweep++) {
    let rotated = false;
    for (let p = 0; p < n - 1; p++) {
      for (let q = p + 1; q < n; q++) {
        if (abs(a[p * n + q]!) <= negligible) continue;
        rotate(a, v, n, p, q);
        rotated = true;
      }
    }
    if (!rotated) break;
  }
  const order = Array.from({ length: n }, (_, i) => i).sort((i, j) => a[j * n + j]! - a[i * n + i]!);
  const vectors = new Float64Array(n * n);
  order.forEach((from, to) => vectors.set(v.subarray(from * n, (from + 1) * n), to * n));
  return { values: Float64Array.from(order, (i) => a[i * n + i]!), vectors };
}

/** Makes element (p, q) of `a` zero and turns the rows of `v` along. */
function rotate(a: Float64Array, v: Float64Array, n: number, p: number, q: number): void {
  const theta = (a[q * n + q]! - a[p * n + p]!) / (2 * a[p * n + q]!);
  const t = theta === 0 ? 1 : sign(theta) / (abs(theta) + hypot(theta, 1));
  const c = 1 / hypot(t, 1);
  const s = t * c;
  for (let k = 0; k < n; k++) {
    const [kp, kq] = [a[k * n + p]!, a[k * n + q]!];
    a[k * n + p] = c * kp - s * kq;
    a[k * n + q] = s * kp + c * kq;
  }
  turnRows(a, n, p, q, c, s);
  turnRows(v, n, p, q, c, s);
  // Both are zero but for rounding.
  a[p * n + q] = 0;
  a[q * n + p] = 0;
}

function turnRows(m: Float64Array, n: number, p: number, q: number, c: number, s: number): void {
  for (let k = 0; k < n; k++) {
    const [pk, qk] = [m[p * n + k]!, m[q * n + k]!];
    m[p * n + k] = c * pk - s * qk;
    m[q * n + k] = s * pk + c * qk;
  }
}
