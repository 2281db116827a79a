import { quantile } from '../resample.js';
import { meanSpread, type MeanSpread } from './mean-spread.js';
import { fitMixture, type MixtureFlag } from './mixture.js';
import type { LatentPoints } from './points.js';

/** A latent coordinate as a binary one. */
export interface BinaryCoordinate {
  /** Mean and standard deviation of the coordinate itself; a deviation of 0 means that it is constant and has no fit. */
  readonly centre: number;
  readonly scale: number;
  /** Means of the two components, lower first, in the coordinate's own units. Both are the constant of a constant coordinate. */
  readonly values: readonly [number, number];
  /** Half way between them: a coordinate above it is a 1. */
  readonly threshold: number;
  /**
   * Of the standardised coordinate: mean log-likelihood, mean of the two standard deviations, distance of the means over it;
   * null if constant.
   */
  readonly score: number | null;
  readonly deviation: number | null;
  readonly separation: number | null;
  readonly flags: readonly ('constant' | MixtureFlag)[];
}

/** How binary a latent space is. */
export interface Binarity {
  readonly coordinates: readonly BinaryCoordinate[];
  /** Mean and spread over the coordinates that are not constant; null when all are. */
  readonly score: MeanSpread | null;
  readonly deviation: MeanSpread | null;
  readonly separation: MeanSpread | null;
  /**
   * Median of the separation: a unit that is zero but for a few examples is at the floor, and a few of these decide the mean
   * alone.
   */
  readonly medianSeparation: number | null;
  /** Coordinates with each flag; `constant` ones are not in the means. */
  readonly flags: Readonly<Record<'constant' | MixtureFlag, number>>;
}

/**
 * Binarity of a latent space: per coordinate, standardised to mean 0 and variance 1, a mixture of two Gaussians (see
 * mixture.ts). A perfect binary code has deviation 1e-3, the floor, and separation 2000 where both values are as frequent; one
 * Gaussian cut in two has about 2.65 at the start of the fit.
 *
 * Sbailo and Ghiringhelli, arXiv:2310.08224.
 */
export function binarityOf({ z, width, labels }: LatentPoints): Binarity {
  const column = new Float64Array(labels.length);
  const coordinates = Array.from({ length: width }, (_, j) => {
    for (let i = 0; i < column.length; i++) column[i] = z[i * width + j]!;
    return coordinateOf(column);
  });
  const valuesOf = (measure: 'score' | 'deviation' | 'separation') =>
    coordinates.map((one) => one[measure]).filter((value) => value !== null);
  const over = (measure: 'score' | 'deviation' | 'separation') => meanSpread(valuesOf(measure));
  const separations = valuesOf('separation').sort((a, b) => a - b);
  const flagged = (flag: keyof Binarity['flags']) =>
    coordinates.filter(({ flags }) => flags.includes(flag)).length;
  return {
    coordinates,
    ...{ score: over('score'), deviation: over('deviation'), separation: over('separation') },
    medianSeparation: separations.length === 0 ? null : quantile(separations, 0.5),
    flags: {
      constant: flagged('constant'),
      'at-floor': flagged('at-floor'),
      'empty-component': flagged('empty-component'),
      'not-converged': flagged('not-converged'),
    },
  };
}

function coordinateOf(column: Float64Array): BinaryCoordinate {
  const [first] = column;
  if (first === undefined || column.every((value) => value === first)) {
    const value = first ?? 0;
    return {
      ...{ centre: value, scale: 0, values: [value, value], threshold: value },
      ...{ score: null, deviation: null, separation: null, flags: ['constant'] },
    };
  }
  const { mean: centre, std: scale } = meanSpread(column)!;
  const { means, deviations, logLikelihood, flags } = fitMixture(
    column.map((value) => (value - centre) / scale),
  );
  const values = [centre + scale * means[0], centre + scale * means[1]] as const;
  const deviation = (deviations[0] + deviations[1]) / 2;
  return {
    ...{ centre, scale, values, threshold: (values[0] + values[1]) / 2 },
    ...{ score: logLikelihood, deviation, separation: (means[1] - means[0]) / deviation, flags },
  };
}
