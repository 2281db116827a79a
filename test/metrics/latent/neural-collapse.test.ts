import { describe, expect, it } from '@jest/globals';
import { add, identity, inv, matrix, multiply, trace, type Matrix } from 'mathjs';
import { neuralCollapse } from '../../../src/metrics/latent/neural-collapse.js';
import type { LatentPoints } from '../../../src/metrics/latent/points.js';
import { normals, pointsOf, simplex } from './points.js';

/** The pseudo-inverse of a symmetric matrix as the limit of (S S + e I)^-1 S for small e. */
function pseudoInverse(s: Matrix, width: number): Matrix {
  const shifted = add(multiply(s, s), multiply(1e-10, identity(width))) as Matrix;
  return multiply(inv(shifted), s);
}

/** tr(S_w pinv(S_b)) / C, from the matrices themselves. */
function directWithinClass({ z, width, numClasses }: LatentPoints, owner: Int32Array): number {
  const n = owner.length;
  const column = (i: number) => Array.from(z.subarray(i * width, (i + 1) * width));
  const rows = Array.from({ length: n }, (_, i) => column(i));
  const mean = (some: number[][]) =>
    Array.from({ length: width }, (_, j) => some.reduce((sum, row) => sum + row[j]!, 0) / some.length);
  const means = Array.from({ length: numClasses }, (_, c) => mean(rows.filter((_row, i) => owner[i] === c)));
  const centre = mean(rows);
  const scatter = (deviations: number[][]) =>
    matrix(
      Array.from({ length: width }, (_, j) =>
        Array.from(
          { length: width },
          (_k, k) => deviations.reduce((sum, one) => sum + one[j]! * one[k]!, 0) / deviations.length,
        ),
      ),
    );
  const within = scatter(rows.map((row, i) => row.map((value, j) => value - means[owner[i]!]![j]!)));
  const between = scatter(means.map((row) => row.map((value, j) => value - centre[j]!)));
  return trace(multiply(within, pseudoInverse(between, width))) / numClasses;
}

describe('neural collapse', () => {
  it('of a simplex of points is complete in every measure', () => {
    const { withinClass, equinorm, equiangular, maxAngle, distanceSpread, rank, classes } = neuralCollapse(
      pointsOf(5, 8, 5, simplex),
      'papyan',
    );
    expect({ classes, rank }).toEqual({ classes: 5, rank: 4 });
    for (const measure of [withinClass, equinorm, equiangular, maxAngle, distanceSpread]) {
      expect(measure).toBeCloseTo(0, 12);
    }
  });

  it('of a simplex with isotropic noise has NC1 = s^2 (C - 1)', () => {
    // S_b has C - 1 eigenvalues 1/C, S_w is s^2 I: tr = (C - 1) s^2 C.
    const normal = normals(1);
    const noisy = pointsOf(4, 5000, 4, (label, unit) => simplex(label, unit) + 0.1 * normal());
    expect(neuralCollapse(noisy, 'papyan').withinClass).toBeCloseTo(0.03, 3);
  });

  it('of the eight vertices of a cube has NC1 0, equal norms, and angles that are not those of a simplex', () => {
    const cube = pointsOf(8, 3, 3, (label, unit) => ((label >> unit) & 1) * 2 - 1);
    const found = neuralCollapse(cube, 'papyan');
    expect(found).toMatchObject({ rank: 3, withinClass: 0 });
    expect(found.equinorm).toBeCloseTo(0, 14);
    // From a vertex: three cosines 1/3, three -1/3, one -1.
    expect(found.equiangular).toBeCloseTo(Math.sqrt((6 / 9 + 1) / 7 - (1 / 7) ** 2), 12);
    expect(found.maxAngle).toBeCloseTo((3 * (1 / 3 + 1 / 7) + 3 * (1 / 3 - 1 / 7) + (1 - 1 / 7)) / 7, 12);
    // And three edges of length 2, three diagonals of faces, one of the cube.
    const distances = [2, 2, 2, ...Array<number>(3).fill(Math.sqrt(8)), Math.sqrt(12)];
    const mean = distances.reduce((sum, one) => sum + one, 0) / 7;
    const variance = distances.reduce((sum, one) => sum + (one - mean) ** 2, 0) / 7;
    expect(found.distanceSpread).toBeCloseTo(Math.sqrt(variance) / mean, 12);
  });

  it.each([
    ['more units than classes', 3, 6],
    ['more classes than units', 6, 3],
    ['more units than examples', 2, 30],
  ])('agrees with the pseudo-inverse itself with %s, classes of unequal size', (_case, numClasses, width) => {
    const normal = normals(width);
    const points = pointsOf(numClasses, 4, width, () => normal());
    const owner = points.labels.map((label, i) => (i < 2 ? label : (i * i) % numClasses));
    for (let c = 0; c < numClasses; c++) owner[c] = c;
    const expected = directWithinClass(points, owner);
    const byLabel = neuralCollapse({ ...points, labels: owner }, 'papyan').withinClass!;
    const byPrediction = neuralCollapse({ ...points, predictions: owner }, 'paper').withinClass!;
    // As far as the limit of the direct way is from its end.
    expect(byLabel / expected).toBeCloseTo(1, 4);
    expect(byPrediction).toBe(byLabel);
  });

  it('leaves out classes without examples and counts them', () => {
    const points = pointsOf(3, 4, 3, simplex);
    const found = neuralCollapse({ ...points, numClasses: 10 }, 'papyan');
    expect(found).toEqual({ ...neuralCollapse(points, 'papyan'), empty: 7 });
  });

  it('has no value of a single class, and none of points that are all the same', () => {
    const normal = normals(3);
    const nothing = {
      withinClass: null,
      equinorm: null,
      equiangular: null,
      maxAngle: null,
      distanceSpread: null,
    };
    expect(neuralCollapse(pointsOf(1, 5, 2, normal), 'paper')).toMatchObject({
      ...nothing,
      classes: 1,
      rank: 0,
    });
    expect(
      neuralCollapse(
        pointsOf(3, 5, 2, () => 7),
        'paper',
      ),
    ).toMatchObject({ ...nothing, rank: 0 });
  });

  it('of one unit and two classes is s^2 / d^2 with means at +-d', () => {
    // S_w = 1, S_b = 9, C = 2.
    const z = Float64Array.of(2, -2, 4, -4);
    const labels = Int32Array.of(0, 1, 0, 1);
    const points = { z, width: 1, labels, predictions: labels, numClasses: 2 };
    const found = neuralCollapse(points, 'papyan');
    expect(found).toMatchObject({ equiangular: 0, maxAngle: 0 });
    expect(found.withinClass).toBeCloseTo(1 / 18, 14);
  });

  it('has no angles when the mean of a class lies on the centre', () => {
    const labels = Int32Array.of(0, 1, 2);
    const points = { z: Float64Array.of(-1, 0, 1), width: 1, labels, predictions: labels, numClasses: 3 };
    const found = neuralCollapse(points, 'papyan');
    expect(found).toMatchObject({ equiangular: null, maxAngle: null, withinClass: 0 });
    expect(found.equinorm).toBeCloseTo(Math.SQRT1_2, 12);
  });
});
