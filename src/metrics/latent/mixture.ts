/** A mixture of two Gaussians on a line, fitted to values; the component with the lower mean first. */
export interface Mixture {
  readonly weights: readonly [number, number];
  readonly means: readonly [number, number];
  /** Standard deviations. */
  readonly deviations: readonly [number, number];
  /** Mean log-likelihood per value, natural logarithm. */
  readonly logLikelihood: number;
  readonly iterations: number;
  /** What is to be known when reading the fit. */
  readonly flags: readonly MixtureFlag[];
}

/**
 * `at-floor`: a component has the smallest variance allowed, so its values are one point; `empty-component`: a component holds
 * less than half a value, and the fit ended there; `not-converged`: the iterations ran out.
 */
export type MixtureFlag = 'at-floor' | 'empty-component' | 'not-converged';

/** Smallest variance of a component, of values with variance 1. */
export const VARIANCE_FLOOR = 1e-6;

/** Values that a component must hold: less than the one that a lone outlier is. */
const SMALLEST = 0.5;

/** Iterations at most, and the gain in mean log-likelihood below which they end. */
const ITERATIONS = 1000;
const TOLERANCE = 1e-8;

const HALF_LOG_TAU = 0.5 * Math.log(2 * Math.PI);

const { abs, exp, log, max, sqrt } = Math;

/** Distinct values, ascending, and how often each occurs: collapsed coordinates have few. */
interface Distinct {
  readonly values: Float64Array;
  readonly counts: Float64Array;
}

/** Weight, mean and variance of both components. */
interface State {
  readonly weights: readonly [number, number];
  readonly means: readonly [number, number];
  readonly variances: readonly [number, number];
}

/**
 * Fits the mixture by expectation maximisation (Dempster, Laird, Rubin 1977), from the best split of the values in two (least
 * squares, which on a line is exact): no random start, and the order of the values does not matter. It ends at a local optimum,
 * the one that start leads to.
 * @param values at least two different ones, standardised to variance 1; not changed
 * @param start another start than the best split
 */
export function fitMixture(values: Float64Array, start?: State): Mixture {
  const distinct = distinctOf(values);
  let state = start ?? splitInTwo(distinct, values.length);
  let previous = -Infinity;
  const flags = new Set<MixtureFlag>();
  let iterations = 0;
  for (;;) {
    const next = step(distinct, state, values.length);
    const converged = next.logLikelihood - previous < TOLERANCE;
    previous = next.logLikelihood;
    if (next.empty) flags.add('empty-component');
    if (!converged && iterations === ITERATIONS) flags.add('not-converged');
    if (converged || next.empty || iterations === ITERATIONS) break;
    state = next.state;
    iterations += 1;
  }
  if (state.variances.includes(VARIANCE_FLOOR)) flags.add('at-floor');
  const [first, second] = state.means[0] <= state.means[1] ? [0, 1] : ([1, 0] as const);
  const pair = (of: readonly [number, number]) => [of[first]!, of[second]!] as const;
  return {
    weights: pair(state.weights),
    means: pair(state.means),
    deviations: pair([sqrt(state.variances[0]), sqrt(state.variances[1])]),
    ...{ logLikelihood: previous, iterations, flags: [...flags].sort() },
  };
}

function distinctOf(values: Float64Array): Distinct {
  const sorted = Float64Array.from(values).sort();
  const counts = new Float64Array(sorted.length);
  let used = 0;
  for (let i = 0; i < sorted.length; i++) {
    if (i === 0 || sorted[i] !== sorted[used - 1]) sorted[used++] = sorted[i]!;
    counts[used - 1]! += 1;
  }
  return { values: sorted.subarray(0, used), counts: counts.subarray(0, used) };
}

/** The two sides of the threshold with the least squares around their means. */
function splitInTwo({ values, counts }: Distinct, n: number): State {
  let total = 0;
  for (let i = 0; i < values.length; i++) total += counts[i]! * values[i]!;
  let best = { score: -Infinity, end: 1, size: 0, sum: 0 };
  let [size, sum] = [0, 0];
  for (let end = 1; end < values.length; end++) {
    size += counts[end - 1]!;
    sum += counts[end - 1]! * values[end - 1]!;
    // Scatter between the sides, up to a constant.
    const score = sum ** 2 / size + (total - sum) ** 2 / (n - size);
    if (score > best.score) best = { score, end, size, sum };
  }
  const means: [number, number] = [best.sum / best.size, (total - best.sum) / (n - best.size)];
  const squares: [number, number] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const side = i < best.end ? 0 : 1;
    squares[side] += counts[i]! * (values[i]! - means[side]) ** 2;
  }
  return {
    weights: [best.size / n, 1 - best.size / n],
    means,
    variances: [
      max(squares[0] / best.size, VARIANCE_FLOOR),
      max(squares[1] / (n - best.size), VARIANCE_FLOOR),
    ],
  };
}

/** One expectation step, with the likelihood of the state it started from, and one maximisation step. */
function step(
  { values, counts }: Distinct,
  { weights, means, variances }: State,
  n: number,
): { readonly state: State; readonly logLikelihood: number; readonly empty: boolean } {
  const [m0, m1] = means;
  const [v0, v1] = variances;
  const c0 = log(weights[0]) - 0.5 * log(v0) - HALF_LOG_TAU;
  const c1 = log(weights[1]) - 0.5 * log(v1) - HALF_LOG_TAU;
  let likelihood = 0;
  let [n0, n1, s0, s1] = [0, 0, 0, 0];
  const shares = new Float64Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const [x, count] = [values[i]!, counts[i]!];
    const a = c0 - (0.5 * (x - m0) * (x - m0)) / v0;
    const b = c1 - (0.5 * (x - m1) * (x - m1)) / v1;
    const smaller = exp(-abs(a - b));
    likelihood += count * (max(a, b) + log(1 + smaller));
    const share = (a >= b ? smaller : 1) / (1 + smaller);
    shares[i] = share;
    n1 += count * share;
    s1 += count * share * x;
    n0 += count * (1 - share);
    s0 += count * (1 - share) * x;
  }
  const logLikelihood = likelihood / n;
  if (n0 < SMALLEST || n1 < SMALLEST)
    return { state: { weights, means, variances }, logLikelihood, empty: true };
  const next: [number, number] = [s0 / n0, s1 / n1];
  let [q0, q1] = [0, 0];
  for (let i = 0; i < values.length; i++) {
    const [x, count, share] = [values[i]!, counts[i]!, shares[i]!];
    q0 += count * (1 - share) * (x - next[0]) * (x - next[0]);
    q1 += count * share * (x - next[1]) * (x - next[1]);
  }
  const state: State = {
    weights: [n0 / n, n1 / n],
    means: next,
    variances: [max(q0 / n0, VARIANCE_FLOOR), max(q1 / n1, VARIANCE_FLOOR)],
  };
  return { state, logLikelihood, empty: false };
}
