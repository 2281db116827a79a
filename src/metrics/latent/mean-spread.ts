/** A mean with the standard deviation around it (of the population: divided by n). */
export interface MeanSpread {
  readonly mean: number;
  readonly std: number;
}

/** Mean and standard deviation in two passes; null of no values. */
export function meanSpread(values: ArrayLike<number>): MeanSpread | null {
  const n = values.length;
  if (n === 0) return null;
  let sum = 0;
  for (let i = 0; i < n; i++) sum += values[i]!;
  const mean = sum / n;
  let squares = 0;
  for (let i = 0; i < n; i++) squares += (values[i]! - mean) ** 2;
  return { mean, std: Math.sqrt(squares / n) };
}
