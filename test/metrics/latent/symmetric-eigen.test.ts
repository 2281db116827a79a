import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { symmetricEigen } from '../../../src/metrics/latent/symmetric-eigen.js';
import { normals } from './points.js';

function symmetric(n: number, seed: number): Float64Array {
  const normal = normals(seed);
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = i; j < n; j++) matrix[i * n + j] = matrix[j * n + i] = normal();
  }
  return matrix;
}

describe('the eigen-decomposition of a symmetric matrix', () => {
  it('of [[2, 1], [1, 2]] is 3 along (1, 1) and 1 along (1, -1)', () => {
    const { values, vectors } = symmetricEigen(Float64Array.of(2, 1, 1, 2), 2);
    expect(values[0]).toBeCloseTo(3, 14);
    expect(values[1]).toBeCloseTo(1, 14);
    expect(vectors[0]! / vectors[1]!).toBeCloseTo(1, 14);
    expect(vectors[2]! / vectors[3]!).toBeCloseTo(-1, 14);
  });

  it('gives orthonormal vectors whose weighted products add up to the matrix, values descending', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 12 }), fc.integer({ min: 0, max: 1000 }), (n, seed) => {
        const matrix = symmetric(n, seed);
        const { values, vectors } = symmetricEigen(matrix, n);
        let worst = 0;
        for (let i = 0; i < n; i++) {
          for (let j = 0; j < n; j++) {
            let [product, again] = [0, 0];
            for (let k = 0; k < n; k++) {
              product += vectors[i * n + k]! * vectors[j * n + k]!;
              again += values[k]! * vectors[k * n + i]! * vectors[k * n + j]!;
            }
            worst = Math.max(
              worst,
              Math.abs(product - Number(i === j)),
              Math.abs(again - matrix[i * n + j]!),
            );
          }
        }
        expect(worst).toBeLessThan(1e-12);
        expect([...values]).toEqual([...values].sort((a, b) => b - a));
      }),
      { numRuns: 50 },
    );
  });

  it('finds the zeros of a matrix of low rank', () => {
    const vector = Array.from({ length: 6 }, (_, i) => i + 1);
    const product = Float64Array.from(
      { length: 36 },
      (_, at) => vector[Math.floor(at / 6)]! * vector[at % 6]!,
    );
    const { values } = symmetricEigen(product, 6);
    expect(values[0]).toBeCloseTo(91, 10);
    expect(Math.max(...values.subarray(1).map(Math.abs))).toBeLessThan(1e-12);
  });

  it('leaves a matrix of zeros alone', () => {
    expect([...symmetricEigen(new Float64Array(9), 3).values]).toEqual([0, 0, 0]);
  });
});
