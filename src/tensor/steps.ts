import { magnitude, type ConvexNorm, type Vector } from './norms.js';

/** Gradients shorter than this are not scaled up to a full step. */
const SMALLEST_LENGTH = 1e-12;

/**
 * Adds to `point`, in place, the step of length `stepSize` in the norm along which a function with this gradient rises
 * fastest; a negative step size descends. A zero gradient is no step.
 */
export type SteepestStep = (gradient: Vector, point: Vector, stepSize: number) => void;

export const steepestStep: Readonly<Record<ConvexNorm, SteepestStep>> = {
  /** The sign of the gradient; sign(0) = 0. */
  linf: (gradient, point, stepSize) => {
    for (let i = 0; i < point.length; i++) {
      const slope = gradient[i]!;
      if (slope > 0) point[i]! += stepSize;
      else if (slope < 0) point[i]! -= stepSize;
    }
  },
  /** The gradient over max(its length, 1e-12). */
  l2: (gradient, point, stepSize) => {
    const scale = stepSize / Math.max(magnitude('l2', gradient), SMALLEST_LENGTH);
    for (let i = 0; i < point.length; i++) point[i]! += scale * gradient[i]!;
  },
  /** All of it on the coordinate of largest absolute gradient, the lowest index among equals. */
  l1: (gradient, point, stepSize) => {
    let steepest = 0;
    for (let i = 1; i < gradient.length; i++) {
      if (Math.abs(gradient[i]!) > Math.abs(gradient[steepest]!)) steepest = i;
    }
    point[steepest]! += stepSize * Math.sign(gradient[steepest]!);
  },
};
