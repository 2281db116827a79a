import { describe, expect, it } from '@jest/globals';
import { linearProbe, PENALTIES } from '../../../src/metrics/latent/linear-probe.js';
import { fitLogistic, objectiveOf } from '../../../src/metrics/latent/logistic-regression.js';
import { normals, pointsOf, simplex } from './points.js';

describe('multinomial logistic regression', () => {
  it('of one binary feature gives the log-odds of the classes', () => {
    // 3 of 4 are of class 1 where x = 1, 1 of 4 where x = -1: logit difference log 3 at x = 1, as the penalty is tiny.
    const labels = Int32Array.of(1, 1, 1, 0, 0, 0, 0, 1);
    const x = Float64Array.of(1, 1, 1, 1, -1, -1, -1, -1);
    const { weights, converged } = fitLogistic({ x, width: 1, labels, numClasses: 2 }, 1e-9, undefined, 1e-7);
    expect(converged).toBe(true);
    const [w0, b0, w1, b1] = weights;
    expect(w1! - w0!).toBeCloseTo(Math.log(3), 4);
    expect(b1! - b0!).toBeCloseTo(0, 4);
  });

  it('gives the shares of the classes to the bias, which is not penalised', () => {
    const labels = Int32Array.of(0, 1, 1, 2, 2, 2, 2, 2);
    const { weights } = fitLogistic(
      { x: new Float64Array(8), width: 1, labels, numClasses: 3 },
      1,
      undefined,
      1e-7,
    );
    expect(weights[3]! - weights[1]!).toBeCloseTo(Math.log(2), 4);
    expect(weights[5]! - weights[1]!).toBeCloseTo(Math.log(5), 4);
    expect(weights[0]).toBe(0);
  });

  it('has the gradient of its loss', () => {
    const normal = normals(1);
    const { z, labels } = pointsOf(3, 5, 2, normal);
    const loss = objectiveOf({ x: Float64Array.from(z), width: 2, labels, numClasses: 3 }, 0.1);
    const at = Float64Array.from({ length: 9 }, normal);
    const [gradient, ignored] = [new Float64Array(9), new Float64Array(9)];
    loss(at, gradient);
    for (let i = 0; i < 9; i++) {
      const moved = (by: number) => loss(at.with(i, at[i]! + by), ignored);
      expect((moved(1e-5) - moved(-1e-5)) / 2e-5).toBeCloseTo(gradient[i]!, 7);
    }
  });
});

describe('the linear probe', () => {
  const normal = normals(2);
  const simplexSet = (n: number, spread: number) =>
    pointsOf(4, n, 4, (label, unit) => simplex(label, unit) + spread * normal());

  it('is right on classes that a plane separates, whatever the unit of the features', () => {
    const [train, test] = [simplexSet(50, 0.1), simplexSet(25, 0.1)];
    const shrunk = (set: typeof train) => ({
      ...set,
      z: set.z.map((value, at) => (at % 4 === 0 ? 1e-6 * value + 3 : value)),
    });
    const found = linearProbe(train, test);
    expect(found).toMatchObject({
      test: { correct: 100, n: 100 },
      fitted: 200,
      converged: true,
      constant: 0,
    });
    expect(linearProbe(shrunk(train), shrunk(test)).test.correct).toBe(100);
  });

  it('is no better than chance on noise', () => {
    const [train, test] = [pointsOf(2, 200, 20, normal), pointsOf(2, 500, 20, normal)];
    const found = linearProbe(train, test);
    expect(Math.abs(found.test.correct / 1000 - 0.5)).toBeLessThan(0.06);
  });

  it('keeps the penalty with the best accuracy on the validation part, the stronger of equals', () => {
    const found = linearProbe(simplexSet(40, 0.8), simplexSet(10, 0.8));
    const best = Math.max(...found.validation.map(({ correct }) => correct));
    expect(found.validation.map(({ l2 }) => l2)).toEqual([...PENALTIES]);
    expect(found.validation.every(({ n }) => n === 32)).toBe(true);
    expect(found.l2).toBe(found.validation.find(({ correct }) => correct === best)!.l2);
  });

  it('of features that are all constant finds the most common class', () => {
    const labels = Int32Array.of(0, 1, 1, 1, 1);
    const set = { z: new Float64Array(10).fill(2), width: 2, labels, numClasses: 2 };
    expect(linearProbe(set, set)).toMatchObject({ test: { correct: 4, n: 5 }, constant: 2 });
  });

  it('gives the same again with the same seed', () => {
    const [train, test] = [simplexSet(20, 0.5), simplexSet(20, 0.5)];
    expect(linearProbe(train, test, 3)).toEqual(linearProbe(train, test, 3));
  });
});
