import fc from 'fast-check';

/** A clean example, a candidate for it and the bounds of both. */
export interface Case {
  readonly clean: Float32Array;
  readonly candidate: Float32Array;
  readonly lower: number;
  readonly upper: number;
}

const finiteFloat = fc.float({ noNaN: true, noDefaultInfinity: true });
const denormal = fc.integer({ min: -5000, max: 5000 }).map((k) => k * 2 ** -149);
const pixel = fc.integer({ min: 0, max: 255 }).map((level) => Math.fround(level / 255));

function caseOf(value: fc.Arbitrary<number>, length: { min: number; max: number }): fc.Arbitrary<Case> {
  return fc
    .tuple(
      fc.array(fc.tuple(value, value, value), { minLength: length.min, maxLength: length.max }),
      value,
      value,
    )
    .map(([triples, a, b]) => {
      const lower = Math.min(a, b, ...triples.map(([clean]) => clean));
      const upper = Math.max(a, b, ...triples.map(([clean]) => clean));
      return {
        clean: Float32Array.from(triples, ([clean]) => clean),
        candidate: Float32Array.from(triples, ([clean, other, delta], i) =>
          i % 3 === 0 ? other : clean + delta,
        ),
        lower,
        upper,
      };
    })
    .filter(({ candidate }) => candidate.every(Number.isFinite));
}

/** Cases from images, from denormals and from the whole range of float32. */
export const cases: fc.Arbitrary<Case> = fc.oneof(
  caseOf(pixel, { min: 1, max: 40 }).map((image) => ({ ...image, lower: 0, upper: 1 })),
  caseOf(denormal, { min: 1, max: 10 }),
  caseOf(finiteFloat, { min: 1, max: 10 }),
  caseOf(fc.oneof(finiteFloat, denormal, pixel), { min: 1, max: 12 }),
);

/** Budgets as users write them, and any other. */
export const epsilons: fc.Arbitrary<number> = fc.oneof(
  fc.constantFrom(0, 8 / 255, 2 / 255, 0.1, 0.3, 0.5, 1, 2, 12, 1e-45, 1e-40, 1e38),
  fc.double({ min: 0, max: 1e40, noNaN: true }),
  fc.double({ min: 0, max: 3, noNaN: true }),
);
