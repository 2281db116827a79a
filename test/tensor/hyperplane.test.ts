import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { linearProblem, smallestDistance } from '../../src/plugin/contract/closed-form.js';
import { hyperplaneMove } from '../../src/tensor/hyperplane.js';
import { magnitude } from '../../src/tensor/norms.js';

const NORMS = ['linf', 'l2', 'l1'] as const;

/** Weights with ties and zeros, points at and between the walls, walls of their own for each coordinate. */
const weight = fc.oneof(
  fc.double({ min: -3, max: 3, noNaN: true }).map((value) => (Math.abs(value) < 1e-3 ? 0 : value)),
  fc.constantFrom(-1, 0, 1, 2),
);
const coordinate = fc.record({
  weight,
  lower: fc.double({ min: -1, max: 0, noNaN: true }),
  width: fc.constantFrom(0, 0.25, 1, 2),
  place: fc.constantFrom(0, 0, 0.3, 0.5, 0.9, 1),
});
const settings = fc.record({
  coordinates: fc.array(coordinate, { minLength: 1, maxLength: 40 }),
  /** Share of the rise the box allows; above 1 it cannot be had. */
  share: fc.oneof(
    fc.double({ min: 0, max: 0.999, noNaN: true }),
    fc.double({ min: 1.01, max: 2, noNaN: true }),
  ),
  sign: fc.constantFrom(-1, 1),
});

type Setting = typeof settings extends fc.Arbitrary<infer T> ? T : never;

function geometry({ coordinates, share, sign }: Setting) {
  const lower = Float64Array.from(coordinates, (c) => c.lower);
  const upper = Float64Array.from(coordinates, (c) => c.lower + c.width);
  const point = Float64Array.from(coordinates, (c) => c.lower + c.width * c.place);
  const normal = Float64Array.from(coordinates, (c) => c.weight);
  const useful = (i: number) => (normal[i]! * sign > 0 ? upper[i]! - point[i]! : point[i]! - lower[i]!);
  const most = normal.reduce((sum, w, i) => sum + Math.abs(w) * useful(i), 0);
  return { lower, upper, point, normal, most, rise: sign * share * most, reachable: share < 1 };
}

const dot = (a: Float64Array, b: Float64Array) => a.reduce((sum, value, i) => sum + value * b[i]!, 0);

function moved(norm: (typeof NORMS)[number], g: Omit<ReturnType<typeof geometry>, 'most' | 'reachable'>) {
  const move = new Float64Array(g.point.length).fill(NaN);
  const length = hyperplaneMove[norm](g.point, g.normal, g.rise, g.lower, g.upper, move);
  return { move, length };
}

describe.each(NORMS)('the move onto a hyperplane in a box, %s', (norm) => {
  it('rises by what is asked for, or by all the box allows', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const g = geometry(setting);
        const { move } = moved(norm, g);
        const wanted = g.reachable ? g.rise : Math.sign(g.rise) * g.most;
        expect(Math.abs(dot(g.normal, move) - wanted)).toBeLessThanOrEqual(1e-12 * (1 + g.most));
      }),
      { numRuns: 500 },
    );
  });

  it('rises no less where the large weights just suffice and one is left that sums lose', () => {
    const tenths = fc.integer({ min: 1, max: 20 }).map((count) => count / 10);
    const large = fc.array(fc.tuple(tenths, tenths), { minLength: 1, maxLength: 4 });
    fc.assert(
      fc.property(large, fc.double({ min: -300, max: -20, noNaN: true }), (coordinates, exponent) => {
        const normal = Float64Array.of(...coordinates.map(([w]) => w), 10 ** exponent);
        const upper = Float64Array.of(...coordinates.map(([, room]) => room), 1);
        const lower = new Float64Array(upper.length);
        const rise = dot(normal.subarray(0, -1), upper);
        const { move } = moved(norm, { lower, upper, point: lower, normal, rise });
        expect(dot(normal, move)).toBeCloseTo(rise, 12);
      }),
      { numRuns: 500 },
    );
  });

  it('stays in the box and returns the length of the move', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const g = geometry(setting);
        const { move, length } = moved(norm, g);
        move.forEach((step, i) => {
          expect(g.point[i]! + step).toBeGreaterThanOrEqual(g.lower[i]! - 1e-15);
          expect(g.point[i]! + step).toBeLessThanOrEqual(g.upper[i]! + 1e-15);
        });
        expect(length).toBeCloseTo(magnitude(norm, move), 12);
      }),
      { numRuns: 500 },
    );
  });

  it('is as short as a bisection on the length finds', () => {
    fc.assert(
      fc.property(settings, (setting) => {
        const g = geometry(setting);
        fc.pre(g.reachable);
        // The closed form lowers a lead of |rise| with the opposite sign of the weights.
        const direction = g.normal.map((w) => -w * Math.sign(g.rise));
        const problem = linearProblem(
          direction,
          0,
          Float32Array.from(g.point),
          (i) => g.lower[i]!,
          (i) => g.upper[i]!,
        );
        const room = g.point.map((x, i) => (direction[i]! > 0 ? x - g.lower[i]! : g.upper[i]! - x));
        const smallest = smallestDistance(norm, { ...problem, room, lead: Math.abs(g.rise) });
        const { length } = moved(norm, g);
        expect(Math.abs(length - smallest)).toBeLessThanOrEqual(1e-6 * (1 + smallest));
      }),
      { numRuns: 500 },
    );
  });

  it('is not beaten by any of many other moves that rise as much', () => {
    fc.assert(
      fc.property(
        settings,
        fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 40, maxLength: 40 }),
        (setting, shares) => {
          const g = geometry(setting);
          fc.pre(g.reachable && g.most > 1e-6);
          const { length } = moved(norm, g);
          const sign = Math.sign(g.rise);
          const other = g.normal.map((w, i) => {
            if (w === 0) return 0;
            return w * sign > 0
              ? shares[i]! * (g.upper[i]! - g.point[i]!)
              : -shares[i]! * (g.point[i]! - g.lower[i]!);
          });
          const risen = Math.abs(dot(g.normal, other));
          if (risen < Math.abs(g.rise)) return;
          expect(length).toBeLessThanOrEqual(magnitude(norm, other) * (1 + 1e-9) + 1e-12);
        },
      ),
      { numRuns: 500 },
    );
  });

  it('is nothing for no rise, and nothing where no weight is different from zero', () => {
    const point = Float64Array.of(0.5, 0.5);
    const [lower, upper, move] = [Float64Array.of(0, 0), Float64Array.of(1, 1), new Float64Array(2)];
    expect(hyperplaneMove[norm](point, Float64Array.of(1, -2), 0, lower, upper, move)).toBe(0);
    expect(move.every((value) => value === 0)).toBe(true);
    expect(hyperplaneMove[norm](point, Float64Array.of(0, 0), 1, lower, upper, move)).toBe(0);
    expect(move.every((value) => value === 0)).toBe(true);
  });

  it('reads float32 vectors, and weights as small as float32 has them', () => {
    const point = Float32Array.of(0.5, 0.5, 1);
    const normal = Float32Array.of(2 ** -149, -(2 ** -148), 2 ** -140);
    const [lower, upper, move] = [new Float32Array(3), new Float32Array(3).fill(1), new Float64Array(3)];
    const length = hyperplaneMove[norm](point, normal, 2 ** -149, lower, upper, move);
    expect(length).toBeGreaterThan(0);
    expect(dot(Float64Array.from(normal), move)).toBeCloseTo(2 ** -149, 160);
    expect(dot(Float64Array.from(normal), move) / 2 ** -149).toBeCloseTo(1, 12);
  });
});

describe('the move onto a hyperplane', () => {
  const box = [Float64Array.of(0, 0, 0), Float64Array.of(1, 1, 1)] as const;

  it('spreads evenly in linf, by weight in l2, over the largest weights in l1', () => {
    const [point, normal] = [Float64Array.of(0.5, 0.5, 0.5), Float64Array.of(1, 2, -3)];
    const of = (norm: (typeof NORMS)[number], rise: number) => {
      const move = new Float64Array(3);
      hyperplaneMove[norm](point, normal, rise, ...box, move);
      return Array.from(move);
    };
    expect(of('linf', 0.6)).toEqual([0.1, 0.1, -0.1].map((value) => expect.closeTo(value, 12)));
    expect(of('l2', 1.4)).toEqual([0.1, 0.2, -0.3].map((value) => expect.closeTo(value, 12)));
    expect(of('l1', 1.5)).toEqual([0, 0, -0.5].map((value) => expect.closeTo(value, 12)));
    expect(of('l1', 1.9)).toEqual([0, 0.2, -0.5].map((value) => expect.closeTo(value, 12)));
    expect(of('l1', -1.5)).toEqual([0, 0, 0.5].map((value) => expect.closeTo(value, 12)));
  });

  it('gives equal weights their turn in the order of the coordinates in l1', () => {
    const move = new Float64Array(3);
    hyperplaneMove.l1(Float64Array.of(0, 0, 0), Float64Array.of(1, 1, 1), 1.5, ...box, move);
    expect(Array.from(move)).toEqual([1, 0.5, 0]);
  });
});
