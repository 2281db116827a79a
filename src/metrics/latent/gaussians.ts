import { cholesky, inverseQuadratic } from './cholesky.js';
import type { LatentPoints } from './points.js';

/** Mean variance of a class, of features with variance 1, below which its points are one and what is left is rounding. */
const SMALLEST_VARIANCE = 1e-20;

/** One Gaussian per class, of standardised features. */
export interface ClassGaussians {
  /** width: mean of each feature, and its standard deviation; 0 of a constant feature, which does not count. */
  readonly centre: Float64Array;
  readonly scale: Float64Array;
  /** By class; null of a class without points, or whose points are all the same: a Gaussian needs a spread. */
  readonly classes: readonly (Gaussian | null)[];
}

interface Gaussian {
  readonly mean: Float64Array;
  /** Covariance divided by n, lower triangle of width x width. */
  readonly covariance: Float64Array;
}

/**
 * Means and covariances of the classes on points that are predicted right: true and predicted class agree there. Features are
 * standardised by their mean and standard deviation over those points.
 */
export function fitGaussians({ z, width, labels, predictions, numClasses }: LatentPoints): ClassGaussians {
  const right: number[] = [];
  labels.forEach((label, i) => {
    if (label === predictions[i]) right.push(i);
  });
  const { centre, scale } = standardisation(z, width, right);
  const rows = Array.from({ length: numClasses }, (): number[] => []);
  for (const i of right) rows[labels[i]!]!.push(i);
  const deviation = new Float64Array(width);
  const classes = rows.map((ofClass): Gaussian | null => {
    const mean = new Float64Array(width);
    for (const i of ofClass) {
      for (let j = 0; j < width; j++) mean[j]! += standardise(z[i * width + j]!, centre[j]!, scale[j]!);
    }
    for (let j = 0; j < width; j++) mean[j]! /= ofClass.length;
    const covariance = new Float64Array(width * width);
    for (const i of ofClass) {
      for (let j = 0; j < width; j++)
        deviation[j] = standardise(z[i * width + j]!, centre[j]!, scale[j]!) - mean[j]!;
      for (let j = 0; j < width; j++) {
        const row = j * width;
        for (let k = 0; k <= j; k++) covariance[row + k]! += deviation[j]! * deviation[k]!;
      }
    }
    for (let at = 0; at < covariance.length; at++) covariance[at]! /= ofClass.length;
    return traceOf(covariance, width) > SMALLEST_VARIANCE * width ? { mean, covariance } : null;
  });
  return { centre, scale, classes };
}

/**
 * Mahalanobis distance of each example to the Gaussian of its predicted class, with the covariance S + lambda tr(S) / P I, P the
 * features that are not constant: the ridge is a share of the mean variance, so that it means the same in every latent space.
 * @param lambda above 0
 * @returns NaN where the predicted class has no Gaussian
 */
export function mahalanobisDistances(
  { centre, scale, classes }: ClassGaussians,
  { z, width, predictions }: LatentPoints,
  lambda: number,
): Float64Array {
  const features = scale.reduce((count, one) => count + Number(one > 0), 0);
  const factors = classes.map((gaussian) => {
    if (gaussian === null) return null;
    const ridged = Float64Array.from(gaussian.covariance);
    const ridge = (lambda * traceOf(ridged, width)) / features;
    for (let j = 0; j < width; j++) ridged[j * width + j]! += ridge;
    return cholesky(ridged, width);
  });
  const [deviation, scratch] = [new Float64Array(width), new Float64Array(width)];
  return Float64Array.from(predictions, (predicted, i) => {
    const [gaussian, factor] = [classes[predicted], factors[predicted]];
    if (!gaussian || !factor) return NaN;
    for (let j = 0; j < width; j++)
      deviation[j] = standardise(z[i * width + j]!, centre[j]!, scale[j]!) - gaussian.mean[j]!;
    return Math.sqrt(inverseQuadratic(factor, deviation, scratch));
  });
}

/** A constant feature is 0 everywhere, away from the points it was found on too. */
const standardise = (value: number, centre: number, scale: number): number =>
  scale > 0 ? (value - centre) / scale : 0;

function standardisation(
  z: LatentPoints['z'],
  width: number,
  rows: readonly number[],
): Pick<ClassGaussians, 'centre' | 'scale'> {
  const [centre, scale] = [new Float64Array(width), new Float64Array(width)];
  for (let j = 0; j < width; j++) {
    let sum = 0;
    for (const i of rows) sum += z[i * width + j]!;
    const mean = sum / rows.length;
    let [squares, constant] = [0, true];
    for (const i of rows) {
      squares += (z[i * width + j]! - mean) ** 2;
      constant &&= z[i * width + j] === z[rows[0]! * width + j];
    }
    centre[j] = mean;
    scale[j] = constant ? 0 : Math.sqrt(squares / rows.length);
  }
  return { centre, scale };
}

function traceOf(matrix: Float64Array, n: number): number {
  let trace = 0;
  for (let i = 0; i < n; i++) trace += matrix[i * n + i]!;
  return trace;
}
