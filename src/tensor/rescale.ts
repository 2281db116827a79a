import { clamp } from './clamp.js';
import { magnitude, type Vector } from './norms.js';

const { abs, min, sqrt } = Math;

/** Share of the largest component below which one counts as zero. */
const NEGLIGIBLE = 1e-12;

/**
 * The factor by which a direction must be scaled for `clip(clean + factor * direction, lower, upper)` to lie at distance
 * `epsilon` from `clean`: as coordinates reach the bounds, the others go further. Infinity when the whole way to the bounds is
 * no further than epsilon.
 *
 * Rauber, Bethge, "Fast differentiable clipping-aware normalization and rescaling", 2020, arXiv:2007.07677: the distance
 * is piecewise linear (L1) or its square piecewise quadratic (L2) in the factor, with a break where a coordinate meets a
 * bound. Exact in float64.
 * @param clean within the bounds
 * @param direction components below 1e-12 of the largest do not move: their squares would be lost in the sum.
 */
export function clippedScale(
  norm: 'l1' | 'l2',
  clean: Vector,
  direction: Vector,
  epsilon: number,
  lower: number,
  upper: number,
): number {
  const power = norm === 'l1' ? 1 : 2;
  const breaks: { readonly at: number; readonly speed: number; readonly room: number }[] = [];
  const negligible = NEGLIGIBLE * magnitude('linf', direction);
  for (let i = 0; i < direction.length; i++) {
    const speed = abs(direction[i]!);
    const room = direction[i]! > 0 ? upper - clean[i]! : clean[i]! - lower;
    if (speed <= negligible || room === 0) continue;
    breaks.push({ at: room / speed, speed: speed ** power, room: room ** power });
  }
  breaks.sort((a, b) => a.at - b.at);
  // Summed from the end: taking the fast ones off a total would leave nothing but its rounding for the slow ones.
  const movingFrom = new Float64Array(breaks.length + 1);
  for (let i = breaks.length - 1; i >= 0; i--) movingFrom[i] = movingFrom[i + 1]! + breaks[i]!.speed;

  const budget = epsilon ** power;
  let stopped = 0;
  for (const [i, { at, room }] of breaks.entries()) {
    const moving = movingFrom[i]!;
    // Up to this break the coordinates that still move cover `moving * factor ** power`.
    if (stopped + moving * at ** power >= budget) {
      const share = (budget - stopped) / moving;
      return min(norm === 'l1' ? share : sqrt(share), at);
    }
    stopped += room;
  }
  return Infinity;
}

/**
 * Adds to a copy of `clean` the direction at the length epsilon, clipped to the bounds, in float64: on the sphere of radius
 * epsilon, or as far as the bounds let it.
 */
export function addClipped(
  norm: 'l1' | 'l2',
  clean: Vector,
  direction: Vector,
  epsilon: number,
  lower: number,
  upper: number,
): Float64Array {
  const largest = magnitude('linf', direction);
  if (largest === 0) return Float64Array.from(clean);
  const unit = Float64Array.from(direction);
  for (let i = 0; i < unit.length; i++) unit[i] = unit[i]! / largest;
  const scale = clippedScale(norm, clean, unit, epsilon, lower, upper);
  const moved = new Float64Array(clean.length);
  for (let i = 0; i < moved.length; i++) {
    const step = abs(unit[i]!) <= NEGLIGIBLE ? 0 : scale * unit[i]!;
    moved[i] = clamp(clean[i]! + step, lower, upper);
  }
  return moved;
}
