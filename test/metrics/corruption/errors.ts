import fc from 'fast-check';
import type { ErrorSums } from '../../../src/metrics/corruption/error-sums.js';
import type { ImageErrors } from '../../../src/metrics/corruption/image-errors.js';

/** Errors under `severities` severities by corruption, as shares of one image. */
export const shares = (
  clean: number | null,
  errors: Readonly<Record<string, readonly number[]>>,
): ErrorSums => ({
  images: 1,
  clean,
  corruptions: new Map(
    Object.entries(errors).map(([id, each]) => [
      id,
      { severities: each.length, errors: each.reduce((sum, error) => sum + error, 0) },
    ]),
  ),
});

/** Errors of some images under two corruptions of 5 and of 3 severities. */
export const someImageErrors: fc.Arbitrary<ImageErrors> = fc.integer({ min: 1, max: 30 }).chain((images) => {
  const counts = (most: number) => fc.uint8Array({ minLength: images, maxLength: images, max: most });
  return fc
    .record({ clean: counts(1), noise: counts(5), blur: counts(3) })
    .map(({ clean, noise, blur }): ImageErrors => ({
      images,
      clean,
      corruptions: new Map([
        ['noise', { severities: 5, errors: noise }],
        ['blur', { severities: 3, errors: blur }],
      ]),
    }));
});
