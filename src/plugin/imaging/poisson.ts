/** Standard deviations of a Poisson law beyond which nothing is tabulated; what is cut off is below the last bit of 1. */
const REACH = 12;
/** Added to the reach, for laws with so small a mean that their deviation says little. */
const LEAST_REACH = 30;

/** Counts `first`, `first` + 1, ... and the probability of at most each. */
export interface PoissonLaw {
  readonly first: number;
  readonly cumulative: Float64Array;
}

/** The Poisson law of a mean, at least 0. */
export function poissonLaw(mean: number): PoissonLaw {
  const mode = Math.floor(mean);
  const reach = Math.ceil(REACH * Math.sqrt(mean)) + LEAST_REACH;
  const first = Math.max(mode - reach, 0);
  const cumulative = new Float64Array(mode + reach - first + 1);
  // From the mode, whose weight is 1, outward; so no mean is too large for the exponential.
  cumulative[mode - first] = 1;
  for (let count = mode; count > first; count--) {
    cumulative[count - 1 - first] = (cumulative[count - first]! * count) / mean;
  }
  for (let count = mode + 1; count - first < cumulative.length; count++) {
    cumulative[count - first] = (cumulative[count - 1 - first]! * mean) / count;
  }
  let sum = 0;
  for (let i = 0; i < cumulative.length; i++) cumulative[i] = sum += cumulative[i]!;
  for (let i = 0; i < cumulative.length; i++) cumulative[i]! /= sum;
  return { first, cumulative };
}

/** The count at which the law's cumulative probability first exceeds `probability`, in [0, 1). */
export function poissonQuantile({ first, cumulative }: PoissonLaw, probability: number): number {
  let low = 0;
  let high = cumulative.length - 1;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (cumulative[middle]! > probability) high = middle;
    else low = middle + 1;
  }
  return first + low;
}
