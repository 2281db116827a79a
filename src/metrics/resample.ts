import { keyedStream } from '../random/keyed.js';

/** Resamples an interval rests on. */
export const RESAMPLES = 2000;

/** Random numbers drawn at once, or as many as there are images. */
const BLOCK = 4096;
const LOWER = 0.025;
const UPPER = 0.975;

/** Ends of an interval. */
export interface Bounds {
  readonly lower: number;
  readonly upper: number;
}

/**
 * Visits samples of as many images as there are, drawn with repetition. Draws come from one stream of a fixed seed, so
 * everything measured on equally many images sees the same samples.
 * @param visit takes how often each image was drawn, valid until it returns, and the number of the sample
 */
export function forEachResample(
  images: number,
  resamples: number,
  visit: (weights: Uint16Array, resample: number) => void,
): void {
  const random = keyedStream(0, images, 'bootstrap/images');
  // Drawn for several resamples at once: a call of its own for each of a few images would take most of the time.
  const units = new Float64Array(Math.max(1, Math.floor(BLOCK / Math.max(1, images))) * images);
  let used = units.length;
  const weights = new Uint16Array(images);
  for (let resample = 0; resample < resamples; resample++) {
    if (used === units.length) {
      random.fillUniform(units);
      used = 0;
    }
    weights.fill(0);
    for (const end = used + images; used < end; used++) weights[(units[used]! * images) | 0]! += 1;
    visit(weights, resample);
  }
}

/**
 * The 95 % percentile interval of what resamples gave (Efron and Tibshirani 1993, chapter 13); null where one gave NaN. Sorts
 * them.
 */
export function percentileBounds(values: Float64Array): Bounds | null {
  if (values.some(Number.isNaN)) return null;
  values.sort();
  return { lower: quantile(values, LOWER), upper: quantile(values, UPPER) };
}

/** The quantile of ascending values, linear between them (type 7 of Hyndman and Fan 1996). */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = (sorted.length - 1) * share;
  const below = Math.floor(place);
  const [low, high] = [sorted[below]!, sorted[Math.min(below + 1, sorted.length - 1)]!];
  return low + (place - below) * (high - low);
}
