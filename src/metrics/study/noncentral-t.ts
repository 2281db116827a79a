import { erf } from 'mathjs/number';

/** Range of a standard normal variable outside which its density counts as 0, and the steps it is cut in. */
const RANGE = 8.5;
const STEPS = 340;

const { abs, ceil, exp, sqrt } = Math;

/**
 * P(T <= t) of the noncentral t distribution: T = (Z + noncentrality) / sqrt(C / freedom) with Z standard normal and C chi-square.
 * For t > 0 it is 1 - E[P(C <= freedom ((Z + noncentrality) / t)^2)], where only Z > -noncentrality counts; the mean over Z by the
 * trapezoidal rule, which on a smooth function that ends at 0 is exact to about 1e-7.
 * @param freedom an integer of at least 2
 */
export function noncentralT(t: number, freedom: number, noncentrality: number): number {
  if (t < 0) return 1 - noncentralT(-t, freedom, -noncentrality);
  if (t === 0) return normal(-noncentrality);
  const step = (2 * RANGE) / STEPS;
  let sum = 0;
  for (let i = 0; i <= STEPS; i++) {
    const z = -RANGE + i * step;
    const root = (z + noncentrality) / t;
    if (root > 0) sum += exp(-0.5 * z * z) * chiSquare(freedom * root * root, freedom);
  }
  return 1 - (sum * step) / sqrt(2 * Math.PI);
}

/**
 * The noncentrality under which a t at least as large as this one has the given probability.
 * @param tail in (0, 1)
 */
export function noncentralityOf(t: number, freedom: number, tail: number): number {
  // The larger the noncentrality, the larger the chance of a t above this one.
  const excess = (noncentrality: number) => 1 - noncentralT(t, freedom, noncentrality) - tail;
  const reach = 10 + 3 * abs(t);
  let [low, high] = [t - reach, t + reach];
  const bisections = ceil(Math.log2((high - low) / (1e-6 * (1 + abs(t)))));
  for (let i = 0; i < bisections; i++) {
    const middle = (low + high) / 2;
    if (excess(middle) < 0) low = middle;
    else high = middle;
  }
  return (low + high) / 2;
}

const normal = (x: number): number => 0.5 * (1 + erf(x * Math.SQRT1_2));

/** P(C <= x) of a chi-square variable: a finite sum, as the degrees of freedom are whole. */
function chiSquare(x: number, freedom: number): number {
  const half = x / 2;
  const isEven = freedom % 2 === 0;
  let term = exp(-half) * (isEven ? 1 : 2 * sqrt(half / Math.PI));
  let above = term;
  for (let k = isEven ? 1 : 1.5; k + 0.5 < (freedom + 1) / 2; k++) {
    term *= half / k;
    above += term;
  }
  return (isEven ? 1 : erf(sqrt(half))) - above;
}
