import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { NORMS } from '../../src/plugin/threat.js';
import { roundToward } from '../../src/tensor/float32.js';
import { distance } from '../../src/tensor/norms.js';
import { DISTANCE_TOLERANCE, repair, repairToBox } from '../../src/tensor/repair.js';
import { cases, epsilons } from './examples.js';

describe.each(NORMS)('a candidate repaired in %s', (norm) => {
  it('is within epsilon (1 + 1e-7) of the clean example and within the bounds, whatever it was', () => {
    fc.assert(
      fc.property(cases, epsilons, ({ clean, candidate, lower, upper }, epsilon) => {
        const repaired = repair(norm, candidate, clean, epsilon, lower, upper);
        expect(distance(norm, repaired, clean)).toBeLessThanOrEqual(epsilon * (1 + DISTANCE_TOLERANCE));
        expect(repaired.every((value) => value >= lower && value <= upper)).toBe(true);
      }),
      { numRuns: 2000 },
    );
  });

  it('is unchanged when it was in the set already', () => {
    fc.assert(
      fc.property(cases, epsilons, ({ clean, candidate, lower, upper }, epsilon) => {
        const inBox = repair(norm, candidate, clean, Infinity, lower, upper);
        const budget = Math.max(epsilon, distance(norm, inBox, clean));
        expect(repair(norm, inBox, clean, budget, lower, upper)).toEqual(inBox);
      }),
    );
  });

  it('keeps the budget in bounds that float32 cannot represent', () => {
    const [lower, upper] = [-0.42421296, 2.8214866];
    const clean = Float32Array.of(0, 1, 2.75);
    const repaired = repair(norm, Float32Array.of(-9, 9, 9), clean, Infinity, lower, upper);
    expect(repaired.every((value) => value >= lower && value <= upper)).toBe(true);
    expect(repaired[2]).toBeCloseTo(upper, 6);
  });
});

describe('repair', () => {
  it('undoes the rounding of x + epsilon in float32', () => {
    const epsilon = 8 / 255;
    let beyond = 0;
    for (let level = 0; level < 200; level++) {
      const clean = Float32Array.of(level / 255);
      const candidate = Float32Array.of(clean[0]! + epsilon);
      if (distance('linf', candidate, clean) > epsilon) beyond++;
      expect(distance('linf', repair('linf', candidate, clean, epsilon, 0, 1), clean)).toBeLessThanOrEqual(
        epsilon,
      );
    }
    expect(beyond).toBeGreaterThan(0);
  });

  it('loses no more than rounding: a coordinate at the budget stays within one float32 of it', () => {
    const clean = Float32Array.of(0.25);
    const repaired = repair('linf', Float32Array.of(1), clean, 0.1, 0, 1);
    expect(0.35 - repaired[0]!).toBeLessThan(2 ** -24);
  });

  it('does not modify its arguments', () => {
    const candidate = Float32Array.of(5);
    const clean = Float32Array.of(0.5);
    repair('l2', candidate, clean, 0.1, 0, 1);
    expect([candidate[0], clean[0]]).toEqual([5, 0.5]);
  });
});

describe('repair to a box', () => {
  it('clips every coordinate to its own interval', () => {
    const repaired = repairToBox(
      Float32Array.of(-1, 0.5, 3),
      Float32Array.of(0, 0, 1),
      Float32Array.of(1, 1, 2),
    );
    expect(Array.from(repaired)).toEqual([0, 0.5, 2]);
  });
});

describe('rounding toward a target', () => {
  const anyDouble = fc.double({ min: -1e39, max: 1e39, noNaN: true });
  const anyFloat = fc.float({ noNaN: true, noDefaultInfinity: true });

  it('gives the float32 nearest to the value between value and target', () => {
    fc.assert(
      fc.property(
        fc.oneof(anyDouble, fc.double({ min: -1e-40, max: 1e-40, noNaN: true })),
        anyFloat,
        (value, target) => {
          const rounded = roundToward(value, target);
          expect(Math.fround(rounded)).toBe(rounded);
          expect(rounded).toBeGreaterThanOrEqual(Math.min(value, target));
          expect(rounded).toBeLessThanOrEqual(Math.max(value, target));
          const nearest = Math.fround(value);
          const between = nearest >= Math.min(value, target) && nearest <= Math.max(value, target);
          if (between) expect(Math.abs(rounded - nearest)).toBe(0);
          // Otherwise value lies strictly between the result and the float32 nearest to it, which are neighbours.
          else expect((value - rounded) * (value - nearest)).toBeLessThanOrEqual(0);
        },
      ),
      { numRuns: 2000 },
    );
  });

  it('steps across zero and back from infinity', () => {
    expect(roundToward(-1e-50, -1)).toBe(-(2 ** -149));
    expect(roundToward(1e-50, 1)).toBe(2 ** -149);
    expect(Math.abs(roundToward(1e-50, 0))).toBe(0);
    expect(roundToward(1e39, 0)).toBe(Math.fround(3.4028234663852886e38));
  });
});
