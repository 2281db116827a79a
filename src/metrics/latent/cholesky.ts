const { sqrt } = Math;

/**
 * The lower triangle L of a symmetric matrix A = L L^T.
 * @param matrix n x n, row-major, of which the lower triangle is read
 * @returns n x n, row-major; null when the matrix is not positive definite in float64
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | null {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let rest = matrix[i * n + j]!;
      for (let k = 0; k < j; k++) rest -= lower[i * n + k]! * lower[j * n + k]!;
      if (j < i) lower[i * n + j] = rest / lower[j * n + j]!;
      else if (rest > 0) lower[i * n + i] = sqrt(rest);
      else return null;
    }
  }
  return lower;
}

/** d^T A^-1 d = |L^-1 d|^2. @param scratch n values to work in */
export function inverseQuadratic(
  lower: Float64Array,
  deviation: Float64Array,
  scratch: Float64Array,
): number {
  const n = deviation.length;
  let squares = 0;
  for (let i = 0; i < n; i++) {
    let rest = deviation[i]!;
    for (let k = 0; k < i; k++) rest -= lower[i * n + k]! * scratch[k]!;
    const value = rest / lower[i * n + i]!;
    scratch[i] = value;
    squares += value * value;
  }
  return squares;
}
