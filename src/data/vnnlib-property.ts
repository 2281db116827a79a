/** Y_greater >= Y_smaller. */
export interface Comparison {
  readonly greater: number;
  readonly smaller: number;
}

/** What makes an input a counterexample: any other class beats the label, or the target beats every other class. */
export type Property =
  | { readonly kind: 'untargeted'; readonly label: number }
  | { readonly kind: 'targeted'; readonly target: number };

/**
 * The misclassification that an output property describes.
 * @param clauses disjunctions of conjunctions, all of which must hold; each pair as the file has it
 * @returns what was found instead, when it is something else
 */
export function robustnessProperty(
  clauses: readonly (readonly (readonly Comparison[])[])[],
  numClasses: number,
): Property | string {
  if (clauses.length === 0) return 'found no property of the outputs';
  const [first, ...others] = clauses;
  const single = first!.length > 0 && first!.every((part) => part.length === 1);
  if (others.length === 0 && single) {
    const label = everyOther(first!.flat(), 'smaller', 'greater', numClasses);
    if (label !== undefined) return { kind: 'untargeted', label };
  }
  if (clauses.every((cases) => cases.length === 1)) {
    const target = everyOther(clauses.flat(2), 'greater', 'smaller', numClasses);
    if (target !== undefined) return { kind: 'targeted', target };
  }
  return (
    `only misclassification is supported (one of all other outputs at or above Y_label, or Y_target at or above all others); ` +
    `found ${clauses.map(describe).join(' and ')} over ${numClasses} outputs`
  );
}

/** The class that stands on side `fixed` of every comparison, with every other class once or more on the other. */
function everyOther(
  comparisons: readonly Comparison[],
  fixed: keyof Comparison,
  other: keyof Comparison,
  numClasses: number,
): number | undefined {
  const [first] = comparisons;
  if (first === undefined || comparisons.some((one) => one[fixed] !== first[fixed])) return undefined;
  const against = new Set(comparisons.map((one) => one[other]));
  against.delete(first[fixed]);
  return against.size === numClasses - 1 ? first[fixed] : undefined;
}

const describe = (cases: readonly (readonly Comparison[])[]): string =>
  `a disjunction of ${cases.length} with ${[...new Set(cases.map((part) => part.length))].join(' or ')} comparisons each`;
