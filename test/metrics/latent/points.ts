import { keyedStream } from '../../../src/random/keyed.js';
import type { LatentPoints } from '../../../src/metrics/latent/points.js';

/** `perClass` examples of each class, all predicted right, with coordinates made by `at(label, unit)`. */
export function pointsOf(
  numClasses: number,
  perClass: number,
  width: number,
  at: (label: number, unit: number) => number,
): LatentPoints {
  const labels = Int32Array.from({ length: numClasses * perClass }, (_, i) => i % numClasses);
  const z = Float64Array.from({ length: labels.length * width }, (_, i) =>
    at(labels[Math.floor(i / width)]!, i % width),
  );
  return { z, width, labels, predictions: labels, numClasses };
}

/** Coordinates of a regular simplex of `count` vertices in `count` dimensions: unit vectors. */
export const simplex = (label: number, unit: number): number => Number(label === unit);

/** Standard normals, one after the other. */
export const normals = (seed: number): (() => number) => {
  const stream = keyedStream(seed, 0, 'test/latent');
  return () => stream.normal();
};
