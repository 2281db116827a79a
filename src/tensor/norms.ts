import type { Norm } from '../plugin/threat.js';

/** Values of a vector; float32 data and float64 intermediates are read alike. */
export type Vector = Float32Array | Float64Array;

// Global lookups in these loops show where tests run them.
const { abs, max, sqrt } = Math;

type Difference = (a: Vector, b: Vector) => number;

const differences: Record<Norm, Difference> = {
  linf: (a, b) => {
    let largest = 0;
    for (let i = 0; i < a.length; i++) largest = max(largest, abs(a[i]! - b[i]!));
    return largest;
  },
  l2: (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
    return sqrt(sum);
  },
  l1: (a, b) => {
    let sum = 0;
    for (let i = 0; i < a.length; i++) sum += abs(a[i]! - b[i]!);
    return sum;
  },
  l0: (a, b) => {
    let count = 0;
    for (let i = 0; i < a.length; i++) {
      const difference = a[i]! - b[i]!;
      if (Number.isNaN(difference)) return NaN;
      if (difference !== 0) count++;
    }
    return count;
  },
};

/**
 * Distance of two vectors of equal length, accumulated in float64. `l0` counts the coordinates that differ. NaN when any
 * difference is NaN.
 */
export function distance(norm: Norm, a: Vector, b: Vector): number {
  return differences[norm](a, b);
}

/** Norm of one vector; `l0` counts its non-zero coordinates. */
export function magnitude(norm: Norm, vector: Vector): number {
  return differences[norm](vector, new Float32Array(vector.length));
}

/** Norms that have a dual: all but `l0`, which is no norm. */
export type ConvexNorm = Exclude<Norm, 'l0'>;

/** The dual q of each norm p: 1/p + 1/q = 1, so that |<g, d>| <= ||g||_q ||d||_p (Hoelder). */
export const dualNorm: Readonly<Record<ConvexNorm, ConvexNorm>> = { linf: 'l1', l2: 'l2', l1: 'linf' };
