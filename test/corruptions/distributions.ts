/** Largest distance between the cumulative shares of a sample and of a law (Kolmogorov-Smirnov). */
export function kolmogorovDistance(sample: ArrayLike<number>, cumulative: (value: number) => number): number {
  const sorted = Float64Array.from(sample).sort();
  let distance = 0;
  for (let i = 0; i < sorted.length;) {
    const value = sorted[i]!;
    const below = i / sorted.length;
    while (i < sorted.length && sorted[i] === value) i++;
    const law = cumulative(value);
    distance = Math.max(distance, Math.abs(law - i / sorted.length));
    // A law with steps, as of counts, has the step just below the value too.
    distance = Math.max(distance, Math.abs(cumulative(value - Math.abs(value) * 1e-12 - 1e-12) - below));
  }
  return distance;
}

/** Probability that a standard normal number is at most `value`; Abramowitz, Stegun 7.1.26, to 1.5e-7. */
export function normalCumulative(value: number): number {
  const x = Math.abs(value) / Math.SQRT2;
  const t = 1 / (1 + 0.3275911 * x);
  const polynomial =
    t * (0.254829592 + t * (-0.284496736 + t * (1.421413741 + t * (-1.453152027 + t * 1.061405429))));
  const tail = (polynomial * Math.exp(-x * x)) / 2;
  return value < 0 ? tail : 1 - tail;
}

/** Probability that a Poisson number of that mean is at most `value`, by its definition. */
export function poissonCumulative(mean: number): (value: number) => number {
  const shares: number[] = [];
  let logFactorial = 0;
  let sum = 0;
  for (let count = 0; count < mean + 20 * Math.sqrt(mean) + 20; count++) {
    if (count > 0) logFactorial += Math.log(count);
    sum += Math.exp(count * Math.log(mean) - mean - logFactorial);
    shares.push(sum);
  }
  return (value) => (value < 0 ? 0 : (shares[Math.floor(value)] ?? 1));
}
