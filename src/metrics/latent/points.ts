import type { Vector } from '../../tensor/norms.js';

/** Latent vectors of n examples, with the classes they belong to and those they are given. */
export interface LatentPoints {
  /** n x width, row-major, finite. */
  readonly z: Vector;
  /** Units P of the penultimate layer. */
  readonly width: number;
  /** True class of each example, 0..numClasses-1. */
  readonly labels: Int32Array;
  /** Class the model predicts for each example, 0..numClasses-1. */
  readonly predictions: Int32Array;
  readonly numClasses: number;
}

/** The points of the given rows, in that order. */
export function takePoints(points: LatentPoints, rows: ArrayLike<number>): LatentPoints {
  const { width, z } = points;
  const taken = new Float64Array(rows.length * width);
  for (let i = 0; i < rows.length; i++) {
    taken.set(z.subarray(rows[i]! * width, (rows[i]! + 1) * width), i * width);
  }
  const pick = (values: Int32Array) => Int32Array.from(rows, (row) => values[row]!);
  return { ...points, z: taken, labels: pick(points.labels), predictions: pick(points.predictions) };
}
