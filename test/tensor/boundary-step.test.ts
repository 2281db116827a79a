import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boundaryStep } from '../../src/tensor/boundary-step.js';
import { distance } from '../../src/tensor/norms.js';

const NORMS = ['linf', 'l2', 'l1'] as const;

const unit = fc.double({ min: 0, max: 1, noNaN: true }).map(Math.fround);
/**
 * None so small beside the others that float64 sums lose what it adds: along such a coordinate, a point on the boundary
 * to rounding has no one nearest point of it.
 */
const weight = fc
  .double({ min: -2, max: 2, noNaN: true })
  .map((value) => (Math.abs(value) < 1e-3 ? 0 : Math.fround(value)));
const settings = fc.record({
  coordinates: fc.array(fc.tuple(unit, unit, weight), { minLength: 2, maxLength: 20 }),
  /** Where the boundary passes: a point of the box. */
  inside: fc.array(unit, { minLength: 20, maxLength: 20 }),
});

function geometry({ coordinates, inside }: { coordinates: [number, number, number][]; inside: number[] }) {
  const size = coordinates.length;
  const [point, origin, normal] = [0, 1, 2].map((at) => Float32Array.from(coordinates, (c) => c[at]!));
  const offset = normal!.reduce((sum, w, i) => sum + w * inside[i]!, 0);
  const walls = { lower: new Float32Array(size), upper: new Float32Array(size).fill(1) };
  const side = (x: Float32Array) => normal!.reduce((sum, w, i) => sum + w * x[i]!, 0) - offset;
  return { point: point!, origin: origin!, normal: normal!, walls, side };
}

describe.each(NORMS)('the step of the adaptive boundary attack, %s', (norm) => {
  it('without pull and overshoot ends on the boundary, no further away than any point of it', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { point, origin, normal, walls, side } = geometry(setting);
        fc.pre(normal.some((w) => Math.abs(w) > 0.01));
        const moved = point.slice();
        const boundary = { value: side(point), normal };
        boundaryStep(norm, moved, origin, boundary, walls, { alphaMax: 0, eta: 1 });
        expect(Math.abs(side(moved))).toBeLessThan(1e-5);
        const other = Float32Array.from(point, (_value, i) => setting.inside[i]!);
        expect(distance(norm, moved, point)).toBeLessThanOrEqual(distance(norm, other, point) + 1e-5);
      }),
    );
  });

  it('pulled with full weight ends where the clean example is projected to', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const { point, origin, normal, walls, side } = geometry(setting);
        fc.pre(normal.some((w) => Math.abs(w) > 0.01));
        // A point far from the boundary and a clean example on it: alpha is 1 but for the example's float32 rounding.
        const onBoundary = origin.slice();
        boundaryStep(norm, onBoundary, origin, { value: side(origin), normal }, walls, {
          alphaMax: 0,
          eta: 1,
        });
        fc.pre(Math.abs(side(point)) > 0.1);
        const moved = point.slice();
        const parameters = { alphaMax: 1, eta: 1 };
        boundaryStep(norm, moved, onBoundary, { value: side(point), normal }, walls, parameters);
        expect(distance('linf', moved, onBoundary)).toBeLessThan(1e-4);
      }),
    );
  });

  it('never leaves the box, whatever the overshoot', () => {
    fc.assert(
      fc.property(settings, fc.double({ min: 1, max: 10, noNaN: true }), (setting, eta) => {
        const { point, origin, normal, walls, side } = geometry(setting);
        boundaryStep(norm, point, origin, { value: side(point), normal }, walls, { alphaMax: 0.1, eta });
        expect(point.every((value) => value >= 0 && value <= 1)).toBe(true);
      }),
    );
  });
});

it('the step weighs both ways by their lengths, the clean one by at most alphaMax', () => {
  const walls = { lower: new Float32Array(2).fill(-10), upper: new Float32Array(2).fill(10) };
  const step = (x: number, alphaMax: number): number => {
    // The boundary is x = 4, the clean example at (0, 3): projected to (4, 3).
    const point = Float32Array.of(x, 0);
    const boundary = { value: x - 4, normal: Float32Array.of(1, 0) };
    boundaryStep('l2', point, Float32Array.of(0, 3), boundary, walls, { alphaMax, eta: 1 });
    expect(point[0]).toBeCloseTo(4, 6);
    return point[1]! / 3;
  };
  expect(step(3, 1)).toBeCloseTo(1 / 5, 6);
  expect(step(2, 1)).toBeCloseTo(2 / 6, 6);
  expect(step(2, 0.1)).toBeCloseTo(0.1, 6);
});
