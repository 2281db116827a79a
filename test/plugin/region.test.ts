import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { boxOf, regionOf } from '../../src/plugin/region.js';
import type { Threat } from '../../src/plugin/threat.js';
import { keyedStream } from '../../src/random/keyed.js';
import type { Batch } from '../../src/tensor/batch.js';

const bounds = [0, 1] as const;
const batch = (...rows: number[][]): Batch => ({
  shape: [rows[0]!.length],
  keys: rows.map((_row, i) => i),
  data: Float32Array.from(rows.flat()),
});
const pixel = fc.integer({ min: 0, max: 255 }).map((value) => Math.fround(value / 255));

describe('the box of a threat', () => {
  it('is the Linf ball cut to the bounds, never wider than epsilon', () => {
    fc.assert(
      fc.property(
        fc.array(pixel, { minLength: 1 }),
        fc.double({ min: 0, max: 1, noNaN: true }),
        (values, epsilon) => {
          const clean = batch(values);
          const { lower, upper } = boxOf({ kind: 'lp', norm: 'linf', epsilon }, clean, bounds);
          clean.data.forEach((value, i) => {
            expect(lower[i]).toBeGreaterThanOrEqual(Math.max(0, value - epsilon));
            expect(lower[i]).toBeLessThanOrEqual(value);
            expect(upper[i]).toBeGreaterThanOrEqual(value);
            expect(upper[i]).toBeLessThanOrEqual(Math.min(1, value + epsilon));
          });
        },
      ),
    );
  });

  it('is the given box cut to the bounds', () => {
    const threat: Threat = { kind: 'box', lower: Float32Array.of(-1, 0.25), upper: Float32Array.of(0.5, 2) };
    expect(boxOf(threat, batch([0.25, 0.5]), bounds)).toEqual({
      lower: Float32Array.of(0, 0.25),
      upper: Float32Array.of(0.5, 1),
    });
  });

  it('does not exist for other threats', () => {
    expect(() => boxOf({ kind: 'lp', norm: 'l2', epsilon: 1 }, batch([0]), bounds)).toThrow('lp (l2)');
    expect(() => boxOf({ kind: 'patch', area: 0.1 }, batch([0]), bounds)).toThrow('patch');
  });
});

describe('the region of a threat', () => {
  it('of a ball steps by a fraction of epsilon and projects onto ball and bounds', () => {
    const region = regionOf({ kind: 'lp', norm: 'linf', epsilon: 0.5 }, batch([0.5, 0.25]), bounds);
    const point = Float32Array.of(0.5, 0.25);
    region.step(0, Float32Array.of(3, -2), point, 0.5);
    expect(point).toEqual(Float32Array.of(0.75, 0));
    region.step(0, Float32Array.of(3, -2), point, 2);
    region.project(0, point);
    expect(point).toEqual(Float32Array.of(1, 0));
  });

  it('of the box of a Linf ball is the region of the ball', () => {
    const values = fc.array(pixel, { minLength: 4, maxLength: 4 });
    const slopes = fc.array(fc.constantFrom(-1, 0, 2), { minLength: 4, maxLength: 4 });
    fc.assert(
      fc.property(
        values,
        slopes,
        fc.constantFrom(0.0625, 0.25),
        fc.constantFrom(-0.5, 1, 3),
        (row, slope, epsilon, length) => {
          const clean = batch(row);
          const ball: Threat = { kind: 'lp', norm: 'linf', epsilon };
          const moved = [ball, { kind: 'box', ...boxOf(ball, clean, bounds) } as const].map((threat) => {
            const region = regionOf(threat, clean, bounds);
            const point = clean.data.slice();
            region.step(0, Float32Array.from(slope), point, length);
            region.project(0, point);
            return point;
          });
          moved[0]!.forEach((value, i) => expect(moved[1]![i]).toBeCloseTo(value, 6));
        },
      ),
    );
  });

  it.each<Threat>([
    { kind: 'lp', norm: 'linf', epsilon: 0.1 },
    { kind: 'lp', norm: 'l2', epsilon: 0.1 },
    { kind: 'lp', norm: 'l1', epsilon: 0.1 },
    { kind: 'box', lower: Float32Array.of(0.4, 0, 0.2, 0.9), upper: Float32Array.of(0.6, 0.1, 0.2, 1) },
  ])('of %j starts at random inside itself', (threat) => {
    const region = regionOf(threat, batch([0.5, 0, 0.2, 1]), bounds);
    const starts = [0, 1].map((seed) => region.start(0, keyedStream(seed, 0, 'start')));
    expect(starts[0]).not.toEqual(starts[1]);
    for (const start of starts) {
      const projected = start.slice();
      region.project(0, projected);
      projected.forEach((value, i) => expect(value).toBeCloseTo(start[i]!, 6));
    }
  });

  it.each<Threat>([
    { kind: 'lp', norm: 'l0', epsilon: 3 },
    { kind: 'minimum', norm: 'l2' },
    { kind: 'patch', area: 0.1 },
  ])('does not exist for %j', (threat) => {
    expect(() => regionOf(threat, batch([0]), bounds)).toThrow('no projection');
  });
});
