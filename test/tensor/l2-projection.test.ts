import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { projectL2Exactly, projectOntoSphere, scaleOfLength } from '../../src/tensor/l2-projection.js';
import { distance } from '../../src/tensor/norms.js';
import { projections } from '../../src/tensor/projections.js';
import { cases } from './examples.js';

const lengths = fc.double({ min: 0, max: 3, noNaN: true });
const inBox = fc.double({ min: 0, max: 1, noNaN: true });
/** Values far beyond the box's width drown the distances in rounding. */
const images = cases.filter(({ lower, upper }) => lower === 0 && upper === 1);
const squared = (x: ArrayLike<number>, y: ArrayLike<number>): number =>
  Array.from(x).reduce((sum, value, i) => sum + (value - y[i]!) ** 2, 0);

describe('the scale of a clipped step', () => {
  const size = fc.integer({ min: 0, max: 1000 }).map((thousandth) => thousandth / 1000);
  const steps = fc.array(fc.tuple(size, size), { minLength: 1, maxLength: 8 });

  it('gives the step the length asked for, or is infinite where the room is shorter', () => {
    fc.assert(
      fc.property(steps, lengths, (pairs, length) => {
        const wish = Float64Array.from(pairs, ([value]) => value);
        const room = Float64Array.from(pairs, ([, value]) => value);
        const scale = scaleOfLength(wish, room, length);
        const moves = (at: number) => pairs.map(([w, r]) => (w === 0 ? 0 : Math.min(w * at, r)));
        if (scale === Infinity)
          expect(Math.hypot(...moves(Infinity))).toBeLessThanOrEqual(length * (1 + 1e-12));
        else expect(Math.hypot(...moves(scale))).toBeCloseTo(length, 10);
      }),
    );
  });
});

describe('the exact L2 projection', () => {
  it('satisfies the optimality condition <x - p, z - p> <= 0 for points z of ball and box', () => {
    const pairs = fc.array(fc.tuple(fc.double({ min: -1, max: 2, noNaN: true }), inBox, inBox), {
      minLength: 1,
      maxLength: 6,
    });
    fc.assert(
      fc.property(pairs, lengths, (triples, epsilon) => {
        const x = triples.map(([value]) => value);
        const center = Float32Array.from(triples, ([, value]) => value);
        const projected = Float64Array.from(x);
        projectL2Exactly(projected, center, epsilon, 0, 1);
        const z = Float64Array.from(triples, ([, , value]) => value);
        projections.l2(z, center, epsilon, 0, 1);
        const inner = x.reduce((sum, value, i) => sum + (value - projected[i]!) * (z[i]! - projected[i]!), 0);
        expect(inner).toBeLessThanOrEqual(1e-9);
      }),
    );
  });

  it('is never further from the candidate than scaling and clipping is', () => {
    fc.assert(
      fc.property(images, lengths, ({ clean, candidate, lower, upper }, epsilon) => {
        const [exact, usual] = [Float64Array.from(candidate), Float64Array.from(candidate)];
        projectL2Exactly(exact, clean, epsilon, lower, upper);
        projections.l2(usual, clean, epsilon, lower, upper);
        expect(squared(exact, candidate)).toBeLessThanOrEqual(squared(usual, candidate) * (1 + 1e-9) + 1e-12);
        expect(distance('l2', exact, clean)).toBeLessThanOrEqual(epsilon * (1 + 1e-9) + 1e-12);
        expect(exact.every((value) => value >= lower && value <= upper)).toBe(true);
      }),
    );
  });

  it('leaves a point of the set where it is', () => {
    const point = Float64Array.of(0.25, 1, 0.5);
    projectL2Exactly(point, Float32Array.of(0.5, 0.75, 0.5), 0.5, 0, 1);
    expect(Array.from(point)).toEqual([0.25, 1, 0.5]);
  });
});

describe('the sphere', () => {
  it('is reached from inside and from outside, past walls', () => {
    const center = Float32Array.of(0.5, 0.5);
    for (const far of [0.001, 5]) {
      const point = Float64Array.of(0.5 + 3 * far, 0.5 - far);
      projectOntoSphere(point, center, Math.hypot(0.5, 0.25), 0, 1);
      expect(point[0]).toBeCloseTo(1, 12);
      expect(point[1]).toBeCloseTo(0.25, 12);
    }
  });

  it('larger than the box is the corner the point is seen in', () => {
    const point = Float64Array.of(0.75, 0.25, 0.5);
    projectOntoSphere(point, Float32Array.of(0.5, 0.5, 0.5), 9, 0, 1);
    expect(Array.from(point)).toEqual([1, 0, 0.5]);
  });

  it('of no direction is the center', () => {
    const point = Float64Array.of(0.5, 0.25);
    projectOntoSphere(point, Float32Array.of(0.5, 0.25), 1, 0, 1);
    expect(Array.from(point)).toEqual([0.5, 0.25]);
  });
});
