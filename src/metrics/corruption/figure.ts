/** A number, or why there is none. */
export type Figure = { readonly value: number } | { readonly value: null; readonly reason: string };

/**
 * A quotient that is not taken where it would say nothing.
 * @param reason why not, for a denominator that is not positive
 */
export function quotient(numerator: number, denominator: number, reason: string): Figure {
  return denominator > 0 ? { value: numerator / denominator } : { value: null, reason };
}

/** The mean of figures, each of a name; that of the first figure without a number is the reason where there is none. */
export function meanFigure(figures: readonly (readonly [name: string, figure: Figure])[]): Figure {
  let sum = 0;
  for (const [name, figure] of figures) {
    if (figure.value === null) return { value: null, reason: `${name}: ${figure.reason}` };
    sum += figure.value;
  }
  return quotient(sum, figures.length, 'there is nothing to take the mean of');
}
