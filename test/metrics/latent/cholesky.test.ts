import { describe, expect, it } from '@jest/globals';
import { inv } from 'mathjs';
import { cholesky, inverseQuadratic } from '../../../src/metrics/latent/cholesky.js';
import { normals } from './points.js';

describe('the Cholesky factor', () => {
  it('of [[4, 2], [2, 5]] is [[2, 0], [1, 2]]', () => {
    expect([...cholesky(Float64Array.of(4, 2, 2, 5), 2)!]).toEqual([2, 0, 1, 2]);
  });

  it('gives quadratic forms of the inverse', () => {
    const [n, normal] = [6, normals(1)];
    const factor = Array.from({ length: n }, () => Array.from({ length: n }, normal));
    const product = factor.map((a) => factor.map((b) => a.reduce((sum, value, k) => sum + value * b[k]!, 0)));
    const d = Float64Array.from({ length: n }, normal);
    const inverse = inv(product);
    const expected = inverse.reduce(
      (sum, row, i) => sum + row.reduce((one, value, j) => one + d[i]! * value * d[j]!, 0),
      0,
    );
    const found = inverseQuadratic(cholesky(Float64Array.from(product.flat()), n)!, d, new Float64Array(n));
    expect(found / expected).toBeCloseTo(1, 9);
  });

  it('is null of matrices that are not positive definite', () => {
    expect(cholesky(Float64Array.of(1, 2, 2, 1), 2)).toBeNull();
    expect(cholesky(Float64Array.of(0), 1)).toBeNull();
  });
});
