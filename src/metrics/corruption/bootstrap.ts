import { forEachResample, percentileBounds, RESAMPLES, type Bounds } from '../resample.js';
import type { ErrorSums } from './error-sums.js';
import { sumErrors, type ImageErrors } from './image-errors.js';

/**
 * 95 % percentile intervals of statistics of one or several models by the bootstrap over images (Efron and Tibshirani 1993, chapter
 * 13): an image that is drawn again brings its outcomes under all corruptions and severities, and of all models, along, so their
 * dependence is kept. Draws come from one stream of a fixed seed: equal errors in equal order have equal intervals.
 *
 * @param models of the same images in the same order; 10,000 images and 15 corruptions take about a second
 * @param statistics of the models' errors in a resample, always as many; null where one has no value
 * @returns per statistic; null where it had no value in some resample
 */
export function bootstrapIntervals(
  models: readonly ImageErrors[],
  statistics: (sums: readonly ErrorSums[]) => readonly (number | null)[],
  resamples = RESAMPLES,
): (Bounds | null)[] {
  const drawn: Float64Array[] = [];
  forEachResample(models[0]?.images ?? 0, resamples, (weights, resample) => {
    const values = statistics(models.map((model) => sumErrors(model, weights)));
    for (const [i, value] of values.entries()) {
      (drawn[i] ??= new Float64Array(resamples))[resample] = value ?? NaN;
    }
  });
  return drawn.map(percentileBounds);
}
