/** A function to be made small: its value, with its gradient written into `gradient`. */
export type Objective = (at: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly at: Float64Array;
  readonly value: number;
  readonly iterations: number;
  /** Whether the gradient is as small as asked for. */
  readonly converged: boolean;
}

export interface LbfgsOptions {
  /** Ends when no component of the gradient is larger. */
  readonly tolerance: number;
  /** Ends after so many iterations at the latest. */
  readonly iterations: number;
}

/** Pairs of steps and gradient changes remembered. */
const MEMORY = 10;
/** Share of the decrease promised by the slope that a step must bring (Armijo). */
const SUFFICIENT = 1e-4;
/** Halvings of a step at most; what is still no descent then is rounding. */
const HALVINGS = 50;

const { abs, max, min, sqrt } = Math;

/**
 * Limited-memory BFGS with backtracking, for smooth convex functions (Nocedal and Wright 2006, "Numerical Optimization",
 * algorithms 7.4, 7.5 and 3.1). A pair whose curvature is not positive is not remembered. Also ends where no step brings a
 * decrease: then the minimum is as near as rounding lets it.
 */
export function lbfgs(
  objective: Objective,
  start: Float64Array,
  { tolerance, iterations }: LbfgsOptions,
): Minimum {
  let at = Float64Array.from(start);
  let gradient = new Float64Array(at.length);
  let value = objective(at, gradient);
  const pairs: { s: Float64Array; y: Float64Array; curvature: number }[] = [];
  let done = 0;
  while (done < iterations && largest(gradient) > tolerance) {
    const direction = descent(gradient, pairs);
    const slope = dot(direction, gradient);
    let step = pairs.length === 0 ? min(1, 1 / sqrt(dot(gradient, gradient))) : 1;
    let moved: { at: Float64Array<ArrayBuffer>; gradient: Float64Array<ArrayBuffer>; value: number } | null =
      null;
    for (let halving = 0; halving < HALVINGS && moved === null; halving++, step /= 2) {
      const next = at.map((x, i) => x + step * direction[i]!);
      const nextGradient = new Float64Array(at.length);
      const nextValue = objective(next, nextGradient);
      if (nextValue <= value + SUFFICIENT * step * slope)
        moved = { at: next, gradient: nextGradient, value: nextValue };
    }
    if (moved === null) break;
    const before = { at, gradient };
    ({ at, gradient, value } = moved);
    const s = at.map((x, i) => x - before.at[i]!);
    const y = gradient.map((g, i) => g - before.gradient[i]!);
    const curvature = dot(s, y);
    if (curvature > Number.EPSILON * dot(y, y)) pairs.push({ s, y, curvature });
    if (pairs.length > MEMORY) pairs.shift();
    done += 1;
  }
  return { at, value, iterations: done, converged: largest(gradient) <= tolerance };
}

/** The two-loop recursion: minus the approximate inverse Hessian times the gradient. */
function descent(
  gradient: Float64Array,
  pairs: readonly { s: Float64Array; y: Float64Array; curvature: number }[],
): Float64Array {
  const q = gradient.map((g) => -g);
  const shares = new Float64Array(pairs.length);
  for (let k = pairs.length - 1; k >= 0; k--) {
    const { s, y, curvature } = pairs[k]!;
    const share = dot(s, q) / curvature;
    shares[k] = share;
    for (let i = 0; i < q.length; i++) q[i]! -= share * y[i]!;
  }
  const last = pairs.at(-1);
  const scale = last === undefined ? 1 : last.curvature / dot(last.y, last.y);
  for (let i = 0; i < q.length; i++) q[i]! *= scale;
  for (const [k, { s, y, curvature }] of pairs.entries()) {
    const share = shares[k]! - dot(y, q) / curvature;
    for (let i = 0; i < q.length; i++) q[i]! += share * s[i]!;
  }
  return q;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i]! * b[i]!;
  return sum;
}

function largest(values: Float64Array): number {
  let found = 0;
  for (const value of values) found = max(found, abs(value));
  return found;
}
