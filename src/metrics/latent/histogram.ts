import type { BinaryCoordinate } from './binarity.js';
import type { LatentPoints } from './points.js';

/** How many values fall in each of equally wide bins. */
export interface Histogram {
  /** Outer edges: of the first bin and of the last. */
  readonly lower: number;
  readonly upper: number;
  readonly counts: readonly number[];
}

/** Histograms of a latent space. */
export interface LatentHistograms {
  /** One per coordinate, in its own units, from its smallest value to its largest. */
  readonly coordinates: readonly Histogram[];
  /**
   * Every value of every coordinate that is not constant, on a scale where the lower peak of its coordinate is -1 and the upper
   * one 1 (the means of the mixture, see binarity.ts); values beyond the edges are in the outer bins. Null without such
   * coordinates. A binary code has two bars, one Gaussian a hill.
   */
  readonly pooled: Histogram | null;
}

/** Bins of a coordinate: a terminal shows as many beside its edges. */
const BINS = 32;

/** Bins between the edges of the pooled histogram; both peaks are in the middle of one. */
const POOLED_BINS = 41;
const POOLED_EDGE = 2.05;

/** @param coordinates those of the same points, from `binarityOf` */
export function latentHistograms(
  points: LatentPoints,
  coordinates: readonly BinaryCoordinate[],
): LatentHistograms {
  return {
    coordinates: coordinates.map((_one, j) => ownHistogram(points, j)),
    pooled: coordinates.every(isConstant) ? null : pooledHistogram(points, coordinates),
  };
}

const isConstant = ({ values: [low, high] }: BinaryCoordinate): boolean => low === high;

function ownHistogram({ z, width }: LatentPoints, j: number): Histogram {
  let [lower, upper] = z.length === 0 ? [0, 0] : [Infinity, -Infinity];
  for (let at = j; at < z.length; at += width) {
    if (z[at]! < lower) lower = z[at]!;
    if (z[at]! > upper) upper = z[at]!;
  }
  const counts = new Array<number>(BINS).fill(0);
  const scale = upper > lower ? BINS / (upper - lower) : 0;
  for (let at = j; at < z.length; at += width) counts[binOf((z[at]! - lower) * scale, BINS)]! += 1;
  return { lower, upper, counts };
}

function pooledHistogram({ z, width }: LatentPoints, coordinates: readonly BinaryCoordinate[]): Histogram {
  const counts = new Array<number>(POOLED_BINS).fill(0);
  const scale = POOLED_BINS / (2 * POOLED_EDGE);
  for (const [j, coordinate] of coordinates.entries()) {
    if (isConstant(coordinate)) continue;
    const { values, threshold } = coordinate;
    const half = (values[1] - values[0]) / 2;
    for (let at = j; at < z.length; at += width)
      counts[binOf(((z[at]! - threshold) / half + POOLED_EDGE) * scale, POOLED_BINS)]! += 1;
  }
  return { lower: -POOLED_EDGE, upper: POOLED_EDGE, counts };
}

const binOf = (place: number, bins: number): number => Math.max(0, Math.min(bins - 1, Math.floor(place)));
