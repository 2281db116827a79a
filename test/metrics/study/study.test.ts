import { describe, expect, it } from '@jest/globals';
import fc from 'fast-check';
import { compareGroups } from '../../../src/metrics/study/compare-groups.js';
import { hedgesG } from '../../../src/metrics/study/effect-size.js';
import { holm } from '../../../src/metrics/study/holm.js';
import { mcnemarTest } from '../../../src/metrics/study/mcnemar.js';
import { keyedStream } from '../../../src/random/keyed.js';

describe("Holm's correction", () => {
  it('multiplies the smallest by their number, the next by one less, and never descends', () => {
    const found = holm([0.03, 0.01, 0.04, 0.005]);
    [0.06, 0.03, 0.06, 0.02].forEach((expected, i) => expect(found[i]).toBeCloseTo(expected, 12));
    expect(holm([0.9, 0.5])).toEqual([1, 1]);
    expect(holm([])).toEqual([]);
  });

  it('rejects what stepping down through the ordered values rejects', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { maxLength: 8 }), (p) => {
        const sorted = [...p].sort((a, b) => a - b);
        let rejected = 0;
        while (rejected < p.length && (p.length - rejected) * sorted[rejected]! <= 0.05) rejected += 1;
        expect(holm(p).filter((one) => one <= 0.05)).toHaveLength(rejected);
      }),
    );
  });
});

describe("Hedges' g", () => {
  it('of [1, 2, 3] and [4, 5, 6] is -3 times J of 4 degrees of freedom', () => {
    // Gamma(2) / (sqrt(2) Gamma(3 / 2)) = 1 / (sqrt(2) sqrt(pi) / 2)
    expect(hedgesG([1, 2, 3], [4, 5, 6])!.value).toBeCloseTo(-3 * Math.sqrt(2 / Math.PI), 12);
  });

  it('has the usual approximation 1 - 3 / (4 f - 1) of J in larger samples', () => {
    for (const n of [10, 11, 40]) {
      const a = Array.from({ length: n }, (_, i) => i % 5);
      const b = Array.from({ length: 10 }, (_, i) => (i % 5) + 1);
      const [f, mean] = [n + 8, (values: number[]) => values.reduce((x, y) => x + y, 0) / values.length];
      const squares = (values: number[]) => values.reduce((sum, one) => sum + (one - mean(values)) ** 2, 0);
      const d = (mean(a) - mean(b)) / Math.sqrt((squares(a) + squares(b)) / f);
      expect(hedgesG(a, b)!.value / d).toBeCloseTo(1 - 3 / (4 * f - 1), 3);
    }
  });

  it('has the interval of the noncentral t distribution, from golden data of SciPy', () => {
    // t = -3 / (1 * sqrt(2 / 3)) with 4 degrees of freedom: scipy.stats.nct, solved for the noncentrality.
    const { interval } = hedgesG([1, 2, 3], [4, 5, 6])!;
    const scale = Math.sqrt(2 / Math.PI) * Math.sqrt(2 / 3);
    expect(interval.lower / scale).toBeCloseTo(-6.740322485327638, 4);
    expect(interval.upper / scale).toBeCloseTo(-0.4686042268041905, 4);
  });

  it('turns with the samples', () => {
    const [one, other] = [hedgesG([1, 2, 4], [3, 5, 6, 9])!, hedgesG([3, 5, 6, 9], [1, 2, 4])!];
    expect(other.value).toBeCloseTo(-one.value, 12);
    expect(other.interval.lower).toBeCloseTo(-one.interval.upper, 4);
    expect(other.interval.upper).toBeCloseTo(-one.interval.lower, 4);
  });

  it('covers the true effect in 95 % of normal samples', () => {
    const random = keyedStream(5, 0, 'effect-size');
    const normal = () => random.normal();
    const draws = 400;
    let covered = 0;
    for (let i = 0; i < draws; i++) {
      const [a, b] = [Array.from({ length: 5 }, () => normal() + 2), Array.from({ length: 5 }, normal)];
      const { interval } = hedgesG(a, b)!;
      // The interval is of g, which is J times the effect of 2.
      const effect = 2 * 0.9027;
      if (interval.lower <= effect && effect <= interval.upper) covered += 1;
    }
    // Three deviations of a proportion of 0.95 of 400.
    expect(Math.abs(covered / draws - 0.95)).toBeLessThan(0.033);
  });

  it('has no value without spread or with too few values', () => {
    expect(hedgesG([1, 1], [2, 2])).toBeNull();
    expect(hedgesG([1], [2, 3])).toBeNull();
    expect(hedgesG([], [2, 3, 4, 5])).toBeNull();
  });
});

describe("McNemar's test", () => {
  const outcomes = (both: number, onlyFirst: number, onlySecond: number, neither: number) => {
    const pairs = [
      ...Array<[boolean, boolean]>(both).fill([true, true]),
      ...Array<[boolean, boolean]>(onlyFirst).fill([true, false]),
      ...Array<[boolean, boolean]>(onlySecond).fill([false, true]),
      ...Array<[boolean, boolean]>(neither).fill([false, false]),
    ];
    return mcnemarTest(
      pairs.map(([one]) => one),
      pairs.map(([, two]) => two),
    );
  };

  it('of 5 against 0 is 2 / 2^5, whatever both or neither got right', () => {
    const found = outcomes(90, 5, 0, 5);
    expect(found).toMatchObject({ both: 90, onlyFirst: 5, onlySecond: 0, neither: 5, difference: 0.05 });
    expect(found.p).toBeCloseTo(1 / 16, 14);
  });

  it('of 1 against 4 is 2 (1 + 5) / 2^5, and the same the other way round', () => {
    expect(outcomes(0, 1, 4, 0).p).toBeCloseTo(12 / 32, 14);
    expect(outcomes(0, 4, 1, 0).p).toBeCloseTo(12 / 32, 14);
  });

  it('is 1 where the models differ equally often, or never', () => {
    expect(outcomes(3, 2, 2, 1).p).toBe(1);
    expect(outcomes(3, 0, 0, 1).p).toBe(1);
    expect(mcnemarTest([], [])).toMatchObject({ p: 1, difference: 0 });
  });

  it('is what counting all ways to toss the coins gives', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 7 }), fc.integer({ min: 0, max: 7 }), (b, c) => {
        const n = b + c;
        const heads = Array.from(
          { length: 2 ** n },
          (_, mask) => mask.toString(2).replaceAll('0', '').length,
        );
        const extreme = heads.filter((count) => Math.abs(count - n / 2) >= Math.abs(b - n / 2));
        expect(outcomes(1, b, c, 1).p).toBeCloseTo(extreme.length / 2 ** n, 12);
      }),
      { numRuns: 30 },
    );
  });

  it('works for thousands of differing examples', () => {
    // Normal approximation with continuity: z = (60 - 1) / sqrt(3000).
    const { p } = outcomes(0, 1470, 1530, 0);
    expect(p).toBeGreaterThan(0.279);
    expect(p).toBeLessThan(0.283);
  });

  it('refuses outcomes that are not pairs', () => {
    expect(() => mcnemarTest([true], [])).toThrow(RangeError);
  });
});

describe('comparing heads over seeds', () => {
  const groups = [
    { name: 'binenc', values: [0.5, 0.52, 0.51, 0.55] },
    { name: 'linpen', values: [0.4, 0.41, 0.45, 0.43] },
    { name: 'nopen', values: [0.42, 0.5, 0.44, 0.47] },
  ];

  it('tests all pairs and corrects for their number', () => {
    const { comparisons, groups: summaries } = compareGroups(groups);
    expect(comparisons.map(({ first, second }) => `${first} ${second}`)).toEqual([
      'binenc linpen',
      'binenc nopen',
      'linpen nopen',
    ]);
    expect(comparisons[0]).toMatchObject({ p: 2 / 70, adjustedP: 6 / 70 });
    expect(comparisons[0]!.hedgesG!.value).toBeGreaterThan(3);
    expect(comparisons[0]!.interval!.lower).toBeGreaterThan(0);
    expect(comparisons[0]!.difference).toBeCloseTo(0.0975, 12);
    expect(summaries[0]!.mean).toBeCloseTo(0.52, 12);
  });

  it('tests against a reference only, when there is one', () => {
    const { comparisons } = compareGroups(groups, 'nopen');
    expect(comparisons.map(({ first, second }) => `${first} ${second}`)).toEqual([
      'binenc nopen',
      'linpen nopen',
    ]);
    expect(() => compareGroups([{ name: 'none', values: [] }])).toThrow('"none" has no values');
    expect(() => compareGroups(groups, 'other')).toThrow('no group "other" among binenc, linpen, nopen');
  });
});
