/** Value of a loss on one row of logits and its gradient with respect to them. */
export type LogitLoss = (
  logits: Float64Array,
  label: number,
  target: number,
) => { value: number; slope: Float64Array };

/** The losses built in, by id, in plain float64: the same definitions as the graph fragments of `src/classifier/losses`. */
export const logitLosses: Readonly<Record<string, LogitLoss>> = {
  ce: (logits, label) => {
    const top = Math.max(...logits);
    const slope = logits.map((logit) => Math.exp(logit - top));
    const sum = slope.reduce((total, value) => total + value, 0);
    slope.forEach((value, k) => (slope[k] = value / sum));
    slope[label]! -= 1;
    return { value: Math.log(sum) + top - logits[label]!, slope };
  },
  margin: (logits, label) => difference(logits, bestOther(logits, label), label),
  'margin-targeted': (logits, label, target) => difference(logits, target, label),
  dlr: (logits, label) => {
    const lead = difference(logits, bestOther(logits, label), label);
    if (logits.length < 3) return lead;
    const [first, , third] = descending(logits);
    return ratio(lead, logits[first!]! - logits[third!]!, [
      [first!, 1],
      [third!, -1],
    ]);
  },
  'dlr-targeted': (logits, label, target) => {
    const lead = difference(logits, target, label);
    if (logits.length < 4) return lead;
    const [first, , third, fourth] = descending(logits);
    return ratio(lead, logits[first!]! - (logits[third!]! + logits[fourth!]!) / 2, [
      [first!, 1],
      [third!, -0.5],
      [fourth!, -0.5],
    ]);
  },
};

function bestOther(logits: Float64Array, label: number): number {
  let best = label === 0 ? 1 : 0;
  logits.forEach((logit, k) => {
    if (k !== label && logit > logits[best]!) best = k;
  });
  return best;
}

function difference(logits: Float64Array, plus: number, minus: number) {
  const slope = new Float64Array(logits.length);
  slope[plus]! += 1;
  slope[minus]! -= 1;
  return { value: logits[plus]! - logits[minus]!, slope };
}

/** Classes by their logits, largest first. */
const descending = (logits: Float64Array): number[] =>
  [...logits.keys()].sort((a, b) => logits[b]! - logits[a]! || a - b);

/** (lead / (spread + 1e-12), by the quotient rule); `terms` are the classes the spread is a sum of, with their factors. */
function ratio(
  lead: ReturnType<LogitLoss>,
  spread: number,
  terms: readonly (readonly [number, number])[],
): ReturnType<LogitLoss> {
  const denominator = spread + 1e-12;
  const slope = lead.slope.map((value) => value / denominator);
  for (const [k, factor] of terms) slope[k]! -= (factor * lead.value) / denominator ** 2;
  return { value: lead.value / denominator, slope };
}
